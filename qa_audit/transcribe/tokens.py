"""Whisper's tokens as both engines use them: what stands before the text, what may be written, which
characters the tokens write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.presets import PROMPT
from qa_audit.transcribe.vocabulary import mandarin_tokens

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

# Mandarin has at most about 8 syllables a second, a character up to three tokens; the rest are loops.
MAX_TOKENS_PER_S = 15.0
_MAX_TOKENS = 200


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

    def encode(self, text: str) -> list[int]:
        """Ids of a text."""
        return self.tokenizer.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of ids, without blanks around it."""
        return self.tokenizer.decode(list(ids)).strip()

    def characters(
        self, ids: Sequence[int], spans: Sequence[tuple[float, float]], logprobs: Sequence[float]
    ) -> tuple[Piece, ...]:
        """Pieces of a text: tokens that are parts of one character joined.

        `spans` (start and end in seconds) and `logprobs` have one entry a token; tokens without a span are
        left out.
        """
        pieces: list[Piece] = []
        words, groups = self.tokenizer.split_tokens_on_unicode(list(ids))
        at = 0
        for word, group in zip(words, groups, strict=True):
            end = at + len(group)
            if group and at < len(spans):
                last = min(end, len(spans)) - 1
                pieces.append(Piece(word, spans[at][0], spans[last][1], sum(logprobs[at:end]), len(group)))
            at = end
        return tuple(pieces)


_MULTILINGUAL_VOCABULARY = 51_865  # whisper.model.Whisper.is_multilingual; large-v3 has one language more


def max_tokens(samples: int) -> int:
    """How many tokens a chunk of so many samples may get.

    >>> max_tokens(16_000), max_tokens(30 * 16_000)
    (25, 200)
    """
    return min(_MAX_TOKENS, 10 + round(samples / 16_000 * MAX_TOKENS_PER_S))
