"""Version 9: appeals, complaints, months and recordings are chained too, what is there in its order.

For rows that were there before, the chain proves that nothing was changed since this step, no more.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.types import TypeEngine

_TYPES: dict[str, type[TypeEngine[Any]]] = {
    **dict.fromkeys(
        ("filed_at", "file_by", "reply_by", "decide_by", "at", "ruled_at", "opened_at"), DateTime
    ),
    **dict.fromkeys(("first_inspectors", "scores", "by", "evidence", "call_ids"), JSON),
    **dict.fromkeys(("critical", "listed", "agreed"), Boolean),
    **dict.fromkeys(("at_s", "points"), Float),
    **dict.fromkeys(("appeal_id", "complaint_id", "version"), Integer),
    "size_bytes": BigInteger,
}
"""Types of columns that are not text, as they were then."""

_TABLES = {
    "appeals": "appeal_id call_id item at_s text who filed_at first_inspectors file_by reply_by decide_by",
    "appeal_steps": "step_id appeal_id kind who at at_s text outcome scores",
    "rulings": "ruling_id call_id item source appeal_id verdict points critical by reason ruled_at "
    "rubric_sha256 rubric_version",
    "complaints": "complaint_id customer_no text who opened_at",
    "complaint_steps": "step_id complaint_id kind who at text call_id at_s outcome evidence",
    "vexatious_events": "event_id customer_no listed who reason at",
    "confirmations": "confirmation_id month agent agreed figure note who at",
    "closings": "closing_id month version kind reason receipt code_version who at",
    "recording_events": "recording_event_id task kind sha256 size_bytes folder path to_folder call_ids "
    "reason who at",
    "hold_events": "hold_event_id call_id kind reason who at",
}
"""Tables with the columns that are chained, the row's number first."""


def chained_decisions(connection: Connection) -> None:
    """Chain what these tables hold, table by table in the order of their rows, after the last link."""
    tables = MetaData()
    chain = Table(
        "chain",
        tables,
        Column("place", Integer, primary_key=True, autoincrement=False),
        *(Column(name, String(64)) for name in ("source", "digest", "head")),
        Column("row_id", Integer),
    )
    last = connection.execute(select(chain).order_by(chain.c.place.desc()).limit(1)).one_or_none()
    place = 0 if last is None else last.place
    head = hashlib.sha256(b"qa-audit chain 1").hexdigest() if last is None else last.head
    for name, columns in _TABLES.items():
        number, *others = columns.split()
        made = (Column(one, _TYPES.get(one, Text)()) for one in others)
        table = Table(name, tables, Column(number, Integer, primary_key=True), *made)
        for row in connection.execute(select(table).order_by(table.c[number])).all():
            place += 1
            digest = _digest(dict(row._mapping))
            head = hashlib.sha256(f"{head}\n{place}\n{name}\n{row[0]}\n{digest}".encode()).hexdigest()
            link = {"place": place, "source": name, "row_id": row[0], "digest": digest, "head": head}
            connection.execute(insert(chain).values(link))


def _digest(values: dict[str, Any]) -> str:
    plain = {
        name: value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    packed = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(packed.encode("ascii")).hexdigest()
