"""Version 6: the tables of what people decide after the audit, as they were then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection


def dispute_tables(connection: Connection) -> None:
    """Appeals, rulings, clips of faults, coaching, praise, complaints and vexatious callers."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "appeals",
        tables,
        Column("appeal_id", Integer, primary_key=True),
        Column("call_id", Text, nullable=False, index=True),
        Column("item", Text, nullable=False),
        Column("at_s", Float),
        Column("text", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("filed_at", DateTime, nullable=False),
        Column("first_inspectors", JSON, nullable=False),
        Column("file_by", DateTime),
        Column("reply_by", DateTime, nullable=False),
        Column("decide_by", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "appeal_steps",
        tables,
        Column("step_id", Integer, primary_key=True),
        Column("appeal_id", ForeignKey("appeals.appeal_id"), nullable=False, index=True),
        Column("kind", String(10), nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("at_s", Float),
        Column("text", Text, nullable=False),
        Column("outcome", String(10)),
        Column("scores", JSON(none_as_null=True)),
        sqlite_autoincrement=True,
    )
    Table(
        "rulings",
        tables,
        Column("ruling_id", Integer, primary_key=True),
        Column("call_id", Text, nullable=False, index=True),
        Column("item", Text, nullable=False),
        Column("source", String(12), nullable=False),
        Column("appeal_id", ForeignKey("appeals.appeal_id")),
        Column("verdict", String(14), nullable=False),
        Column("points", Float),
        Column("critical", Boolean),
        Column("by", JSON, nullable=False),
        Column("reason", Text, nullable=False),
        Column("ruled_at", DateTime, nullable=False),
        Column("rubric_sha256", String(64), nullable=False),
        Column("rubric_version", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "fault_clips",
        tables,
        Column("clip_id", Integer, primary_key=True),
        Column("fault", String(32), nullable=False, index=True),
        Column("call_id", Text, nullable=False),
        Column("start_s", Float, nullable=False),
        Column("end_s", Float, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("kept_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "coachings",
        tables,
        Column("coaching_id", Integer, primary_key=True),
        Column("agent", Text, nullable=False, index=True),
        Column("items", JSON, nullable=False),
        Column("text", Text, nullable=False),
        Column("coached_at", DateTime, nullable=False),
        Column("who", Text, nullable=False),
        Column("noted_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "praises",
        tables,
        Column("praise_id", Integer, primary_key=True),
        Column("call_id", Text, nullable=False, index=True),
        Column("at_s", Float),
        Column("text", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("praised_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "complaints",
        tables,
        Column("complaint_id", Integer, primary_key=True),
        Column("customer_no", Text),
        Column("text", Text, nullable=False),
        Column("who", Text, nullable=False),
        Column("opened_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "complaint_steps",
        tables,
        Column("step_id", Integer, primary_key=True),
        Column("complaint_id", ForeignKey("complaints.complaint_id"), nullable=False, index=True),
        Column("kind", String(10), nullable=False),
        Column("who", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("text", Text, nullable=False),
        Column("call_id", Text),
        Column("at_s", Float),
        Column("outcome", String(12)),
        Column("evidence", JSON(none_as_null=True)),
        sqlite_autoincrement=True,
    )
    Table(
        "vexatious_events",
        tables,
        Column("event_id", Integer, primary_key=True),
        Column("customer_no", Text, nullable=False, index=True),
        Column("listed", Boolean, nullable=False),
        Column("who", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
