"""Version 12: what rules may do, as it was then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, Boolean, Column, DateTime, Integer, MetaData, String, Table, Text

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def rule_status_tables(connection: Connection) -> None:
    """Rules promoted and demoted."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "rule_status_events",
        tables,
        Column("rule_status_event_id", Integer, primary_key=True),
        Column("item", Text, nullable=False, index=True),
        Column("rule_sha256", String(64), nullable=False),
        Column("rubric", Text, nullable=False),
        Column("rubric_version", Text, nullable=False),
        Column("rubric_sha256", String(64), nullable=False),
        Column("before", String(9), nullable=False),
        Column("status", String(9), nullable=False),
        Column("overridden", Boolean, nullable=False),
        Column("figures", JSON, nullable=False),
        Column("from_month", String(7), nullable=False),
        Column("reason", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
