"""Figures of a month as the machine scored it: per agent, team, item and for the whole department.

These are descriptions of what the machine heard, not estimates of the truth: where the machine mishears
some agents more than others, an interval drawn from machine scores alone covered the truth for 0.4 % of
them. So nothing here is an interval; `sd` and the quartiles say how single calls differ, no more.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

import polars as pl

from qa_audit.estimation.frames import STATUSES, TIME_ZONE, checked_calls, checked_findings
from qa_audit.estimation.order import counting_key
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

UNKNOWN = "未知"
"""The bucket of calls without an agent or without a team."""

SMALL_N = 10
"""Below this many scored calls a mean is marked as resting on few calls: with single calls differing by
15 points (SD), the mean of 10 others would differ by 5."""

AGENT = ("agent", "agent_no", "agent_name", "team")
"""Columns that say whose row it is, in `agent_month` and in `item_month(by="agent")`."""

By = Literal["department", "team", "agent"]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def month_of(start: datetime) -> str:
    """The month, as "2026-10", that a call starting at `start` belongs to: by the clock in Asia/Shanghai.

    A call across midnight belongs to the month it starts in. A time without a zone is taken as local.

    >>> from datetime import UTC, datetime
    >>> month_of(datetime(2026, 10, 31, 23, 59)), month_of(datetime(2026, 10, 31, 16, 30, tzinfo=UTC))
    ('2026-10', '2026-11')
    """
    if start.tzinfo is not None:
        from zoneinfo import ZoneInfo

        start = start.astimezone(ZoneInfo(TIME_ZONE))
    return f"{start:%Y-%m}"


def calls_of_month(calls: pl.DataFrame, month: str) -> pl.DataFrame:
    """The calls that start in `month` ("2026-10"), checked, in order of start and call id.

    Calls whose start is unknown belong to no month. Raises `QaError`: `calls.bad_month` and those of
    `checked_calls`.

    >>> from qa_audit.estimation.frames import CALLS
    >>> calls_of_month(pl.DataFrame(schema=CALLS), "2026-13")
    Traceback (most recent call last):
    qa_audit.messages.QaError: ...
    """
    if not _MONTH.fullmatch(month):
        raise QaError("calls.bad_month", got=month)
    inside = pl.col("start").dt.strftime("%Y-%m") == month
    return checked_calls(calls).filter(inside).sort("start", "call_id")


def findings_of(calls: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """The findings of `calls` alone, checked. Raises `QaError` as `checked_findings` does."""
    findings = checked_findings(findings)
    inside = findings["call_id"].is_in(calls["call_id"].implode())
    # Copying a million rows of nested evidence takes longer than all the figures; mostly nothing is outside.
    return findings if inside.all() else findings.filter(inside)


def agent_month(calls: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """One row an agent. `calls` and `findings` as in `qa_audit.estimation.frames`, one month of them.

    An agent is a person (`person_id`), else a number, else a name; calls with none of these are gathered
    per team under 未知. The columns:

    - `agent` str, key of the row; `agent_no` str, all numbers used; `agent_name` str or null;
      `team` str, the team of the last call; `teams` list[str] in order of first call
    - `calls`, `scored`, `null_score` (transcribed, but nothing could be judged), `no_recording`,
      `not_transcribed`, `failed`: u32, and `calls` is the sum of the others
    - `mean`, `median`, `sd` (n − 1; null below two), `q1`, `q3`, `lowest`: f64 over scores, 0 to 100
    - `few` bool: fewer than `SMALL_N` scored calls
    - `critical_calls` u32 and `critical_rate` f64, share of scored calls
    - `uncertain_share` f64: verdicts `uncertain` among pass, fail and uncertain
    - `faults` list[struct{kind, item, calls}]: the three items at fault in most calls

    Rows stand in the order in which people count teams and numbers, never by score.
    """
    calls = _with_agent(checked_calls(calls))
    months = _summary(calls, checked_findings(findings), AGENT)
    teams = (
        calls.sort("start", "call_id").group_by("agent").agg(pl.col("team_then").unique(maintain_order=True))
    )
    months = months.join(teams.rename({"team_then": "teams"}), on="agent", how="left")
    rest = [name for name in months.columns if name not in (*AGENT, "teams")]
    return _in_counting_order(months.select(*AGENT, "teams", *rest), ("team", "agent_no", "agent"))


def team_month(calls: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """One row a team: `team`, `agents` u32 (known ones), then the columns of `agent_month` from `calls` on.

    A call counts for the team its agent was in at the time of the call.
    """
    calls = _with_agent(checked_calls(calls)).with_columns(team=pl.col("team_then"))
    months = _summary(calls, checked_findings(findings), ("team",))
    known = calls.filter("known").group_by("team").agg(agents=pl.col("agent").n_unique())
    months = months.join(known, on="team", how="left").with_columns(pl.col("agents").fill_null(0))
    rest = [name for name in months.columns if name not in ("team", "agents")]
    return _in_counting_order(months.select("team", "agents", *rest), ("team",))


def department_month(calls: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """One row for all calls: `teams` and `agents` u32 (known ones), then as `agent_month` from `calls` on.

    A month without calls gives one row of zeros and nulls.
    """
    calls = _with_agent(checked_calls(calls))
    everyone = pl.lit("all").alias("_all")
    months = _summary(calls.with_columns(everyone), checked_findings(findings), ("_all",))
    if months.is_empty():
        zero = [pl.lit(0, pl.UInt32).alias(name) for name in _COUNTS]
        empty = pl.select(everyone, *zero, few=True, faults=_NO_FAULTS)
        months = pl.concat([months, empty], how="diagonal")
    known_agents = calls.filter("known")["agent"].n_unique()
    known_teams = calls.filter(pl.col("team_then") != UNKNOWN)["team_then"].n_unique()
    return months.select(
        pl.lit(known_teams, pl.UInt32).alias("teams"),
        pl.lit(known_agents, pl.UInt32).alias("agents"),
        pl.exclude("_all"),
    )


def item_month(calls: pl.DataFrame, findings: pl.DataFrame, by: By = "team") -> pl.DataFrame:
    """Fault rates: one row an item or situation, and team (at the time of the call) or agent.

    After `kind`, `item` and the columns of the team or agent: `judged` u32 (pass or fail), `faults` u32,
    `fault_rate` f64 = faults / judged or null, `uncertain` u32, `uncertain_share` f64 = uncertain /
    (judged + uncertain) or null, `not_applicable` u32, `critical` u32, `points_lost` f64. Items that no
    call of the group was asked about have no row.
    """
    calls = _with_agent(checked_calls(calls))
    groups: dict[By, tuple[str, ...]] = {"department": (), "team": ("team",), "agent": AGENT}
    keys = groups[by]
    if by == "team":
        calls = calls.with_columns(team=pl.col("team_then"))
    verdict = pl.col("verdict")
    judged = verdict.is_in(["pass", "fail"])
    fault = verdict == "fail"
    rates = (
        checked_findings(findings)
        .drop("evidence")
        .join(calls.select("call_id", *keys), on="call_id", how="inner")
        .sort("call_id")
        .group_by("kind", "item", *keys, maintain_order=True)
        .agg(
            judged=judged.sum(),
            faults=fault.sum(),
            fault_rate=_share(fault.sum(), judged.sum()),
            uncertain=(verdict == "uncertain").sum(),
            uncertain_share=_share((verdict == "uncertain").sum(), (judged | (verdict == "uncertain")).sum()),
            not_applicable=(verdict == "not_applicable").sum(),
            critical=(fault & pl.col("critical")).sum(),
            points_lost=(pl.col("max_points") - pl.col("points")).filter(fault),
        )
    )
    lost = pl.Series("points_lost", [math.fsum(points) for points in rates["points_lost"]], pl.Float64)
    order = ("kind", "item", *(name for name in ("team", "agent_no", "agent") if name in keys))
    return _in_counting_order(rates.with_columns(lost), order)


_NO_FAULTS = pl.lit([], pl.List(pl.Struct({"kind": pl.String, "item": pl.String, "calls": pl.UInt32})))
_COUNTS = ("calls", "scored", "null_score", *STATUSES[1:], "critical_calls")


def _with_agent(calls: pl.DataFrame) -> pl.DataFrame:
    """Add `agent`, and put the agent's numbers, last name and last team of the month in every call's row.

    `team_then` keeps the team at the time of the call; `known` is false for the bucket 未知.
    """
    calls = calls.sort("start", "call_id").with_columns(
        team_then=pl.col("team").fill_null(UNKNOWN),
        agent=pl.coalesce(
            "person:" + pl.col("person_id"), "number:" + pl.col("agent_no"), "name:" + pl.col("agent_name")
        ),
    )
    calls = calls.with_columns(
        known=pl.col("agent").is_not_null(), agent=pl.coalesce("agent", "unknown:" + pl.col("team_then"))
    )
    numbers = pl.col("agent_no").drop_nulls().unique(maintain_order=True).str.join("、").replace("", None)
    last_name = pl.col("agent_name").drop_nulls().last()
    last_team = pl.col("team").drop_nulls().last().fill_null(UNKNOWN)
    return calls.with_columns(
        agent_no=pl.when("known").then(numbers.over("agent")).otherwise(pl.lit(UNKNOWN)),
        agent_name=pl.when("known").then(last_name.over("agent")).otherwise(pl.lit(UNKNOWN)),
        team=last_team.over("agent"),
    )


def _summary(calls: pl.DataFrame, findings: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    score = pl.col("score")
    status = pl.col("status")
    critical = pl.col("critical").list.len().fill_null(0) > 0
    months = (
        calls.sort("call_id")
        .group_by(keys, maintain_order=True)
        .agg(
            pl.len().alias("calls"),
            score.count().alias("scored"),
            ((status == "scored") & score.is_null()).sum().alias("null_score"),
            *((status == other).sum().alias(other) for other in STATUSES[1:]),
            score.drop_nulls().alias("scores"),
            score.median().alias("median"),
            score.quantile(0.25, "linear").alias("q1"),
            score.quantile(0.75, "linear").alias("q3"),
            score.min().alias("lowest"),
            critical.sum().alias("critical_calls"),
            _share(critical.sum(), score.count()).alias("critical_rate"),
        )
    )
    scores = [list(values) for values in months["scores"]]
    means = [_mean(values) for values in scores]
    spreads = [_sd(values) for values in scores]
    months = months.with_columns(
        pl.Series("mean", means, pl.Float64),
        pl.Series("sd", spreads, pl.Float64),
        few=pl.col("scored") < SMALL_N,
    )
    verdicts = findings.select("call_id", "kind", "item", "verdict")
    asked = verdicts.join(calls.select("call_id", *keys), on="call_id", how="inner")
    verdict = pl.col("verdict")
    uncertain = (
        asked.filter(pl.col("kind") == "item", verdict != "not_applicable")
        .group_by(keys)
        .agg(uncertain_share=_share((verdict == "uncertain").sum(), pl.len()))
    )
    faults = (
        asked.filter(pl.col("kind") == "item", verdict == "fail")
        .group_by(*keys, "kind", "item")
        .agg(calls=pl.len())
        .sort("calls", "kind", "item", descending=[True, False, False])
        .group_by(keys, maintain_order=True)
        .agg(faults=pl.struct("kind", "item", "calls").head(3))
    )
    return (
        months.join(uncertain, on=list(keys), how="left")
        .join(faults, on=list(keys), how="left")
        .select(
            *keys,
            *_COUNTS[:-1],
            *("mean", "median", "sd", "q1", "q3", "lowest", "few"),
            *("critical_calls", "critical_rate", "uncertain_share"),
            pl.coalesce("faults", _NO_FAULTS).alias("faults"),
        )
    )


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def _mean(scores: Sequence[float]) -> float | None:
    return math.fsum(scores) / len(scores) if scores else None


def _sd(scores: Sequence[float]) -> float | None:
    if len(scores) < 2:
        return None
    mean = math.fsum(scores) / len(scores)
    return math.sqrt(math.fsum((score - mean) ** 2 for score in scores) / (len(scores) - 1))


def _in_counting_order(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Sort by `columns` as people count, with 未知 last in each."""
    values = rows.select(columns).rows()
    order = sorted(
        range(len(values)),
        key=lambda row: [(value == UNKNOWN, counting_key(value or "")) for value in values[row]],
    )
    return rows[order]
