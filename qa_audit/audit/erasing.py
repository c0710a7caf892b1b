"""Deleting what people wrote, with a record of it: the words go, the verdicts and the chain stay."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from qa_audit.audit.events import checked_name
from qa_audit.messages import QaError
from qa_audit.store.chain import add_link, lock_chain, row_digest
from qa_audit.store.database import insert_one, rows_in, writing
from qa_audit.store.decision_rows import erase_in
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer
from qa_audit.store.proof_schema import audit_words, decision_erasures, erasures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine as Database
    from sqlalchemy import Table

_CHAINED = ("erasure_id", "erased_at", "who", "reason", "event_ids")
_DECISIONS_CHAINED = ("decision_erasure_id", "erased_at", "who", "reason", "erased")
_AT_ONCE = 500


def erase_words(
    database: Database, event_ids: Iterable[int], who: str, reason: str, *, now: datetime | None = None
) -> int:
    """Delete the words of these events for good; how many had any.

    SQLite overwrites them in the database; copies in backups stay until those are deleted. `now` is UTC, the
    machine's clock unless given. Raises `QaError`: `audit.no_name`, `proof.no_reason`.
    """
    who, reason, at = _told(who, reason, now)
    with writing(database) as connection:
        check_writer(connection, erasures, who)
        lock_chain(connection)
        own = audit_words.c.event_id
        found = sorted(row.event_id for row in rows_in(connection, select(own), own, set(event_ids)))
        if not found:
            return 0
        for start in range(0, len(found), _AT_ONCE):
            connection.execute(delete(audit_words).where(own.in_(found[start : start + _AT_ONCE])))
        values = {"erased_at": at, "who": who, "reason": reason, "event_ids": found}
        (number,) = connection.execute(insert(erasures).values(values)).inserted_primary_key or (0,)
        add_link(connection, erasures.name, number, erasure_digest({"erasure_id": number, **values}))
    return len(found)


def erase_decision_words(
    database: Database,
    rows: Iterable[tuple[Table, int]],
    who: str,
    reason: str,
    *,
    now: datetime | None = None,
) -> int:
    """Delete what people wrote in appeals, rulings, complaints, praise, notes of coaching and the list of
    vexatious callers, and the customers' numbers in them: by table (of `WORDS` or `UNCHAINED_WORDS`) and row
    number.

    How many there are; those deleted before count for nothing. Outcomes, dates and names stay. Of words from
    before version 10 and numbers from before 13 the chain keeps a digest without salt. Raises `QaError` as
    `erase_words`, and `proof.owner_erases`.
    """
    who, reason, at = _told(who, reason, now)
    with writing(database) as connection:
        check_writer(connection, decision_erasures, who)
        lock_chain(connection)
        wanted = {(table.name, number): table for table, number in rows}
        erased = []
        for name, number in sorted(wanted):
            some, left = erase_in(connection, wanted[name, number], number)
            if some:
                erased.append([name, number, left])
        if not erased:
            return 0
        values = {"erased_at": at, "who": who, "reason": reason, "erased": erased}
        own = insert_one(connection, insert(decision_erasures).values(values))
        digest = decision_erasure_digest({"decision_erasure_id": own, **values})
        add_link(connection, decision_erasures.name, own, digest)
    return len(erased)


def erasure_digest(row: Mapping[str, Any]) -> str:
    """What the chain holds of a row of `erasures`."""
    at = row["erased_at"].isoformat(timespec="microseconds")
    return row_digest({name: row[name] for name in _CHAINED} | {"erased_at": at})


def decision_erasure_digest(row: Mapping[str, Any]) -> str:
    """What the chain holds of a row of `decision_erasures`."""
    at = row["erased_at"].isoformat(timespec="microseconds")
    return row_digest({name: row[name] for name in _DECISIONS_CHAINED} | {"erased_at": at})


def _told(who: str, reason: str, now: datetime | None) -> tuple[str, str, datetime]:
    reason = " ".join(reason.split())
    if not reason:
        raise QaError("proof.no_reason")
    return checked_name(who), reason, stored_moment(now)
