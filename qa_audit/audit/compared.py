"""What several inspectors said of the same call, side by side; hidden until all of them have handed it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.events import events_of_calls
from qa_audit.audit.sheet import sheets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Engine as Database

    from qa_audit.audit.sheet import Sheet

COMPARED_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "item": pl.String,
        "who": pl.String,
        "verdict": pl.String,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "should_say": pl.String,
        "fault_comment": pl.String,
        "comment": pl.String,
    }
)
"""One row a call, item and inspector where their verdicts differ. `verdict` is the one first handed in; place
and words are those of the first fault that the inspector had marked on the item by then, null without one;
`comment` is on the whole call."""


def compared(
    database: Database,
    call_ids: Collection[str] | None = None,
    to_hear: Mapping[str, Collection[str]] | None = None,
) -> pl.DataFrame:
    """Items of calls (None: of all) on which inspectors differ (`COMPARED_SCHEMA`), by call and item.

    Of a call that somebody has begun and not handed in nothing is told, nor of one that somebody was to hear
    (`to_hear`: inspectors by call) and has not: what the others said must not be known before. Who skipped a
    call says nothing of it.
    """
    by_call: dict[str, list[Sheet]] = {}
    for (call_id, _), sheet in sorted(sheets(events_of_calls(database, call_ids)).items()):
        if sheet.skipped is None:
            by_call.setdefault(call_id, []).append(sheet)
    rows = []
    for call_id, own in by_call.items():
        wanted = set((to_hear or {}).get(call_id, ()))
        done = [sheet for sheet in own if sheet.handed_in_at is not None]
        if len(done) < max(2, len(own)) or wanted - {sheet.who for sheet in done}:
            continue
        for item in sorted({item for sheet in done for item in sheet.first_verdicts}):
            if len({sheet.first_verdicts.get(item) for sheet in done}) > 1:
                rows += [_row(sheet, item) for sheet in done]
    return pl.DataFrame(rows, COMPARED_SCHEMA, orient="row")


def _row(sheet: Sheet, item: str) -> tuple:
    fault = next((one for one in sheet.first_faults if one.item == item), None)
    place = (None,) * 4 if fault is None else (fault.start_s, fault.end_s, fault.should_say, fault.comment)
    return (sheet.call_id, item, sheet.who, sheet.first_verdicts.get(item), *place, sheet.comment)
