"""Figures as they are printed and compared."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

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


def rounded_column(values: pl.Expr, places: int = DECIMALS) -> pl.Expr:
    """A column of floats, each `rounded`; `Expr.round` takes 74.125 to the even 74.12.

    >>> pl.Series("a", [74.125, None, -0.001]).to_frame().select(rounded_column(pl.col("a")))["a"].to_list()
    [74.13, None, 0.0]
    """

    def each(some: pl.Series) -> pl.Series:
        found = [None if value is None else rounded(value, places) for value in some.cast(pl.Float64)]
        return pl.Series(some.name, found, pl.Float64)

    return values.map_batches(each, return_dtype=pl.Float64)


def cut_off(row: Mapping[str, Any]) -> bool:
    """Whether a figure was cut at 0 or 100, so that `machine_mean` and `correction` do not make `estimate`.

    >>> cut_off({"machine_mean": 72.69, "correction": 29.41, "estimate": 100.0})
    True
    """
    mean, correction, estimate = (row[name] for name in ("machine_mean", "correction", "estimate"))
    if mean is None or correction is None or estimate is None:
        return False
    return estimate in (0.0, 100.0) and rounded(mean + correction, 2) != estimate
