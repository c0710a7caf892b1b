"""The tables of the proof that nothing was changed afterwards: `store.chain` makes the links.

Rows are only ever added, but for those of `audit_words` and `decision_words`, which may be deleted: the chain
holds salted digests of them and stays whole.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from qa_audit.store.schema import metadata

# What people wrote in an event: comments, what should have been said, corrected words.
audit_words = Table(
    "audit_words",
    metadata,
    Column("event_id", ForeignKey("audit_events.event_id"), primary_key=True),
    # Random; without it nobody can try out which words give the digest that stays.
    Column("salt", String(32), nullable=False),
    Column("words", JSON, nullable=False),
)

# What people wrote in an appeal, a ruling, a complaint: a row of `source` (`store.decision_rows`).
decision_words = Table(
    "decision_words",
    metadata,
    Column("source", String(32), primary_key=True),
    Column("row_id", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
    Column("words", JSON, nullable=False),
)

# That words were deleted, of which events, by whom and why.
erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", Integer, primary_key=True),
    Column("erased_at", DateTime, nullable=False),  # UTC
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("event_ids", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# The same of rows of other tables.
decision_erasures = Table(
    "decision_erasures",
    metadata,
    Column("decision_erasure_id", Integer, primary_key=True),
    Column("erased_at", DateTime, nullable=False),  # UTC
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # Table, row, and the digest of what is left of a row from before version 10, else null.
    Column("erased", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# One link a row of `source`, in the order in which they were kept.
chain = Table(
    "chain",
    metadata,
    # 1, 2, 3 … without gaps.
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("source", String(32), nullable=False),
    Column("row_id", Integer, nullable=False),
    # Of the row.
    Column("digest", String(64), nullable=False),
    # Of this link and, through the head before it, of all earlier ones.
    Column("head", String(64), nullable=False),
    UniqueConstraint("source", "row_id"),
)
