"""Appeals that don't name everybody who had failed the item first: these might judge in their own case."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from qa_audit.audit.events import events_in
from qa_audit.audit.sheet import sheets
from qa_audit.store.dispute_schema import appeals
from qa_audit.store.proof_schema import chain
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


class LeftOut(NamedTuple):
    """An inspector who failed an item before it was appealed, and whom the appeal does not name."""

    appeal_id: int
    call_id: str
    item: str
    inspector: str


def failed_first(connection: Connection, call_id: str, item: str, *, before: int | None = None) -> list[str]:
    """Inspectors who failed the item when they handed the call in, by events before link `before`."""
    events = events_in(connection, call_id)
    if before is not None:
        links = select(audit_events.c.uuid).join(chain, chain.c.row_id == audit_events.c.event_id)
        known = links.where(chain.c.source == audit_events.name, chain.c.place < before)
        earlier = set(connection.execute(known.where(audit_events.c.call_id == call_id)).scalars())
        events = [one for one in events if one.uuid in earlier]
    return [one.who for one in sheets(events).values() if one.first_verdicts.get(item) == "fail"]


def left_out(connection: Connection) -> Iterator[LeftOut]:
    """All such, in the order in which appeals were filed."""
    query = select(appeals, chain.c.place).join(
        chain, (chain.c.source == appeals.name) & (chain.c.row_id == appeals.c.appeal_id)
    )
    for row in connection.execute(query.order_by(appeals.c.appeal_id)).all():
        for who in failed_first(connection, row.call_id, row.item, before=row.place):
            if who not in row.first_inspectors:
                yield LeftOut(row.appeal_id, row.call_id, row.item, who)
