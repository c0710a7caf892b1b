"""The table of what rules may do. Rows are only added; the last of an item and its rule holds. Times are UTC."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, Integer, String, Table, Text

from qa_audit.store.schema import metadata

rule_status_events = Table(
    "rule_status_events",
    metadata,
    Column("rule_status_event_id", Integer, primary_key=True),
    Column("item", Text, nullable=False, index=True),
    # Hash of what decides the item's verdicts (`scoring.rule_hash`): another rule starts anew.
    Column("rule_sha256", String(64), nullable=False),
    Column("rubric", Text, nullable=False),
    Column("rubric_version", Text, nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    Column("before", String(9), nullable=False),  # "automatic", "assisted" or "manual"
    Column("status", String(9), nullable=False),
    # Decided by a person although the figures did not say so.
    Column("overridden", Boolean, nullable=False),
    # What audited calls told of the rule then, with the thresholds (`estimation.rule_proposal`).
    Column("figures", JSON, nullable=False),
    # The first month, as "2026-12", whose machine scores go by it.
    Column("from_month", String(7), nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)
