"""Engine `ctranslate2`: Whisper in 8-bit integers or in full on the CPU, in half on a GPU, under our driver.

The weights are those of the engine `openai-whisper`, written in CTranslate2's form in memory with only the
vocabulary that Mandarin needs. Chunks are encoded at their own length, few at a time so that they fit the
caches of the processor.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from qa_audit.messages import QaError
from qa_audit.transcribe.batches import FRAME_S, HOP_SAMPLES, batches, mel_features
from qa_audit.transcribe.cleanup import compression
from qa_audit.transcribe.ct2_write import from_openai, write_ct2
from qa_audit.transcribe.device import GPU_BATCH_CHUNKS, GPU_BATCH_S, Device
from qa_audit.transcribe.engine import Decoded
from qa_audit.transcribe.int8 import quantised, smoothed
from qa_audit.transcribe.tokens import Tokens, max_tokens
from qa_audit.transcribe.weights import Weights, alignment_heads, load_weights
from qa_audit.transcribe.worker_count import cores_here

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from ctranslate2.models import Whisper

    from qa_audit.transcribe.presets import Precision

Samples = NDArray[np.float32]

# Audio that is encoded and decoded together; more no longer fits the caches of a core.
BATCH_S = 60.0
BATCH_CHUNKS = 16
# What an engine takes by itself; more wait for each other.
MOST_THREADS = 4
# The model leaves nothing to ask about 您 or 你 from this probability on: its odds are 9 to 1 at least.
SURE = 0.9
_EXCHANGED = str.maketrans("您你", "你您")


def installed() -> bool:
    """Is the extra `[fast]` there?"""
    return find_spec("ctranslate2") is not None


class CTranslate2Engine:
    """Whisper with its weights in memory; build it with `load`."""

    name = "ctranslate2"

    def __init__(
        self, weights: Weights, *, threads: int = 0, device: Device = "cpu", precision: Precision = "int8"
    ) -> None:
        self.model = weights.model
        self.digest = weights.digest
        self.device: Device = device
        self._precision: Literal["int8", "float32", "float16"] = precision if device == "cpu" else "float16"
        self.batch_s = BATCH_S if device == "cpu" else GPU_BATCH_S
        self._batch_chunks = BATCH_CHUNKS if device == "cpu" else GPU_BATCH_CHUNKS
        self._n_mels = weights.dims["n_mels"]
        self._n_ctx = weights.dims["n_text_ctx"]
        self._tokens = Tokens(weights.dims["n_vocab"])
        specials = range(self._tokens.eot + 1, self._tokens.tokenizer.timestamp_begin)
        self._ids = [*self._tokens.allowed, *specials]
        self._place = {token: place for place, token in enumerate(self._ids)}
        self._start = [self._place[token] for token in self._tokens.start]
        self._never = [self._place[token] for token in specials]
        self._threads = (threads or min(cores_here(), MOST_THREADS)) if device == "cpu" else 1
        files = self._files(weights)
        self._whisper = self._build(files, self._threads)
        self._side_by_side = self._build(files, 1, self._threads) if self._threads > 1 else None

    @classmethod
    def load(
        cls,
        model: str = "base",
        path: str | None = None,
        *,
        threads: int = 0,
        device: Device = "cpu",
        precision: Precision = "int8",
    ) -> CTranslate2Engine:
        """Load weights as `qa-audit models` shows; `threads` > 0 limits the CPU threads.

        `precision` is that of the weights on a CPU; on a GPU it is always half.
        Raises `QaError` `transcribe.engine_missing` without the package, else as `load_weights` does.
        """
        if not installed():
            raise QaError("transcribe.engine_missing", engine=cls.name, extra="fast")
        return cls(load_weights(model, path), threads=threads, device=device, precision=precision)

    def decode(self, chunks: Sequence[Samples], *, beam: int, no_repeat: int = 0) -> list[Decoded]:
        """See `Engine.decode`; the result does not depend on the order of the chunks.

        Several batches are decoded side by side, a thread each: the small steps of one batch leave a second
        thread waiting most of the time.
        """
        results: list[Decoded | None] = [None] * len(chunks)
        lengths = [len(chunk) for chunk in chunks]
        most_s = self.batch_s
        if self._threads > 1:
            share_s = sum(lengths) / 16_000 / self._threads
            most_s = min(most_s, max(share_s, 1.0))
        shared = batches(lengths, most_s, self._batch_chunks)
        whisper = self._whisper if len(shared) == 1 or self._side_by_side is None else self._side_by_side

        def decode(batch: Sequence[int]) -> list[Decoded]:
            return self._decode(whisper, [chunks[place] for place in batch], beam, no_repeat)

        with ThreadPoolExecutor(self._threads) as threads:
            for batch, heard in zip(shared, threads.map(decode, shared), strict=True):
                for place, one in zip(batch, heard, strict=True):
                    results[place] = one
        return [one for one in results if one is not None]

    def score(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.score`."""
        features = self._encode(self._whisper, [samples])
        return [self._score(features, text) for text in texts]

    def fit(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.fit`."""
        from ctranslate2 import Device as CTranslate2Device
        from ctranslate2 import StorageView

        ids = [[self._place.get(token) for token in self._tokens.encode(text)] for text in texts]
        writable = [place for place, row in enumerate(ids) if row and None not in row]
        found = [-math.inf] * len(texts)
        if not writable:
            return found
        encoded = self._encode(self._whisper, [samples])
        features = np.array(encoded if self.device == "cpu" else encoded.to_device(CTranslate2Device.cpu))
        frames = -(-len(samples) // HOP_SAMPLES)
        for first in range(0, len(writable), self._batch_chunks):
            group = writable[first : first + self._batch_chunks]
            rows = [[one for one in ids[place] if one is not None] for place in group]
            each = np.ascontiguousarray(np.repeat(features, len(group), axis=0))
            aligned = self._whisper.align(
                StorageView.from_array(each), self._start[:-1], rows, [frames] * len(group)
            )
            for place, way in zip(group, aligned, strict=True):
                found[place] = math.fsum(math.log(max(p, 1e-30)) for p in way.text_token_probs)
        return found

    def _decode(
        self, whisper: Whisper, chunks: Sequence[Samples], beam: int, no_repeat: int
    ) -> list[Decoded]:
        features = self._encode(whisper, chunks)
        limit = max_tokens(max(map(len, chunks)))
        heard = whisper.generate(
            features,
            [self._start] * len(chunks),
            beam_size=beam,
            # CTranslate2 gives the text half of this, or what the start leaves of it, whichever is less; the
            # last token of the start counts as text.
            max_length=min(max(2 * limit, limit + len(self._start) - 1), self._n_ctx),
            suppress_tokens=self._never,
            no_repeat_ngram_size=no_repeat,
            return_scores=True,
            return_no_speech_prob=True,
        )
        rows = [one.sequences_ids[0] for one in heard]
        frames = [-(-len(chunk) // HOP_SAMPLES) for chunk in chunks]
        aligned = whisper.align(features, self._start[:-1], rows, frames)
        odds = self._formal_odds(whisper, features, rows, [way.text_token_probs for way in aligned], frames)
        found = []
        for row, one, way, formal in zip(rows, heard, aligned, odds, strict=True):
            ids = [self._ids[place] for place in row]
            logprobs = [math.log(max(p, 1e-30)) for p in way.text_token_probs]
            pieces = self._tokens.characters(ids, _spans(way.alignments, len(ids)), logprobs, formal)
            text = self._tokens.decode(ids)
            mean = one.scores[0] * len(ids) / (len(ids) + 1)
            found.append(Decoded(text, pieces, mean, one.no_speech_prob, compression(text)))
        return found

    def _formal_odds(
        self,
        whisper: Whisper,
        features: StorageView,
        rows: Sequence[Sequence[int]],
        probs: Sequence[Sequence[float]],
        frames: list[int],
    ) -> list[list[float]]:
        """Log-odds of 您 over 你 at the tokens that begin with one of them, NaN elsewhere.

        A beam search keeps no probabilities but those of the tokens it chose (`probs`). Where that of 您 or
        你 is at least `SURE` the rest bounds the odds; elsewhere a text in which the two are exchanged is
        laid over the sound as well (before a second place the first one is exchanged, too).
        """
        formal, informal = set(self._tokens.formal), set(self._tokens.informal)
        sides = formal | informal
        ids = [[self._ids[place] for place in row] for row in rows]
        found = [[math.nan] * len(row) for row in rows]
        doubtful: list[int] = []
        for row, (tokens, own, odds) in enumerate(zip(ids, probs, found, strict=True)):
            sided = [place for place, token in enumerate(tokens) if token in sides]
            for place in sided:
                log = math.log(max(own[place], 1e-30) / max(1 - own[place], 1e-12))
                odds[place] = log if tokens[place] in formal else -log
            if any(own[place] < SURE for place in sided):
                doubtful.append(row)
        if doubtful:
            self._exchange(
                whisper,
                self._rows(features, doubtful),
                [ids[row] for row in doubtful],
                [probs[row] for row in doubtful],
                [frames[row] for row in doubtful],
                [found[row] for row in doubtful],
            )
        return found

    def _rows(self, features: StorageView, rows: Sequence[int]) -> StorageView:
        """Encoded audio of some chunks of a batch."""
        from ctranslate2 import Device as Place
        from ctranslate2 import StorageView

        if len(rows) == features.shape[0]:
            return features
        on_gpu = features.device == "cuda"
        part = np.array(features.to_device(Place.cpu) if on_gpu else features)[rows]
        found = StorageView.from_array(part)
        return found.to_device(Place.cuda) if on_gpu else found

    def _exchange(  # noqa: PLR0917  everything known of a batch
        self,
        whisper: Whisper,
        features: StorageView,
        ids: Sequence[Sequence[int]],
        probs: Sequence[Sequence[float]],
        frames: list[int],
        found: Sequence[list[float]],
    ) -> None:
        """Put the odds right at places where the model was not sure, by the text with 您 and 你 exchanged."""
        formal, informal = set(self._tokens.formal), set(self._tokens.informal)
        sides = formal | informal
        texts = [self._tokens.tokenizer.decode(list(tokens)).translate(_EXCHANGED) for tokens in ids]
        other = [self._tokens.encode(text) for text in texts]
        eot = self._place[self._tokens.eot]
        rows = [[self._place.get(token, eot) for token in tokens] for tokens in other]
        aligned = whisper.align(features, self._start[:-1], rows, frames)
        for tokens, own, theirs, way, odds in zip(ids, probs, other, aligned, found, strict=True):
            places = [place for place, token in enumerate(tokens) if token in sides]
            against = [p for token, p in zip(theirs, way.text_token_probs, strict=True) if token in sides]
            for at, place in enumerate(places):
                if own[place] >= SURE:
                    continue
                # Otherwise some 你 stands inside a token: which belongs to which can't be told.
                if len(places) != len(against):
                    odds[place] = math.nan
                    continue
                log = math.log(max(own[place], 1e-30) / max(against[at], 1e-30))
                odds[place] = log if tokens[place] in formal else -log

    def _score(self, features: StorageView, text: str) -> float:
        ids = [self._place.get(token) for token in self._tokens.encode(text)]
        row = [place for place in ids if place is not None]
        if len(row) < len(ids):
            return -math.inf  # a sign that is never written in Mandarin
        steps = len(row) + 1
        before = len(self._start) - 1  # the last token of the start counts as text, see `_decode`
        (one,) = self._whisper.generate(
            features,
            [[*self._start, *row]],
            beam_size=1,
            max_length=min(max(2 * steps, steps + before), self._n_ctx),
            suppress_blank=False,
            return_logits_vocab=True,
        )
        # As they are, not normalised; one row a step, also for the tokens that were given.
        logits = np.array([np.array(step) for step in one.logits[0]], np.float64)
        logprobs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        return float(logprobs[range(steps), [*row, self._place[self._tokens.eot]]].sum())

    def _encode(self, whisper: Whisper, chunks: Sequence[Samples]) -> StorageView:
        from ctranslate2 import StorageView

        mels = np.ascontiguousarray(mel_features(chunks, self._n_mels))
        return whisper.encode(StorageView.from_array(mels))

    def _files(self, weights: Weights) -> dict[str, bytes]:
        names = {token: name for name, token in self._tokens.tokenizer.special_tokens.items()}
        config = {
            "suppress_ids": [],
            # Something is said in every chunk (Whisper's suppress_blank).
            "suppress_ids_begin": [self._place[self._tokens.eot]],
            "lang_ids": [],
            "alignment_heads": alignment_heads(weights),
        }
        if self._precision == "int8":
            state = smoothed(weights.dims, weights.tensors)
            tensors = quantised(from_openai(weights.dims, state, self._ids))
        else:
            tensors = from_openai(weights.dims, weights.tensors, self._ids)
        return {
            "model.bin": write_ct2(tensors),
            "config.json": json.dumps(config).encode(),
            "vocabulary.json": json.dumps([names.get(one, f"#{one}") for one in self._ids]).encode(),
        }

    def _build(self, files: dict[str, bytes], threads: int, workers: int = 1) -> Whisper:
        from ctranslate2.models import Whisper

        return Whisper(
            self.model,
            device=self.device,
            compute_type=self._precision,
            inter_threads=workers,
            intra_threads=threads,
            files=files,
        )


def _spans(way: Sequence[tuple[int, int]], count: int) -> list[tuple[float, float]]:
    """Start and end in seconds of each of `count` tokens, from pairs (token, frame) in order."""
    firsts: dict[int, int] = {}
    last = 0
    for token, frame in way:
        firsts.setdefault(token, frame)
        last = max(last, frame + 1)
    starts = [firsts.get(token, last) for token in range(count + 1)]
    return [(start * FRAME_S, max(end, start) * FRAME_S) for start, end in pairwise(starts)]
