"""What interval a number of calls will buy, before any is heard.

The half-width of the 95 % interval of the month's estimate: t · s · √(Σ W_h² (1 − f_h) / n_h), with
W_h = N_h / N and f_h = n_h / N_h. s is the standard deviation of what the machine's score leaves unexplained:
of past audits, else assumed. Variances are moderated by those of colleagues (Smyth 2004), so a stratum has
d₀ + n_h − 1 degrees of freedom; t has those of the sum, by Satterthwaite.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.sampling.allocation import Share

ASSUMED_SD = 13.2
"""s, in points. With it ±5 takes 28 audited calls of 600, ±3 takes 69."""

ASSUMED_PRIOR_FREEDOM = 11.0
"""d₀: what the variances of some dozens of colleagues with eight audited calls each are worth."""

CONFIDENCE = 0.95


def half_width(
    shares: Iterable[Share],
    residual_sd: float = ASSUMED_SD,
    prior_freedom: float = ASSUMED_PRIOR_FREEDOM,
) -> float | None:
    """Half of the interval, in points (0 to 100 scale); 0 when every call is heard.

    None when a stratum that is not heard whole gives fewer than two calls: nothing can be said then.

    >>> from qa_audit.sampling.allocation import Share
    >>> round(half_width([Share("flagged", 120, 3), Share("rest", 480, 5)]), 1)
    10.4
    """
    own = list(shares)
    total = sum(one.size for one in own)
    parts = [
        ((one.size / total) ** 2 * (1 - one.drawn / one.size) / one.drawn, one.drawn - 1)
        for one in own
        if one.drawn < one.size
    ]
    if not own or any(freedom < 1 for _, freedom in parts):
        return None
    if not parts:
        return 0.0
    variance = math.fsum(part for part, _ in parts)
    freedom = variance**2 / math.fsum(part**2 / (prior_freedom + freedom) for part, freedom in parts)
    return _t(freedom) * residual_sd * math.sqrt(variance)


def calls_for(
    wanted: float,
    calls: int,
    residual_sd: float = ASSUMED_SD,
    prior_freedom: float = ASSUMED_PRIOR_FREEDOM,
) -> int:
    """The fewest of an agent's `calls` that must be heard, drawn alike, for a half-width of `wanted` points.

    >>> calls_for(5, 600), calls_for(3, 600), calls_for(5, 10)
    (28, 69, 8)
    """
    for heard in range(2, calls):
        error = residual_sd * math.sqrt((1 - heard / calls) / heard)
        if _t(prior_freedom + heard - 1) * error <= wanted:
            return heard
    return calls


def _t(freedom: float) -> float:
    from scipy.special import stdtrit  # a quarter of the time that scipy.stats takes to load

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
