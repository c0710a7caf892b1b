"""The faults that inspectors marked, joined with whose call it was and what was said there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.reports.registers import FAULT_REGISTER
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qa_audit.audit.actions import Fault
    from qa_audit.audit.sheet import Sheet


def marked_faults(
    sheets: Iterable[Sheet], calls: pl.DataFrame, words: Callable[[str, Fault], str | None]
) -> pl.DataFrame:
    """`FAULT_REGISTER` from the sheets handed in, in order of call and start; `times` counts within them.

    `calls` as `Workspace.calls`; `words` gives what was said where a call's fault was marked. Where two
    inspectors marked the same item at overlapping places of a call, the first handed in stands.
    """
    known = calls.with_columns(agent_key()).select(
        "call_id", "start", "agent", "team", "agent_no", "agent_name"
    )
    whose = {row["call_id"]: row for row in known.iter_rows(named=True)}
    rows = []
    kept: dict[tuple[str, str], list[Fault]] = {}
    done = (one for one in sheets if one.handed_in_at is not None and one.skipped is None)
    for sheet in sorted(done, key=lambda one: (one.call_id, str(one.handed_in_at), one.who)):
        call = whose.get(sheet.call_id)
        if call is None:
            continue
        for fault in sheet.faults:
            others = kept.setdefault((sheet.call_id, fault.item), [])
            if any(_overlap(fault, other) for other in others):
                continue
            others.append(fault)
            rows.append(_row(sheet, fault, call, words(sheet.call_id, fault)))
    frame = pl.DataFrame(rows, FAULT_REGISTER)
    counted = frame.sort("start", "call_id", "start_s", nulls_last=True).with_columns(
        times=pl.int_range(1, pl.len() + 1).over("agent", "item").cast(pl.Int64)
    )
    return counted.sort("call_id", "start_s").select(FAULT_REGISTER.names())


def _overlap(one: Fault, other: Fault) -> bool:
    return one.start_s <= other.end_s and other.start_s <= one.end_s


def _row(sheet: Sheet, fault: Fault, call: dict[str, Any], words: str | None) -> dict[str, Any]:
    assert sheet.handed_in_at is not None
    return {
        **{name: call[name] for name in ("start", "agent", "team", "agent_no", "agent_name")},
        "call_id": sheet.call_id,
        "item": fault.item,
        "severity": fault.severity,
        "start_s": fault.start_s,
        "end_s": fault.end_s,
        "words": words,
        "should_say": fault.should_say,
        "comment": fault.comment,
        "times": 0,
        "inspector": sheet.who,
        "at": sheet.handed_in_at.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None),
        "clip": None,
    }
