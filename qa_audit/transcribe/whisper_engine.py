"""Engine `openai-whisper`: Whisper's weights and features under a driver of our own.

Chunks are encoded at their own length instead of 30 s and decoded in batches; no text is carried from one
to the next, so an error stays where it is.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  torch's own custom
from numpy.typing import NDArray
from torch import Tensor

from qa_audit.transcribe.alignment import token_spans
from qa_audit.transcribe.cleanup import compression
from qa_audit.transcribe.engine import Decoded, Piece
from qa_audit.transcribe.presets import PROMPT
from qa_audit.transcribe.vocabulary import mandarin_tokens
from qa_audit.transcribe.weights import Weights, build_model, load_weights
from qa_audit.transcribe.whisper_decoder import BatchedDecoder

if TYPE_CHECKING:
    from whisper.model import Whisper

Samples = NDArray[np.float32]

HOP_SAMPLES = 160  # of a mel frame; the encoder halves the rate: 20 ms a position
FRAME_SAMPLES = 2 * HOP_SAMPLES
FRAME_S = FRAME_SAMPLES / 16_000
# Audio that is encoded and decoded together; more gains little speed and costs memory.
BATCH_S = 120.0
BATCH_CHUNKS = 16
# Mandarin has at most about 8 syllables a second, a character up to three tokens; the rest are loops.
MAX_TOKENS_PER_S = 15.0


class WhisperEngine:
    """Whisper with its weights in memory; build it with `load`."""

    name = "openai-whisper"

    def __init__(self, model: Whisper, weights: Weights) -> None:
        import whisper
        from whisper.tokenizer import get_tokenizer

        self.model = weights.model
        self.digest = weights.digest
        self._lock = threading.Lock()  # the batch uses all threads already
        self._whisper = model
        self._mel = whisper.log_mel_spectrogram
        self._tokenizer = get_tokenizer(
            model.is_multilingual, num_languages=model.num_languages, language="zh", task="transcribe"
        )
        prompt = self._tokenizer.encode(" " + PROMPT)
        sot = list(self._tokenizer.sot_sequence_including_notimestamps)
        self._start = [self._tokenizer.sot_prev, *prompt, *sot]
        self._decoder = BatchedDecoder(model, mandarin_tokens(self._tokenizer), self._tokenizer.eot)
        self._heads = _alignment_heads(model)

    @classmethod
    def load(cls, model: str = "base", path: str | None = None, *, threads: int = 0) -> WhisperEngine:
        """Load weights as `qa-audit models` shows; `threads` > 0 limits torch's CPU threads."""
        import whisper

        if threads:
            torch.set_num_threads(threads)
        weights = load_weights(model, path)
        built = build_model(weights)
        if heads := whisper._ALIGNMENT_HEADS.get(model):
            built.set_alignment_heads(heads)
        return cls(built, weights)

    @torch.inference_mode()
    def decode(self, chunks: Sequence[Samples], *, beam: int, no_repeat: int = 0) -> list[Decoded]:
        """See `Engine.decode`; the result does not depend on the order of the chunks."""
        results: list[Decoded | None] = [None] * len(chunks)
        with self._lock:
            for batch in _batches([len(chunk) for chunk in chunks]):
                features = self._encode([chunks[place] for place in batch])
                limits = [_max_tokens(len(chunks[place])) for place in batch]
                heard, prompt = self._decoder.search(
                    features, self._start, beam=beam, max_tokens=limits, no_repeat=no_repeat
                )
                at = self._start.index(self._tokenizer.sot)
                silence = self._decoder.probability(prompt[:, at], self._tokenizer.no_speech)
                pieces = self._pieces(features, [one.tokens for one in heard])
                for place, hypothesis, found, quiet in zip(batch, heard, pieces, silence, strict=True):
                    text = self._tokenizer.decode(hypothesis.tokens).strip()
                    results[place] = Decoded(text, found, hypothesis.mean, quiet, compression(text))
        return [one for one in results if one is not None]

    @torch.inference_mode()
    def score(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.score`."""
        with self._lock:
            features = self._encode([samples])
            rows = [[*self._tokenizer.encode(text), self._tokenizer.eot] for text in texts]
            longest = max(map(len, rows))
            begin = len(self._start)
            padded = [[*self._start, *row, *[self._tokenizer.eot] * (longest - len(row))] for row in rows]
            audio = features.expand(len(rows), -1, -1)
            picked, _ = self._decoder.force(audio, torch.tensor(padded), begin, all_tokens=True)
            return [float(picked[place, : len(row)].sum()) for place, row in enumerate(rows)]

    def _encode(self, chunks: Sequence[Samples]) -> Tensor:
        """Audio features (batch, frames, state) of chunks, all at the length of the longest."""
        longest = -(-max(map(len, chunks)) // FRAME_SAMPLES) * FRAME_SAMPLES
        mels = [
            self._mel(np.pad(chunk, (0, longest - len(chunk))), self._whisper.dims.n_mels) for chunk in chunks
        ]
        encoder = self._whisper.encoder
        x = F.gelu(encoder.conv1(torch.stack(mels)))
        x = F.gelu(encoder.conv2(x)).permute(0, 2, 1)
        places = encoder.positional_embedding
        assert isinstance(places, Tensor)
        x = x + places[: x.shape[1]]
        for block in encoder.blocks:
            x = block(x)
        return encoder.ln_post(x)

    def _pieces(self, features: Tensor, rows: Sequence[list[int]]) -> list[tuple[Piece, ...]]:
        """Characters with their times and probabilities, by running the decoded tokens through once more."""
        eot, begin = self._tokenizer.eot, len(self._start)
        longest = max(map(len, rows)) + 1
        padded = torch.tensor([[*self._start, *row, *[eot] * (longest - len(row))] for row in rows])
        logprobs, attention = self._decoder.force(features, padded, begin, heads=self._heads)
        assert attention is not None
        found = []
        for place, row in enumerate(rows):
            weights = attention[place, :, begin - 1 : begin + len(row)].numpy()
            spans = token_spans(weights, FRAME_S)
            found.append(self._characters(row, spans, logprobs[place].tolist()))
        return found

    def _characters(
        self, tokens: list[int], spans: list[tuple[float, float]], logprobs: list[float]
    ) -> tuple[Piece, ...]:
        """Join tokens that are parts of one character."""
        pieces: list[Piece] = []
        words, groups = self._tokenizer.split_tokens_on_unicode(tokens)
        at = 0
        for word, group in zip(words, groups, strict=True):
            end = at + len(group)
            if group and at < len(spans):
                last = min(end, len(spans)) - 1
                pieces.append(Piece(word, spans[at][0], spans[last][1], sum(logprobs[at:end]), len(group)))
            at = end
        return tuple(pieces)


def _alignment_heads(model: Whisper) -> list[tuple[int, int]]:
    """(layer, head) of the cross-attention that follows the audio best."""
    heads = model.alignment_heads
    assert isinstance(heads, Tensor)
    return [(int(layer), int(head)) for layer, head in heads.to_dense().nonzero().tolist()]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places of chunks that go together, longest first, so that little is padded."""
    order = sorted(range(len(lengths)), key=lambda place: (-lengths[place], place))
    batches: list[list[int]] = []
    for place in order:
        batch = batches[-1] if batches else []
        longest = lengths[batch[0]] if batch else 0
        if not batch or len(batch) >= BATCH_CHUNKS or longest * (len(batch) + 1) > BATCH_S * 16_000:
            batches.append([place])
        else:
            batch.append(place)
    return batches


def _max_tokens(samples: int) -> int:
    return min(200, 10 + round(samples / 16_000 * MAX_TOKENS_PER_S))
