"""Who listened to what. Rows are only added, and deleted when their time is over; they are not chained."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Float, Integer, String, Table, Text

from qa_audit.store.schema import metadata

plays = Table(
    "plays",
    metadata,
    Column("play_id", Integer, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("who", Text, nullable=False, index=True),
    Column("at", DateTime, nullable=False, index=True),  # UTC
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    # "player", "review" (moments of the month), or "export" (a clip in a playlist).
    Column("place", String(8), nullable=False),
    sqlite_autoincrement=True,
)
