"""Figures as they are printed and compared."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

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
