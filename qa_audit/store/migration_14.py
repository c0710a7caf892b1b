"""Version 14: which standards calls were scored by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, Text

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def rubric_use_tables(connection: Connection) -> None:
    """Standards in use, with their texts."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "rubric_uses",
        tables,
        Column("rubric_use_id", Integer, primary_key=True),
        Column("occasion", String(8), nullable=False),
        Column("rubric", Text, nullable=False),
        Column("rubric_version", Text, nullable=False),
        Column("rubric_sha256", String(64), nullable=False),
        Column("rubric_key", String(64), nullable=False),
        Column("detector", Text, nullable=False),
        Column("program_rules", Integer, nullable=False),
        Column("text", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
