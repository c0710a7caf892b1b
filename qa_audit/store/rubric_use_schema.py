"""The table of the standards that calls were scored by: rows only added, the last one holds, times in UTC."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, String, Table, Text

from qa_audit.store.schema import metadata

rubric_uses = Table(
    "rubric_uses",
    metadata,
    Column("rubric_use_id", Integer, primary_key=True),
    Column("occasion", String(8), nullable=False),  # "scored" or "accepted"
    Column("rubric", Text, nullable=False),
    Column("rubric_version", Text, nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    # What findings depend on: the file and the detectors (`Rubric.key`).
    Column("rubric_key", String(64), nullable=False),
    # Version of the workspace's own detector, or "built-in".
    Column("detector", Text, nullable=False),
    # Of the program's own rules (`scoring.frames`): the same rubric may judge otherwise in another version.
    Column("program_rules", Integer, nullable=False),
    # The file, word for word.
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)
