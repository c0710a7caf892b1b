"""The report of a closed month: made from what was kept when it was closed, so that it stays the same.

Figures come from the month's files. Words (what was said, what was written beside a fault or an appeal, the
numbers of customers) are no figures and may have to be deleted: they are looked up where they are now, and
stay empty where they are gone.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from qa_audit.audit.appeal import appeals_of
from qa_audit.calls.query import calls_frame
from qa_audit.closing.figures import month_figures as pay_figures_of
from qa_audit.closing.filing import inputs_of, read_json, rubric_in
from qa_audit.closing.report_files import has_report, read_report, report_files
from qa_audit.estimation.agreement import AGREEMENT
from qa_audit.estimation.callbacks import CALLBACKS
from qa_audit.estimation.frames import FINDINGS
from qa_audit.estimation.inspectors import OFFSETS
from qa_audit.estimation.rates import RATES
from qa_audit.estimation.rule_quality import QUALITY
from qa_audit.estimation.sameness import SAMENESS
from qa_audit.estimation.service import SERVICE
from qa_audit.months.registers import appeal_rows, fault_rows
from qa_audit.months.report_figures import LIMITED, TREND, month_figures, pay_part, words_found
from qa_audit.months.scored_month import scored_month
from qa_audit.reports.context import report_items
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.people_judged import PEOPLE_CALLS, PEOPLE_ITEMS
from qa_audit.reports.registers import APPEALS, COACHING, DRAWS, FAULT_REGISTER, RULE_STATUSES
from qa_audit.scoring.batch import kept_findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.figures import MonthFigures as PayFigures
    from qa_audit.closing.filing import Files
    from qa_audit.closing.ledger import Closing
    from qa_audit.reports.context import ReportContext
    from qa_audit.scored_calls import ScoredCalls
    from qa_audit.workspace import Workspace

_WORDS = {
    "faults": ("words", "should_say", "comment", "clip"),
    "appeals": ("reason", "reply"),
    "callbacks": ("customer_no",),
}
"""Columns that are not kept with the month."""

_KEPT = {
    **dict.fromkeys(("rates", "rates_of_agents", "rates_of_all"), RATES),
    "quality": QUALITY,
    "rule_statuses": RULE_STATUSES,
    "agreement": AGREEMENT,
    "offsets": OFFSETS,
    "faults": FAULT_REGISTER,
    "people_items": PEOPLE_ITEMS,
    "people_calls": PEOPLE_CALLS,
    "appeals": APPEALS,
    "coaching": COACHING,
    "trend": pl.Schema({**TREND, **LIMITED}),
    "draws": DRAWS,
    "sameness": SAMENESS,
    "service": SERVICE,
    "callbacks": CALLBACKS,
}
"""Parts of `MonthFigures` that are kept as they were made; the others follow from the pay figures."""
_VALUES = ("icc", "matters_points")


class ReportInputs(NamedTuple):
    """All that a report is written from."""

    calls: pl.DataFrame
    findings: pl.DataFrame
    figures: MonthFigures
    context: ReportContext


def report_inputs(workspace: Workspace, month: str) -> ReportInputs:
    """What the report of a month is written from: of a closed one what was closed, else what is there now.

    Raises `QaError` as `Workspace.month`, and `closing.damaged` for a closed month that was tampered with.
    """
    ledger = workspace.month_book.ledger
    closing = ledger.closed(month)
    if closing is not None:
        return _closed(workspace, closing, ledger.files(closing))
    made = workspace.month(month)
    figures = month_figures(workspace, month, made.calls, made.findings)
    return ReportInputs(made.calls, made.findings, figures, workspace.report_context(month))


def filed_report(workspace: Workspace, month: str, paid: PayFigures, scored: ScoredCalls) -> Files:
    """The files that a closing keeps of the report: `paid` are the figures that are closed, from `scored`."""
    made = scored_month(workspace, month, scored)
    figures = month_figures(workspace, month, made.calls, made.findings, paid)
    named = {field.name: getattr(figures, field.name) for field in fields(figures)}
    frames = {name: named[name].drop(_WORDS.get(name, ())) for name in _KEPT if named[name] is not None}
    keys = scored.made_from().select("call_id", "findings")
    calls = made.calls.join(keys, on="call_id", how="left", maintain_order="left")
    return report_files(calls, made.findings, frames, {name: named[name] for name in _VALUES})


def _closed(workspace: Workspace, closing: Closing, files: Mapping[str, bytes]) -> ReportInputs:
    month = closing.month
    inputs = inputs_of(files)
    pay = pay_part(pay_figures_of(inputs), inputs.scale)
    context = _context(workspace, closing, files)
    if not has_report(files):
        made = workspace.month(month)
        now = month_figures(workspace, month, made.calls, made.findings)
        return ReportInputs(made.calls, made.findings, replace(now, **pay), context)
    kept = read_report(files, _KEPT)
    findings = _with_evidence(workspace, month, kept.calls, kept.findings)
    frames = kept.frames
    register = fault_rows(workspace.faults(month), words_found(findings))
    frames["faults"] = _worded(
        frames["faults"], register, _WORDS["faults"], ("call_id", "item", "start_s", "inspector", "at")
    )
    disputes = appeal_rows(
        appeals_of(workspace.database, frames["appeals"]["call_id"].to_list()), workspace.calls(month)
    )
    frames["appeals"] = _worded(frames["appeals"], disputes, _WORDS["appeals"], ("appeal",))
    customers = calls_frame(workspace.database, month)
    frames["callbacks"] = _worded(frames["callbacks"], customers, _WORDS["callbacks"], ("call_id",))
    icc, matters = (kept.values.get(name) for name in _VALUES)
    figures = MonthFigures(**frames, **pay, icc=None if icc is None else tuple(icc), matters_points=matters)
    return ReportInputs(kept.calls.drop("findings"), findings, figures, context)


def _worded(
    kept: pl.DataFrame, now: pl.DataFrame, words: tuple[str, ...], by: tuple[str, ...]
) -> pl.DataFrame:
    """Rows as they were kept, with the words that are there now."""
    known = now.select(*by, *words).unique(by, keep="first", maintain_order=True)
    found = kept.drop(words).join(known, on=by, how="left", maintain_order="left")
    return found.select(kept.columns)


def _with_evidence(
    workspace: Workspace, month: str, calls: pl.DataFrame, findings: pl.DataFrame
) -> pl.DataFrame:
    """The verdicts that were kept, with the words in which they were found where results still have them."""
    made_from = calls.select("call_id", made_from="findings").drop_nulls()
    keys = ["call_id", "kind", "item"]
    there = kept_findings(workspace.results, [month], made_from).select(*keys, heard="evidence")
    found = findings.join(there, on=keys, how="left", maintain_order="left")
    return found.with_columns(evidence=pl.coalesce("heard", "evidence")).select(*FINDINGS)


def _context(workspace: Workspace, closing: Closing, files: Mapping[str, bytes]) -> ReportContext:
    """What made the figures that were closed, which may be another rubric and model than those of now."""
    about, rubric = read_json(files, "about.json"), rubric_in(files)
    machine = about["machine"]
    return replace(
        workspace.report_context(closing.month),
        rubric_id=machine["rubric"],
        rubric_version=machine["rubric_version"],
        rubric_sha256=machine["rubric_sha256"],
        items=report_items(rubric.items),
        situations=report_items(rubric.situations),
        zero_on_critical=rubric.zero_on_critical,
        engine=machine["engine"],
        model=machine["model"],
        preset=machine["preset"],
        code_version=about["code"]["qa_audit"],
        chain_head=about["chain_head"],
        version=closing.version,
        kept_whole=has_report(files),
    )
