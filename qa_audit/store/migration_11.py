"""Version 11: who may do what, as it was then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, Text

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def role_tables(connection: Connection) -> None:
    """Roles given and taken."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "role_events",
        tables,
        Column("role_event_id", Integer, primary_key=True),
        Column("kind", String(6), nullable=False),
        Column("login", Text, nullable=False, index=True),
        Column("name", Text, nullable=False),
        Column("role", String(11), nullable=False),
        Column("agent", Text),
        Column("reason", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
