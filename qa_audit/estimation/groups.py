"""Estimates of teams and of the department, from the same audits and slopes as those of the agents."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.heard import checked_frame, heard_calls
from qa_audit.estimation.intervals import half_width
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.order import counting_key
from qa_audit.estimation.strata import HeardCell, group_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUP_ESTIMATES = pl.Schema(
    {
        "team": pl.String(),
        "agents": pl.Int64(),
        "calls": pl.Int64(),
        "heard": pl.Int64(),
        "unheard_share": pl.Float64(),
        "machine_mean": pl.Float64(),
        "bias": pl.Float64(),
        "estimate": pl.Float64(),
        "variance": pl.Float64(),
        "df": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "half_width": pl.Float64(),
        "reason": pl.String(),
    }
)
"""One row a team, or one for the department (`team` null). `unheard_share` of the calls lie in cells in which
no call was heard; the others as in `AGENT_ESTIMATES`."""


def team_estimates(frame: pl.DataFrame, audits: pl.DataFrame, slopes: Mapping[str, float]) -> pl.DataFrame:
    """One row a team as `GROUP_ESTIMATES`, in counting order.

    A call counts for the team at the time of the call. `slopes` are those of `estimate_month`: a team's
    estimate is Σ λ₋ₐ m over its calls plus the mean of e = y − λ₋ₐ m over its cells (see `strata`).
    """
    frame = checked_frame(frame)
    rows = _rows(frame, heard_calls(frame, audits), slopes)
    ordered = sorted(rows, key=lambda row: (row[0] == UNKNOWN, counting_key(str(row[0]))))
    return pl.DataFrame(ordered, schema=GROUP_ESTIMATES, orient="row")


def department_estimate(
    frame: pl.DataFrame, audits: pl.DataFrame, slopes: Mapping[str, float]
) -> pl.DataFrame:
    """The one row of `GROUP_ESTIMATES` for all calls; a month without calls gives one of nulls."""
    frame = checked_frame(frame)
    heard = heard_calls(frame, audits)
    everyone = pl.lit("").alias("team")
    rows = _rows(frame.with_columns(everyone), heard.with_columns(everyone), slopes)
    rows = rows or [("", 0, 0, 0, *[None] * 9, "no_audits")]
    table = pl.DataFrame(rows, schema=GROUP_ESTIMATES, orient="row")
    return table.with_columns(team=pl.lit(None, pl.String))


def _rows(frame: pl.DataFrame, heard: pl.DataFrame, slopes: Mapping[str, float]) -> list[tuple[object, ...]]:
    team = pl.col("team").fill_null(UNKNOWN)
    keys = ("team", "agent", "stratum")
    known = heard.with_columns(team).group_by(keys, maintain_order=True).agg("machine", "person")
    cells = (
        frame.with_columns(team)
        .group_by(keys, maintain_order=True)
        .agg(calls=pl.len(), scores=pl.col("score"))
        .join(known, on=keys, how="left")
        .sort(keys)
    )
    return [_row(str(name), own, slopes) for (name,), own in cells.group_by("team", maintain_order=True)]


def _row(team: str, cells: pl.DataFrame, slopes: Mapping[str, float]) -> tuple[object, ...]:
    calls = int(cells["calls"].sum())
    machine, proxy, groups = [], [], []
    for row in cells.iter_rows(named=True):
        slope = slopes[row["agent"]]
        total = math.fsum(row["scores"])
        machine.append(total)
        proxy.append(slope * total)
        pairs = zip(row["person"] or (), row["machine"] or (), strict=True)
        groups.append(HeardCell(row["stratum"], row["calls"], tuple(y - slope * m for y, m in pairs)))
    heard = sum(len(cell.values) for cell in groups)
    unheard = sum(cell.calls for cell in groups if not cell.values)
    machine_mean = math.fsum(machine) / calls
    start = (team, cells["agent"].n_unique(), calls, heard, unheard / calls, machine_mean)
    found = group_mean(groups)
    if found is None:
        return (*start, *[None] * 7, "stratum_unheard" if heard else "no_audits")
    mean, spread = found
    value = math.fsum(proxy) / calls + mean
    figure = min(max(value, 0.0), 100.0)
    if spread is None or (spread.variance == 0 and heard < calls):
        return (*start, value - machine_mean, figure, *[None] * 5, "no_spread")
    half = half_width(spread)
    low, high = (min(max(limit, 0.0), 100.0) for limit in (value - half, value + half))
    return (*start, value - machine_mean, figure, spread.variance, spread.df, low, high, half, None)
