"""The table of who may do what. Rows are only added; the last of a login and role holds. Times are UTC."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, String, Table, Text

from qa_audit.store.schema import metadata

role_events = Table(
    "role_events",
    metadata,
    Column("role_event_id", Integer, primary_key=True),
    Column("kind", String(6), nullable=False),  # "grant" or "revoke"
    # How the operating system, JupyterHub and PostgreSQL know this person.
    Column("login", Text, nullable=False, index=True),
    # How verdicts name this person.
    Column("name", Text, nullable=False),
    Column("role", String(11), nullable=False),
    # Number of the person who takes calls; their own calls are known by it.
    Column("agent", Text),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)
