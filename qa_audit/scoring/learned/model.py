"""A detector as it is stored and used: a weight for each n-gram and item, two thresholds an item.

The file is a numpy archive without pickled objects: buckets in order with one byte an item and bucket, the
rest as JSON. Its hash names the detector; corpus and feature version inside say what it was made from.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.features import BUCKETS, GAPS, NOTHING, VERSION, Hashed, hashed
from qa_audit.scoring.learned.rows import LENGTH_POWER, lengthy

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from numpy.typing import NDArray

Answer = Literal["fault", "clean", "uncertain"]
DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    EOFError,
    OSError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a numpy archive raises where it is none, or was damaged."""
LANES = 8
"""Items a detector can have: the weights of a bucket are read as one number of eight bytes."""
LONG = 40
WINDOW, STRIDE = 30, 8
"""A sentence of more than `LONG` characters (recognisers leave out full stops) is judged by its worst
stretch of `WINDOW` characters, `STRIDE` apart."""

CLOSE = 0.5
"""Items whose chance (its logarithm of odds) is so near to the best one's are uncertain, not left out: with
families held out, of 100 faults five more are at least uncertain, and five more touch another item."""


class Weighed(NamedTuple):
    """A stretch of a sentence, half-open, and what it adds to the score."""

    start: int
    end: int
    weight: float


class SentenceDetector(Protocol):
    """What the rubric asks of a detector; a model of sentence embeddings can stand in its place."""

    @property
    def sha256(self) -> str:
        """Names model and thresholds; enters the key of findings."""
        ...

    @property
    def items(self) -> tuple[str, ...]:
        """Items that it knows."""
        ...

    def answers(self, sentences: Sequence[str], turns: Sequence[Hashable] = ()) -> NDArray[np.int8]:
        """For normalised sentences, none empty: (sentences, items), 1 fault, 0 uncertain, -1 or -2 clean.

        `turns` names the turn that each sentence is of, those of a turn together; without it each is alone.

        A sentence is a fault of one item at most; in those that fit it almost as well it is uncertain, and -1
        where it would be at least uncertain, were it not more likely a fault of another.
        """
        ...

    def why(self, sentence: str, item: str) -> list[Weighed]:
        """The stretches that weighed most for a fault, heaviest first."""
        ...


@dataclass(frozen=True, slots=True)
class Scale:
    """From weights to a decision, for one item."""

    unit: float
    """What one step of a stored weight is."""
    bias: float
    fault: float
    """Scores from here on are a fault."""
    uncertain: float
    """Scores from here on are uncertain; at most `fault`."""
    slope: float = 1.0
    """Of the logistic curve from score to chance (Platt 1999), fitted on families held out."""
    shift: float = 0.0


class _Read:
    """n-grams of sentences that were answered last and are no clean ones: these are asked why."""

    def __init__(self) -> None:
        self._grams: Hashed | None = None
        self._places: dict[str, int] = {}

    def keep(self, sentences: Sequence[str], grams: Hashed, which: NDArray[np.bool_]) -> None:
        """Keep those of some sentences, instead of earlier ones."""
        self._grams = grams
        self._places = {sentences[place]: place for place in np.flatnonzero(which).tolist()}

    def buckets(self, sentence: str) -> NDArray[np.uint32]:
        """(kinds, characters and the break before them): the bucket of each n-gram."""
        place = self._places.get(sentence)
        if place is None or self._grams is None:
            return hashed([sentence]).buckets[:, :-1]
        first = int(self._grams.starts[place])
        return self._grams.buckets[:, first - 1 : first + len(sentence)]


@dataclass(frozen=True)
class LinearDetector:
    """Weights of hashed n-grams."""

    items: tuple[str, ...]
    buckets: NDArray[np.int32]
    """In order."""
    weights: NDArray[np.int8]
    """(buckets, items)."""
    scales: tuple[Scale, ...]
    made_from: dict[str, str | int]
    """Hash of the corpus, version of the features, and of what was added."""

    @property
    def sha256(self) -> str:
        """Hash of the stored bytes of weights and thresholds."""
        return self._sha256

    @cached_property
    def _sha256(self) -> str:
        total = hashlib.sha256(self._head().encode())
        total.update(self.buckets.tobytes() + self.weights.tobytes())
        return total.hexdigest()

    @cached_property
    def _table(self) -> NDArray[np.uint64]:
        lanes = np.zeros((BUCKETS + 1, LANES), np.int8)
        lanes[self.buckets, : len(self.items)] = self.weights
        return lanes.view(np.uint64)[:, 0]

    def scores(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """(sentences, items): above an item's `fault` is a fault."""
        return self.scores_of(hashed(sentences)) if sentences else np.zeros((0, len(self.items)))

    def scores_of(self, grams: Hashed) -> NDArray[np.float64]:
        """The same of the n-grams of sentences, at least one."""
        summed, known = self._summed(grams)
        first = grams.starts - 1
        last = first + grams.lengths + 1
        owner = np.arange(len(first))
        if (grams.lengths > LONG).any():
            first, last, owner = _windows(grams)
        sums = (summed[last] - summed[first])[:, : len(self.items)].astype(np.float64)
        counts = np.maximum(known[last] - known[first], 1).astype(np.float64)
        unit = np.array([scale.unit for scale in self.scales])
        bias = np.array([scale.bias for scale in self.scales])
        scores = sums * unit / (counts**LENGTH_POWER)[:, None] + bias - lengthy(last - first - 1)[:, None]
        if len(owner) == len(grams.starts):
            return scores
        return np.maximum.reduceat(scores, np.searchsorted(owner, np.arange(len(grams.starts))))

    def _summed(self, grams: Hashed) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Running sums over the characters, of weights (characters + 1, lanes) and of n-grams."""
        size = grams.buckets.shape[1]
        lanes = self._table.take(grams.buckets).view(np.int8).reshape(len(grams.buckets), size, LANES)
        summed = np.zeros((size + 1, LANES), np.int32)
        np.cumsum(lanes.sum(axis=0, dtype=np.int16), axis=0, out=summed[1:])
        known = np.zeros(size + 1, np.int32)
        np.cumsum(np.count_nonzero(grams.buckets != NOTHING, axis=0), out=known[1:])
        return summed, known

    def answers(self, sentences: Sequence[str], turns: Sequence[Hashable] = ()) -> NDArray[np.int8]:
        """See `SentenceDetector`; what stands around a sentence is not asked."""
        del turns
        if not sentences:
            return np.zeros((0, len(self.items)), np.int8)
        grams = hashed(sentences)
        answers = answers_of(self.scores_of(grams), self.scales)
        self.keep(sentences, grams, answers)
        return answers

    def keep(self, sentences: Sequence[str], grams: Hashed, answers: NDArray[np.int8]) -> None:
        """Keep the n-grams of the sentences that `why` may be asked of, instead of earlier ones."""
        self._read.keep(sentences, grams, np.logical_or.reduce(answers >= 0, axis=1))

    @cached_property
    def _read(self) -> _Read:
        return _Read()

    def chance(self, sentence: str, item: str) -> float:
        """Chance of a fault among sentences as the corpus has them, half of them faults."""
        place = self.items.index(item)
        scale = self.scales[place]
        score = float(self.scores([sentence])[0, place])
        return float(1 / (1 + np.exp(-(scale.slope * score + scale.shift))))

    def why(self, sentence: str, item: str, most: int = 2) -> list[Weighed]:
        """See `SentenceDetector`: characters that n-grams for a fault cover, joined where they touch."""
        place = self.items.index(item)
        size = len(sentence)
        buckets = self._read.buckets(sentence)
        weights = self._table.take(buckets).view(np.int8).reshape(*buckets.shape, LANES)[..., place]
        first, last, share = _covered(size)
        # In whole parts, so that sums are exact and characters that weigh the same stay equal.
        parts = np.maximum(weights, 0).ravel() * share
        if not parts.any():
            return []
        steps = np.bincount(first, parts, size + 1) - np.bincount(last, parts, size + 1)
        shares = np.cumsum(steps[:-1]).astype(np.int64).tolist()
        enough = _quantile(shares, 0.6)
        unit = self.scales[place].unit / _PARTS
        found = [
            Weighed(start, end, float(sum(shares[start:end]) * unit)) for start, end in _runs(shares, enough)
        ]
        return sorted(found, key=lambda one: -one.weight)[:most]

    def _head(self) -> str:
        scales = [[s.unit, s.bias, s.fault, s.uncertain, s.slope, s.shift] for s in self.scales]
        return json.dumps({"items": self.items, "scales": scales, "made_from": self.made_from})

    def as_bytes(self) -> bytes:
        """The file."""
        steps = np.diff(self.buckets, prepend=np.int32(0)).astype(np.uint16)
        assert np.array_equal(np.cumsum(steps, dtype=np.int32), self.buckets)
        file = io.BytesIO()
        head = np.frombuffer(self._head().encode(), np.uint8)
        np.savez_compressed(file, head=head, steps=steps, weights=np.ascontiguousarray(self.weights.T))
        return file.getvalue()


def of_weights(
    items: Sequence[str],
    buckets: NDArray[np.int64],
    weights: NDArray[np.float64],
    biases: NDArray[np.float64],
    decisions: Sequence[tuple[float, ...]],
    *,
    made_from: dict[str, str | int],
) -> LinearDetector:
    """A detector from weights (columns, items), of each column its bucket, rounded to a byte each.

    `decisions` are the fields of an item's `Scale` from `fault` on.
    """
    units = np.abs(weights).max(axis=0) / 127
    table = np.rint(weights / units).astype(np.int8)
    used = table.any(axis=1)
    scales = [
        Scale(unit, bias, *decision)
        for unit, bias, decision in zip(units.tolist(), biases.tolist(), decisions, strict=True)
    ]
    return LinearDetector(tuple(items), buckets[used].astype(np.int32), table[used], tuple(scales), made_from)


def lengths_of(sentences: Sequence[str]) -> NDArray[np.int64]:
    """Characters of each sentence.

    >>> lengths_of(["您好", "请"]).tolist()
    [2, 1]
    """
    return np.array([len(one) for one in sentences], np.int64)


def answers_of(scores: NDArray[np.float64], scales: Sequence[Scale]) -> NDArray[np.int8]:
    """Scores (sentences, items) as answers, see `SentenceDetector`.

    >>> scales = [Scale(1.0, 0.0, fault=2.0, uncertain=0.0), Scale(1.0, 0.0, fault=2.5, uncertain=0.0)]
    >>> scores = np.array([[3.0, 2.6], [2.2, 2.4], [2.2, 3.0], [1.0, -1.0], [-9.0, -1.0]])
    >>> answers_of(scores, scales).tolist()
    [[1, 0], [1, 0], [-1, 1], [0, -2], [-2, -2]]
    """
    faults = scores >= [one.fault for one in scales]
    reached = scores >= [one.uncertain for one in scales]
    answers = np.where(faults, 1, np.where(reached, 0, -2)).astype(np.int8)
    # Faults of all kinds are alike, and half of every item's weights are common to them: what is said once
    # is one fault, of the item whose threshold it exceeds most. By the calibrated chances more faults were
    # given to another item, and one was none where that item was only uncertain.
    beyond = np.where(faults, scores - [one.fault for one in scales], -np.inf)
    answers[faults & (beyond < beyond.max(axis=1, initial=-np.inf)[:, None])] = 0
    chances = scores * [one.slope for one in scales] + [one.shift for one in scales]
    best = chances.max(axis=1, initial=-np.inf)[:, None]
    answers[(chances < best - CLOSE) & (answers == 0)] = -1
    return answers


def from_bytes(content: bytes, path: str) -> LinearDetector:
    """Read a stored detector.

    Raises `QaError` `learned.unreadable`, and `learned.other_version` for one whose features are others.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            detector = LinearDetector(
                tuple(head["items"]),
                np.cumsum(stored["steps"], dtype=np.int32),
                np.ascontiguousarray(stored["weights"].T),
                tuple(Scale(*one) for one in head["scales"]),
                head["made_from"],
            )
    except DAMAGED as error:
        raise QaError("learned.unreadable", path=path, why=error) from error
    if detector.made_from.get("features") != VERSION:
        raise QaError(
            "learned.other_version", path=path, got=detector.made_from.get("features"), wanted=VERSION
        )
    return detector


def _windows(grams: Hashed) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """First and last place of every stretch to be judged, and its sentence."""
    first: list[int] = []
    last: list[int] = []
    owner: list[int] = []
    for sentence, (start, length) in enumerate(
        zip(grams.starts.tolist(), grams.lengths.tolist(), strict=True)
    ):
        begin, end = start - 1, start + length
        places = range(begin, end - WINDOW + STRIDE, STRIDE) if length > LONG else (begin,)
        for place in places:
            first.append(place)
            last.append(min(place + WINDOW, end) if length > LONG else end)
            owner.append(sentence)
    return np.array(first), np.array(last), np.array(owner)


def _quantile(numbers: Sequence[int], share: float) -> float:
    """As `np.quantile`, which takes longer than all else here for so few numbers."""
    ordered = sorted(numbers)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def _runs(numbers: Sequence[int], enough: float) -> Iterator[tuple[int, int]]:
    """Half-open spans of neighbours that are all large enough."""
    start = None
    for place, number in enumerate(numbers):
        if number < enough:
            if start is not None:
                yield start, place
            start = None
        elif start is None:
            start = place
    if start is not None:
        yield start, len(numbers)


@lru_cache(maxsize=256)
def _covered(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """First and last place that each n-gram of a sentence covers, and what part of it each of them has."""
    starts = np.arange(size + 1) - 1
    last = np.minimum(starts + _REACHES[:, None], size)
    first = np.broadcast_to(np.maximum(starts, 0), last.shape)
    wide = last - first
    shares = np.where(wide > 0, _PARTS // np.maximum(wide, 1), 0)
    return first.ravel(), np.maximum(last, 0).ravel(), shares.ravel()


_REACHES = np.array((1, 2, 3) * 2 + tuple(gap + 1 for gap in GAPS) + (2, 4, 6))
"""Characters that an n-gram of each kind covers, from where it begins (the classes': about)."""
_PARTS = 60
"""A multiple of every number of characters that an n-gram can cover."""
