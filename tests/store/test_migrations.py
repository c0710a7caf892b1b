import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from qa_audit.messages import QaError
from qa_audit.store import migrations
from qa_audit.store.database import open_database, reading
from qa_audit.store.schema import SCHEMA_VERSION, jobs, schema_version
from qa_audit.transcribe.job_table import failures

VERSIONS = [(version,) for version in range(1, SCHEMA_VERSION + 1)]
VERSION_1 = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")

VERSION_2 = """
DROP TABLE failed_jobs;
CREATE TABLE jobs (
    "key" VARCHAR(64) NOT NULL, sha256 VARCHAR(64) NOT NULL, state VARCHAR(8) NOT NULL,
    attempts INTEGER NOT NULL,
    host TEXT, machine TEXT, pid INTEGER, token VARCHAR(32), lease_end DATETIME, heartbeat_at DATETIME,
    started_at DATETIME, finished_at DATETIME, audio_s FLOAT, spent_s FLOAT, code TEXT, "values" JSON,
    CONSTRAINT pk_jobs PRIMARY KEY ("key")
);
INSERT INTO jobs ("key", sha256, state, attempts) VALUES ('k9', 'aa', 'done', 1);
INSERT INTO schema_version VALUES (2, '2026-10-01');
"""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "qa.db"
    with sqlite3.connect(path) as plain:
        plain.executescript(VERSION_1)
    plain.close()
    return path


def _rows(path, query):
    with sqlite3.connect(path) as plain:
        found = plain.execute(query).fetchall()
    plain.close()
    return found


def test_failures_become_jobs(old):
    engine = open_database(old)
    with reading(engine) as connection:
        rows = connection.execute(select(jobs).order_by(jobs.c.key)).all()
        versions = connection.execute(select(schema_version.c.version)).scalars().all()
    assert [(row.key, row.sha256, row.state, row.attempts, row.finished_at.isoformat()) for row in rows] == [
        ("k1", "aa", "failed", 1, "2026-09-02T09:00:00"),
        ("k2", "bb", "waiting", 1, "2026-09-02T09:01:00"),
    ]
    told = failures(engine)["k1"].error.text("en")
    assert told.startswith("/录音/a.wav: 3 channels")
    assert versions == list(range(1, SCHEMA_VERSION + 1))
    engine.dispose()
    assert _rows(old, "SELECT count(*) FROM recordings") == [(2,)]
    assert _rows(old, "SELECT name FROM sqlite_master WHERE name LIKE '%failed_jobs%'") == []


MADE_LATER = (
    *("jobs", "audit_events", "seed_commitments", "sample_frames", "draws", "tickets", "replacements"),
    *("hand_outs", "assignments", "draw_locks", "confirmations", "closings", "closing_files"),
    *("appeals", "appeal_steps", "rulings", "fault_clips", "coachings", "praises"),
    *("complaints", "complaint_steps", "vexatious_events"),
)


@pytest.mark.parametrize("table", MADE_LATER)
def test_a_migrated_table_is_like_a_new_one(old, tmp_path, table):
    shapes = []
    for engine in (open_database(old), open_database(tmp_path / "new.db")):
        found = inspect(engine)
        columns = [
            (one["name"], str(one["type"]), one["nullable"], one["primary_key"])
            for one in found.get_columns(table)
        ]
        indexes = sorted((one["name"], one["column_names"]) for one in found.get_indexes(table))
        keys = [(one["name"], one["referred_table"]) for one in found.get_foreign_keys(table)]
        unique = [(one["name"], one["column_names"]) for one in found.get_unique_constraints(table)]
        shapes.append((columns, indexes, keys, unique, found.get_pk_constraint(table)))
        engine.dispose()
    assert shapes[0] == shapes[1]


def test_the_order_of_events_survives_a_lost_tail(old):
    """A number that was given once is not given again."""
    open_database(old).dispose()
    row = "(NULL, ?, '2026-11-27', '李', 'c', NULL, 'undo', '{}', 1, 'r', '1', NULL)"
    with sqlite3.connect(old) as plain:
        numbers = []
        for uuid in "ab":
            numbers.append(plain.execute(f"INSERT INTO audit_events VALUES {row}", (uuid,)).lastrowid)
            plain.execute("DELETE FROM audit_events")
    plain.close()
    assert numbers == [1, 2]


def test_version_2_gains_the_events_of_audits_and_keeps_its_jobs(old):
    with sqlite3.connect(old) as plain:
        # What the step to version 2 leaves, in its own words.
        plain.executescript(VERSION_2)
    plain.close()
    open_database(old).dispose()
    assert _rows(old, "SELECT version FROM schema_version") == VERSIONS
    assert _rows(old, "SELECT key, state FROM jobs") == [("k9", "done")]
    assert _rows(old, "SELECT count(*) FROM audit_events") == [(0,)]


def test_opening_again_migrates_nothing(old):
    open_database(old).dispose()
    before = _rows(old, "SELECT * FROM schema_version")
    open_database(old).dispose()
    assert _rows(old, "SELECT * FROM schema_version") == before


def test_a_migration_that_fails_leaves_the_old_version_whole(old, monkeypatch):
    first, *_ = migrations.MIGRATIONS

    def fails_late(connection):
        first(connection)
        raise RuntimeError

    before = _rows(old, "SELECT name, sql FROM sqlite_master ORDER BY name")
    monkeypatch.setattr(migrations, "MIGRATIONS", (fails_late,))
    with pytest.raises(RuntimeError):
        open_database(old)
    assert _rows(old, "SELECT name, sql FROM sqlite_master ORDER BY name") == before
    assert _rows(old, "SELECT version FROM schema_version") == [(1,)]
    assert [row[0] for row in _rows(old, "SELECT key FROM failed_jobs ORDER BY key")] == ["k1", "k2"]
    monkeypatch.undo()
    open_database(old).dispose()
    assert _rows(old, "SELECT version FROM schema_version") == VERSIONS


def test_a_newer_database_is_refused(old):
    with sqlite3.connect(old) as plain:
        plain.execute("INSERT INTO schema_version VALUES (?, '2030-01-01')", (SCHEMA_VERSION + 1,))
    plain.close()
    with pytest.raises(QaError) as raised:
        open_database(old)
    assert (raised.value.code, raised.value.values["found"]) == (
        "store.newer_schema",
        SCHEMA_VERSION + 1,
    )
    assert _rows(old, "SELECT count(*) FROM failed_jobs") == [(2,)]


OPEN = """
import sys
from qa_audit.store.database import open_database
sys.stdin.read()
open_database(sys.argv[1])
"""


def test_processes_that_open_an_old_database_at_once_migrate_it_once(old):
    openers = [subprocess.Popen([sys.executable, "-c", OPEN, old], stdin=subprocess.PIPE) for _ in range(3)]
    for opener in openers:  # closed standard input is the starting gun
        opener.stdin.close()
    assert [opener.wait(timeout=120) for opener in openers] == [0, 0, 0]
    assert _rows(old, "SELECT version FROM schema_version") == VERSIONS
    assert _rows(old, "SELECT key, state FROM jobs ORDER BY key") == [("k1", "failed"), ("k2", "waiting")]
