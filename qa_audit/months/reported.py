"""Reports of a workspace: the files of a month, and the bulletin of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.audit.events import events_of_calls
from qa_audit.audit.faults import standing_faults
from qa_audit.audit.handed_in import handed_in_between, latest_hand_in
from qa_audit.audit.rulings import restating, rulings_of
from qa_audit.audit.scores import person_score
from qa_audit.audit.sheet import sheets
from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.messages import QaError
from qa_audit.months.closed_report import report_inputs
from qa_audit.months.registers import fault_rows
from qa_audit.reports.bulletin import AUDITED, Bulletin, bulletin
from qa_audit.reports.month_files import FORMATS, write_month
from qa_audit.retention.masked_tables import (
    ids_in,
    mask_calls,
    mask_figures,
    mask_findings,
    mask_ids,
    mask_written,
)
from qa_audit.sampling.frame import agent_key
from qa_audit.scoring.frames import call_score_from

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from qa_audit.audit.sheet import Sheet
    from qa_audit.months.registers import Words
    from qa_audit.reports.month_files import Format
    from qa_audit.workspace import Workspace

MOST_DAYS = 31


def write_report(
    workspace: Workspace, month: str, out: str | Path, formats: Collection[Format] | None = None
) -> list[Path]:
    """Write the month's files into the folder `out`, a closed month as it was closed; the paths written."""
    calls, findings, figures, context = report_inputs(workspace, month)
    wanted = FORMATS if formats is None else formats
    if not workspace.sees_unmasked:
        names = workspace.names_known()
        shown = (calls, findings, figures.faults, figures.appeals, figures.callbacks)
        numbers = workspace.numbers_of(ids_in(*shown))
        calls = mask_ids(mask_calls(calls), numbers)
        findings = mask_ids(mask_findings(findings, names), numbers)
        figures = mask_figures(figures, names, numbers)
    return list(write_month(out, month, calls, findings, context, figures=figures, formats=wanted))


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
    register = workspace.faults()
    audited = (
        _scores(workspace, calls, [one for one in mine.values() if one.skipped is None])
        .join(calls.with_columns(agent_key()), on="call_id", how="inner", maintain_order="left")
        .join(standing_faults(register), on="call_id", how="left", maintain_order="left")
        .with_columns(pl.col("faults").fill_null(0))
        .select(AUDITED.names())
    )
    done = pl.DataFrame(list(mine), {"call_id": pl.String, "inspector": pl.String}, orient="row")
    own = register.filter(~pl.col("struck")).join(done, on=["call_id", "inspector"], how="semi")
    marked = fault_rows(own, _words_said(workspace))
    if not workspace.sees_unmasked:
        numbers = workspace.numbers_of(ids_in(audited, marked))
        marked = mask_ids(mask_written(marked, workspace.names_known()), numbers)
        audited = mask_ids(audited, numbers)
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


def _scores(workspace: Workspace, calls: pl.DataFrame, judged: Sequence[Sheet]) -> pl.DataFrame:
    """The score of each sheet as it is now, after what appeals have changed."""
    findings = _findings(workspace, calls)
    parts = {} if findings is None else findings.partition_by("call_id", as_dict=True, maintain_order=True)
    ruled = restating(rulings_of(workspace.database, {one.call_id for one in judged}))
    rows = []
    for sheet in judged:
        part = parts.get((sheet.call_id,))
        machine = () if part is None else call_score_from(part).items
        rulings = ruled.get(sheet.call_id)
        score = person_score(sheet, workspace.rubric, machine, rulings=rulings).score
        rows.append((sheet.call_id, sheet.who, score))
    return pl.DataFrame(
        rows, {name: AUDITED[name] for name in ("call_id", "inspector", "score")}, orient="row"
    )


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
