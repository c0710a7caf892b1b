"""Version 5: the tables of closed months, as they were then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def closing_tables(connection: Connection) -> None:
    """Who agreed to which figure; months closed and reopened; their files."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "confirmations",
        tables,
        Column("confirmation_id", Integer, primary_key=True),
        Column("month", String(7), nullable=False, index=True),
        Column("agent", Text, nullable=False),
        Column("agreed", Boolean, nullable=False),
        Column("figure", Text, nullable=False),
        Column("note", Text),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "closings",
        tables,
        Column("closing_id", Integer, primary_key=True),
        Column("month", String(7), nullable=False, index=True),
        Column("version", Integer, nullable=False),
        Column("kind", String(6), nullable=False),
        Column("reason", Text),
        Column("receipt", String(64)),
        Column("code_version", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "closing_files",
        tables,
        Column("closing_id", ForeignKey("closings.closing_id"), primary_key=True),
        Column("name", String(200), primary_key=True),
        Column("content", LargeBinary, nullable=False),
    )
    tables.create_all(connection)
