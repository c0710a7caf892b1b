"""Reports of a workspace: what people's hearing adds to a month, its files, and the bulletin of a day."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.audit.appeal import appeals_of
from qa_audit.audit.events import events_of_calls
from qa_audit.audit.handed_in import handed_in_between, latest_hand_in
from qa_audit.audit.scores import audit_frame, sheets_frame
from qa_audit.audit.sheet import sheets
from qa_audit.estimation import (
    department_estimate,
    estimate_month,
    fault_rates,
    icc_agreement,
    inspector_offsets,
    item_agreement,
    rule_quality,
    team_estimates,
    with_control_limits,
)
from qa_audit.estimation.audited import assigned_calls, audit_rows, estimation_frame, judged_rows
from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.estimation.rates import PERSON_VERDICTS
from qa_audit.messages import QaError
from qa_audit.months.registers import appeal_rows, fault_rows
from qa_audit.reports.bulletin import AUDITED, Bulletin, bulletin
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.month_files import FORMATS, write_month
from qa_audit.reports.registers import DRAWS
from qa_audit.retention.masked_tables import mask_calls, mask_figures, mask_findings, mask_written
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from qa_audit.estimation.difference import MonthEstimate
    from qa_audit.months.registers import Words
    from qa_audit.reports.month_files import Format
    from qa_audit.workspace import Workspace

TREND_MONTHS = 6
"""So many months, this one included, are shown as a trend: each has to be estimated again."""

MOST_DAYS = 31


def write_report(
    workspace: Workspace, month: str, out: str | Path, formats: Collection[Format] | None = None
) -> list[Path]:
    """Write the month's files into the folder `out`; the paths written."""
    made = workspace.month(month)
    figures = month_figures(workspace, month, made.calls, made.findings)
    context = workspace.report_context(month)
    wanted = FORMATS if formats is None else formats
    calls, findings = made.calls, made.findings
    if not workspace.sees_unmasked:
        calls, findings, figures = mask_calls(calls), mask_findings(findings), mask_figures(figures)
    return list(write_month(out, month, calls, findings, context, figures=figures, formats=wanted))


def month_figures(
    workspace: Workspace, month: str, calls: pl.DataFrame, findings: pl.DataFrame
) -> MonthFigures:
    """All that people's hearing tells of a month; `calls` and `findings` as `Workspace.month` has them."""
    book = workspace.samples
    verdicts = audit_frame(workspace.database, calls["call_id"])
    blind = verdicts.filter(pl.col("first_verdict").is_not_null() & pl.col("blind"))
    scored = sheets_frame(workspace.database, workspace.rubric, findings, calls["call_id"])
    given = scored.filter(pl.col("blind") & pl.col("first_score").is_not_null()).select(
        "call_id", inspector="who", score="first_score"
    )
    several = given.filter(pl.col("inspector").n_unique().over("call_id") > 1)
    figures = MonthFigures(
        agreement=item_agreement(blind.select("call_id", "item", inspector="who", verdict="first_verdict")),
        offsets=None if several.is_empty() else inspector_offsets(several),
        icc=icc_agreement(several),
        faults=fault_rows(workspace.faults(month), _words_found(findings)),
        appeals=appeal_rows(appeals_of(workspace.database, calls["call_id"].to_list()), calls),
    )
    frame = estimation_frame(book, month, calls)
    if frame.is_empty():
        return figures
    assigned = assigned_calls(book, month)
    audits = audit_rows(assigned, scored.filter(pl.col("call_id").is_in(assigned["call_id"].implode())))
    estimate = estimate_month(frame, audits)
    teams = team_estimates(frame, audits, estimate.slopes)
    everyone = department_estimate(frame, audits, estimate.slopes)
    judged = judged_rows(assigned, verdicts, findings)
    machine = findings.filter(pl.col("kind") == "item").select("call_id", "item", "verdict")
    people = assigned.join(
        verdicts.filter(pl.col("first_verdict").is_not_null()).select(
            "call_id", "item", inspector="who", verdict="first_verdict"
        ),
        on=["call_id", "inspector"],
        how="inner",
    ).select(PERSON_VERDICTS.names())
    paid = workspace.pay_figures(month)
    return replace(
        figures,
        agents=estimate.agents,
        pay=paid.pay.agents.join(
            paid.agents.select("agent", "grade", "grade_open"), on="agent", how="left", maintain_order="left"
        ),
        teams=teams,
        department=everyone,
        rates=fault_rates(frame, machine, people, "team"),
        rates_of_agents=fault_rates(frame, machine, people, "agent"),
        rates_of_all=fault_rates(frame, machine, people),
        quality=rule_quality(judged),
        trend=_trend(workspace, month, _trend_rows(month, estimate.agents, teams, everyone)),
        draws=_draws(workspace, month),
        pooled={**_pooled(estimate), "drift": paid.pay.drift},
    )


def day_bulletin(workspace: Workspace, day: str | date | None, days: int) -> Bulletin:
    """The bulletin of `days` up to `day`; see `Workspace.bulletin`."""
    if not 1 <= days <= MOST_DAYS:
        raise QaError("bulletin.bad_days", got=days)
    zone = ZoneInfo(TIME_ZONE)
    last = _day(workspace, day, zone)
    first = last - timedelta(days=days - 1)
    begins = datetime(first.year, first.month, first.day, tzinfo=zone)
    ends = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    call_ids = handed_in_between(workspace.database, begins, ends)
    folded = sheets(events_of_calls(workspace.database, call_ids))
    mine = {
        key: sheet
        for key, sheet in folded.items()
        if sheet.handed_in_at is not None and begins <= sheet.handed_in_at < ends
    }
    calls = _calls(workspace, call_ids)
    scores = sheets_frame(workspace.database, workspace.rubric, _findings(workspace, calls), call_ids)
    done = pl.DataFrame(list(mine), {"call_id": pl.String, "who": pl.String}, orient="row")
    audited = (
        scores.filter(pl.col("skipped").is_null())
        .join(done, on=["call_id", "who"], how="semi")
        .join(calls.with_columns(agent_key()), on="call_id", how="inner", suffix="_machine")
        .select(
            *("call_id", "start", "agent", "team", "agent_no", "agent_name"),
            pl.col("faults").cast(pl.Int64),
            inspector="who",
            score="score",
        )
        .select(AUDITED.names())
    )
    done = pl.DataFrame(list(mine), {"call_id": pl.String, "inspector": pl.String}, orient="row")
    marked = fault_rows(
        workspace.faults().join(done, on=["call_id", "inspector"], how="semi"), _words_said(workspace)
    )
    if not workspace.sees_unmasked:
        marked = mask_written(marked)
    context = workspace.report_context(f"{last:%Y-%m}")
    return bulletin(audited, marked, context, first, last)


def _day(workspace: Workspace, day: str | date | None, zone: ZoneInfo) -> date:
    if isinstance(day, date):
        return day
    if day is not None:
        try:
            return date.fromisoformat(day)
        except ValueError as error:
            raise QaError("bulletin.bad_day", got=day) from error
    latest = latest_hand_in(workspace.database)
    if latest is None:
        raise QaError("bulletin.no_audits")
    return latest.replace(tzinfo=UTC).astimezone(zone).date()


def _calls(workspace: Workspace, call_ids: Collection[str]) -> pl.DataFrame:
    from qa_audit.calls.query import calls_frame

    return calls_frame(workspace.database).filter(pl.col("call_id").is_in(list(call_ids)))


def _findings(workspace: Workspace, calls: pl.DataFrame) -> pl.DataFrame | None:
    """The machine's findings of these calls, month by month; None where they are of no month."""
    from qa_audit.calls.query import month_of

    months = sorted({month_of(start) for start in calls["start"].drop_nulls()})
    found = [workspace.findings(month) for month in months]
    return pl.concat(found).join(calls, on="call_id", how="semi") if found else None


def _words_found(findings: pl.DataFrame) -> Words:
    """What the machine heard at the place, where it found the item at fault too."""
    failed = findings.filter((pl.col("kind") == "item") & (pl.col("verdict") == "fail"))
    rows = failed.select("call_id", "item", "evidence")
    heard = None

    def words(call_id: str, item: str, start_s: float, end_s: float) -> str | None:
        nonlocal heard
        if heard is None:
            heard = {(call, item): evidence for call, item, evidence in rows.iter_rows()}
        near = [
            one
            for one in heard.get((call_id, item), ())
            if one["start_s"] is not None and one["start_s"] <= end_s and one["end_s"] >= start_s
        ]
        return near[0]["quote"] if near else None

    return words


def _words_said(workspace: Workspace) -> Words:
    """What the agent said at the place, from the transcript."""

    def words(call_id: str, _item: str, start_s: float, end_s: float) -> str | None:
        try:
            turns = workspace.turns(call_id)
        except QaError:
            return None
        near = turns.filter(
            (pl.col("role") == "agent")
            & (pl.col("start_s") < end_s + 0.5)
            & (pl.col("end_s") > start_s - 0.5)
        )
        return " ".join(near["text"]) or None

    return words


def _trend_rows(
    month: str, agents: pl.DataFrame, teams: pl.DataFrame, everyone: pl.DataFrame
) -> pl.DataFrame:
    kept = ("estimate", "low", "high")
    of_agents = agents.select("pooled_variance", *kept, key="agent")
    of_teams = teams.select(*kept, pooled_variance="variance", key="team:" + pl.col("team"))
    of_all = everyone.select(*kept, pooled_variance="variance", key=pl.lit("all"))
    order = ("key", "month", "estimate", "pooled_variance", "low", "high")
    return pl.concat(
        rows.with_columns(month=pl.lit(month)).select(order) for rows in (of_agents, of_teams, of_all)
    )


def _trend(workspace: Workspace, month: str, now: pl.DataFrame) -> pl.DataFrame:
    """This month's rows with those of the drawn months before, and control limits."""
    before = [one for one in workspace.months() if one < month][-(TREND_MONTHS - 1) :]
    rows = [now]
    for earlier in before:
        if workspace.samples.sample(earlier).is_empty():
            continue
        calls, findings = workspace.calls(earlier), workspace.findings(earlier)
        frame = estimation_frame(workspace.samples, earlier, calls)
        assigned = assigned_calls(workspace.samples, earlier)
        scored = sheets_frame(workspace.database, workspace.rubric, findings, assigned["call_id"].unique())
        audits = audit_rows(assigned, scored)
        estimate = estimate_month(frame, audits)
        teams = team_estimates(frame, audits, estimate.slopes)
        everyone = department_estimate(frame, audits, estimate.slopes)
        rows.append(_trend_rows(earlier, estimate.agents, teams, everyone))
    return with_control_limits(pl.concat(rows))


def _draws(workspace: Workspace, month: str) -> pl.DataFrame:
    rows = []
    in_force = set(workspace.samples.sample(month)["draw_id"])
    for one in workspace.samples.draws(month):
        if one.draw_id not in in_force:
            continue
        frame = workspace.samples.frame_of(one.draw_id)
        rows.append(
            (
                one.draw_id,
                one.drawn_at,
                one.who,
                frame.design.as_text(),
                frame.drawable.height,
                len(one.first_calls()),
                frame.sha256,
                one.seed,
                one.alone,
                one.receipt,
            )
        )
    return pl.DataFrame(rows, DRAWS, orient="row")


def _pooled(estimate: MonthEstimate) -> Mapping[str, float]:
    prior = estimate.prior
    known = {"prior_df": prior.df, "severity": estimate.severity.variance}
    levels = dict(prior.log_variance)
    return known | {"prior_variance": math.exp(levels[""])} if "" in levels else known
