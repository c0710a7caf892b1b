"""A mean over a group of calls, of which some cells were heard: teams, the department, items.

A cell is one agent's calls of one stratum inside the group (a team's are those made while in the team).
Cells in which nothing was heard are taken to be like the heard ones of the same stratum of the group; for a
single agent that is never done. The spread here is that of the heard cells' means: what else may be wrong
then is in `unheard`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from qa_audit.estimation.cells import mean_of, square_sum
from qa_audit.estimation.intervals import Spread, combined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class HeardCell:
    """`calls` of the group in one cell, and the values found in those that were heard."""

    stratum: str
    calls: int
    values: tuple[float, ...]
    agent: str = ""
    """Whose calls they are: for `unheard`."""


def group_mean(cells: Iterable[HeardCell]) -> tuple[float, Spread | None] | None:
    """(mean of the values over all calls of the group, its spread); None where a stratum is unheard.

    Within a stratum the mean is Σ N_c v̄_c / Σ N_c over heard cells c, and its variance
    Σ (N_c / ΣN)² (1 − n_c/N_c) s² / n_c with s² pooled within the cells, or about the stratum's mean where no
    cell was heard twice; strata are put together by their numbers of calls. The spread is None where s² is
    known of no call.

    >>> mean, spread = group_mean([HeardCell("rest", 10, (1.0, 3.0)), HeardCell("rest", 30, (6.0,))])
    >>> round(mean, 6), round(spread.variance, 6), spread.df
    (5.0, 1.1375, 1.0)
    """
    strata = [
        list(some)
        for _, some in groupby(sorted(cells, key=lambda cell: cell.stratum), lambda cell: cell.stratum)
    ]
    calls = sum(cell.calls for some in strata for cell in some)
    means: list[float] = []
    parts: list[Spread] | None = []
    for some in strata:
        heard = [cell for cell in some if cell.values]
        if not heard:
            return None
        share = sum(cell.calls for cell in some) / calls
        mean, spread = _stratum_mean(heard, unheard=len(heard) < len(some))
        means.append(share * mean)
        if spread is None or parts is None:
            parts = None
        else:
            parts.append(spread.times(share**2))
    if not strata:
        return None
    return math.fsum(means), combined(parts) if parts is not None else None


def _stratum_mean(heard: Sequence[HeardCell], *, unheard: bool) -> tuple[float, Spread | None]:
    calls = sum(cell.calls for cell in heard)
    mean = math.fsum(cell.calls / calls * mean_of(cell.values) for cell in heard)
    factor = math.fsum(
        (cell.calls / calls) ** 2 * (1 - len(cell.values) / cell.calls) / len(cell.values) for cell in heard
    )
    if factor == 0 and not unheard:
        return mean, Spread(0.0, math.inf)
    df = sum(len(cell.values) - 1 for cell in heard)
    if df:
        squares = math.fsum(square_sum(cell.values) for cell in heard)
    else:
        everything = [value for cell in heard for value in cell.values]
        df, squares = len(everything) - 1, square_sum(everything)
    return mean, Spread(factor * squares / df, float(df)) if df else None
