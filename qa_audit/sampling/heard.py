"""Calls that somebody has judged: such a call stays in the sample, whatever its verdict is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from qa_audit.store.database import rows_in
from qa_audit.store.persons import person_in
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

_HANDED_IN = select(audit_events.c.call_id, audit_events.c.at).where(audit_events.c.kind == "hand_in")


def is_heard(connection: Connection, call_id: str, inspectors: Iterable[str]) -> bool:
    """Whether somebody handed the call in; `inspectors` are those to whom it may have been given.

    On PostgreSQL, where people do not see the events of all, the server is asked about `inspectors` alone.
    """
    if connection.execute(_HANDED_IN.where(audit_events.c.call_id == call_id)).first() is not None:
        return True
    asked = [func.qa_handed_in(call_id, name) for name in inspectors]
    if not asked or connection.dialect.name != "postgresql" or person_in(connection) is None:
        return False
    return bool(connection.execute(select(or_(*asked))).scalar())


def first_heard(connection: Connection, call_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these calls was handed in first (UTC), as far as whoever asks may see; the others lack."""
    rows = rows_in(connection, _HANDED_IN, audit_events.c.call_id, set(call_ids))
    return {row.call_id: row.at for row in sorted(rows, key=lambda row: row.at, reverse=True)}
