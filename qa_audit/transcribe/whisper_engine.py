"""Engine `openai-whisper`: Whisper's weights and features under a driver of our own.

Chunks are encoded at their own length instead of 30 s and decoded in batches; no text is carried from one
to the next, so an error stays where it is.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa_audit.transcribe.alignment import token_spans
from qa_audit.transcribe.batches import FRAME_S, batches, mel_features
from qa_audit.transcribe.cleanup import compression
from qa_audit.transcribe.device import GPU_BATCH_CHUNKS, GPU_BATCH_S, Device
from qa_audit.transcribe.engine import Decoded, Piece
from qa_audit.transcribe.linear import eight_bit, eight_bit_works, plain
from qa_audit.transcribe.tokens import Tokens, max_tokens
from qa_audit.transcribe.weights import Weights, alignment_heads, build_model, load_weights
from qa_audit.transcribe.whisper_decoder import BatchedDecoder
from qa_audit.transcribe.whisper_encoder import OwnLengthEncoder

if TYPE_CHECKING:
    from whisper.model import Whisper

    from qa_audit.transcribe.presets import Precision

Samples = NDArray[np.float32]

# Audio that is encoded and decoded together; more gains little speed and costs memory.
BATCH_S = 120.0
BATCH_CHUNKS = 16


class WhisperEngine:
    """Whisper with its weights in memory; build it with `load`."""

    name = "openai-whisper"

    def __init__(
        self, model: Whisper, weights: Weights, *, device: Device = "cpu", precision: Precision = "int8"
    ) -> None:
        self.model = weights.model
        self.digest = weights.digest
        self.device: Device = device
        self.batch_s = BATCH_S if device == "cpu" else GPU_BATCH_S
        self._batch_chunks = BATCH_CHUNKS if device == "cpu" else GPU_BATCH_CHUNKS
        self._lock = threading.Lock()  # the batch uses all threads already
        self._whisper = model
        self._tokens = Tokens(weights.dims["n_vocab"])
        if device != "cpu":
            model = model.half().to(device)
        rounded = device == "cpu" and precision == "int8" and eight_bit_works()
        make = eight_bit if rounded else plain
        self._encoder = OwnLengthEncoder(model, make)
        self._decoder = BatchedDecoder(model, self._tokens.allowed, self._tokens.eot, make)
        self._writable = frozenset(self._tokens.allowed)
        self._heads = [(layer, head) for layer, head in alignment_heads(weights)]

    @classmethod
    def load(
        cls,
        model: str = "base",
        path: str | None = None,
        *,
        threads: int = 0,
        device: Device = "cpu",
        precision: Precision = "int8",
    ) -> WhisperEngine:
        """Load weights as `qa-audit models` shows; `threads` > 0 limits torch's, `precision` is the CPU's."""
        if threads:
            torch.set_num_threads(threads)
        weights = load_weights(model, path)
        return cls(build_model(weights), weights, device=device, precision=precision)

    @torch.inference_mode()
    def decode(self, chunks: Sequence[Samples], *, beam: int, no_repeat: int = 0) -> list[Decoded]:
        """See `Engine.decode`; the result does not depend on the order of the chunks."""
        results: list[Decoded | None] = [None] * len(chunks)
        with self._lock:
            for batch in batches([len(chunk) for chunk in chunks], self.batch_s, self._batch_chunks):
                features = self._encode([chunks[place] for place in batch])
                limits = [max_tokens(len(chunks[place])) for place in batch]
                heard, prompt = self._decoder.search(
                    features, self._tokens.start, beam=beam, max_tokens=limits, no_repeat=no_repeat
                )
                silence = self._decoder.probability(prompt[:, self._tokens.sot_at], self._tokens.no_speech)
                pieces = self._pieces(features, [one.tokens for one in heard])
                for place, hypothesis, found, quiet in zip(batch, heard, pieces, silence, strict=True):
                    text = self._tokens.decode(hypothesis.tokens)
                    results[place] = Decoded(text, found, hypothesis.mean, quiet, compression(text))
        return [one for one in results if one is not None]

    @torch.inference_mode()
    def score(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.score`."""
        with self._lock:
            features = self._encode([samples])
            return [self._score(features, text) for text in texts]

    @torch.inference_mode()
    def fit(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.fit`."""
        with self._lock:
            features = self._encode([samples])
            return [self._score(features, text, end=False) for text in texts]

    def _score(self, features: Tensor, text: str, *, end: bool = True) -> float:
        tokens = [*self._tokens.encode(text), self._tokens.eot]
        if not self._writable.issuperset(tokens):
            return -math.inf  # a sign that is never written in Mandarin
        rows = torch.tensor([[*self._tokens.start, *tokens]], device=self.device)
        found = self._decoder.force(features, rows, len(self._tokens.start)).logprobs[0]
        return float((found if end else found[:-1]).sum())

    def _encode(self, chunks: Sequence[Samples]) -> Tensor:
        """Audio features (batch, frames, state) of chunks, all at the length of the longest."""
        mels = torch.from_numpy(mel_features(chunks, self._whisper.dims.n_mels))
        kind = torch.float32 if self.device == "cpu" else torch.float16
        return self._encoder(mels.to(self.device, kind))

    def _pieces(self, features: Tensor, rows: Sequence[list[int]]) -> list[tuple[Piece, ...]]:
        """Characters with their times and probabilities, by running the decoded tokens through once more."""
        start, eot, begin = self._tokens.start, self._tokens.eot, len(self._tokens.start)
        longest = max(map(len, rows)) + 1
        padded = [[*start, *row, *[eot] * (longest - len(row))] for row in rows]
        tokens = torch.tensor(padded, device=self.device)
        sides = self._tokens.formal, self._tokens.informal
        forced = self._decoder.force(features, tokens, begin, heads=self._heads, sides=sides)
        assert forced.attention is not None
        assert forced.odds is not None
        found = []
        for place, row in enumerate(rows):
            weights = forced.attention[place, :, begin - 1 : begin + len(row)].cpu().numpy()
            spans = token_spans(weights, FRAME_S)
            logprobs, odds = forced.logprobs[place].tolist(), forced.odds[place].tolist()
            found.append(self._tokens.characters(row, spans, logprobs, odds))
        return found
