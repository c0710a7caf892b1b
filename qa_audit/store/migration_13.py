"""Version 13: numbers of customers apart in the list of vexatious callers, words deleted in closed months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Integer, MetaData, Table, Text, inspect, text

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def closed_words_deletable(connection: Connection) -> None:
    """Make the new table, and a column for the digest of what lies apart."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table("closings", tables, Column("closing_id", Integer, primary_key=True))
    Table(
        "closing_erasures",
        tables,
        Column("closing_erasure_id", Integer, primary_key=True),
        Column("closing_id", ForeignKey("closings.closing_id"), nullable=False, index=True),
        Column("files", JSON, nullable=False),
        Column("reason", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("erased_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
    if all(one["name"] != "words_sha256" for one in inspect(connection).get_columns("vexatious_events")):
        connection.execute(text("ALTER TABLE vexatious_events ADD COLUMN words_sha256 VARCHAR(64)"))
