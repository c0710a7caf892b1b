"""Figures as they are printed and compared."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DECIMALS = 2
"""Places of scores in reports, in grades and in what a closed month is compared by."""


def rounded(value: float, places: int = DECIMALS) -> float:
    """Rounded half up from the shortest decimal that names the float, as people round what they read.

    >>> rounded(84.995), round(84.995, 2), rounded(0.125)
    (85.0, 85.0, 0.13)
    >>> rounded(2.675), round(2.675, 2)
    (2.68, 2.67)

    Zero has no sign: -0.001 is 0.0.
    """
    step = Decimal(1).scaleb(-places)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)) + 0.0


def cut_off(row: Mapping[str, Any]) -> bool:
    """Whether a figure was cut at 0 or 100, so that `machine_mean` and `correction` do not make `estimate`.

    >>> cut_off({"machine_mean": 72.69, "correction": 29.41, "estimate": 100.0})
    True
    """
    mean, correction, estimate = (row[name] for name in ("machine_mean", "correction", "estimate"))
    if mean is None or correction is None or estimate is None:
        return False
    return estimate in (0.0, 100.0) and rounded(mean + correction, 2) != estimate
