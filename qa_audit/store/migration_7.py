"""Version 7: what people wrote lies apart, and all events are chained by hash, the old ones in their order.

For events that were there before, the chain proves that nothing was changed since this step, no more.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    text,
    update,
)

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_WORDS = {"comment": ("text",), "text": ("text",), "fault": ("should_say", "comment")}


def chained_events(connection: Connection) -> None:
    """Words, erasures and the chain; the events that are there become its first links."""
    connection.execute(text("ALTER TABLE audit_events ADD COLUMN words_sha256 VARCHAR(64)"))
    tables = MetaData(naming_convention=metadata.naming_convention)
    events = Table(
        "audit_events",
        tables,
        Column("event_id", Integer, primary_key=True),
        Column("uuid", String(32)),
        Column("at", DateTime),
        Column("who", Text),
        Column("call_id", Text),
        Column("ticket", Text),
        Column("kind", String(16)),
        Column("payload", JSON),
        Column("blind", Boolean),
        Column("rubric_sha256", String(64)),
        Column("rubric_version", Text),
        Column("transcript_sha256", String(64)),
        Column("words_sha256", String(64)),
    )
    words_table = Table(
        "audit_words",
        tables,
        Column("event_id", ForeignKey("audit_events.event_id"), primary_key=True),
        Column("salt", String(32), nullable=False),
        Column("words", JSON, nullable=False),
    )
    erasures = Table(
        "erasures",
        tables,
        Column("erasure_id", Integer, primary_key=True),
        Column("erased_at", DateTime, nullable=False),
        Column("who", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("event_ids", JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    chain = Table(
        "chain",
        tables,
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("source", String(32), nullable=False),
        Column("row_id", Integer, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("head", String(64), nullable=False),
        UniqueConstraint("source", "row_id"),
    )
    for table in (words_table, erasures, chain):
        table.create(connection)
    head = hashlib.sha256(b"qa-audit chain 1").hexdigest()
    for place, row in enumerate(connection.execute(select(events).order_by(events.c.event_id)).all(), 1):
        payload, words = _parted(row.payload)
        words_sha256 = None
        if words:
            salt = secrets.token_hex(16)
            words_sha256 = _digest({"salt": salt, "words": words})
            connection.execute(insert(words_table).values(event_id=row.event_id, salt=salt, words=words))
            changed = {"payload": payload, "words_sha256": words_sha256}
            connection.execute(update(events).where(events.c.event_id == row.event_id).values(changed))
        digest = _digest(_values(row) | {"payload": payload, "words_sha256": words_sha256})
        linked = f"{head}\n{place}\naudit_events\n{row.event_id}\n{digest}"
        head = hashlib.sha256(linked.encode()).hexdigest()
        link = {"place": place, "source": "audit_events", "row_id": row.event_id}
        connection.execute(insert(chain).values(**link, digest=digest, head=head))


def _parted(payload: Any) -> tuple[Any, dict[str, str]]:
    kind = payload.get("kind") if isinstance(payload, dict) else None
    words = {name: payload[name] for name in _WORDS.get(str(kind), ()) if payload.get(name)}
    return ({**payload, **dict.fromkeys(words)}, words) if words else (payload, {})


def _values(row: Row) -> dict[str, Any]:
    return dict(row._mapping) | {"at": row.at.isoformat(timespec="microseconds")}


def _digest(values: dict[str, Any]) -> str:
    packed = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(packed.encode("ascii")).hexdigest()
