"""What people's hearing adds to a month as it is now, in the forms that reports show."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.audit.appeal import appeals_of
from qa_audit.audit.rulings import gold_frame, rulings_of
from qa_audit.audit.scores import audit_frame, sheets_frame
from qa_audit.closing.figures import month_figures as pay_figures_of
from qa_audit.closing.filing import inputs_of
from qa_audit.closing.report_files import has_report, read_report
from qa_audit.estimation import (
    department_estimate,
    estimate_month,
    fault_rates,
    icc_agreement,
    inspector_offsets,
    item_agreement,
    team_estimates,
    with_control_limits,
)
from qa_audit.estimation.audited import (
    assigned_calls,
    audit_rows,
    critical_rows,
    estimation_frame,
    verdict_rows,
)
from qa_audit.estimation.groups import GROUP_ESTIMATES
from qa_audit.estimation.rates import critical_verdicts
from qa_audit.estimation.trend import MONTHS
from qa_audit.months.audited_figures import rule_quality_of
from qa_audit.months.past import MONTHS_BACK, months_between
from qa_audit.months.people_verdicts import judged_by
from qa_audit.months.registers import appeal_rows, counted_faults, fault_rows
from qa_audit.months.service import Scored, sameness_of, service_of
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.registers import DRAWS
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.figures import MonthFigures as PayFigures
    from qa_audit.closing.scale import PayScale
    from qa_audit.estimation.rates import By
    from qa_audit.months.registers import Words
    from qa_audit.workspace import Workspace

_NOT_SAID = ("absence", "metadata")
"""Tiers of evidence that are no words of the call."""

TREND_MONTHS = 6
"""So many months, this one included, are shown as a trend."""

TREND = pl.Schema({**MONTHS, "low": pl.Float64(), "high": pl.Float64()})
"""`estimation.trend.MONTHS` of agents (by key), teams ("team:" and the name) and the department ("all")."""

LIMITED = pl.Schema(
    {name: pl.Float64() for name in ("centre", "control_low", "control_high")} | {"signal": pl.String()}
)
"""What control limits add."""


def month_figures(
    workspace: Workspace,
    month: str,
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    paid: PayFigures | None = None,
) -> MonthFigures:
    """All that people's hearing tells of a month; `calls` and `findings` as `Workspace.month` has them.

    Whatever a rule's verdicts count for, people's scores and its quality are told by all of them.

    `paid` are the month's pay figures where they are at hand.
    """
    book = workspace.samples
    verdicts = audit_frame(workspace.database, calls["call_id"])
    blind = verdicts.filter(pl.col("first_verdict").is_not_null() & pl.col("blind"))
    judged_by_machine = workspace.findings(month) if workspace.rule_status.aside(month) else findings
    scored = sheets_frame(workspace.database, workspace.rubric, judged_by_machine, calls["call_id"])
    given = scored.filter(pl.col("blind") & pl.col("first_score").is_not_null()).select(
        "call_id", inspector="who", score="first_score"
    )
    several = given.filter(pl.col("inspector").n_unique().over("call_id") > 1)
    assigned = assigned_calls(book, month)
    marked = counted_faults(workspace.faults(month), scored, assigned, workspace.gold_labels([month]))
    whose = calls.select("call_id", agent_key(), "team", "agent_no", "agent_name")
    marked = marked.update(whose, on="call_id")
    people = judged_by(workspace, month, judged_by_machine, scored, assigned)
    service = service_of(workspace, month)
    frame = estimation_frame(book, month, calls)
    figures = MonthFigures(
        agreement=item_agreement(blind.select("call_id", "item", inspector="who", verdict="first_verdict")),
        offsets=None if several.is_empty() else inspector_offsets(several),
        icc=icc_agreement(several),
        rule_statuses=workspace.rule_status.frame(month),
        faults=fault_rows(marked, words_found(judged_by_machine)),
        people_items=people.items,
        people_calls=people.calls,
        appeals=appeal_rows(appeals_of(workspace.database, calls["call_id"].to_list()), calls),
        coaching=workspace.follow_up.before_after(month),
        sameness=sameness_of(workspace, month, Scored(calls, findings, frame)),
        matters_points=workspace.settings.sameness.matters_points,
        service=_told(service.figures),
        callbacks=service.callbacks,
    )
    if frame.is_empty():
        return figures
    paid = workspace.pay_figures(month) if paid is None else paid
    machine = judged_by_machine.filter(pl.col("kind") == "item").select("call_id", "item", "verdict")
    rulings = rulings_of(workspace.database, calls["call_id"])
    appealed = gold_frame([one for one in rulings if one.source == "appeal"])
    people = verdict_rows(assigned, scored, verdicts, appealed)
    could_judge = (pl.col("status") == "scored") & pl.col("score").is_not_null()
    severe = critical_verdicts(calls.select("call_id", critical=pl.when(could_judge).then("critical")))
    found_severe = critical_rows(assigned, scored, method=paid.method)

    def rates(by: By) -> pl.DataFrame:
        pairs = ((machine, people), (severe, found_severe))
        return pl.concat([fault_rates(frame, *pair, by, method=paid.method) for pair in pairs])

    now = _trend_rows(month, paid.estimate.agents, paid.teams, _one_row(paid.department))
    return replace(
        figures,
        **pay_part(paid, workspace.settings.pay.scale()),
        rates=rates("team"),
        rates_of_agents=rates("agent"),
        rates_of_all=rates("department"),
        quality=rule_quality_of(workspace, [month]),
        trend=_trend(workspace, month, now, paid.agents),
        draws=_draws(workspace, month),
    )


def pay_part(paid: PayFigures, scale: PayScale) -> dict[str, Any]:
    """The parts of `MonthFigures` that follow from pay figures, open or as they were closed."""
    graded = paid.agents.select("agent", "grade", "grade_open", "pay_yuan")
    return {
        "agents": paid.estimate.agents,
        "pay": paid.pay.agents.join(graded, on="agent", how="left", maintain_order="left"),
        "teams": paid.teams,
        "department": _one_row(paid.department),
        "pooled": _pooled(paid),
        "scale": scale,
        "method": paid.method,
    }


def _told(service: pl.DataFrame) -> pl.DataFrame | None:
    """Service figures, or None where the call list names neither directions nor customers: all would be 0."""
    whole = service.tail(1).select(pl.sum_horizontal("inbound", "customers", "complaints"))
    return service if whole.item() else None


def _one_row(department: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([dict(department)], GROUP_ESTIMATES)


def words_found(findings: pl.DataFrame) -> Words:
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
            if one["tier"] not in _NOT_SAID
            and one["start_s"] is not None
            and one["start_s"] <= end_s
            and one["end_s"] >= start_s
        ]
        return near[0]["quote"] if near else None

    return words


def _trend_rows(
    month: str, agents: pl.DataFrame, teams: pl.DataFrame, everyone: pl.DataFrame
) -> pl.DataFrame:
    kept = ("estimate", "low", "high")
    of_agents = agents.select("pooled_variance", *kept, key="agent")
    of_teams = teams.select(*kept, pooled_variance="variance", key="team:" + pl.col("team"))
    of_all = everyone.select(*kept, pooled_variance="variance", key=pl.lit("all"))
    return pl.concat(
        rows.with_columns(month=pl.lit(month)).select(TREND.names()) for rows in (of_agents, of_teams, of_all)
    )


def _trend(workspace: Workspace, month: str, now: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """This month's rows with those of the drawn months before, and control limits.

    Limits look back as far as those of the pay figures (`paid`, `closing.figures.FIGURES`), whose own stand
    for agents this month; months before those that are shown enter where they are closed.
    """
    before = [one for one in workspace.months() if 0 < months_between(one, month) <= MONTHS_BACK]
    shown = {month, *before[-(TREND_MONTHS - 1) :]}
    rows = [now]
    for earlier in before:
        found = _closed_rows(workspace, earlier)
        if found is None and earlier in shown and not workspace.samples.sample(earlier).is_empty():
            found = _open_rows(workspace, earlier)
        if found is not None:
            rows.append(found)
    limited = with_control_limits(pl.concat(rows)).filter(pl.col("month").is_in(shown))
    own = paid.select(*LIMITED, key="agent", month=pl.lit(month))
    return limited.update(own, on=["key", "month"], include_nulls=True)


def _closed_rows(workspace: Workspace, month: str) -> pl.DataFrame | None:
    """A closed month as it was closed; None for an open one."""
    ledger = workspace.month_book.ledger
    closing = ledger.closed(month)
    if closing is None:
        return None
    files = ledger.files(closing)
    if has_report(files):
        kept = read_report(files, {"trend": TREND}).frames["trend"]
        return kept.filter(pl.col("month") == month)
    paid = pay_figures_of(inputs_of(files))
    return _trend_rows(month, paid.estimate.agents, paid.teams, _one_row(paid.department))


def _open_rows(workspace: Workspace, month: str) -> pl.DataFrame:
    calls, findings = workspace.calls(month), workspace.findings(month)
    frame = estimation_frame(workspace.samples, month, calls)
    assigned = assigned_calls(workspace.samples, month)
    scored = sheets_frame(workspace.database, workspace.rubric, findings, assigned["call_id"].unique())
    audits = audit_rows(assigned, scored)
    estimate = estimate_month(frame, audits)
    teams = team_estimates(frame, audits, estimate.slopes)
    everyone = department_estimate(frame, audits, estimate.slopes)
    return _trend_rows(month, estimate.agents, teams, everyone)


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


def _pooled(paid: PayFigures) -> Mapping[str, float]:
    prior = paid.estimate.prior
    known = {"prior_df": prior.df, "severity": paid.estimate.severity.variance, "drift": paid.pay.drift}
    levels = dict(prior.log_variance)
    return known | {"prior_variance": math.exp(levels[""])} if "" in levels else known
