"""From an older form of the database to the present one, step by step.

Each step is a function in `MIGRATIONS`; the one at place n leads from version n + 1 to n + 2. A step knows
the tables as they were then, so it names them itself instead of asking `schema`. Steps and the rows that
record them lie in one transaction: all of them hold, or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)

from qa_audit.store.migration_4 import sample_tables
from qa_audit.store.migration_5 import closing_tables
from qa_audit.store.migration_6 import dispute_tables
from qa_audit.store.migration_7 import chained_events
from qa_audit.store.migration_8 import retention_tables
from qa_audit.store.migration_9 import chained_decisions
from qa_audit.store.migration_10 import plays_and_words_apart
from qa_audit.store.migration_11 import role_tables
from qa_audit.store.migration_12 import rule_status_tables
from qa_audit.store.migration_13 import closed_words_deletable
from qa_audit.store.migration_14 import rubric_use_tables
from qa_audit.store.moments import stored_moment
from qa_audit.store.schema import metadata, schema_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    Migration = Callable[[Connection], None]


def migrate(connection: Connection, version: int, until: int | None = None) -> int:
    """Bring a database of `version` (at least 1) to the newest one (or `until`), in the caller's transaction.

    Returns the version it has then.
    """
    for step in MIGRATIONS[version - 1 : None if until is None else until - 1]:
        step(connection)
        version += 1
        now = stored_moment()
        connection.execute(insert(schema_version).values(version=version, applied_at=now))
    return version


def _jobs_for_failures(connection: Connection) -> None:
    """Version 2: one row a job (`jobs`) instead of one a failure (`failed_jobs`)."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    Table("recordings", tables, Column("sha256", String(64), primary_key=True))
    former = Table(
        "failed_jobs",
        tables,
        Column("key", String(64), primary_key=True),
        Column("sha256", ForeignKey("recordings.sha256"), nullable=False, index=True),
        Column("code", Text, nullable=False),
        Column("values", JSON, nullable=False),
        Column("failed_at", DateTime, nullable=False),
    )
    jobs = Table(
        "jobs",
        tables,
        Column("key", String(64), primary_key=True),
        Column("sha256", ForeignKey("recordings.sha256"), nullable=False, index=True),
        Column("state", String(8), nullable=False, index=True),
        Column("attempts", Integer, nullable=False),
        Column("host", Text),
        Column("machine", Text),
        Column("pid", Integer),
        Column("token", String(32), index=True),
        Column("lease_end", DateTime),
        Column("heartbeat_at", DateTime),
        Column("started_at", DateTime),
        Column("finished_at", DateTime),
        Column("audio_s", Float),
        Column("spent_s", Float),
        Column("code", Text),
        Column("values", JSON(none_as_null=True)),
    )
    jobs.create(connection)
    rows = [
        {
            "key": row.key,
            "sha256": row.sha256,
            # What was not the recording's own fault has attempts left.
            "state": "waiting" if row.code == "transcribe.failed" else "failed",
            "attempts": 1,
            "finished_at": row.failed_at,
            "code": row.code,
            "values": row._mapping["values"],
        }
        for row in connection.execute(select(former))
    ]
    if rows:
        connection.execute(insert(jobs), rows)
    former.drop(connection)


def _audit_events(connection: Connection) -> None:
    """Version 3: what people decide about calls (`audit_events`)."""
    tables = MetaData(naming_convention=metadata.naming_convention)
    events = Table(
        "audit_events",
        tables,
        Column("event_id", Integer, primary_key=True),
        Column("uuid", String(32), nullable=False, unique=True),
        Column("at", DateTime, nullable=False),
        Column("who", Text, nullable=False),
        Column("call_id", Text, nullable=False, index=True),
        Column("ticket", Text),
        Column("kind", String(16), nullable=False),
        Column("payload", JSON, nullable=False),
        Column("blind", Boolean, nullable=False),
        Column("rubric_sha256", String(64), nullable=False),
        Column("rubric_version", Text, nullable=False),
        Column("transcript_sha256", String(64)),
        sqlite_autoincrement=True,
    )
    Index("ix_audit_events_sheet", events.c.who, events.c.call_id, events.c.event_id)
    events.create(connection)


MIGRATIONS: tuple[Migration, ...] = (
    _jobs_for_failures,
    _audit_events,
    sample_tables,
    closing_tables,
    dispute_tables,
    chained_events,
    retention_tables,
    chained_decisions,
    plays_and_words_apart,
    role_tables,
    rule_status_tables,
    closed_words_deletable,
    rubric_use_tables,
)
