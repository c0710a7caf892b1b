"""Grades and pay bands, and between which of them an interval cannot tell."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from qa_audit.estimation.rounding import rounded
from qa_audit.messages import QaError, say


@dataclass(frozen=True, slots=True)
class Bands:
    """Names from the lowest band up, and the least score of each but the lowest.

    >>> grades = Bands(("fail", "pass", "good"), (60.0, 80.0))
    >>> grades.of(59.994), grades.of(59.995), grades.of(80.0)
    ('fail', 'pass', 'good')
    >>> grades.reached(57.0, 81.0)
    ('fail', 'pass', 'good')

    Raises `QaError` `estimates.bad_bands` where names and limits don't fit together or limits don't ascend.
    """

    names: tuple[str, ...]
    limits: tuple[float, ...]

    def __post_init__(self) -> None:
        ascending = all(low < high for low, high in pairwise(self.limits))
        inside = all(0 < limit <= 100 for limit in self.limits)
        fits = len(self.names) == len(self.limits) + 1 == len(set(self.names)) and all(self.names)
        if not (ascending and inside and fits):
            raise QaError(
                "estimates.bad_bands",
                names=say("run.list_comma").join(self.names),
                limits=say("run.list_comma").join(map(str, self.limits)),
            )

    def of(self, score: float) -> str:
        """The band of a score as it is printed, with two decimals."""
        return self.names[self._place(score)]

    def reached(self, low: float, high: float) -> tuple[str, ...]:
        """All bands that an interval touches, lowest first."""
        return self.names[self._place(low) : self._place(high) + 1]

    def _place(self, score: float) -> int:
        return bisect_right(self.limits, rounded(score))


GRADES = Bands(("fail", "pass", "good", "excellent"), (60.0, 75.0, 90.0))
"""不及格, 及格, 良好, 优秀; names are keys of messages under `grade`."""


def with_bands(estimates: pl.DataFrame, bands: Bands, column: str = "grade") -> pl.DataFrame:
    """Add the band of `estimate`, and `<column>_open`: the other bands that its interval reaches.

    They stand lowest first. An empty list says that the band is sure; both are null where there is no
    estimate or no interval.
    """
    names, others = [], []
    for estimate, low, high in estimates.select("estimate", "low", "high").iter_rows():
        name = None if estimate is None else bands.of(estimate)
        names.append(name)
        touched = None if low is None or high is None else bands.reached(low, high)
        others.append(None if touched is None else [one for one in touched if one != name])
    return estimates.with_columns(
        pl.Series(column, names, pl.String), pl.Series(f"{column}_open", others, pl.List(pl.String))
    )


def band_name(name: str) -> str:
    """A grade as people read it; the department's own names of pay bands stay as they are."""
    return say(f"grade.{name}") if name in GRADES.names else name


def band_note(others: list[str] | None) -> str:
    """What is printed beside a band: with which others it may be confused; empty where it is sure."""
    if others is None:
        return say("grade.no_interval")
    return (
        say("grade.not_distinguishable", bands=say("run.list_comma").join(map(band_name, others)))
        if others
        else ""
    )
