"""Month after month: whether a figure has moved more than chance moves it.

A Shewhart chart with limits of its own for every month (Montgomery, Statistical Quality Control, ch. 6): the
centre is the mean of the months before, weighted by 1/D, and the limits are centre ± 3 √(D + D_centre).
It is drawn from each month's own estimate, never from pay figures: those share months with each other.
"""

from __future__ import annotations

import math

import polars as pl

LIMIT = 3.0
"""Standard errors from the centre to a limit: one month in 370 lies outside by chance."""

MIN_MONTHS = 3
"""Months before, below which no limits are drawn."""

RUN = 8
"""So many months in a row on one side of the centre are a signal of their own (Western Electric rules)."""

MONTHS = pl.Schema(
    {"key": pl.String(), "month": pl.String(), "estimate": pl.Float64(), "pooled_variance": pl.Float64()}
)
"""One row an agent, team or item (`key`) and month; null figures are months without an estimate."""


def with_control_limits(months: pl.DataFrame) -> pl.DataFrame:
    """Add `centre`, `control_low`, `control_high` f64 and `signal`, in order of key and month.

    `signal` is "above" or "below" for a month outside the limits, "run_above" or "run_below" for the eighth
    and later in a row on one side of its centre, else null. A month's limits use the months before it only,
    so a closed month's limits never change.
    """
    months = months.sort("key", "month")
    rows: list[tuple[float | None, float | None, float | None, str | None]] = []
    for _, own in months.group_by("key", maintain_order=True):
        before: list[tuple[float, float]] = []
        side = run = 0
        for estimate, variance in own.select("estimate", "pooled_variance").iter_rows():
            if estimate is None or not variance:
                rows.append((None, None, None, None))
                continue
            if len(before) >= MIN_MONTHS:
                weight = math.fsum(1 / noise for _, noise in before)
                centre = math.fsum(value / noise for value, noise in before) / weight
                reach = LIMIT * math.sqrt(variance + 1 / weight)
                now = (estimate > centre) - (estimate < centre)
                run = run + 1 if now == side else 1
                side = now
                rows.append(
                    (centre, centre - reach, centre + reach, _signal(estimate - centre, reach, side, run))
                )
            else:
                rows.append((None, None, None, None))
            before.append((estimate, variance))
    limits = ("centre", "control_low", "control_high")
    columns = [pl.Series(name, [row[at] for row in rows], pl.Float64) for at, name in enumerate(limits)]
    return months.with_columns(*columns, pl.Series("signal", [row[3] for row in rows], pl.String))


def _signal(gap: float, reach: float, side: int, run: int) -> str | None:
    if abs(gap) > reach:
        return "above" if gap > 0 else "below"
    if run >= RUN and side:
        return "run_above" if side > 0 else "run_below"
    return None
