"""The tables of closed months. Rows are only ever added; times are UTC.

A closed month is the files that were made of it, so that nothing that happens later can change it: but for
what people wrote, which versions closed before 13 hold and which may have to be deleted.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, String, Table, Text

from qa_audit.store.schema import metadata

# An agent agrees to a figure, or takes that back; the latest row of an agent and month holds.
confirmations = Table(
    "confirmations",
    metadata,
    Column("confirmation_id", Integer, primary_key=True),
    Column("month", String(7), nullable=False, index=True),
    Column("agent", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    # The figure as it was printed when it was agreed to: another one needs another agreement.
    Column("figure", Text, nullable=False),
    Column("note", Text),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

# "close" makes a version, "reopen" ends it; the latest row of a month holds.
closings = Table(
    "closings",
    metadata,
    Column("closing_id", Integer, primary_key=True),
    Column("month", String(7), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(6), nullable=False),
    # Why it was reopened.
    Column("reason", Text),
    # Hash of the manifest of the files of a closed version.
    Column("receipt", String(64)),
    Column("code_version", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

closing_files = Table(
    "closing_files",
    metadata,
    Column("closing_id", ForeignKey("closings.closing_id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    # Compressed (zlib).
    Column("content", LargeBinary, nullable=False),
)

# That words were deleted in the files of a version: by name of the file the SHA-256 of what is left and how
# many words went. Versions closed from 13 on hold salted digests instead of words.
closing_erasures = Table(
    "closing_erasures",
    metadata,
    Column("closing_erasure_id", Integer, primary_key=True),
    Column("closing_id", ForeignKey("closings.closing_id"), nullable=False, index=True),
    Column("files", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("erased_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)
