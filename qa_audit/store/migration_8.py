"""Version 8: the tables of the housekeeping of recordings, as they were then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Integer, MetaData, String, Table, Text

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def retention_tables(connection: Connection) -> None:
    """Archives, what was done to which file, and calls whose recording must stay."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "archives",
        tables,
        Column("archive_id", Integer, primary_key=True),
        Column("path", Text, nullable=False, unique=True),
        Column("mark", String(32), nullable=False),
        Column("who", Text, nullable=False),
        Column("made_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    events = Table(
        "recording_events",
        tables,
        Column("recording_event_id", Integer, primary_key=True),
        Column("task", String(32), nullable=False, index=True),
        Column("kind", String(8), nullable=False),
        Column("sha256", String(64), nullable=False, index=True),
        Column("size_bytes", BigInteger, nullable=False),
        Column("folder", Text, nullable=False),
        Column("path", Text, nullable=False),
        Column("to_folder", Text),
        Column("call_ids", JSON, nullable=False),
        Column("reason", Text),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Index("ix_recording_events_file", events.c.folder, events.c.path)
    Table(
        "hold_events",
        tables,
        Column("hold_event_id", Integer, primary_key=True),
        Column("call_id", Text, nullable=False, index=True),
        Column("kind", String(4), nullable=False),
        Column("reason", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
