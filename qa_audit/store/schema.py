"""The tables of the database. `SCHEMA_VERSION` grows with every change, and `migrations` gets its function.

What is imported is kept with its history: `calls` and `roster` hold the present state, `imports`,
`call_changes` and `audit_events` are only ever appended. Times of calls are naive local times of the centre
(settings, `timezone`); times of events are UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 14

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", DateTime, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("import_id", Integer, primary_key=True),
    Column("imported_at", DateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("folder", Text),
    Column("list_name", Text),
    Column("list_sha256", String(64)),
    Column("roster_name", Text),
    Column("roster_sha256", String(64)),
    Column("counts", JSON, nullable=False),
)

folders = Table(
    "folders",
    metadata,
    Column("folder_id", Integer, primary_key=True),
    # Absolute; moving the recordings is a change of this one value.
    Column("path", Text, nullable=False, unique=True),
)

recordings = Table(
    "recordings",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("added_in", ForeignKey("imports.import_id"), nullable=False),
)

recording_files = Table(
    "recording_files",
    metadata,
    Column("folder_id", ForeignKey("folders.folder_id"), primary_key=True),
    # Relative to the folder, with "/" between its parts.
    Column("path", Text, primary_key=True),
    # The file's name without folders and extension, folded for comparison: list rows are matched by it.
    Column("stem_key", Text, nullable=False, index=True),
    Column("sha256", ForeignKey("recordings.sha256"), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("present", Boolean, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("sha256", ForeignKey("recordings.sha256"), index=True),
    Column("named_recording", Text),
    Column("agent_no", Text, index=True),
    Column("agent_name", Text),
    Column("team", Text),
    Column("start", DateTime, index=True),
    Column("direction", String(8)),
    Column("customer_no", Text),
    Column("ring_s", Float),
    Column("duration_s", Float),
    Column("internal", Boolean),
    Column("hangup_by", String(8)),
    Column("line", Text),
    Column("system", Text),
    Column("extra", JSON, nullable=False),
    Column("source", String(9), nullable=False),  # "list" or "file_name"
    # A call made from a file name gives way to the list's own row for the same recording.
    Column("superseded_by", Text),
    Column("changed_in", ForeignKey("imports.import_id"), nullable=False),
)

call_changes = Table(
    "call_changes",
    metadata,
    Column("change_id", Integer, primary_key=True),
    Column("import_id", ForeignKey("imports.import_id"), nullable=False, index=True),
    Column("call_id", Text, nullable=False, index=True),
    # The former values of what changed; null for a new call.
    Column("before", JSON),
)

roster = Table(
    "roster",
    metadata,
    Column("roster_id", Integer, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("agent_name", Text),
    Column("new_no", Text),
    Column("old_no", Text),
    Column("team", Text),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("added_in", ForeignKey("imports.import_id"), nullable=False),
    # Null while the row is in force; a later roster without this row sets it.
    Column("removed_in", ForeignKey("imports.import_id")),
)

# What stays as it was when the workspace was made: engine, model, preset, digest of the weights.
fixed = Table(
    "fixed",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# Work on recordings, by the key that their turns have. A recording without a row was never tried; whether it
# is done, its part says.
jobs = Table(
    "jobs",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("sha256", ForeignKey("recordings.sha256"), nullable=False, index=True),
    Column("state", String(8), nullable=False, index=True),  # waiting, running, done or failed
    Column("attempts", Integer, nullable=False),
    # The run that works on it; null while none does.
    Column("host", Text),
    # Which of several machines or containers of that name.
    Column("machine", Text),
    Column("pid", Integer),
    Column("token", String(32), index=True),
    # From then on another run may take it.
    Column("lease_end", DateTime),
    Column("heartbeat_at", DateTime),
    Column("started_at", DateTime),
    Column("finished_at", DateTime),
    Column("audio_s", Float),
    Column("spent_s", Float),
    # Why the last attempt failed: code and placeholders of the message, to be told in either language.
    Column("code", Text),
    Column("values", JSON(none_as_null=True)),
)

# What people decide about calls, never changed and never deleted; `qa_audit.audit.sheet` folds it. Calls and
# transcripts are named, not referred to: what was decided outlasts what was imported and derived.
audit_events = Table(
    "audit_events",
    metadata,
    # The order of a sheet's events; SQLite never gives a number a second time.
    Column("event_id", Integer, primary_key=True),
    # Whoever sends an event twice names it twice: it is kept once.
    Column("uuid", String(32), nullable=False, unique=True),
    Column("at", DateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("call_id", Text, nullable=False, index=True),
    # Of the drawn sample; null for a call that was not drawn.
    Column("ticket", Text),
    Column("kind", String(16), nullable=False),
    # What a person wrote is null here and lies apart (`proof_schema.audit_words`).
    Column("payload", JSON, nullable=False),
    # Whether the machine's verdicts had been kept from this person until then.
    Column("blind", Boolean, nullable=False),
    Column("rubric_sha256", String(64), nullable=False),
    Column("rubric_version", Text, nullable=False),
    # Digest of the turns on show; null where none were needed.
    Column("transcript_sha256", String(64)),
    # Salted digest of what the person wrote; null where they wrote nothing.
    Column("words_sha256", String(64)),
    sqlite_autoincrement=True,
)

Index("ix_audit_events_sheet", audit_events.c.who, audit_events.c.call_id, audit_events.c.event_id)
Index("ix_calls_agent_start", calls.c.agent_no, calls.c.start)
