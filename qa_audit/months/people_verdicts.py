"""What people judged of the calls of a month: the verdicts and scores that go before the machine's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.events import events_of_calls
from qa_audit.audit.faults import standing_faults
from qa_audit.audit.rulings import in_force, rulings_of
from qa_audit.audit.scores import person_score, sheets_frame
from qa_audit.audit.sheet import sheets
from qa_audit.estimation.audited import assigned_calls
from qa_audit.months.registers import hearings
from qa_audit.reports.people_judged import PEOPLE_CALLS, PEOPLE_ITEMS, PeopleJudged
from qa_audit.scoring.frames import call_score_from

if TYPE_CHECKING:
    from qa_audit.audit.rulings import Ruling
    from qa_audit.workspace import Workspace


def people_judged(workspace: Workspace, month: str) -> PeopleJudged:
    """What people judged of the calls of a month that they heard, for whatever reason."""
    findings, calls = workspace.findings(month), workspace.calls(month)["call_id"]
    scored = sheets_frame(workspace.database, workspace.rubric, findings, calls)
    assigned = assigned_calls(workspace.samples, month)
    return judged_by(workspace, month, findings, scored, assigned)


def judged_by(
    workspace: Workspace,
    month: str,
    findings: pl.DataFrame,
    scored: pl.DataFrame,
    assigned: pl.DataFrame,
) -> PeopleJudged:
    """The same, of all of the machine's `findings`, sheets (`audit.scores.SHEETS_SCHEMA`) and who was to hear
    what (`audited.ASSIGNED`) that are at hand."""
    counts = hearings(scored, assigned).filter(pl.col("turn") == 0).select("call_id", "inspector")
    heard = counts["call_id"].to_list()
    folded = sheets(events_of_calls(workspace.database, heard))
    settled: dict[str, dict[str, Ruling]] = {}
    for (call_id, item), kept in in_force(rulings_of(workspace.database, heard)).items():
        settled.setdefault(call_id, {})[item] = kept.ruling
    own = findings.filter(pl.col("call_id").is_in(heard))
    machine = own.partition_by("call_id", as_dict=True, maintain_order=True)
    rows = []
    for call_id, who in counts.iter_rows():
        part = machine.get((call_id,))
        known = () if part is None else call_score_from(part).items
        sheet, rulings = folded[call_id, who], settled.get(call_id)
        score = person_score(sheet, workspace.rubric, known, first=True, rulings=rulings)
        rows += [
            (call_id, one.id, one.verdict, one.points, one.max_points, one.critical) for one in score.items
        ]
    given = scored.select("call_id", inspector="who", score="ruled_score")
    calls = counts.join(given, on=["call_id", "inspector"], how="left", maintain_order="left").join(
        standing_faults(workspace.faults(month)), on="call_id", how="left", maintain_order="left"
    )
    return PeopleJudged(
        pl.DataFrame(rows, PEOPLE_ITEMS, orient="row"),
        calls.with_columns(pl.col("faults").fill_null(0))
        .select(PEOPLE_CALLS.names())
        .cast(dict(PEOPLE_CALLS)),  # pyright: ignore[reportArgumentType]
    )
