"""When calls were handed in: which on some days, and when last."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from qa_audit.audit.actions import HandIn
from qa_audit.store.database import reading
from qa_audit.store.moments import stored_moment
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database


def handed_in_between(database: Database, first: datetime, until: datetime) -> list[str]:
    """Ids of calls that somebody handed in from `first` to before `until` (UTC), in order."""
    table = audit_events.c
    query = (
        select(table.call_id)
        .where(table.kind == HandIn.kind, table.at >= stored_moment(first), table.at < stored_moment(until))
        .distinct()
    )
    with reading(database) as connection:
        return sorted(connection.execute(query).scalars())


def latest_hand_in(database: Database) -> datetime | None:
    """The time (UTC) of the latest call handed in; None where there is none."""
    query = select(func.max(audit_events.c.at)).where(audit_events.c.kind == HandIn.kind)
    with reading(database) as connection:
        found = connection.execute(query).scalar()
    return None if found is None else found.replace(tzinfo=UTC)
