"""Training the detectors, and the honest measure of them: whole families of wording held out.

    python -m qa_audit.scoring.learned.train FILE

writes the detector of the package. Thresholds and calibration come from a cross-validation over families
inside the training sentences only; `held_out` wraps that in another one, so nothing of a family under test
has been seen by weights, thresholds or calibration.
"""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.scoring.learned.corpus import ITEMS, corpus, corpus_sha256
from qa_audit.scoring.learned.features import VERSION
from qa_audit.scoring.learned.model import LinearDetector, Scale
from qa_audit.scoring.learned.rows import Rows, fit, minimise, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.corpus import Sentence

    Floats = NDArray[np.float64]

L2 = 0.03
INNER_FOLDS = 5
MIN_PRECISION = 0.92
"""Of faults among an item's own sentences (half of them courteous look-alikes), where a fault is said."""
MAX_FALSE = 0.0008
"""Share of other clean sentences that may be called a fault."""
WANTED = 0.92
"""Share of faults that should be at least uncertain …"""
MAX_UNCLEAR = 0.01
"""… as long as no more than this share of other clean sentences is."""


@dataclass(frozen=True)
class Training:
    """Sentences with what is known of them."""

    texts: tuple[str, ...]
    """Normalised."""
    families: tuple[str, ...]
    own: NDArray[np.int8]
    """Place of the item whose file a sentence stands in, -1 for none."""
    labels: NDArray[np.int8]
    """(sentences, items): 1 fault, 0 clean, -1 not known."""
    weights: Floats
    copies: NDArray[np.bool_]
    """Whether a sentence is a copy as the recogniser heard it: thresholds do not count it."""

    def __len__(self) -> int:
        return len(self.texts)


def training_of(sentences: Sequence[Sentence]) -> Training:
    """Make sentences ready; those that may be either are left out.

    A clean sentence is clean for every item, a fault says nothing of the other items.
    """
    kept = [one for one in sentences if one.label != "either"]
    own = np.array([ITEMS.index(one.item) if one.item in ITEMS else -1 for one in kept], np.int8)
    labels = np.zeros((len(kept), len(ITEMS)), np.int8)
    faults = np.array([one.label == "fault" for one in kept], bool)
    labels[faults] = -1
    labels[faults, own[faults]] = 1
    return Training(
        tuple(one.plain for one in kept),
        tuple(one.key for one in kept),
        own,
        labels,
        np.ones(len(kept)),
        np.array([one.heard for one in kept], bool),
    )


def folds_of(training: Training, folds: int) -> NDArray[np.int64]:
    """A fold for each sentence; a family lies in one fold, and the folds have like shares of each item."""
    kinds: dict[tuple[int, int], set[str]] = {}
    for row, family in enumerate(training.families):
        fault = int(training.own[row] >= 0 and training.labels[row, training.own[row]] == 1)
        kinds.setdefault((int(training.own[row]), fault), set()).add(family)
    fold: dict[str, int] = {}
    for families in kinds.values():
        for place, family in enumerate(sorted(families, key=lambda one: zlib.crc32(one.encode()))):
            fold[family] = place % folds
    return np.array([fold[family] for family in training.families])


def fit_item(rows: Rows, training: Training, chosen: NDArray[np.bool_], item: int) -> tuple[Floats, float]:
    """Weights and bias of one item from the chosen sentences."""
    used = np.flatnonzero(chosen & (training.labels[:, item] >= 0))
    return fit(rows.take(used), training.labels[used, item].astype(np.float64), training.weights[used], L2)


def out_of_fold(rows: Rows, training: Training, chosen: NDArray[np.bool_], item: int, folds: int) -> Floats:
    """Scores of the chosen sentences by weights that have not seen their family; NaN for the others."""
    fold = folds_of(training, folds)
    scores = np.full(len(training), np.nan)
    for one in range(folds):
        weights, bias = fit_item(rows, training, chosen & (fold != one), item)
        tested = np.flatnonzero(chosen & (fold == one) & (training.labels[:, item] >= 0))
        if len(tested):
            scores[tested] = rows.take(tested).dot(weights) + bias
    return scores


@dataclass(frozen=True, slots=True)
class Decision:
    """Two thresholds and a calibration."""

    fault: float
    uncertain: float
    slope: float
    shift: float


def decide(scores: Floats, training: Training, item: int) -> Decision:
    """Thresholds and calibration from scores of families held out; copies and unknown labels do not count."""
    counted = ~np.isnan(scores) & ~training.copies & (training.labels[:, item] >= 0)
    counted &= training.weights > 0
    own = counted & (training.own == item)
    faults = np.sort(scores[own & (training.labels[:, item] == 1)])[::-1]
    alike = np.sort(scores[own & (training.labels[:, item] == 0)])
    others = np.sort(scores[counted & (training.own != item)])
    fault = float(faults[0])
    for found, threshold in enumerate(faults, 1):
        # Faults and look-alikes count as if there were as many of both.
        false = (len(alike) - np.searchsorted(alike, threshold)) * len(faults) / max(len(alike), 1)
        if found / (found + false) >= MIN_PRECISION:
            fault = float(threshold)
    if len(others):
        fault = max(fault, _over(others, MAX_FALSE))
    wanted = float(faults[min(int(WANTED * len(faults)), len(faults) - 1)])
    uncertain = min(max(wanted, _over(others, MAX_UNCLEAR)) if len(others) else wanted, fault)
    slope, shift = _platt(scores[own], training.labels[own, item] == 1)
    return Decision(fault, uncertain, slope, shift)


def _over(scores: Floats, share: float) -> float:
    """The lowest threshold that at most this share of ascending scores reaches."""
    allowed = int(share * len(scores))
    return float(np.nextafter(scores[len(scores) - 1 - allowed], np.inf))


def _platt(scores: Floats, faults: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift of the chance of a fault over the score (Platt 1999), as if half were faults."""
    positive, negative = max(int(faults.sum()), 1), max(int((~faults).sum()), 1)
    target = np.where(faults, (positive + 1) / (positive + 2), 1 / (negative + 2))
    weight = np.where(faults, 0.5 / positive, 0.5 / negative)
    inputs = np.stack([scores, np.ones_like(scores)])

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = point @ inputs
        chance = 1 / (1 + np.exp(-np.clip(scores, -40, 40)))
        value = float((weight * (np.logaddexp(0, scores) - target * scores)).sum())
        return value, inputs @ (weight * (chance - target))

    slope, shift = minimise(loss, np.array([1.0, 0.0]), tolerance=1e-9)
    return float(slope), float(shift)


def train(training: Training, made_from: dict[str, str | int]) -> LinearDetector:
    """Train every item on all sentences. The same sentences give the same bytes."""
    rows, buckets = rows_of(training.texts)
    everything = np.ones(len(training), bool)
    columns, scales = [], []
    for item in range(len(ITEMS)):
        decision = decide(out_of_fold(rows, training, everything, item, INNER_FOLDS), training, item)
        weights, bias = fit_item(rows, training, everything, item)
        unit = float(np.abs(weights).max()) / 127
        columns.append(np.rint(weights / unit).astype(np.int8))
        scales.append(Scale(unit, bias, decision.fault, decision.uncertain, decision.slope, decision.shift))
    table = np.stack(columns, axis=1)
    used = table.any(axis=1)
    return LinearDetector(ITEMS, buckets[used].astype(np.int32), table[used], tuple(scales), made_from)


def built_in_training() -> Training:
    """What the package's detector learns from."""
    return training_of(corpus())


def train_built_in() -> LinearDetector:
    """The package's detector, made anew from its corpus."""
    return train(built_in_training(), {"corpus": corpus_sha256(), "features": VERSION})


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(train_built_in().as_bytes())
