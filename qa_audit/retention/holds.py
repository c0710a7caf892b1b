"""Calls whose recording must stay whatever its age (封存): put on hold and lifted with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import func, select

from qa_audit.audit.events import checked_name
from qa_audit.messages import QaError
from qa_audit.store import schema
from qa_audit.store.database import exclusive, reading, rows_in, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.moments import stored_moment
from qa_audit.store.retention_schema import hold_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select
    from sqlalchemy import Engine as Database

HOLDS = pl.Schema(
    {"call_id": pl.String(), "reason": pl.String(), "who": pl.String(), "at": pl.Datetime("us")}
)
"""Columns of `holds_frame`; `at` is UTC."""

_LOCK = 7141005  # any number that is the same in every process


def add_hold(database: Database, call_ids: Sequence[str], who: str, reason: str) -> int:
    """Put calls on hold; how many were not on hold before. All or none.

    Raises `QaError`: `hold.no_calls`, `hold.no_reason`, `audit.no_name`, `workspace.unknown_call`.
    """
    return _append(database, "add", call_ids, who, reason)


def lift_hold(database: Database, call_ids: Sequence[str], who: str, reason: str) -> int:
    """Lift the hold of calls; how many there were.

    Raises `QaError` as `add_hold`, and `hold.not_held` for a call that is not on hold.
    """
    return _append(database, "lift", call_ids, who, reason)


def holds_frame(database: Database) -> pl.DataFrame:
    """Calls that are on hold now (`HOLDS`), by call id, with who put them there, when and why."""
    with reading(database) as connection:
        rows = [tuple(row) for row in connection.execute(_held())]
    return pl.DataFrame(rows, HOLDS, orient="row").sort("call_id")


def _held() -> Select:
    table = hold_events.c
    last = select(func.max(table.hold_event_id)).group_by(table.call_id)
    return select(*(table[name] for name in HOLDS)).where(table.hold_event_id.in_(last), table.kind == "add")


def _append(database: Database, kind: str, call_ids: Sequence[str], who: str, reason: str) -> int:
    who, reason, wanted = checked_name(who), reason.strip(), list(dict.fromkeys(call_ids))
    if not wanted:
        raise QaError("hold.no_calls")
    if not reason:
        raise QaError("hold.no_reason")
    with writing(database) as connection:
        exclusive(connection, _LOCK)
        held = {row.call_id for row in connection.execute(_held())}
        _check(connection, kind, wanted, held)
        changed = [one for one in wanted if (one in held) == (kind == "lift")]
        at = stored_moment()
        for one in changed:
            row = {"call_id": one, "kind": kind, "reason": reason, "who": who, "at": at}
            keep_decision(connection, hold_events, row)
    return len(changed)


def _check(connection: Connection, kind: str, wanted: Sequence[str], held: set[str]) -> None:
    # A call that left the list may still be on hold, and be freed.
    doubtful = wanted if kind == "add" else [one for one in wanted if one not in held]
    call_id = schema.calls.c.call_id
    known = {row.call_id for row in rows_in(connection, select(call_id), call_id, doubtful)}
    strange = next((one for one in doubtful if one not in known), None)
    if strange is not None:
        raise QaError("workspace.unknown_call", call_id=strange)
    if kind == "lift" and doubtful:
        raise QaError("hold.not_held", call_id=doubtful[0])
