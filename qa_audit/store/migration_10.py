"""Version 10: who listened to what; words of appeals, rulings and complaints lie apart from their rows.

Rows that are there keep their words and their links: heads written down before still hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, DateTime, Float, Integer, MetaData, String, Table, Text, inspect, text

from qa_audit.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WITH_WORDS = ("appeals", "appeal_steps", "rulings", "complaints", "complaint_steps")


def plays_and_words_apart(connection: Connection) -> None:
    """Make the new tables, and a column for the digest of words that lie apart."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table(
        "plays",
        tables,
        Column("play_id", Integer, primary_key=True),
        Column("call_id", Text, nullable=False, index=True),
        Column("who", Text, nullable=False, index=True),
        Column("at", DateTime, nullable=False, index=True),
        Column("start_s", Float, nullable=False),
        Column("end_s", Float, nullable=False),
        Column("place", String(8), nullable=False),
        sqlite_autoincrement=True,
    )
    Table(
        "decision_words",
        tables,
        Column("source", String(32), primary_key=True),
        Column("row_id", Integer, primary_key=True, autoincrement=False),
        Column("salt", String(32), nullable=False),
        Column("words", JSON, nullable=False),
    )
    Table(
        "decision_erasures",
        tables,
        Column("decision_erasure_id", Integer, primary_key=True),
        Column("erased_at", DateTime, nullable=False),
        Column("who", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("erased", JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    tables.create_all(connection)
    for name in _WITH_WORDS:
        if all(one["name"] != "words_sha256" for one in inspect(connection).get_columns(name)):
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN words_sha256 VARCHAR(64)"))
