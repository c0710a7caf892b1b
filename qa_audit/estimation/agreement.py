"""Whether inspectors agree, item by item, on calls that several of them heard.

No single figure tells it: of two tables with 94 % agreement, 92/3/3/2 and 47/3/3/47, the first has α = .37
and AC1 = .93, the second .88 and .88. So there are four:

- raw agreement: the share of pairs of ratings of one call that are equal, mean over calls
- agreement on faults: of ratings "fail", the share of the other ratings of the same calls that say so too
  (positive specific agreement, Cicchetti and Feinstein 1990)
- Gwet's AC1 (2008; several raters and missing ratings: Gwet 2014, Handbook, ch. 2 and 3):
  (p_a − p_e) / (1 − p_e), p_e = Σ_k π_k (1 − π_k) / (q − 1)
- Krippendorff's α for names (2011, Computing Krippendorff's Alpha-Reliability):
  1 − (n − 1) (n − Σ_c o_cc) / (n² − Σ_c n_c²)

Intervals are jackknives over calls (Gwet 2014, ch. 5): leave each call out in turn. Where inspectors differ
in no call, leaving one out changes nothing, and 3 calls would prove as much as 300: then the lower limit is
what the figure would be if they differed in as many calls as chance may have hidden (Clopper and Pearson).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.estimation.intervals import CONFIDENCE, clopper_pearson, t_quantile
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RATINGS = pl.Schema(
    {"call_id": pl.String(), "inspector": pl.String(), "item": pl.String(), "verdict": pl.String()}
)
"""One row a call, inspector and item. "uncertain" is no rating: the inspector says that they can't tell."""

AGREEMENT = pl.Schema(
    {"item": pl.String(), "calls": pl.Int64(), "ratings": pl.Int64(), "inspectors": pl.Int64()}
    | {
        f"{figure}{limit}": pl.Float64()
        for figure in ("raw", "on_faults", "ac1", "alpha")
        for limit in ("", "_low", "_high")
    }
)
"""One row an item. `calls` rated by two or more inspectors, with `ratings` in them; four figures with their
intervals. Null is what is not defined: α where all ratings are equal, agreement on faults where no fault was
marked, everything where no call was rated twice, intervals below three such calls."""

CATEGORIES = ("pass", "fail")
"""Verdicts that are always possible: q of AC1 is at least two, so all-equal ratings give AC1 = 1."""


def item_agreement(ratings: pl.DataFrame) -> pl.DataFrame:
    """`AGREEMENT` from `RATINGS`, in order of items.

    Raises `QaError`: `month.missing_column`; `estimates.double_rating` where an inspector rates an item of
    a call twice.
    """
    require_columns(ratings, "ratings", RATINGS)
    keys = ("call_id", "inspector", "item")
    doubled = ratings.filter(pl.struct(keys).is_duplicated())
    if not doubled.is_empty():
        call, inspector, item = doubled.select(keys).row(0)
        raise QaError("estimates.double_rating", call=call, inspector=inspector, item=item)
    said = ratings.filter(pl.col("verdict").is_not_null() & (pl.col("verdict") != "uncertain"))
    rows = [
        _item_row(str(item), own.sort("call_id", "inspector"))
        for (item,), own in said.sort("item").group_by("item", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=AGREEMENT, orient="row")


def counts_of(ratings: pl.DataFrame) -> tuple[np.ndarray, tuple[str, ...]]:
    """(int array of calls × categories: how many inspectors said what; the categories), of one item."""
    others = sorted(set(ratings["verdict"]) - set(CATEGORIES))
    categories = (*CATEGORIES, *others)
    table = ratings.group_by("call_id").agg(
        *((pl.col("verdict") == one).sum().alias(str(at)) for at, one in enumerate(categories))
    )
    return table.sort("call_id").drop("call_id").to_numpy().astype(int), categories


def _item_row(item: str, ratings: pl.DataFrame) -> tuple[object, ...]:
    counts, categories = counts_of(ratings)
    several = counts[counts.sum(axis=1) >= 2]
    fault = categories.index("fail")
    figures: list[float | None] = []
    measures: Sequence[Callable[[np.ndarray], float | None]] = (
        raw_agreement,
        lambda some: specific_agreement(some, fault),
        ac1,
        alpha,
    )
    agreed = raw_agreement(counts) == 1
    for measure in measures:
        figures += _without_differences(measure, several) if agreed else jackknife(measure, counts)
    return (item, len(several), int(several.sum()), ratings["inspector"].n_unique(), *figures)


def _without_differences(
    measure: Callable[[np.ndarray], float | None], calls: np.ndarray
) -> tuple[float | None, float | None, float | None]:
    """(figure, low, high) of a measure over calls of which no two ratings differ."""
    whole = measure(calls)
    if whole is None or len(calls) < 3:
        return whole, None, None
    hidden = clopper_pearson(0, len(calls))[1]
    # In a large table, so that shares of calls are whole numbers of rows; two inspectors differ in each.
    differing = np.zeros((round(hidden * _ROWS), calls.shape[1]), int)
    differing[:, :2] = 1
    kinds, times = np.unique(calls, axis=0, return_counts=True)
    agreeing = np.repeat(kinds, np.round((1 - hidden) * _ROWS * times / len(calls)).astype(int), axis=0)
    return whole, measure(np.concatenate((agreeing, differing))), 1.0


_ROWS = 10_000


def raw_agreement(counts: np.ndarray) -> float | None:
    """Share of equal pairs, mean over calls with two ratings or more. `counts` as in `counts_of`."""
    totals = counts.sum(axis=1)
    several, n = counts[totals >= 2], totals[totals >= 2]
    if not len(several):
        return None
    return float(((several * (several - 1)).sum(axis=1) / (n * (n - 1))).mean())


def specific_agreement(counts: np.ndarray, category: int) -> float | None:
    """Σ n_k (n_k − 1) / Σ n_k (n − 1): given one rating `category`, how many of the others are so too."""
    totals = counts.sum(axis=1)
    several, n = counts[totals >= 2, category], totals[totals >= 2]
    possible = (several * (n - 1)).sum()
    return float((several * (several - 1)).sum() / possible) if possible else None


def ac1(counts: np.ndarray) -> float | None:
    """Gwet's AC1.

    >>> [round(ac1(np.array(t)), 2) for t in (
    ...     [[2, 0]] * 92 + [[1, 1]] * 6 + [[0, 2]] * 2, [[2, 0]] * 47 + [[1, 1]] * 6 + [[0, 2]] * 47)]
    [0.93, 0.88]
    """
    agreed = raw_agreement(counts)
    rated = counts[counts.sum(axis=1) >= 1]
    if agreed is None:
        return None
    shares = (rated / rated.sum(axis=1, keepdims=True)).mean(axis=0)
    chance = float((shares * (1 - shares)).sum() / (counts.shape[1] - 1))
    return (agreed - chance) / (1 - chance)


def alpha(counts: np.ndarray) -> float | None:
    """Krippendorff's α for names; None where all ratings are equal.

    >>> [round(alpha(np.array(t)), 2) for t in (
    ...     [[2, 0]] * 92 + [[1, 1]] * 6 + [[0, 2]] * 2, [[2, 0]] * 47 + [[1, 1]] * 6 + [[0, 2]] * 47)]
    [0.37, 0.88]
    """
    totals = counts.sum(axis=1)
    several, n = counts[totals >= 2], totals[totals >= 2]
    ratings = int(n.sum())
    each = several.sum(axis=0)
    expected = ratings**2 - int((each**2).sum())
    if not expected:
        return None
    coinciding = float(((several * (several - 1)).sum(axis=1) / (n - 1)).sum())
    return 1 - (ratings - 1) * (ratings - coinciding) / expected


def jackknife(
    measure: Callable[[np.ndarray], float | None], calls: np.ndarray, most: float = 1.0
) -> tuple[float | None, float | None, float | None]:
    """(figure, low, high) of a measure over calls, the rows of an array: each is left out in turn.

    The variance is (n − 1)/n Σ (f₋ᵢ − mean)², the interval t with n − 1 degrees of freedom, kept at or below
    `most`. Rows with one rating count too, for AC1 uses them; limits are None where leaving out a row leaves
    nothing defined, or there are fewer than three.
    """
    whole = measure(calls)
    n = len(calls)
    if whole is None or n < 3:
        return whole, None, None
    # Calls with equal ratings give equal figures: each kind is computed once.
    kinds, first, times = np.unique(calls, axis=0, return_index=True, return_counts=True)
    left = [measure(np.delete(calls, place, axis=0)) for place in first]
    known = [value for value in left if value is not None]
    if len(known) < len(kinds):
        return whole, None, None
    mean = math.fsum(value * count for value, count in zip(known, times, strict=True)) / n
    squares = math.fsum((value - mean) ** 2 * count for value, count in zip(known, times, strict=True))
    half = t_quantile(n - 1, CONFIDENCE) * math.sqrt((n - 1) / n * squares)
    return whole, max(whole - half, -1.0), min(whole + half, most)
