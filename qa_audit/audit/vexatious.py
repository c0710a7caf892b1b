"""The list of vexatious callers (恶意投诉名单): who put a number on it, when and why, and who took it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa_audit.audit.actions import checked_text
from qa_audit.audit.events import checked_name
from qa_audit.messages import QaError
from qa_audit.store.database import exclusive, reading, writing
from qa_audit.store.decision_rows import decisions, keep_decision, words_of
from qa_audit.store.dispute_schema import vexatious_events as table
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_reader
from qa_audit.store.salted import ERASED

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

_LISTING = 7141008  # any number that is the same in every process


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry: a number put on the list, or taken off."""

    event_id: int
    customer_no: str
    listed: bool
    who: str
    reason: str
    at: datetime
    """UTC."""


def put_on_list(
    database: Database, customer_no: str, *, who: str, reason: str, now: datetime | None = None
) -> Listing:
    """Put a caller's number on the list.

    Raises `QaError`: `audit.no_name`, `audit.bad_text`, `vexatious.listed_already`.
    """
    return _enter(database, customer_no, who, reason, listed=True, now=now)


def take_off_list(
    database: Database, customer_no: str, *, who: str, reason: str, now: datetime | None = None
) -> Listing:
    """Take a number off the list again.

    Raises `QaError`: `audit.no_name`, `audit.bad_text`, `vexatious.not_listed`.
    """
    return _enter(database, customer_no, who, reason, listed=False, now=now)


def vexatious_callers(database: Database) -> list[Listing]:
    """Numbers on the list now, with the entry that put them there."""
    latest = {one.customer_no: one for one in listings(database)}
    return [one for _, one in sorted(latest.items()) if one.listed]


def listings(database: Database) -> list[Listing]:
    """Every entry ever made, in order. Raises `QaError` as `persons.check_reader`."""
    with reading(database) as connection:
        check_reader(connection, table)
        return _read(connection)


def _enter(
    database: Database, customer_no: str, who: str, reason: str, *, listed: bool, now: datetime | None
) -> Listing:
    number = checked_text("customer_no", customer_no)
    who, reason, at = checked_name(who), checked_text("reason", reason), now or datetime.now(UTC)
    with writing(database) as connection:
        exclusive(connection, _LISTING)
        before = {entry.customer_no: entry for entry in _read(connection)}.get(number)
        if listed and before is not None and before.listed:
            raise QaError("vexatious.listed_already", number=number, who=before.who, reason=before.reason)
        if not listed and (before is None or not before.listed):
            raise QaError("vexatious.not_listed", number=number)
        row = {"customer_no": number, "listed": listed, "who": who, "reason": reason}
        event_id = keep_decision(connection, table, row | {"at": stored_moment(at)})
    return Listing(event_id, number, listed, who, reason, at)


def _read(connection: Connection) -> list[Listing]:
    """In order; what was deleted is listed nowhere."""
    found = connection.execute(decisions(table).order_by(table.c.event_id)).all()
    made = [
        Listing(
            row.event_id,
            words_of(table, row, "customer_no"),
            row.listed,
            row.who,
            words_of(table, row),
            row.at.replace(tzinfo=UTC),
        )
        for row in found
    ]
    return [one for one in made if one.customer_no != ERASED]
