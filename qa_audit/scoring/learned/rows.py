"""Sentences as sparse rows over the n-grams that a corpus has, and a logistic fit on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa_audit.scoring.learned.features import BUCKETS, NOTHING, hashed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

LENGTH_POWER = 0.1
"""A row is divided by this power of its number of n-grams, so that long sentences do not weigh more."""
LENGTHY, EACH_MORE = 15, 0.08
"""Characters of a sentence from which on each takes so much from its score: the more n-grams, the wider their
sum strays, and a threshold that keeps long clean sentences out would miss short faults."""


class Inputs(Protocol):
    """What a logistic regression can be fitted on: sparse rows, or vectors."""

    def __len__(self) -> int: ...

    @property
    def width(self) -> int:
        """Columns."""
        ...

    def take(self, rows: NDArray[np.int64]) -> Inputs:
        """These rows, in this order."""
        ...

    def dot(self, weights: Floats) -> Floats:
        """One number a row."""
        ...

    def back(self, residuals: Floats) -> Floats:
        """The transposed product: one number a column."""
        ...


@dataclass(frozen=True)
class Rows:
    """Sparse rows of float64."""

    values: csr_array
    width: int
    """Columns."""

    def __len__(self) -> int:
        return len(self.values.indptr) - 1

    def take(self, rows: NDArray[np.int64]) -> Rows:
        """These rows, in this order."""
        return Rows(self.values[rows], self.width)

    @cached_property
    def _by_column(self) -> csr_array:
        """Transposed. What is read or written out of order is then a number a row: they are fewer than the
        columns and stay in the processor's cache."""
        return self.values.T.tocsr()

    def dot(self, weights: Floats) -> Floats:
        """One number a row."""
        return self._by_column.T @ weights

    def back(self, residuals: Floats) -> Floats:
        """The transposed product: one number a column."""
        return self._by_column @ residuals


def rows_of(
    sentences: Sequence[str], originals: NDArray[np.int64] | None = None
) -> tuple[Rows, NDArray[np.int64]]:
    """Rows of normalised sentences, and the bucket of each column.

    n-grams of a single sentence are left out, but count for its length: they are three quarters of all and
    measured nothing. `originals` says which sentence each is a copy of, where some are.

    >>> rows, buckets = rows_of(["再见", "再见", "您好"])
    >>> len(rows), rows.width == len(buckets), bool(rows.dot(np.ones(rows.width))[0] > 0)
    (3, True, True)
    """
    from scipy.sparse import csr_array  # only learning needs it, and it takes a tenth of a second to load

    grams = hashed(sentences)
    row = np.repeat(np.arange(len(sentences), dtype=np.int32), grams.lengths + 1)
    used = grams.buckets[:, : len(row)]
    kinds, at = np.nonzero(used != NOTHING)
    cells = (row[at], used[kinds, at].astype(np.int32))
    counts = csr_array((np.ones(len(at)), cells), shape=(len(sentences), BUCKETS))
    del cells, kinds, at
    counts.sum_duplicates()
    counts.data /= np.repeat(counts.sum(axis=1) ** LENGTH_POWER, np.diff(counts.indptr))
    owners = np.repeat(np.arange(len(sentences)), np.diff(counts.indptr))
    said_by = owners if originals is None else originals[owners]
    last_said_by = np.zeros(BUCKETS, np.int64)
    last_said_by[counts.indices] = said_by
    kept = np.unique(counts.indices[last_said_by[counts.indices] != said_by])
    return Rows(counts[:, kept], len(kept)), kept.astype(np.int64)


def lengthy(characters: NDArray[np.int64]) -> Floats:
    """What its length takes from a sentence's score.

    >>> lengthy(np.array([4, 15, 40])).tolist()
    [0.0, 0.0, 2.0]
    """
    return EACH_MORE * np.maximum(characters - LENGTHY, 0)


def fit(rows: Inputs, targets: Floats, weights: Floats, l2: float) -> tuple[Floats, float]:
    """Weights and bias of a logistic regression with a quadratic penalty; the same input, the same result."""
    signs = np.where(targets > 0.5, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = rows.dot(point[:-1]) + point[-1]
        margins = signs * scores
        residuals = -weights * signs / (1.0 + np.exp(np.clip(margins, -40, 40)))
        value = float((weights * np.logaddexp(0.0, -margins)).sum() + 0.5 * l2 * point[:-1] @ point[:-1])
        return value, np.append(rows.back(residuals) + l2 * point[:-1], residuals.sum())

    best = minimise(loss, np.zeros(rows.width + 1))
    return best[:-1], float(best[-1])


def minimise(
    loss: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    *,
    most_steps: int = 100,
    memory: int = 10,
    tolerance: float = 1e-4,
) -> Floats:
    """Limited-memory BFGS with halving steps (Nocedal and Wright, algorithm 7.5) for a smooth convex loss.

    >>> minimise(lambda x: (float((x - 3) @ (x - 3)), 2 * (x - 3)), np.zeros(2)).round(4).tolist()
    [3.0, 3.0]
    """
    point = start
    value, slope = loss(point)
    moves: list[Floats] = []
    turns: list[Floats] = []
    for _ in range(most_steps):
        step = slope.copy()
        shares = []
        for move, turn in zip(reversed(moves), reversed(turns), strict=True):
            share = move @ step / (move @ turn)
            shares.append(share)
            step -= share * turn
        step *= moves[-1] @ turns[-1] / (turns[-1] @ turns[-1]) if moves else 1 / max(np.abs(slope).max(), 1)
        for move, turn, share in zip(moves, turns, reversed(shares), strict=True):
            step += (share - turn @ step / (move @ turn)) * move
        length, fall = 1.0, slope @ step
        while True:
            following = point - length * step
            next_value, next_slope = loss(following)
            if next_value <= value - 1e-4 * length * fall or length < 1e-10:
                break
            length /= 2
        if (following - point) @ (next_slope - slope) > 1e-14:
            moves.append(following - point)
            turns.append(next_slope - slope)
            del moves[:-memory], turns[:-memory]
        done = value - next_value <= tolerance * max(abs(value), 1.0)
        point, value, slope = following, next_value, next_slope
        if done:
            break
    return point
