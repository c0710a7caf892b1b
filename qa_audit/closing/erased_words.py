"""Words that the database no longer has, taken out of months closed before words lay apart, with a record."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select

from qa_audit.closing.words_file import EVENTS_FILE, RULINGS_FILE, without_own_words
from qa_audit.sampling.freezing import named
from qa_audit.store import closing_schema
from qa_audit.store.database import reading, writing
from qa_audit.store.decision_rows import decisions, keep_decision, words_of
from qa_audit.store.dispute_schema import rulings
from qa_audit.store.moments import stored_moment
from qa_audit.store.proof_schema import audit_words
from qa_audit.store.salted import ERASED
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database


def erase_closed_words(database: Database, who: str, reason: str, *, now: datetime | None = None) -> int:
    """Delete in all closed months the words that were deleted in the database; how many there were.

    The files of a version are written anew without them; a chained record says what is left. May be done
    again after it was killed. Raises `QaError` `sampling.no_name`, those of `persons.check_writer`.
    """
    files, closings = closing_schema.closing_files, closing_schema.closings
    count = 0
    with reading(database) as connection:
        numbers = connection.execute(
            select(closings.c.closing_id).where(closings.c.kind == "close")
        ).scalars()
        wanted = list(numbers)
        uuids, ruling_ids = _erased(connection) if wanted else (set(), set())
    for closing_id in wanted if uuids or ruling_ids else ():
        with writing(database) as connection:
            own = files.c.closing_id == closing_id
            rows = connection.execute(select(files).where(own, files.c.name.in_((EVENTS_FILE, RULINGS_FILE))))
            held = {row.name: zlib.decompress(row.content) for row in rows}
            changed, told = without_own_words(held, uuids, ruling_ids)
            if not changed:
                continue
            row: dict[str, Any] = {"closing_id": closing_id, "files": told, "reason": reason.strip()}
            row |= {"who": named(who), "erased_at": stored_moment(now)}
            keep_decision(connection, closing_schema.closing_erasures, row)
            for name, content in changed.items():
                connection.execute(delete(files).where(own, files.c.name == name))
                kept = {"closing_id": closing_id, "name": name, "content": zlib.compress(content, 9)}
                connection.execute(insert(files).values(kept))
            count += sum(one["words"] for one in told.values())
    return count


def erased_in_months(connection: Connection) -> dict[int, dict[str, dict[str, Any]]]:
    """By number of the closing and name of the file: `sha256` of what is left, `words` deleted in all."""
    table = closing_schema.closing_erasures
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for row in connection.execute(select(table).order_by(table.c.closing_erasure_id)):
        own = found.setdefault(row.closing_id, {})
        for name, told in row.files.items():
            before = own.get(name, {"words": 0})["words"]
            own[name] = {"sha256": told["sha256"], "words": before + told["words"]}
    return found


def _erased(connection: Connection) -> tuple[set[str], set[int]]:
    """Events, by what they are known by, and rulings whose words were deleted."""
    there = exists().where(audit_words.c.event_id == audit_events.c.event_id)
    query = select(audit_events.c.uuid).where(audit_events.c.words_sha256.is_not(None), ~there)
    uuids = set(connection.execute(query).scalars())
    settled = connection.execute(decisions(rulings)).all()
    return uuids, {row.ruling_id for row in settled if words_of(rulings, row) == ERASED}
