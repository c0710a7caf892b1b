"""Whisper's tokens as both engines use them: what stands before the text, what may be written, which
characters the tokens write."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.presets import PROMPT
from qa_audit.transcribe.vocabulary import mandarin_tokens

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

# Mandarin has at most about 8 syllables a second, a character up to three tokens; the rest are loops.
MAX_TOKENS_PER_S = 15.0
_MAX_TOKENS = 200
_ADDRESS = frozenset("您你")


class Tokens:
    """The vocabulary of a Whisper model set to Mandarin."""

    def __init__(self, n_vocab: int) -> None:
        """`n_vocab`: size of the model's vocabulary, which tells how many languages it knows."""
        from whisper.tokenizer import get_tokenizer

        multilingual = n_vocab >= _MULTILINGUAL_VOCABULARY
        languages = n_vocab - _MULTILINGUAL_VOCABULARY + 99 if multilingual else 99
        self.tokenizer: Tokenizer = get_tokenizer(
            multilingual, num_languages=languages, language="zh", task="transcribe"
        )
        self.eot = self.tokenizer.eot
        self.no_speech = self.tokenizer.no_speech
        sot = list(self.tokenizer.sot_sequence_including_notimestamps)
        prompt = self.tokenizer.encode(" " + PROMPT)
        self.start = [self.tokenizer.sot_prev, *prompt, *sot]
        """What stands before the text: prompt, language, task, no timestamps."""
        self.sot_at = self.start.index(self.tokenizer.sot)
        self.allowed = mandarin_tokens(self.tokenizer)
        """Ids that may be written, ascending, the end of text last."""
        heads = [self.tokenizer.decode([one]).strip()[:1] for one in self.allowed]
        self.formal, self.informal = (
            [one for one, head in zip(self.allowed, heads, strict=True) if head == char] for char in "您你"
        )
        """Ids of tokens that begin with 您, and of those that begin with 你 (你的 is one)."""

    def encode(self, text: str) -> list[int]:
        """Ids of a text."""
        return self.tokenizer.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of ids, without blanks around it."""
        return self.tokenizer.decode(list(ids)).strip()

    def words(self, ids: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
        """Texts of tokens, those joined that write one character; what is no text is a replacement sign.

        (`whisper`'s own `split_tokens_on_unicode` fails where a text ends inside a character.)
        """
        held, group = b"", list[int]()
        for token in ids:
            held += self.tokenizer.encoding.decode_single_token_bytes(token)
            group.append(token)
            try:
                word = held.decode()
            except UnicodeDecodeError as fault:
                if fault.reason == "unexpected end of data":
                    continue
                word = held.decode(errors="replace")
            yield word, group
            held, group = b"", []
        if group:
            yield held.decode(errors="replace"), group

    def characters(
        self,
        ids: Sequence[int],
        spans: Sequence[tuple[float, float]],
        logprobs: Sequence[float],
        formal: Sequence[float] | None = None,
    ) -> tuple[Piece, ...]:
        """Pieces of a text: tokens that are parts of one character joined.

        `spans` (start and end in seconds), `logprobs` and `formal` (log-odds of 您 over 你, NaN where not
        known) have one entry a token; tokens without a span are left out.
        """
        pieces: list[Piece] = []
        at = 0
        for word, group in self.words(ids):
            end = at + len(group)
            if group and at < len(spans):
                last = min(end, len(spans)) - 1
                known = formal is not None and word.strip()[:1] in _ADDRESS and not math.isnan(formal[at])
                odds = formal[at] if formal is not None and known else None
                pieces.append(
                    Piece(word, spans[at][0], spans[last][1], sum(logprobs[at:end]), len(group), odds)
                )
            at = end
        return tuple(pieces)


_MULTILINGUAL_VOCABULARY = 51_865  # whisper.model.Whisper.is_multilingual; large-v3 has one language more


def max_tokens(samples: int) -> int:
    """How many tokens a chunk of so many samples may get.

    >>> max_tokens(16_000), max_tokens(30 * 16_000)
    (25, 200)
    """
    return min(_MAX_TOKENS, 10 + round(samples / 16_000 * MAX_TOKENS_PER_S))
