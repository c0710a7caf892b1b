"""Sentences as sparse rows over the n-grams that a corpus has, and a logistic fit on them, in numpy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa_audit.scoring.learned.features import BUCKETS, NOTHING, hashed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LENGTH_POWER = 0.1
"""A row is divided by this power of its number of n-grams, so that long sentences do not weigh more."""
LENGTHY, EACH_MORE = 15, 0.08
"""Characters of a sentence from which on each takes so much from its score: the more n-grams, the wider their
sum strays, and a threshold that keeps long clean sentences out would miss short faults."""
MIN_SENTENCES = 2
"""n-grams of fewer sentences are not learned: they are three quarters of all and measured nothing."""


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
    """Compressed sparse rows: the values of row i are `values[starts[i]:starts[i + 1]]`."""

    columns: NDArray[np.int64]
    values: Floats
    starts: NDArray[np.int64]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The row of each value."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def take(self, rows: NDArray[np.int64]) -> Rows:
        """These rows, in this order."""
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return Rows(self.columns[places], self.values[places], starts, self.width)

    @cached_property
    def _by_column(self) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], NDArray[np.int64]]:
        """By column: rows of the values, the values, where each column with any begins, and which it is."""
        order = np.argsort(self.columns, kind="stable")
        columns = self.columns[order]
        starts = np.flatnonzero(np.diff(columns, prepend=-1))
        return self.owners[order], self.values[order], starts, columns[starts]

    def dot(self, weights: Floats) -> Floats:
        """One number a row."""
        summed = np.zeros(len(self))
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            summed[filled] = np.add.reduceat(weights[self.columns] * self.values, self.starts[filled])
        return summed

    def back(self, residuals: Floats) -> Floats:
        """The transposed product: one number a column."""
        summed = np.zeros(self.width)
        rows, values, starts, columns = self._by_column
        if len(starts):
            summed[columns] = np.add.reduceat(residuals[rows] * values, starts)
        return summed


def rows_of(
    sentences: Sequence[str], originals: NDArray[np.int64] | None = None
) -> tuple[Rows, NDArray[np.int64]]:
    """Rows of normalised sentences, and the bucket of each column.

    n-grams of a single sentence are left out, but count for its length; `originals` says which sentence each
    is a copy of, where some are.

    >>> rows, buckets = rows_of(["再见", "再见", "您好"])
    >>> len(rows), rows.width == len(buckets), bool(rows.dot(np.ones(rows.width))[0] > 0)
    (3, True, True)
    """
    grams = hashed(sentences)
    row = np.repeat(np.arange(len(sentences)), grams.lengths + 1)
    used = grams.buckets[:, : len(row)]
    kinds, at = np.nonzero(used != NOTHING)
    keys, counts = np.unique(
        row[at].astype(np.int64) * BUCKETS + used[kinds, at].astype(np.int64), return_counts=True
    )
    owners = keys // BUCKETS
    values = counts / np.bincount(owners, weights=counts).take(owners) ** LENGTH_POWER
    buckets, columns = np.unique(keys % BUCKETS, return_inverse=True)
    said_by = owners if originals is None else originals[owners]
    pairs = np.unique(said_by * len(buckets) + columns)
    common = np.bincount(pairs % len(buckets), minlength=len(buckets))[columns] >= MIN_SENTENCES
    kept, columns = np.unique(columns[common], return_inverse=True)
    starts = np.searchsorted(owners[common], np.arange(len(sentences) + 1))
    return Rows(columns.astype(np.int64), values[common], starts, len(kept)), buckets[kept]


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
