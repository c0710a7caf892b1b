"""A variance from few calls is itself luck; here it is steadied by those of all agents.

The model is that of Smyth (2004): the true variance of an agent's calls differs from one that is expected of
them, s0², as d0 degrees of freedom would make it differ. The steadied (moderated) variance is

    s̃² = (d0 s0² + d s²) / (d0 + d),   with d0 + d degrees of freedom

s0² depends on the stratum, and log-linearly on how sure the recogniser was of the agent's words. Only
variances are borrowed from colleagues this way, never a level.

d0, s0² and its trend are those of greatest likelihood, s² being s0² F(d, d0). Smyth fits moments of log s²
instead; here audits that all agree give s² = 0, whose logarithm would spoil the fit for all others.

Where some do agree, no likelihood of a continuous variance holds: it grows without end as s0² falls to 0, and
with every fifth s² at 0 an agent whose calls agreed was given ± 0. So there the means decide instead: with μ
the mean of s² (log-linear as s0², fitted with weights d) and v what the s²/μ differ beyond chance,

    v = Σ ((s²/μ − 1)² − 2/d) / Σ (1 + 2/d),   d0 = 4 + 2/v,   s0² = μ (d0 − 2) / d0
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.estimation.intervals import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_GROUPS = 5
"""Below so many variances none is borrowed; and a stratum with fewer has no s0² of its own."""

MIN_GROUPS_FOR_TREND = 20

NOTHING = 1e-18
"""A variance below it, in points², is what rounding leaves of equal scores."""

_LEAST_DF, _MOST_DF = 0.5, 1e4
_HALVINGS, _STEPS = 45, 60


@dataclass(frozen=True, slots=True)
class Prior:
    """What was learned from all agents' variances."""

    df: float
    """d0; 0 where nothing can be borrowed."""
    log_variance: tuple[tuple[str, float], ...]
    """Stratum and log s0² at the mean confidence; "" is that of strata without one of their own."""
    trend: float
    """Change of log s0² when the recogniser's confidence rises by 1."""
    centre: float
    """The mean confidence."""
    total_df: float
    """Degrees of freedom of all variances together: no steadied variance is known better than these allow."""

    def variance(self, stratum: str, confidence: float) -> float:
        """s0²; `confidence` NaN counts as the mean."""
        shift = 0.0 if math.isnan(confidence) else self.trend * (confidence - self.centre)
        levels = dict(self.log_variance)
        return math.exp(levels.get(stratum, levels[""]) + shift)

    def moderated(self, own: float, df: int, stratum: str, confidence: float) -> Spread | None:
        """s̃² with its degrees of freedom; None where neither own calls nor colleagues' tell anything.

        `own` is s² with `df` degrees of freedom, and does not count where `df` is 0.
        """
        if self.df == 0:
            return Spread(own, float(df)) if df > 0 else None
        borrowed = self.df * self.variance(stratum, confidence)
        together = self.df + df
        return Spread((borrowed + (df * own if df else 0.0)) / together, min(together, self.total_df))


def fit_prior(
    own: Sequence[float],
    df: Sequence[int],
    strata: Sequence[str],
    confidence: Sequence[float],
    *,
    by_means: bool = True,
) -> Prior:
    """Learn from one variance a group: s² `own` with `df` ≥ 1, stratum, the agent's confidence or NaN.

    Without `by_means` the likelihood decides even where some s² are 0 (`groups.METHOD` 1 and 2).
    """
    s2, d, sure = (np.asarray(values, float) for values in (own, df, confidence))
    if by_means:
        s2 = np.where(s2 < NOTHING, 0.0, s2)
    known = sure[~np.isnan(sure)]
    centre = math.fsum(known) / len(known) if len(known) else 0.0
    total_df = math.fsum(d)
    names = sorted(set(strata))
    if len(s2) < MIN_GROUPS or not (s2 > 0).any():
        return Prior(0.0, (), 0.0, centre, total_df)
    stratum = np.asarray(strata)
    apart = [
        name for name in names if (stratum == name).sum() >= MIN_GROUPS and (s2[stratum == name] > 0).any()
    ]
    # The stratum of which most is known comes first: those without a level of their own take its.
    apart.sort(key=lambda name: -d[stratum == name].sum())
    columns = [(stratum == name).astype(float) for name in apart[1:]]
    shift = np.where(np.isnan(sure), 0.0, sure - centre)
    trended = len(s2) >= MIN_GROUPS_FOR_TREND and float(np.ptp(shift)) > 1e-6
    design = np.column_stack([np.ones(len(s2)), *columns, *([shift] if trended else [])])
    agreed = by_means and bool((s2 == 0).any())
    d0, found = _from_means(s2, d, design) if agreed else _most_likely(s2, d, design)
    levels = {"": float(found[0])}
    for place, name in enumerate(apart):
        levels[name] = float(found[0] + (found[place] if place else 0.0))
    trend = float(found[-1]) if trended else 0.0
    return Prior(d0, tuple(levels.items()), trend, centre, total_df)


def _from_means(s2: np.ndarray, d: np.ndarray, design: np.ndarray) -> tuple[float, np.ndarray]:
    """(d0, coefficients of log s0²) from means and squares of s², which may be 0."""
    start = np.zeros(design.shape[1])
    start[0] = math.log(math.fsum(d * s2) / math.fsum(d))
    found = start
    for _ in range(_STEPS):
        ratio = s2 * np.exp(-design @ found)
        curvature = (design * (d * ratio)[:, None]).T @ design
        step = np.linalg.lstsq(curvature, design.T @ (d * (ratio - 1)), rcond=None)[0]
        largest = float(np.abs(design @ step).max())
        found = found + step * min(1.0, 1.0 / largest if largest > 0 else 1.0)
        if largest < 1e-10:
            break
    ratio = s2 * np.exp(-design @ found)
    beyond = math.fsum((ratio - 1) ** 2 - 2 / d) / math.fsum(1 + 2 / d)
    d0 = min(4 + 2 / beyond, _MOST_DF) if beyond > 0 else _MOST_DF
    found[0] += math.log((d0 - 2) / d0)
    return d0, found


def _most_likely(s2: np.ndarray, d: np.ndarray, design: np.ndarray) -> tuple[float, np.ndarray]:
    """(d0, coefficients of log s0²): where the likelihood's slope in d0 is zero, by halving log d0."""
    start = np.zeros(design.shape[1])
    start[0] = math.log(float((d * s2).sum() / d.sum()))
    low, middle, high = math.log(_LEAST_DF), math.log(_MOST_DF), math.log(_MOST_DF)
    found = _levels(s2, d, design, math.exp(high), start)
    if _slope(s2, d, design, math.exp(high), found) >= 0:
        return math.exp(high), found
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = _levels(s2, d, design, math.exp(middle), found)
        if _slope(s2, d, design, math.exp(middle), found) > 0:
            low = middle
        else:
            high = middle
    return math.exp(middle), found


def _levels(s2: np.ndarray, d: np.ndarray, design: np.ndarray, d0: float, start: np.ndarray) -> np.ndarray:
    """Coefficients of log s0² of greatest likelihood at given d0: Newton, the likelihood being concave."""
    found = start
    for _ in range(_STEPS):
        u = d * s2 * np.exp(-design @ found) / d0
        gradient = design.T @ ((d + d0) / 2 * u / (1 + u) - d / 2)
        with np.errstate(over="ignore"):  # where some s² are 0 the others may grow beyond all limits
            curvature = (design * ((d + d0) / 2 * u / (1 + u) ** 2)[:, None]).T @ design
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        largest = float(np.abs(design @ step).max())
        found = found + step * min(1.0, 1.0 / largest if largest > 0 else 1.0)
        if largest < 1e-10:
            break
    return found


def _slope(s2: np.ndarray, d: np.ndarray, design: np.ndarray, d0: float, found: np.ndarray) -> float:
    """Derivative of the log-likelihood in d0."""
    from scipy.special import digamma

    u = d * s2 * np.exp(-design @ found) / d0
    terms = digamma((d + d0) / 2) - digamma(d0 / 2) - d / d0 - np.log1p(u) + (d + d0) / d0 * u / (1 + u)
    return float(terms.sum() / 2)
