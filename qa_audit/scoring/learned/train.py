"""Training the detectors, and the honest measure of them: whole families of wording held out.

The weights of an item are those of its own faults against clean sentences and, as a share, those of the
faults of all items against clean sentences: much of what makes a sentence one that must not be said is common
to the items. Beside every sentence stands a copy as it might be misheard. Thresholds and
calibration come from a cross-validation over families.
"""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.scoring.learned.corpus import CALLS, ITEMS, corpus, corpus_sha256
from qa_audit.scoring.learned.features import VERSION
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.scoring.learned.model import lengths_of, of_weights
from qa_audit.scoring.learned.rows import Inputs, Rows, fit, lengthy, rows_of
from qa_audit.text.mishearing import mishearings_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.corpus import Sentence
    from qa_audit.scoring.learned.decide import Decision
    from qa_audit.scoring.learned.model import LinearDetector

    Floats = NDArray[np.float64]

L2 = 0.3
COMMON = 0.75
"""Share of the weights that all items have in common."""
FOLDS = 5
SIDE_BY_SIDE = 2
"""Fits at once; each takes about a gigabyte."""
COPY = 0.5
"""What a copy of a sentence as it might be misheard counts beside the sentence: with families held out such
copies find two of a hundred faults more at one false among five hundred, and three more in misheard text."""


RETOLD = frozenset({"calls/al"})
"""Keys of calls whose agents tell back in nearly every one what the customer said, since only the agent's
side is written: learned, but thresholds do not count them."""
OF_CALLS = -2
_OWN = {item: place for place, item in enumerate(ITEMS)} | {"neutral": -1, CALLS: OF_CALLS}


@dataclass(frozen=True)
class Training:
    """Sentences with what is known of them."""

    texts: tuple[str, ...]
    """Normalised."""
    families: tuple[str, ...]
    own: NDArray[np.int8]
    """Place of the item whose file a sentence stands in, -1 for none, `OF_CALLS` for those of whole calls."""
    labels: NDArray[np.int8]
    """(sentences, items): 1 fault, 0 clean, -1 not known."""
    weights: Floats
    copies: NDArray[np.bool_]
    """Whether a sentence is a copy as the recogniser heard it: thresholds do not count it."""
    calls: NDArray[np.int32]
    """Number of the whole clean call that a sentence is of, -1 for none."""
    turns: tuple[str, ...]
    """Of sentences of calls, those before and after in the turn too; empty where there are none."""

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each sentence."""
        return lengths_of(self.texts)


def training_of(sentences: Sequence[Sentence]) -> Training:
    """Make sentences ready; those that may be either are left out.

    A clean sentence is clean for every item but those of which the same sentence is told to be a fault; a
    fault says nothing of the other items.
    """
    kept = [one for one in sentences if one.label != "either"]
    own = np.array([_OWN["neutral" if one.key in RETOLD else one.item] for one in kept], np.int8)
    calls: dict[str, int] = {}
    labels = np.zeros((len(kept), len(ITEMS)), np.int8)
    faults = np.array([one.label == "fault" for one in kept], bool)
    labels[faults] = -1
    labels[faults, own[faults]] = 1
    texts = tuple(one.plain for one in kept)
    faulty: dict[str, set[int]] = {}
    for row in np.flatnonzero(faults).tolist():
        faulty.setdefault(texts[row], set()).add(int(own[row]))
    for row in np.flatnonzero(~faults).tolist():
        if others := faulty.get(texts[row], set()) - {int(own[row])}:
            labels[row, list(others)] = -1
    return Training(
        texts,
        tuple(one.key for one in kept),
        own,
        labels,
        np.ones(len(kept)),
        np.array([one.heard for one in kept], bool),
        np.array(
            [
                calls.setdefault(one.family, len(calls)) if place == OF_CALLS else -1
                for one, place in zip(kept, own.tolist(), strict=True)
            ],
            np.int32,
        ),
        tuple(one.turn for one in kept),
    )


def with_misheard(training: Training) -> Training:
    """The sentences, and after them a copy of each as it might be misheard."""
    return Training(
        (*training.texts, *misheard(training.texts)),
        training.families * 2,
        np.tile(training.own, 2),
        np.tile(training.labels, (2, 1)),
        np.concatenate([training.weights, COPY * training.weights]),
        np.concatenate([training.copies, np.ones(len(training), bool)]),
        np.tile(training.calls, 2),
        training.turns * 2,
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


def fit_all(
    rows: Inputs,
    training: Training,
    chosen: NDArray[np.bool_],
    *,
    items: Sequence[int] = tuple(range(len(ITEMS))),
) -> tuple[Floats, Floats]:
    """(columns, items) weights and (items,) biases of these items from the chosen sentences."""

    def fitted(faults: NDArray[np.bool_], known: NDArray[np.bool_]) -> tuple[Floats, float]:
        used = np.flatnonzero(chosen & known)
        return fit(rows.take(used), faults[used].astype(np.float64), training.weights[used], L2)

    faults, known = training.labels == 1, training.labels >= 0
    own_faults, own_known = (of[:, list(items)].T for of in (faults, known))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        common, *own = pool.map(fitted, (faults.any(axis=1), *own_faults), (known.any(axis=1), *own_known))
    weights = [each + COMMON * common[0] for each, _ in own]
    return np.stack(weights, axis=1), np.array([bias + COMMON * common[1] for _, bias in own])


def fit_folds(
    rows: Inputs, training: Training, fold: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.bool_], Floats, Floats]]:
    """Of each fold which sentences it has, and weights and biases (see `fit_all`) that have not seen them."""
    for one in range(int(fold.max()) + 1):
        tested = fold == one
        yield tested, *fit_all(rows, training, ~tested)


def out_of_fold(rows: Inputs, training: Training, fold: NDArray[np.int64]) -> Floats:
    """(sentences, items): scores by weights that have not seen a family, less what length takes."""
    scores = np.zeros((len(training), len(ITEMS)))
    for tested, weights, biases in fit_folds(rows, training, fold):
        part = rows.take(np.flatnonzero(tested))
        for item in range(len(ITEMS)):
            scores[tested, item] = part.dot(weights[:, item]) + biases[item]
    return scores - lengthy(training.lengths)[:, None]


def rows_with_copies(both: Training) -> tuple[Rows, NDArray[np.int64]]:
    """Rows of sentences and of their copies (see `with_misheard`), and the bucket of each column."""
    return rows_of(both.texts, np.tile(np.arange(len(both) // 2), 2))


def held_out_scores(training: Training, folds: int) -> tuple[Floats, Rows, NDArray[np.int64]]:
    """(sentences, items) scores of families held out; rows of sentences and copies, and their buckets."""
    both = with_misheard(training)
    rows, buckets = rows_with_copies(both)
    return out_of_fold(rows, both, folds_of(both, folds))[: len(training)], rows, buckets


def detector_of(
    rows: Rows,
    buckets: NDArray[np.int64],
    training: Training,
    decisions: Sequence[Decision],
    made_from: dict[str, str | int],
) -> LinearDetector:
    """A detector with weights from all sentences and these thresholds.

    Rows and buckets are those of `held_out_scores`.
    """
    both = with_misheard(training)
    weights, biases = fit_all(rows, both, np.ones(len(both), bool))
    chosen = [(one.fault, one.uncertain, one.slope, one.shift) for one in decisions]
    return of_weights(ITEMS, buckets, weights, biases, chosen, made_from=made_from)


def built_in_training() -> Training:
    """What the package's detector learns from."""
    return training_of(corpus())


def made_from() -> dict[str, str | int]:
    """Hashes of what a detector of the package is made from, and the features' version."""
    return {"corpus": corpus_sha256(), "features": VERSION, "mishearings": mishearings_sha256()}
