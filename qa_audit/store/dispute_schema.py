"""The tables of what people decide after the audit: appeals, complaints and the like. Rows are only added.

What people wrote and numbers of customers lie apart (`decision_words`), with their salted digest in
`words_sha256`; in rows from before version 10 it is null, and the words are in the row, as are numbers in
rows from before version 13.

Calls are named, not referred to: what was decided outlasts what was imported. Times are UTC.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, Float, ForeignKey, Integer, String, Table, Text

from qa_audit.store.schema import metadata

appeals = Table(
    "appeals",
    metadata,
    Column("appeal_id", Integer, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("item", Text, nullable=False),
    Column("at_s", Float),
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("filed_at", DateTime, nullable=False),
    # Those who had failed the item when it was filed; empty where only the machine had.
    Column("first_inspectors", JSON, nullable=False),
    # Until when it could be filed (null: nobody had handed the call in), is to be answered, and decided.
    Column("file_by", DateTime),
    Column("reply_by", DateTime, nullable=False),
    Column("decide_by", DateTime, nullable=False),
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)

appeal_steps = Table(
    "appeal_steps",
    metadata,
    Column("step_id", Integer, primary_key=True),
    Column("appeal_id", ForeignKey("appeals.appeal_id"), nullable=False, index=True),
    # "added" (the same item appealed again), "reply", "decision" or "withdrawal".
    Column("kind", String(10), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("at_s", Float),
    Column("text", Text, nullable=False),
    # Of a decision: upheld, overturned, partly; and each inspector's score before and after.
    Column("outcome", String(10)),
    Column("scores", JSON(none_as_null=True)),
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)

# The settled verdict of an item: of an appeal that changed it, or of inspectors who differed.
rulings = Table(
    "rulings",
    metadata,
    Column("ruling_id", Integer, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("item", Text, nullable=False),
    Column("source", String(12), nullable=False),  # "appeal" or "adjudication"
    Column("appeal_id", ForeignKey("appeals.appeal_id")),
    Column("verdict", String(14), nullable=False),
    # Of a failed item: points that it keeps, and whether it zeroes the call; null as the rubric has it.
    Column("points", Float),
    Column("critical", Boolean),
    Column("by", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ruled_at", DateTime, nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    Column("rubric_version", Text, nullable=False),
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)

# The sound of a fault, kept in the workspace by its own hash.
fault_clips = Table(
    "fault_clips",
    metadata,
    Column("clip_id", Integer, primary_key=True),
    Column("fault", String(32), nullable=False, index=True),
    Column("call_id", Text, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("kept_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

coachings = Table(
    "coachings",
    metadata,
    Column("coaching_id", Integer, primary_key=True),
    Column("agent", Text, nullable=False, index=True),
    Column("items", JSON, nullable=False),
    Column("text", Text, nullable=False),
    # When it took place, local time of the centre as calls have it.
    Column("coached_at", DateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("noted_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

praises = Table(
    "praises",
    metadata,
    Column("praise_id", Integer, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("at_s", Float),
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("praised_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_id", Integer, primary_key=True),
    Column("customer_no", Text),
    Column("text", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)

complaint_steps = Table(
    "complaint_steps",
    metadata,
    Column("step_id", Integer, primary_key=True),
    Column("complaint_id", ForeignKey("complaints.complaint_id"), nullable=False, index=True),
    # "call" (a recording belongs to it), "heard", "follow_up", "decision", "closed" or "reopened".
    Column("kind", String(10), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("call_id", Text),
    Column("at_s", Float),
    # Of a decision: at_fault, not_at_fault or cannot_tell; and the moments that show it.
    Column("outcome", String(12)),
    Column("evidence", JSON(none_as_null=True)),
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)

vexatious_events = Table(
    "vexatious_events",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("customer_no", Text, nullable=False, index=True),
    Column("listed", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)
