"""What people's verdicts say of months: estimates, how good each rule is, how far people agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.scores import audit_frame, sheets_frame
from qa_audit.calls.query import calls_frame
from qa_audit.estimation.agreement import item_agreement
from qa_audit.estimation.audited import assigned_calls, audit_rows, estimation_frame, judged_rows
from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.rule_quality import JUDGED, rule_quality
from qa_audit.messages import QaError
from qa_audit.months.drawn_verdicts import drawn_verdicts
from qa_audit.sampling.remembered import RememberedSamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.estimation.difference import MonthEstimate
    from qa_audit.workspace import Workspace


def estimates_of(workspace: Workspace, month: str) -> MonthEstimate:
    """Every agent's month by machine and people together, from the drawn calls.

    Raises `QaError` `audited.no_draw` where no call of the month was drawn.
    """
    samples, scored = RememberedSamples(workspace.samples), workspace.scored(month)
    frame = estimation_frame(samples, month, scored.calls)
    if frame.is_empty():
        raise QaError("audited.no_draw", month=month)
    assigned = assigned_calls(samples, month)
    drawn = assigned["call_id"].unique()
    sheets = sheets_frame(workspace.database, workspace.rubric, scored.findings(drawn), drawn)
    return estimate_month(frame, audit_rows(assigned, sheets))


def rule_quality_of(workspace: Workspace, months: Sequence[str] | None) -> pl.DataFrame:
    """How good each rule is by the audited calls of these months, or all (`estimation.rule_quality`).

    What was settled afterwards (`Workspace.gold_labels`) wins over a first verdict.
    """
    return rule_quality(judged_of(workspace, months))


def judged_of(workspace: Workspace, months: Sequence[str] | None) -> pl.DataFrame:
    """`rule_quality.JUDGED` of the drawn calls of these months, or all, by the present rules."""
    # A drawn call may have been put into another month since, so gold labels are those of all.
    gold = workspace.gold_labels()
    rows = [pl.DataFrame(schema=JUDGED)]
    for month in workspace.months() if months is None else months:
        assigned = assigned_calls(workspace.samples, month)
        drawn = assigned["call_id"].unique()
        machine = drawn_verdicts(workspace, month, drawn)
        verdicts = audit_frame(workspace.database, drawn)
        rows.append(machine.told(judged_rows(assigned, verdicts, machine.findings, gold)))
    return pl.concat(rows)


def agreement_of(workspace: Workspace, months: Sequence[str] | None) -> pl.DataFrame:
    """How far inspectors agree, item by item, on calls of these months, or all, that two judged blind."""
    database = workspace.database
    frames = [calls_frame(database, one) for one in (workspace.months() if months is None else months)]
    calls = pl.concat([pl.Series("call_id", [], pl.String), *(frame["call_id"] for frame in frames)])
    blind = audit_frame(database, calls).filter(pl.col("first_verdict").is_not_null() & pl.col("blind"))
    return item_agreement(blind.select("call_id", "item", inspector="who", verdict="first_verdict"))
