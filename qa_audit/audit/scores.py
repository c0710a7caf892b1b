"""A person's verdicts as the score of a call, and everybody's verdicts as frames for the estimators.

The person says whether an item was kept, the rubric says what it costs. Where person and machine agree that
an item failed, the machine's count of what was kept of it stands (two of three parts of a greeting; three
faults of which each costs points), unless each fault costs points and the person marked faults: then these
are counted.
"""

from __future__ import annotations

import json
from math import fsum
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.audit.actions import from_payload, to_json
from qa_audit.audit.events import events_of_calls
from qa_audit.audit.rulings import restating, rulings_of
from qa_audit.audit.sheet import AuditEvent, sheets
from qa_audit.scoring.frames import call_score_from
from qa_audit.scoring.sections import capped
from qa_audit.scoring.verdicts import CallScore, Finding, score_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Engine as Database

    from qa_audit.audit.actions import Fault
    from qa_audit.audit.rulings import KeptRuling, Ruling
    from qa_audit.audit.sheet import Sheet
    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.scoring.verdicts import Verdict

AUDIT_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "who": pl.String,
        "item": pl.String,
        "first_verdict": pl.String,
        "last_verdict": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "blind": pl.Boolean,
        "rubric": pl.String,
        "rubric_version": pl.String,
    }
)
"""One row a call, inspector and item. `first_verdict` is the one first handed in, null before; `last_verdict`
the one that holds now; `at`, `blind` and `rubric` (SHA-256) are those of the event that gave the last one."""

SHEETS_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "who": pl.String,
        "first_score": pl.Float64,
        "ruled_score": pl.Float64,
        "restated": pl.List(pl.String),
        "score": pl.Float64,
        "critical": pl.List(pl.String),
        "ruled_critical": pl.List(pl.String),
        "handed_in_at": pl.Datetime("us", "UTC"),
        "saved_at": pl.Datetime("us", "UTC"),
        "skipped": pl.String,
        "blind": pl.Boolean,
        "faults": pl.UInt32,
        "ticket": pl.String,
        "unjudged": pl.List(pl.String),
    }
)
"""One row a call and inspector. Scores are 0 to 100, null until the call is handed in or where nothing could
be judged: `first_score` as first handed in, `ruled_score` the same with what appeals have changed since (the
items of `restated`), `score` as the sheet is now; so too the critical faults. `skipped` is the reason or
null; `blind` says whether the machine's verdicts stayed hidden until the call was handed in; `faults` counts
those marked now; `unjudged` are items of the rubric that it did not have yet when the call was handed in."""

EVENTS_SCHEMA = pl.Schema(
    {
        "uuid": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "who": pl.String,
        "call_id": pl.String,
        "ticket": pl.String,
        "kind": pl.String,
        "payload": pl.String,
        "blind": pl.Boolean,
        "rubric": pl.String,
        "rubric_version": pl.String,
        "transcript_sha256": pl.String,
    }
)
"""One row an event, as kept; `payload` is the action's JSON. A changed verdict is another row."""


def person_score(
    sheet: Sheet,
    rubric: Rubric,
    machine: Iterable[Finding] = (),
    *,
    first: bool = False,
    rulings: Mapping[str, Ruling] | None = None,
) -> CallScore:
    """The score that a person's verdicts give by the rubric, its sections' caps included.

    `machine` are the machine's findings of the same call by the same rubric; with `first` the verdicts and
    faults as first handed in; `rulings`, by item, go before what the sheet says. An item without a verdict
    counts as uncertain. A failed item costs

    - with `off_per_hit`, that for each fault marked on it, and for one where none is marked and the machine
      does not say fail;
    - else, where the machine says fail as well, what the machine takes off, unless a section's cap made it
      less;
    - else all its points.

    It zeroes the call when the rubric calls it critical and a fault marked on it is; where none is marked,
    when the machine's finding is. Situations are the machine's only.

    >>> from qa_audit.audit.sheet import Sheet
    >>> from qa_audit.scoring import load_rubric
    >>> rubric = load_rubric()
    >>> person_score(Sheet("c", "李", {item.id: "pass" for item in rubric.items}), rubric).score
    100.0
    """
    verdicts = sheet.first_verdicts if first else sheet.verdicts
    faults = sheet.first_faults if first else sheet.faults
    found = _uncapped(machine, rubric)
    ruled = rulings or {}
    findings = capped(
        tuple(
            _finding(item, verdicts, faults, found.get(item.id), ruled.get(item.id)) for item in rubric.items
        ),
        rubric,
    )
    return CallScore(
        findings,
        (),
        tuple(finding.id for finding in findings if finding.critical),
        score_of(findings, zero_on_critical=rubric.zero_on_critical),
    )


def audit_frame(
    database: Database, call_ids: Collection[str] | None = None, who: str | None = None
) -> pl.DataFrame:
    """Verdicts of people (`AUDIT_SCHEMA`), in order of call, inspector and item.

    Of the calls given (None: all), of one inspector or of everybody. What was skipped or is still open has
    rows too; join `sheets_frame` to tell.
    """
    rows = [
        (
            sheet.call_id,
            sheet.who,
            item,
            sheet.first_verdicts.get(item),
            verdict,
            sheet.decided[item].at,
            sheet.decided[item].blind,
            sheet.decided[item].rubric_sha256,
            sheet.decided[item].rubric_version,
        )
        for sheet in _sheets(database, call_ids, who)
        for item, verdict in sorted(sheet.verdicts.items())
    ]
    return pl.DataFrame(rows, AUDIT_SCHEMA, orient="row")


def events_frame(
    database: Database, call_ids: Collection[str] | None = None, who: str | None = None
) -> pl.DataFrame:
    """All that people did (`EVENTS_SCHEMA`), in the order in which it was kept: what a dispute starts from.

    `fold` makes the sheets of it again. Calls and inspectors as for `audit_frame`.
    """
    rows = [
        (
            event.uuid,
            event.at,
            event.who,
            event.call_id,
            event.ticket,
            event.action.kind,
            json.dumps(to_json(event.action), ensure_ascii=False, sort_keys=True),
            event.blind,
            event.rubric_sha256,
            event.rubric_version,
            event.transcript_sha256,
        )
        for event in events_of_calls(database, call_ids, who)
    ]
    return pl.DataFrame(rows, EVENTS_SCHEMA, orient="row")


def event_of(row: Mapping[str, Any]) -> AuditEvent:
    """The event that a row of `events_frame` tells of.

    Raises `QaError` as `audit.actions.from_payload`.
    """
    return AuditEvent(
        row["uuid"],
        row["at"],
        row["who"],
        row["call_id"],
        from_payload(json.loads(row["payload"])),
        row["blind"],
        row["rubric"],
        row["rubric_version"],
        row["transcript_sha256"],
        row["ticket"],
    )


def sheets_frame(
    database: Database,
    rubric: Rubric,
    findings: pl.DataFrame | None = None,
    call_ids: Collection[str] | None = None,
    who: str | None = None,
) -> pl.DataFrame:
    """Sheets of people with their scores by `rubric` (`SHEETS_SCHEMA`), in order of call and inspector.

    `findings` are the machine's (`scoring.frames.FINDINGS_SCHEMA`), for `person_score`.
    """
    judged = _sheets(database, call_ids, who)
    rulings = rulings_of(database, {sheet.call_id for sheet in judged})
    return scored_sheets(judged, rubric, findings, rulings)


def scored_sheets(
    judged: Sequence[Sheet],
    rubric: Rubric,
    findings: pl.DataFrame | None = None,
    rulings: Collection[KeptRuling] = (),
) -> pl.DataFrame:
    """`sheets_frame` of sheets and rulings that are at hand: of events that were read from elsewhere."""
    machine = _machine(findings, {sheet.call_id for sheet in judged})
    ruled = restating(rulings)
    return pl.DataFrame(
        [
            _sheet_row(sheet, rubric, machine.get(sheet.call_id, ()), ruled.get(sheet.call_id, {}))
            for sheet in judged
        ],
        SHEETS_SCHEMA,
        orient="row",
    )


def _sheets(database: Database, call_ids: Collection[str] | None, who: str | None) -> list[Sheet]:
    found = sheets(events_of_calls(database, call_ids, who))
    return [found[key] for key in sorted(found)]


def _sheet_row(
    sheet: Sheet, rubric: Rubric, machine: tuple[Finding, ...], rulings: Mapping[str, Ruling]
) -> tuple:
    handed_in = sheet.handed_in_at is not None
    first = person_score(sheet, rubric, machine, first=True) if handed_in else None
    ruled = person_score(sheet, rubric, machine, first=True, rulings=rulings) if handed_in else None
    last = person_score(sheet, rubric, machine) if handed_in else None
    return (
        sheet.call_id,
        sheet.who,
        first.score if first else None,
        ruled.score if ruled else None,
        sorted(rulings) if handed_in else [],
        last.score if last else None,
        list(last.critical) if last else [],
        list(ruled.critical) if ruled else [],
        sheet.handed_in_at,
        sheet.saved_at,
        sheet.skipped,
        sheet.blind,
        len(sheet.faults),
        sheet.ticket,
        # Nobody can hand in while an item is open.
        [item.id for item in rubric.items if handed_in and item.id not in sheet.first_verdicts],
    )


def _machine(findings: pl.DataFrame | None, call_ids: Collection[str]) -> Mapping[str, tuple[Finding, ...]]:
    if findings is None:
        return {}
    own = findings.filter(pl.col("call_id").is_in(list(call_ids)))
    parts = own.partition_by("call_id", as_dict=True, maintain_order=True)
    return {str(call_id): call_score_from(part).items for (call_id,), part in parts.items()}


def _uncapped(machine: Iterable[Finding], rubric: Rubric) -> dict[str, Finding]:
    """The machine's findings whose points no cap has raised: what such a fault costs alone is not known."""
    found = {finding.id: finding for finding in machine}
    for section in rubric.sections:
        failed = [
            item.id
            for item in rubric.items
            if item.section == section.name and item.id in found and found[item.id].verdict == "fail"
        ]
        lost = fsum(found[item].max_points - found[item].points for item in failed)
        if section.max_loss is not None and lost > section.max_loss - 0.001:
            found = {item: finding for item, finding in found.items() if item not in failed}
    return found


def _finding(
    item: Item,
    verdicts: Mapping[str, Verdict],
    faults: Iterable[Fault],
    machine: Finding | None,
    ruling: Ruling | None,
) -> Finding:
    verdict = verdicts.get(item.id, "uncertain") if ruling is None else ruling.verdict
    if item.bonus:
        gained = item.weight if verdict == "pass" else 0.0
        return Finding(item.id, "not_applicable" if verdict == "fail" else verdict, gained, 0.0)
    if verdict != "fail":
        return Finding(item.id, verdict, item.weight, item.weight)
    marked = [fault for fault in faults if fault.item == item.id]
    agreed = machine if machine is not None and machine.verdict == "fail" else None
    severe = any(fault.severity == "critical" for fault in marked)
    if not marked and agreed is not None:
        severe = agreed.critical
    if item.off_per_hit is not None and (marked or agreed is None):
        points = max(0.0, item.weight - item.off_per_hit * max(1, len(marked)))
    else:
        points = agreed.points if agreed is not None else 0.0
    if ruling is not None and ruling.points is not None:
        points = min(ruling.points, item.weight)
    if ruling is not None and ruling.critical is not None:
        severe = ruling.critical
    return Finding(item.id, "fail", round(points, 4), item.weight, critical=item.critical and severe)
