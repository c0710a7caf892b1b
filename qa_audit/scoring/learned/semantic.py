"""A detector that asks a model of sentences where n-grams alone could go either way.

The n-grams answer every sentence. Only a sentence whose score could still matter is read by the model: to
its score is added what a linear head makes of its vector. Thresholds are those of the sum, chosen like all
others on families held out. The package's detector so asks the package's encoder; a workspace may train one
that asks another model instead, and uses it only once it is accepted: a package that somebody installs must
not change a score.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import astuple, dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.decide import decide
from qa_audit.scoring.learned.embedding import load_embedder
from qa_audit.scoring.learned.encoder import BUILT_IN
from qa_audit.scoring.learned.model import LinearDetector, Scale, answers_of, from_bytes
from qa_audit.scoring.learned.readings import Readings
from qa_audit.scoring.learned.train import (
    FOLDS,
    detector_of,
    fit_all,
    folds_of,
    held_out_scores,
    scores_out_of_fold,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.embedding import Embedder
    from qa_audit.scoring.learned.model import Weighed
    from qa_audit.scoring.learned.train import Training

    Floats = NDArray[np.float64]

SHARE = 0.35
"""Of a head's score in the sum, learned from vectors: with 0.6 and 0.9 two and four of a hundred faults fewer
were found."""
SCALE = 0.55
"""Root of the vectors' mean square before the head is fitted: with the penalty of the n-grams' fit."""
_FILE = "weights.npz"
LOST = 0.02
"""Share of the faults, at least uncertain by the sum, that may lie below the floor."""


@dataclass(frozen=True)
class Vectors:
    """Vectors in the place of sparse rows, for `fit`."""

    values: Floats

    def __len__(self) -> int:
        return len(self.values)

    @property
    def width(self) -> int:
        """Dimensions."""
        return self.values.shape[1]

    def take(self, rows: NDArray[np.int64]) -> Vectors:
        """These rows, in this order."""
        return Vectors(self.values[rows])

    def dot(self, weights: Floats) -> Floats:
        """One number a row."""
        return self.values @ weights

    def back(self, residuals: Floats) -> Floats:
        """The transposed product: one number a dimension."""
        return residuals @ self.values


class Scaling(NamedTuple):
    """How vectors are centred and scaled before the head is fitted."""

    centre: Floats
    unit: float


def scaling_of(vectors: NDArray[np.float32]) -> Scaling:
    """The scaling of a corpus' vectors."""
    centre = vectors.mean(axis=0, dtype=np.float64)
    return Scaling(centre, SCALE / float(np.sqrt(((vectors - centre) ** 2).mean())))


@dataclass(frozen=True)
class SemanticDetector:
    """n-grams for every sentence, a model for those that they leave open. See `SentenceDetector`."""

    linear: LinearDetector
    """Its thresholds are those of the sum."""
    weights: NDArray[np.float32]
    """(items, dimensions) of the head, the share in them."""
    biases: tuple[float, ...]
    floors: tuple[float, ...]
    """A sentence is embedded where the n-grams' score of an item reaches its floor."""
    where: str
    embedding_sha256: str
    embedder: Embedder | None = None
    """Loaded by `where` at the first sentence that needs it, if not given."""
    readings: Readings = field(default_factory=Readings, compare=False)
    """What the model has made of sentences before."""

    @property
    def items(self) -> tuple[str, ...]:
        """Items that it knows."""
        return self.linear.items

    @property
    def sha256(self) -> str:
        """Hash of n-grams, thresholds, head, and the weights of the embedding."""
        return self._sha256

    @cached_property
    def _sha256(self) -> str:
        total = hashlib.sha256(f"{self.linear.sha256} {self._head()}".encode())
        total.update(self.weights.tobytes())
        return total.hexdigest()

    @cached_property
    def _embedder(self) -> Embedder:
        return self.embedder or load_embedder(self.where, sha256=self.embedding_sha256)

    def asked(self, sentences: Sequence[str]) -> NDArray[np.bool_]:
        """Which sentences are embedded."""
        return _reaching(self.linear.scores(sentences), self.floors)

    def scores(self, sentences: Sequence[str]) -> Floats:
        """(sentences, items): above an item's `fault` is a fault."""
        scores = self.linear.scores(sentences)
        asked = np.flatnonzero(_reaching(scores, self.floors))
        if len(asked):
            scores[asked] += self.readings.of([sentences[place] for place in asked.tolist()], self._read)
        return scores

    def _read(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        scores = self._embedder.vectors(sentences).astype(np.float64) @ self.weights.T + self.biases
        return scores.astype(np.float32)

    @cached_property
    def reader_sha256(self) -> str:
        """Hash of all that a reading depends on but the sentence: weights of the model and of the head."""
        total = hashlib.sha256(f"{self.embedding_sha256} {self.biases}".encode())
        total.update(self.weights.tobytes())
        return total.hexdigest()

    def answers(self, sentences: Sequence[str]) -> NDArray[np.int8]:
        """See `SentenceDetector`."""
        return answers_of(self.scores(sentences), self.linear.scales)

    def why(self, sentence: str, item: str) -> list[Weighed]:
        """What weighed most in the n-grams: a vector has no places."""
        return self.linear.why(sentence, item)

    def _head(self) -> str:
        return json.dumps(
            {
                "biases": self.biases,
                "floors": self.floors,
                "where": self.where,
                "embedding_sha256": self.embedding_sha256,
                "scales": [astuple(one) for one in self.linear.scales],
                "made_from": self.linear.made_from,
            }
        )

    def as_bytes(self) -> bytes:
        """The file: n-grams, head, thresholds, and which model it needs."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            head=np.frombuffer(self._head().encode(), np.uint8),
            linear=np.frombuffer(self.linear.as_bytes(), np.uint8),
            semantic=self.weights,
        )
        return file.getvalue()


def summed(
    scores: Floats, added: Floats, training: Training, counted: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Scores of n-grams with the head's added where a sentence would be embedded, and (items,) the floors.

    Floors come from the counted sentences: almost no fault that the sum makes at least uncertain lies below.
    """
    both = scores + added
    floors = []
    for item, one in enumerate(decide(both, training, counted)):
        own = counted & (training.own == item) & (training.labels[:, item] == 1)
        noticed = scores[own & (both[:, item] >= one.uncertain), item]
        floors.append(min(float(np.quantile(noticed, LOST)) if len(noticed) else np.inf, one.uncertain))
    asked = _reaching(scores, floors)
    return np.where(asked[:, None], both, scores), np.array(floors)


def _reaching(scores: Floats, floors: Sequence[float]) -> NDArray[np.bool_]:
    return (scores - np.array(floors)).max(axis=1) >= 0


def head_out_of_fold(vectors: NDArray[np.float32], training: Training, fold: NDArray[np.int64]) -> Floats:
    """(sentences, items): what the head adds to scores, by weights that have not seen a sentence's family."""
    centre, unit = scaling_of(vectors)
    return SHARE * scores_out_of_fold(Vectors((vectors - centre) * unit), training, fold)


class Head(NamedTuple):
    """What makes scores of a model's vectors."""

    weights: NDArray[np.float32]
    """(items, dimensions), the share in them."""
    biases: Floats
    held_out: Floats
    """(sentences, items) of a training, by weights that have not seen a sentence's family."""


def head_of(training: Training, embedder: Embedder) -> Head:
    """A head learned from the vectors of a training's sentences."""
    vectors = embedder.vectors(training.texts)
    centre, unit = scaling_of(vectors)
    scaled, everything = Vectors((vectors - centre) * unit), np.ones(len(training), bool)
    weights, biases = fit_all(scaled, training, everything)
    stored = (SHARE * unit * weights.T).astype(np.float32)
    held_out = head_out_of_fold(vectors, training, folds_of(training, FOLDS))
    return Head(stored, SHARE * biases - stored @ centre, held_out)


def train_semantic(
    training: Training, embedder: Embedder, head: Head, sources: dict[str, str | int]
) -> SemanticDetector:
    """Train n-grams on all sentences and put a head on top.

    Thresholds and floors come from families held out.
    """
    everything = np.ones(len(training), bool)
    plain, rows, buckets = held_out_scores(training, FOLDS)
    scores, floors = summed(plain, head.held_out, training, everything)
    linear = detector_of(rows, buckets, training, plain, sources)
    decisions = decide(scores, training, everything)
    scales = tuple(
        Scale(old.unit, old.bias, one.fault, one.uncertain, one.slope, one.shift)
        for old, one in zip(linear.scales, decisions, strict=True)
    )
    return SemanticDetector(
        replace(linear, scales=scales),
        head.weights,
        tuple(head.biases.tolist()),
        # What n-grams alone would leave uncertain is always asked.
        tuple(np.minimum(floors, [one.uncertain for one in decisions]).tolist()),
        embedder.where,
        embedder.sha256,
    )


def read_detector(path: Path) -> LinearDetector | SemanticDetector:
    """Read a detector's file of either kind.

    Raises `QaError` as `from_bytes`; where a model of sentences is needed also as `load_embedder`.
    """
    try:
        detector = _from_bytes(path.read_bytes(), str(path))
    except OSError as error:
        raise QaError("learned.unreadable", path=path, why=error.strerror or error) from error
    if isinstance(detector, SemanticDetector):
        own = built_in_detector().embedding_sha256
        if detector.where != BUILT_IN or detector.embedding_sha256 != own:
            load_embedder(detector.where, sha256=detector.embedding_sha256)
    return detector


@cache
def built_in_detector() -> SemanticDetector:
    """The detector of the package.

    >>> "no_overpromise" in built_in_detector().items
    True
    """
    file = resources.files("qa_audit.scoring.learned").joinpath(_FILE)
    detector = _from_bytes(file.read_bytes(), _FILE)
    assert isinstance(detector, SemanticDetector)
    return detector


def _from_bytes(content: bytes, path: str) -> LinearDetector | SemanticDetector:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            if "semantic" not in stored.files:
                return from_bytes(content, path)
            head = json.loads(stored["head"].tobytes())
            grams = from_bytes(stored["linear"].tobytes(), path)
            if grams.made_from != head["made_from"]:
                raise ValueError(f"made from {head['made_from']}, n-grams from {grams.made_from}")
            return SemanticDetector(
                replace(grams, scales=tuple(Scale(*one) for one in head["scales"])),
                stored["semantic"],
                tuple(head["biases"]),
                tuple(head["floors"]),
                head["where"],
                head["embedding_sha256"],
            )
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise QaError("learned.unreadable", path=path, why=error) from error
