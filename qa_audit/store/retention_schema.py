"""The tables of the housekeeping of recordings. Rows are only ever added. Times are UTC.

They name calls and files and refer to nothing that an import may change.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Integer, String, Table, Text

from qa_audit.store.schema import metadata

# A folder on another disk. Its mark lies in it as a file, so that an empty mount point is not taken for it.
archives = Table(
    "archives",
    metadata,
    Column("archive_id", Integer, primary_key=True),
    Column("path", Text, nullable=False, unique=True),
    Column("mark", String(32), nullable=False),
    Column("who", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

# What was done to which file; steps of one task share its `task` (`retention.journal`).
recording_events = Table(
    "recording_events",
    metadata,
    Column("recording_event_id", Integer, primary_key=True),
    Column("task", String(32), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    # Folder and path as in `recording_files`.
    Column("folder", Text, nullable=False),
    Column("path", Text, nullable=False),
    # Where a copy went; null for what is deleted or looked at.
    Column("to_folder", Text),
    # The calls that had this recording then.
    Column("call_ids", JSON, nullable=False),
    Column("reason", Text),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

# A call whose recording must stay, or need not any longer: the last row of a call holds.
hold_events = Table(
    "hold_events",
    metadata,
    Column("hold_event_id", Integer, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("kind", String(4), nullable=False),  # "add" or "lift"
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

Index("ix_recording_events_file", recording_events.c.folder, recording_events.c.path)
