"""How sure a figure is: variances put together, and the intervals drawn from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIDENCE = 0.95
"""Share of intervals that hold the truth."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of an estimate, and the degrees of freedom with which the variance itself is known."""

    variance: float
    df: float

    def times(self, factor: float) -> Spread:
        """The spread when the variance is multiplied by `factor`."""
        return Spread(self.variance * factor, self.df)


def combined(parts: Iterable[Spread]) -> Spread:
    """Spread of a sum of independent estimates, degrees of freedom by Satterthwaite (1946).

    df = V² / Σ (V_i² / df_i). A part with infinite df is known exactly.

    >>> combined([Spread(3.0, 10.0), Spread(1.0, 2.0)])
    Spread(variance=4.0, df=11.428571428571429)
    """
    parts = tuple(parts)
    variance = math.fsum(part.variance for part in parts)
    doubt = math.fsum(part.variance**2 / part.df for part in parts if part.variance > 0)
    return Spread(variance, variance**2 / doubt if doubt > 0 else math.inf)


def t_quantile(df: float, confidence: float = CONFIDENCE) -> float:
    """Two-sided quantile of Student's t.

    >>> round(t_quantile(7), 3), round(t_quantile(math.inf), 3)
    (2.365, 1.96)
    """
    from scipy.special import ndtri, stdtrit

    upper = (1 + confidence) / 2
    return float(ndtri(upper) if math.isinf(df) else stdtrit(df, upper))


def half_width(spread: Spread, confidence: float = CONFIDENCE) -> float:
    """Half the width of the t interval."""
    return t_quantile(spread.df, confidence) * math.sqrt(spread.variance)


def clopper_pearson(hits: float, trials: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Exact interval of a share (Clopper and Pearson 1934); both numbers may be fractions.

    >>> [round(limit, 4) for limit in clopper_pearson(0, 29, 0.90)]
    [0.0, 0.0981]
    """
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(hits, trials - hits + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, trials - hits, 1 - tail)) if hits < trials else 1.0
    return low, high


def effective_trials(share: float, spread: Spread, trials: float, kish: float) -> float:
    """So many calls drawn with equal chances would tell as much about a share as the `trials` weighted ones.

    Korn and Graubard (1998): p(1 − p) / V, times the square of the ratio of t quantiles; never more than the
    calls that were heard, nor than Kish's (Σw)²/Σw² of them. Near 0 and 1 the variance is that of the few
    calls that differ: where these happen to be light it is far too small, and at 0 and 1 it says nothing.
    """
    if not 0 < share < 1 or spread.variance <= 0:
        return min(trials, kish)
    wanted = share * (1 - share) / spread.variance
    if spread.df < trials - 1:
        wanted *= (t_quantile(max(trials - 1, 1)) / t_quantile(max(spread.df, 1))) ** 2
    return min(trials, kish, wanted)
