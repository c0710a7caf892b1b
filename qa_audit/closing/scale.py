"""Grades and what they pay: the scale by which a month's figures are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.bands import GRADES, Bands, with_bands
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Mapping

AMOUNTS_YUAN = (0.0, 300.0, 400.0, 500.0)
"""What 不及格, 及格, 良好 and 优秀 pay unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class PayScale:
    """Grades from the lowest up, and the amount of each.

    >>> PayScale().amount("good")
    400.0

    Raises `QaError` `closing.bad_amounts` where there is not one amount of at least 0 for each grade, or a
    better grade pays less.
    """

    bands: Bands = GRADES
    amounts_yuan: tuple[float, ...] = AMOUNTS_YUAN

    def __post_init__(self) -> None:
        fits = len(self.amounts_yuan) == len(self.bands.names)
        if not fits or list(self.amounts_yuan) != sorted(self.amounts_yuan) or self.amounts_yuan[0] < 0:
            raise QaError(
                "closing.bad_amounts",
                names=say("run.list_comma").join(self.bands.names),
                amounts=say("run.list_comma").join(f"{amount:g}" for amount in self.amounts_yuan),
            )

    def amount(self, grade: str) -> float:
        """What a grade pays, in yuan."""
        return self.amounts_yuan[self.bands.names.index(grade)]

    def graded(self, figures: pl.DataFrame) -> pl.DataFrame:
        """Add `grade`, `grade_open` (see `estimation.bands.with_bands`) and `pay_yuan` f64 to figures.

        Null where there is no figure: nobody is paid, or not paid, by nothing.
        """
        found = with_bands(figures, self.bands)
        amounts = [None if grade is None else self.amount(grade) for grade in found["grade"]]
        return found.with_columns(pl.Series("pay_yuan", amounts, pl.Float64))

    def as_json(self) -> dict[str, Any]:
        """The scale as it is kept with a closed month."""
        return {
            "grades": list(self.bands.names),
            "limits": list(self.bands.limits),
            "amounts_yuan": list(self.amounts_yuan),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> PayScale:
        """The scale of a closed month. Raises `QaError` as the scale itself and `estimates.bad_bands`."""
        bands = Bands(tuple(kept["grades"]), tuple(kept["limits"]))
        return cls(bands, tuple(kept["amounts_yuan"]))
