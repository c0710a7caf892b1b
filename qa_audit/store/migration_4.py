"""Version 4: the tables of samples, as they were then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Float,
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


def sample_tables(connection: Connection) -> None:
    """Frames, draws, tickets, replacements and who hears what."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "seed_commitments",
        tables,
        Column("commitment_id", Integer, primary_key=True),
        Column("month", String(7), nullable=False, index=True),
        Column("who", Text, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("committed_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "sample_frames",
        tables,
        Column("frame_id", Integer, primary_key=True),
        Column("month", String(7), nullable=False, index=True),
        Column("sha256", String(64), nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("who", Text, nullable=False),
        Column("frozen_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "draws",
        tables,
        Column("draw_id", Integer, primary_key=True),
        Column("month", String(7), nullable=False, index=True),
        Column("kind", String(9), nullable=False),
        Column("frame_id", ForeignKey("sample_frames.frame_id")),
        Column("seed", String(64)),
        Column("nonces", JSON(none_as_null=True)),
        Column("instead_of", ForeignKey("draws.draw_id")),
        Column("reason", Text),
        Column("code_version", Text, nullable=False),
        Column("receipt", String(64), nullable=False),
        Column("who", Text, nullable=False),
        Column("drawn_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "tickets",
        tables,
        Column("draw_id", ForeignKey("draws.draw_id"), primary_key=True),
        Column("call_id", Text, primary_key=True),
        Column("agent", Text),
        Column("stratum", String(7)),
        Column("ticket", String(64)),
        Column("place", Integer),
        Column("stratum_calls", Integer),
        Column("stratum_drawn", Integer),
        Column("inclusion", Float),
    )
    Table(
        "replacements",
        tables,
        Column("replacement_id", Integer, primary_key=True),
        Column("draw_id", ForeignKey("draws.draw_id"), nullable=False, index=True),
        Column("call_id", Text, nullable=False),
        Column("reason", String(12), nullable=False),
        Column("replaced_by", Text),
        Column("who", Text, nullable=False),
        Column("replaced_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "hand_outs",
        tables,
        Column("hand_out_id", Integer, primary_key=True),
        Column("draw_id", ForeignKey("draws.draw_id"), nullable=False, index=True),
        Column("inspectors", JSON, nullable=False),
        Column("twice", Text, nullable=False),
        Column("common", Integer, nullable=False),
        Column("after_replacement", Integer, nullable=False),
        Column("who", Text, nullable=False),
        Column("handed_out_at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "assignments",
        tables,
        Column("hand_out_id", ForeignKey("hand_outs.hand_out_id"), primary_key=True),
        Column("inspector", Text, primary_key=True),
        Column("call_id", Text, primary_key=True),
        Column("place", Integer, nullable=False),
        Column("purpose", String(6), nullable=False),
    )
    Table(
        "draw_locks",
        tables,
        Column("draw_id", ForeignKey("draws.draw_id"), primary_key=True),
        Column("hand_out_id", ForeignKey("hand_outs.hand_out_id"), nullable=False),
        Column("receipt", String(64), nullable=False),
        Column("who", Text, nullable=False),
        Column("locked_at", DateTime, nullable=False),
    )
    tables.create_all(connection)
