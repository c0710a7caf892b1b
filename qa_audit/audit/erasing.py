"""Deleting what people wrote, with a record of it: the words go, the verdicts and the chain stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from qa_audit.audit.events import checked_name
from qa_audit.messages import QaError
from qa_audit.store.chain import add_link, lock_chain, row_digest
from qa_audit.store.database import rows_in, writing
from qa_audit.store.persons import check_writer
from qa_audit.store.proof_schema import audit_words, erasures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Engine as Database

_CHAINED = ("erasure_id", "erased_at", "who", "reason", "event_ids")
_AT_ONCE = 500


def erase_words(
    database: Database, event_ids: Iterable[int], who: str, reason: str, *, now: datetime | None = None
) -> int:
    """Delete the words of these events for good; how many had any.

    SQLite overwrites them in the database; copies in backups stay until those are deleted. `now` is UTC, the
    machine's clock unless given. Raises `QaError`: `audit.no_name`, `proof.no_reason`.
    """
    who, reason = checked_name(who), " ".join(reason.split())
    if not reason:
        raise QaError("proof.no_reason")
    at = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
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


def erasure_digest(row: Mapping[str, Any]) -> str:
    """What the chain holds of a row of `erasures`."""
    at = row["erased_at"].isoformat(timespec="microseconds")
    return row_digest({name: row[name] for name in _CHAINED} | {"erased_at": at})
