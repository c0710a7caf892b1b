"""What was heard of each agent in each stratum, as numbers in the order of call ids."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Cell:
    """One agent's calls of one stratum."""

    agent: str
    stratum: str
    calls: int
    """N_h, all calls of the frame."""
    machine_sum: float
    """Sum of the machine's scores over all of them."""
    machine: tuple[float, ...]
    """The machine's scores of the calls heard, in order of call id."""
    person: tuple[float, ...]
    """The person's scores of the same calls."""
    inspectors: tuple[str, ...]
    """Who gave them."""
    probability: float
    """π with which they were drawn; NaN where none was heard."""
    confidence: float
    """Mean recogniser confidence over the agent's calls, of all strata; NaN where unknown."""

    @property
    def heard(self) -> int:
        """n_h, calls heard."""
        return len(self.person)

    def residuals(self, slope: float) -> list[float]:
        """e = y − λ m of each call heard."""
        return [y - slope * m for y, m in zip(self.person, self.machine, strict=True)]


def cells_of(frame: pl.DataFrame, heard: pl.DataFrame) -> list[Cell]:
    """Cells in order of agent and stratum, from a checked frame and its heard calls, in order of call id."""
    sure = {
        agent: mean_of(values) if values else math.nan
        for agent, values in frame.group_by("agent").agg(pl.col("confidence").drop_nulls()).iter_rows()
    }
    keys = ("agent", "stratum")
    known = heard.group_by(keys, maintain_order=True).agg(
        "machine", "person", pl.col("inspector").fill_null(""), pl.col("probability").max()
    )
    rows = (
        frame.group_by(keys, maintain_order=True)
        .agg(calls=pl.len(), scores=pl.col("score"))
        .join(known, on=keys, how="left")
        .sort(keys)
    )
    return [
        Cell(
            row["agent"],
            row["stratum"],
            row["calls"],
            math.fsum(row["scores"]),
            tuple(row["machine"] or ()),
            tuple(row["person"] or ()),
            tuple(row["inspector"] or ()),
            math.nan if row["probability"] is None else row["probability"],
            sure[row["agent"]],
        )
        for row in rows.iter_rows(named=True)
    ]


def mean_of(values: Sequence[float]) -> float:
    """Mean, summed exactly and rounded once (`math.fsum`), so that the order does not matter."""
    return math.fsum(values) / len(values)


def square_sum(values: Sequence[float]) -> float:
    """Sum of squares about the mean."""
    mean = mean_of(values)
    return math.fsum((value - mean) ** 2 for value in values)
