"""The tables of samples. Rows are only ever added.

What `sampling.verify` checks, it computes from these tables alone; so they name calls and hold what was known
of them then, and refer to nothing that an import may change. Times are UTC.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from qa_audit.store.schema import metadata

# A hash of words that a person keeps to themselves until a frame is frozen.
seed_commitments = Table(
    "seed_commitments",
    metadata,
    Column("commitment_id", Integer, primary_key=True),
    Column("month", String(7), nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("committed_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

sample_frames = Table(
    "sample_frames",
    metadata,
    Column("frame_id", Integer, primary_key=True),
    Column("month", String(7), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    # The frame's text, compressed (zlib).
    Column("content", LargeBinary, nullable=False),
    Column("who", Text, nullable=False),
    Column("frozen_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

draws = Table(
    "draws",
    metadata,
    Column("draw_id", Integer, primary_key=True),
    Column("month", String(7), nullable=False, index=True),
    # "random", or "coaching", "complaint", "appeal": calls of choice, which never enter a score.
    Column("kind", String(9), nullable=False),
    # Frame, seed and nonces ([{commitment_id, who, words}]) of a random draw, else null.
    Column("frame_id", ForeignKey("sample_frames.frame_id")),
    Column("seed", String(64)),
    Column("nonces", JSON(none_as_null=True)),
    # A random draw that this one is made instead of, and why; why calls were chosen.
    Column("instead_of", ForeignKey("draws.draw_id")),
    Column("reason", Text),
    Column("code_version", Text, nullable=False),
    Column("receipt", String(64), nullable=False),
    Column("who", Text, nullable=False),
    Column("drawn_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

# The calls that were drawn, those that replaced others, and those of choice (all null from `stratum` on).
tickets = Table(
    "tickets",
    metadata,
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

replacements = Table(
    "replacements",
    metadata,
    Column("replacement_id", Integer, primary_key=True),
    Column("draw_id", ForeignKey("draws.draw_id"), nullable=False, index=True),
    Column("call_id", Text, nullable=False),
    Column("reason", String(12), nullable=False),
    # Null when the stratum had no call left.
    Column("replaced_by", Text),
    Column("who", Text, nullable=False),
    Column("replaced_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

hand_outs = Table(
    "hand_outs",
    metadata,
    Column("hand_out_id", Integer, primary_key=True),
    Column("draw_id", ForeignKey("draws.draw_id"), nullable=False, index=True),
    Column("inspectors", JSON, nullable=False),
    Column("twice", Text, nullable=False),
    Column("common", Integer, nullable=False),
    # The last replacement that it knew of; 0 for none.
    Column("after_replacement", Integer, nullable=False),
    Column("who", Text, nullable=False),
    Column("handed_out_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

assignments = Table(
    "assignments",
    metadata,
    Column("hand_out_id", ForeignKey("hand_outs.hand_out_id"), primary_key=True),
    Column("inspector", Text, primary_key=True),
    Column("call_id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("purpose", String(6), nullable=False),
)

# From then on calls change by replacement only.
draw_locks = Table(
    "draw_locks",
    metadata,
    Column("draw_id", ForeignKey("draws.draw_id"), primary_key=True),
    Column("hand_out_id", ForeignKey("hand_outs.hand_out_id"), nullable=False),
    Column("receipt", String(64), nullable=False),
    Column("who", Text, nullable=False),
    Column("locked_at", DateTime, nullable=False),
)
