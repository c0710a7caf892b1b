"""Estimates of teams and of the department, from the same audits and slopes as those of the agents."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.cells import Cell
from qa_audit.estimation.heard import checked_frame, heard_calls
from qa_audit.estimation.intervals import half_width
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.order import counting_key
from qa_audit.estimation.rounding import rounded
from qa_audit.estimation.strata import HeardCell, group_mean
from qa_audit.estimation.unheard import between_agents, with_unheard
from qa_audit.estimation.variances import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa_audit.estimation.unheard import Between

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


METHOD = 3
"""How figures are made; closed months keep the method they had. It says how cells that nobody heard enter a
group's figures and fault rates, and what is learned from equal audits.

By 1 their e = y − λ m is taken to be exactly that of the heard ones of the stratum. By 2 that holds for y −
λ (m − c), with c the mean machine score of the group's calls of the stratum, since λ differs between agents;
and the interval, as that of fault rates (`rates`), knows that agents differ (`unheard`). Where all cells were
heard both give the same digits. By 3, in addition, audits that all agree do not draw everybody's variances to
0 (`variances`), what rounding leaves of equal ones is no variance, and a call on which a person could judge
nothing is not one without a critical fault (`audited.critical_rows`)."""


def team_estimates(
    frame: pl.DataFrame, audits: pl.DataFrame, slopes: Mapping[str, float], *, method: int = METHOD
) -> pl.DataFrame:
    """One row a team as `GROUP_ESTIMATES`, in counting order.

    A call counts for the team at the time of the call. `slopes` are those of `estimate_month`: a team's
    estimate is Σ λ₋ₐ m over its calls plus the mean of e = y − λ₋ₐ m over its cells (see `strata`). How
    agents differ is learned from all teams, each about its own mean.
    """
    frame = checked_frame(frame)
    return estimate_groups(_cells(frame, heard_calls(frame, audits)), slopes, method=method)


def department_estimate(
    frame: pl.DataFrame, audits: pl.DataFrame, slopes: Mapping[str, float], *, method: int = METHOD
) -> pl.DataFrame:
    """The one row of `GROUP_ESTIMATES` for all calls; a month without calls gives one of nulls."""
    frame = checked_frame(frame)
    heard = heard_calls(frame, audits)
    everyone = pl.lit("").alias("team")
    groups = _cells(frame.with_columns(everyone), heard.with_columns(everyone))
    table = estimate_groups(groups, slopes, method=method)
    if table.is_empty():
        rows = [("", 0, 0, 0, *[None] * 9, "no_audits")]
        table = pl.DataFrame(rows, schema=GROUP_ESTIMATES, orient="row")
    return table.with_columns(team=pl.lit(None, pl.String))


def beyond_teams(teams: pl.DataFrame, department: Mapping[str, Any]) -> bool:
    """Whether the department's estimate lies above or below all teams' (both `GROUP_ESTIMATES`).

    It can where nobody heard some cells: in a team's figure they are like the team's heard ones, in the
    department's like those of all.
    """
    known, own = teams["estimate"].drop_nulls(), department["estimate"]
    if own is None or not department["unheard_share"] or known.is_empty() or len(known) < teams.height:
        return False
    places = [rounded(one) for one in known]
    return not min(places) <= rounded(own) <= max(places)


def estimate_groups(
    groups: Mapping[str, Sequence[Cell]], slopes: Mapping[str, float], *, method: int = METHOD
) -> pl.DataFrame:
    """One row of `GROUP_ESTIMATES` a group, in counting order; its cells in order of agent and stratum."""
    nothing = NOTHING if method > 2 else 0.0
    if method == 1:
        rows = [_row(name, cells, slopes, {}, None, nothing=nothing) for name, cells in groups.items()]
    else:
        centres = {name: _centres(cells) for name, cells in groups.items()}
        between = between_agents(_values(cells, slopes, centres[name]) for name, cells in groups.items())
        rows = [
            _row(
                *(name, cells, slopes),
                {} if all(cell.heard for cell in cells) else centres[name],
                between,
                nothing=nothing,
            )
            for name, cells in groups.items()
        ]
    ordered = sorted(rows, key=lambda row: (row[0] == UNKNOWN, counting_key(str(row[0]))))
    return pl.DataFrame(ordered, schema=GROUP_ESTIMATES, orient="row")


def _cells(frame: pl.DataFrame, heard: pl.DataFrame) -> dict[str, list[Cell]]:
    """Cells of each team, in order of agent and stratum."""
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
    found: dict[str, list[Cell]] = {}
    for row in cells.iter_rows(named=True):
        total, machine, person = math.fsum(row["scores"]), row["machine"] or (), row["person"] or ()
        cell = Cell(
            *(row["agent"], row["stratum"], row["calls"], total, tuple(machine), tuple(person)),
            inspectors=(),
            probability=math.nan,
            confidence=math.nan,
        )
        found.setdefault(row["team"], []).append(cell)
    return found


def _centres(cells: Sequence[Cell]) -> dict[str, float]:
    """c, the mean machine score of each stratum of a group."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.stratum, []).append(cell)
    return {
        stratum: math.fsum(cell.machine_sum for cell in own) / sum(cell.calls for cell in own)
        for stratum, own in found.items()
    }


def _values(
    cells: Sequence[Cell], slopes: Mapping[str, float], centres: Mapping[str, float]
) -> list[HeardCell]:
    """Cells with e = y − λ (m − c) of the calls heard; c is 0 where it isn't given."""
    found = []
    for cell in cells:
        slope = slopes[cell.agent]
        shift = slope * centres.get(cell.stratum, 0.0)
        values = tuple(e + shift for e in cell.residuals(slope))
        found.append(HeardCell(cell.stratum, cell.calls, values, cell.agent))
    return found


def _row(
    name: str,
    cells: Sequence[Cell],
    slopes: Mapping[str, float],
    centres: Mapping[str, float],
    between: Between | None,
    *,
    nothing: float,
) -> tuple[object, ...]:
    calls = sum(cell.calls for cell in cells)
    heard = sum(cell.heard for cell in cells)
    unheard = sum(cell.calls for cell in cells if not cell.heard)
    machine_mean = math.fsum(cell.machine_sum for cell in cells) / calls
    agents = len({cell.agent for cell in cells})
    start = (name, agents, calls, heard, unheard / calls, machine_mean)
    values = _values(cells, slopes, centres)
    found = group_mean(values)
    if found is None:
        return (*start, *[None] * 7, "stratum_unheard" if heard else "no_audits")
    mean, spread = found
    if spread is not None and between is not None:
        spread = with_unheard(spread, values, between)
    proxy = [
        slopes[cell.agent] * (cell.machine_sum - cell.calls * centres.get(cell.stratum, 0.0))
        for cell in cells
    ]
    value = math.fsum(proxy) / calls + mean
    figure = min(max(value, 0.0), 100.0)
    if spread is None or (spread.variance <= nothing and heard < calls):
        return (*start, value - machine_mean, figure, *[None] * 5, "no_spread")
    half = half_width(spread)
    low, high = (min(max(limit, 0.0), 100.0) for limit in (value - half, value + half))
    return (*start, value - machine_mean, figure, spread.variance, spread.df, low, high, half, None)
