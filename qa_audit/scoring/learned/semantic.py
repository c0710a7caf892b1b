"""A detector that asks a model of sentences where n-grams alone could go either way.

The n-grams answer every sentence. Only a sentence whose score could still matter is read by the model, and
what a linear head makes of its vector is combined with what the n-grams say. Thresholds are those of the
combined score, chosen on families held out. Where it suspects a bare refusal, the model also reads the
sentence with those before and after it in the turn: a refusal that goes with help is none. The package's
detector asks the package's encoder; a workspace may train one that asks another model instead, and uses it
only once it is accepted: a package that somebody installs must not change a score.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import astuple, dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.combine import Combiner, out_of_fold
from qa_audit.scoring.learned.combine import fitted as fitted_combiner
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.learned.decide import decide
from qa_audit.scoring.learned.embedding import load_embedder
from qa_audit.scoring.learned.encoder import BUILT_IN
from qa_audit.scoring.learned.features import VERSION, hashed
from qa_audit.scoring.learned.model import (
    DAMAGED,
    LinearDetector,
    Scale,
    answers_of,
    from_bytes,
    lengths_of,
)
from qa_audit.scoring.learned.readings import Readings
from qa_audit.scoring.learned.train import FOLDS, detector_of, fit_all, fit_folds, folds_of, held_out_scores

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.embedding import Embedder
    from qa_audit.scoring.learned.model import Weighed
    from qa_audit.scoring.learned.train import Training

    Floats = NDArray[np.float64]

HEARD_OUT = "no_forbidden_words"
"""The item whose faults depend on what else is said in the turn."""
NOT_ASKED = -30.0
"""Score of a sentence that the model is not asked of: below that of any other."""
SCALE = 0.55
"""Root of the vectors' mean square before the head is fitted: with the penalty of the n-grams' fit."""
_FILE = "weights.npz"
LOST = 0.02
"""Share of the faults, at least uncertain by the combined score, that may lie below the floor."""


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
    """Its thresholds are those of the combined score."""
    weights: NDArray[np.float32]
    """(scores, dimensions) of the head."""
    biases: tuple[float, ...]
    combiner: Combiner
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
        for part in (self.weights, *self.combiner):
            total.update(part.tobytes())
        return total.hexdigest()

    @cached_property
    def _embedder(self) -> Embedder:
        return self.embedder or load_embedder(self.where, sha256=self.embedding_sha256)

    def asked(self, sentences: Sequence[str]) -> NDArray[np.bool_]:
        """Which sentences are embedded."""
        return _reaching(self.linear.scores(sentences), self.floors)

    def scores(self, sentences: Sequence[str]) -> Floats:
        """(sentences, items): above an item's `fault` is a fault."""
        return self._scores(sentences, self.linear.scores(sentences))

    def _scores(self, sentences: Sequence[str], grams: Floats) -> Floats:
        scores = np.full(grams.shape, NOT_ASKED)
        asked = np.flatnonzero(_reaching(grams, self.floors))
        if len(asked):
            chosen = [sentences[place] for place in asked.tolist()]
            scores[asked] = self._combined(chosen, grams[asked], chosen)
        return scores

    def _combined(self, sentences: Sequence[str], grams: Floats, read: Sequence[str]) -> Floats:
        """The combined scores of sentences, the model having read these texts."""
        made = self.readings.of(read, self._read).astype(np.float64)
        return self.combiner(grams, made, lengths_of(sentences))

    def _read(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        scores = self._embedder.vectors(sentences).astype(np.float64) @ self.weights.T + self.biases
        return scores.astype(np.float32)

    @cached_property
    def reader_sha256(self) -> str:
        """Hash of all that a reading depends on but the sentence: weights of the model and of the head."""
        total = hashlib.sha256(f"{self.embedding_sha256} {self.biases}".encode())
        total.update(self.weights.tobytes())
        return total.hexdigest()

    def answers(self, sentences: Sequence[str], turns: Sequence[Hashable] = ()) -> NDArray[np.int8]:
        """See `SentenceDetector`."""
        if not sentences:
            return np.zeros((0, len(self.items)), np.int8)
        found = hashed(sentences)
        grams = self.linear.scores_of(found)
        scores = self._scores(sentences, grams)
        if len(turns) and HEARD_OUT in self.items:
            self._hear_out(sentences, turns, grams, scores)
        answers = answers_of(scores, self.linear.scales)
        self.linear.keep(sentences, found, answers)
        return answers

    def _hear_out(
        self, sentences: Sequence[str], turns: Sequence[Hashable], grams: Floats, scores: Floats
    ) -> None:
        """Lower the scores of what is less of a fault within its turn."""
        item = self.items.index(HEARD_OUT)
        suspected = np.flatnonzero(scores[:, item] >= self.linear.scales[item].uncertain).tolist()
        around = {place: _around(place, turns) for place in suspected}
        places = [place for place, (first, last) in around.items() if last - first > 1]
        if places:
            read = ["".join(sentences[slice(*around[place])]) for place in places]
            within = self._combined([sentences[place] for place in places], grams[places], read)
            scores[places, item] = np.minimum(scores[places, item], within[:, item])

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
            **{f"combiner_{name}": part for name, part in self.combiner._asdict().items()},
        )
        return file.getvalue()


def combined(training: Training, grams: Floats, head: Head, *, folds: int = FOLDS) -> Floats:
    """(sentences, items): scores by combiners that have not seen a sentence's family, each heard out."""
    fold = folds_of(training, folds)
    scores = np.zeros(grams.shape)
    item = ITEMS.index(HEARD_OUT)
    for one, combiner in enumerate(out_of_fold(grams, head.held_out, training, fold)):
        tested = fold == one
        scores[tested] = combiner(grams[tested], head.held_out[tested], training.lengths[tested])
        heard = np.flatnonzero(tested & [bool(turn) for turn in training.turns])
        if len(heard):
            within = combiner(grams[heard], head.in_turn[heard], training.lengths[heard])
            scores[heard, item] = np.minimum(scores[heard, item], within[:, item])
    return scores


def asked_of(
    scores: Floats, grams: Floats, training: Training, counted: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Combined scores, `NOT_ASKED` where the model would not be asked, and (items,) the floors.

    Floors come from the counted sentences: almost no fault that the combined score makes at least uncertain
    lies below.
    """
    floors = []
    for item, one in enumerate(decide(scores, training, counted)):
        own = counted & (training.own == item) & (training.labels[:, item] == 1)
        noticed = grams[own & (scores[:, item] >= one.uncertain), item]
        floors.append(float(np.quantile(noticed, LOST)) if len(noticed) else np.inf)
    return np.where(_reaching(grams, floors)[:, None], scores, NOT_ASKED), np.array(floors)


def _reaching(scores: Floats, floors: Sequence[float]) -> NDArray[np.bool_]:
    return (scores - np.array(floors)).max(axis=1) >= 0


def _around(place: int, turns: Sequence[Hashable]) -> tuple[int, int]:
    """Half-open: a sentence and those before and after it in its turn."""
    first = place - (place > 0 and turns[place - 1] == turns[place])
    return first, place + 1 + (place + 1 < len(turns) and turns[place + 1] == turns[place])


class Head(NamedTuple):
    """What makes scores of a model's vectors."""

    weights: NDArray[np.float32]
    """(scores, dimensions)."""
    biases: Floats
    held_out: Floats
    """(sentences, scores) of a training, by weights that have not seen a sentence's family."""
    in_turn: Floats
    """The same of the sentences with those before and after in their turns; any number where none are."""


def head_of(training: Training, embedder: Embedder) -> Head:
    """A head learned from the vectors of a training's sentences."""
    vectors = embedder.vectors(training.texts)
    centre, unit = scaling_of(vectors)
    heard = np.flatnonzero([bool(turn) for turn in training.turns])
    around = embedder.vectors([training.turns[row] for row in heard.tolist()])
    scaled, turns = (vectors - centre) * unit, (around - centre) * unit
    fold = folds_of(training, FOLDS)
    held_out, in_turn = np.zeros((2, len(training), len(ITEMS)))
    for tested, weights, biases in fit_folds(Vectors(scaled), training, fold):
        held_out[tested] = scaled[tested] @ weights + biases
        in_turn[heard[tested[heard]]] = turns[tested[heard]] @ weights + biases
    weights, biases = fit_all(Vectors(scaled), training, np.ones(len(training), bool))
    stored = (unit * weights.T).astype(np.float32)
    return Head(stored, biases - stored @ centre, held_out, in_turn)


def train_semantic(
    training: Training, embedder: Embedder, head: Head, sources: dict[str, str | int]
) -> SemanticDetector:
    """Train n-grams on all sentences, and on top what combines them with a head.

    Thresholds and floors come from families held out.
    """
    everything = np.ones(len(training), bool)
    grams, rows, buckets = held_out_scores(training, FOLDS)
    scores, floors = asked_of(combined(training, grams, head), grams, training, everything)
    decisions = decide(scores, training, everything)
    return SemanticDetector(
        detector_of(rows, buckets, training, decisions, sources),
        head.weights,
        tuple(head.biases.tolist()),
        fitted_combiner(grams, head.held_out, training, everything),
        tuple(floors.tolist()),
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
            if "combiner_centre" not in stored.files:
                raise QaError("learned.other_version", path=path, got="–", wanted=VERSION)
            head = json.loads(stored["head"].tobytes())
            grams = from_bytes(stored["linear"].tobytes(), path)
            if grams.made_from != head["made_from"]:
                raise ValueError(f"made from {head['made_from']}, n-grams from {grams.made_from}")
            return SemanticDetector(
                replace(grams, scales=tuple(Scale(*one) for one in head["scales"])),
                stored["semantic"],
                tuple(head["biases"]),
                Combiner(*(stored[f"combiner_{name}"] for name in Combiner._fields)),
                tuple(head["floors"]),
                head["where"],
                head["embedding_sha256"],
            )
    except DAMAGED as error:
        raise QaError("learned.unreadable", path=path, why=error) from error
