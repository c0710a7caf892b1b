"""One score an item from what n-grams and a model of sentences make of all items: a small network.

A sum of an item's two scores leaves out what the others tell: what is almost a fault of every item is one of
some, and what n-grams take for blame the model may know to be sympathy. Each network has a hidden layer
(Bishop 1995, chapter 4) and is fitted from its own start; the mean of a few depends less on where they began.
Scores are logarithms of odds, as if a quarter of the sentences were faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.scoring.learned.model import LONG
from qa_audit.scoring.learned.rows import minimise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa_audit.scoring.learned.train import Training

    Floats = NDArray[np.float64]

UNITS = 16
"""Of the hidden layer."""
NETWORKS = 3
PENALTY = 1e-4
"""Of the squares of all weights."""
FAULTS = 0.3
"""Weight of an item's faults together, of its clean sentences 1."""
STEPS = 100


class Combiner(NamedTuple):
    """Networks in memory."""

    centre: Floats
    """(inputs,): scores of n-grams, scores of the model, logarithm of the length."""
    spread: Floats
    inner: Floats
    """(networks, inputs, units)."""
    inner_bias: Floats
    outer: Floats
    """(networks, units, items)."""
    outer_bias: Floats

    def __call__(self, grams: Floats, read: Floats, lengths: NDArray[np.int64]) -> Floats:
        """(sentences, items) from scores of n-grams (sentences, items), of a model, and characters."""
        inputs = (inputs_of(grams, read, lengths) - self.centre) / self.spread
        hidden = np.tanh(inputs @ self.inner + self.inner_bias[:, None])
        return (hidden @ self.outer + self.outer_bias[:, None]).mean(axis=0)


def inputs_of(grams: Floats, read: Floats, lengths: NDArray[np.int64]) -> Floats:
    """(sentences, inputs), not scaled."""
    return np.column_stack([grams, read, np.log(np.minimum(lengths, LONG))])


def fitted(grams: Floats, read: Floats, training: Training, chosen: NDArray[np.bool_]) -> Combiner:
    """Fit to the chosen sentences; copies and unknown labels do not count.

    The same input gives the same result.
    """
    rows = np.flatnonzero(chosen & ~training.copies & (training.weights > 0))
    inputs = inputs_of(grams[rows], read[rows], training.lengths[rows])
    centre, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-9)
    labels = training.labels[rows]
    faults = (labels == 1).astype(np.float64)
    clean = (labels == 0).astype(np.float64)
    counts = np.maximum(clean.sum(axis=0), 1) / np.maximum(faults.sum(axis=0), 1)
    weights = clean + FAULTS * counts * faults
    weights /= weights.sum()
    scaled = (inputs - centre) / spread
    networks = [_network(scaled, faults, weights, number) for number in range(NETWORKS)]
    return Combiner(centre, spread, *(np.stack(part) for part in zip(*networks, strict=True)))


def out_of_fold(grams: Floats, read: Floats, training: Training, fold: NDArray[np.int64]) -> list[Combiner]:
    """A combiner for each fold, fitted to the others."""
    return [fitted(grams, read, training, fold != one) for one in range(int(fold.max()) + 1)]


def _network(
    inputs: Floats, faults: Floats, weights: Floats, number: int
) -> tuple[Floats, Floats, Floats, Floats]:
    rng = np.random.default_rng(number)
    shapes = ((inputs.shape[1], UNITS), (UNITS,), (UNITS, faults.shape[1]), (faults.shape[1],))
    start = [rng.uniform(-1, 1, shape) / np.sqrt(shape[0]) for shape in shapes]
    ends = np.cumsum([part.size for part in start])[:-1]

    def parts(point: Floats) -> list[Floats]:
        cut = np.split(point, ends)
        return [part.reshape(shape) for part, shape in zip(cut, shapes, strict=True)]

    def loss(point: Floats) -> tuple[float, Floats]:
        inner, inner_bias, outer, outer_bias = parts(point)
        hidden = np.tanh(inputs @ inner + inner_bias)
        scores = hidden @ outer + outer_bias
        value = float((weights * (np.logaddexp(0, scores) - faults * scores)).sum() + PENALTY * point @ point)
        wrong = weights * (1 / (1 + np.exp(-np.clip(scores, -40, 40))) - faults)
        below = (wrong @ outer.T) * (1 - hidden**2)
        slopes = (inputs.T @ below, below.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0))
        return value, np.concatenate([one.ravel() for one in slopes]) + 2 * PENALTY * point

    point = np.concatenate([part.ravel() for part in start])
    inner, inner_bias, outer, outer_bias = parts(minimise(loss, point, most_steps=STEPS, tolerance=1e-7))
    return inner, inner_bias, outer, outer_bias
