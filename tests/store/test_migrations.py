import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from qa_audit.audit.appeal import appeals_of
from qa_audit.audit.erasing import erase_decision_words
from qa_audit.audit.events import events_of
from qa_audit.audit.proof import verify_chain
from qa_audit.messages import QaError
from qa_audit.store import decision_rows, dispute_schema, migrations
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
    *("audit_words", "erasures", "chain", "archives", "recording_events", "hold_events"),
    *("plays", "decision_words", "decision_erasures"),
    *("role_events", "rule_status_events", "closing_erasures", "rubric_uses"),
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
    row = "(NULL, ?, '2026-11-27', '李', 'c', NULL, 'undo', '{}', 1, 'r', '1', NULL, NULL)"
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


OLD_EVENTS = """
INSERT INTO audit_events VALUES
    (4, 'e4', '2026-11-03 09:00:00.000000', '李敏', 'c1', NULL, 'comment',
     '{"kind": "comment", "text": "语速偏快"}', 1, 'r', '1', NULL),
    (7, 'e7', '2026-11-03 09:01:00.500000', '李敏', 'c1', '0042', 'fault',
     '{"kind": "fault", "fault": "%s", "item": "closing", "severity": "minor", "start_s": 1.0, "end_s": 2.5,'
     || '"should_say": "", "comment": ""}', 0, 'r', '1', 't');
""" % ("a" * 32)


def test_events_of_version_4_are_chained_and_their_words_laid_apart(old, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:3])
    open_database(old).dispose()
    with sqlite3.connect(old) as plain:
        for table in ("chain", "erasures", "audit_words"):  # those of the present schema, made beside
            plain.execute(f"DROP TABLE {table}")
        plain.executescript(OLD_EVENTS)
    plain.close()
    monkeypatch.undo()
    engine = open_database(old)
    proof = verify_chain(engine)
    assert (proof.findings, proof.counts) == ((), {"audit_events": 2})
    comment, fault = events_of(engine, "c1")
    engine.dispose()
    assert (comment.action.text, comment.at.minute) == ("语速偏快", 0)
    assert (fault.action.end_s, fault.ticket, fault.blind) == (2.5, "0042", False)
    assert _rows(old, "SELECT event_id FROM audit_words") == [(4,)]
    (payload,) = _rows(old, "SELECT payload FROM audit_events WHERE event_id = 4")[0]
    assert json.loads(payload) == {"kind": "comment", "text": None}


DECISIONS = """
INSERT INTO appeals VALUES (3, 'c1', 'closing', 2, '录音里说了', '李敏',
    '2026-11-03 09:00:00.000000', '["王芳"]', NULL,
    '2026-11-05 09:00:00.250000', '2026-11-10 09:00:00.000000');
INSERT INTO appeal_steps VALUES (5, 3, 'decision', '赵六', '2026-11-04 09:00:00.000000', NULL, '说了',
    'overturned', '{"王芳": [90.5, 95.0]}');
INSERT INTO rulings VALUES (1, 'c1', 'closing', 'appeal', 3, 'pass', 1.5, 1, '["赵六"]', '说了',
    '2026-11-04 09:00:00.000000', 'r', '1');
INSERT INTO complaints VALUES (1, NULL, '态度差', '赵六', '2026-11-04 09:00:00.000000');
INSERT INTO complaint_steps VALUES (1, 1, 'heard', '赵六', '2026-11-04 09:00:00.000000', '听了',
    'c1', 1, NULL, '[["c1", 1.0]]');
INSERT INTO vexatious_events VALUES (1, '0042', 1, '赵六', '反复', '2026-11-04 09:00:00.000000');
INSERT INTO confirmations VALUES (1, '2026-10', '8001', 1, '95.50', NULL, '李敏',
    '2026-11-04 09:00:00.000000');
INSERT INTO closings VALUES (1, '2026-10', 1, 'close', NULL, 'ab', '0.1', '赵六',
    '2026-11-04 09:00:00.000000');
INSERT INTO recording_events VALUES (1, 't', 'begun', 'aa', 5000000000, '/录音', 'a.wav', NULL, '["c1"]',
    NULL, '赵六', '2026-11-04 09:00:00.000000');
INSERT INTO hold_events VALUES (1, 'c1', 'add', '投诉', '赵六', '2026-11-04 09:00:00.000000');
"""


LATER = ("role_events", "rule_status_events", "closing_erasures", "rubric_uses")
"""Tables of decisions that version 8 had not."""


def test_decisions_of_version_8_are_chained_in_their_order(old, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:7])
    open_database(old).dispose()
    with sqlite3.connect(old) as plain:
        plain.executescript(DECISIONS)
    plain.close()
    monkeypatch.undo()
    engine = open_database(old)
    proof = verify_chain(engine)
    engine.dispose()
    assert proof.findings == ()
    assert proof.counts == dict.fromkeys(
        (one.name for one in decision_rows.DECISIONS if one.name not in LATER), 1
    )
    engine = open_database(old)
    (appeal,) = appeals_of(engine)
    assert (appeal.text, appeal.decision.text) == ("录音里说了", "说了")
    rows = [(dispute_schema.appeals, 3), (dispute_schema.appeal_steps, 5), (dispute_schema.rulings, 1)]
    assert erase_decision_words(engine, rows, "主管", "保存期满") == 3
    (appeal,) = appeals_of(engine)
    assert (appeal.text, appeal.decision.text, appeal.decision.outcome) == ("…", "…", "overturned")
    proof = verify_chain(engine, [proof.head])
    assert (proof.findings, proof.erased) == ((), 3)
    engine.dispose()
    with sqlite3.connect(old) as plain:
        plain.execute("UPDATE rulings SET points = 2")
    plain.close()
    engine = open_database(old)
    (found,) = verify_chain(engine).findings
    engine.dispose()
    assert (found.code, found.values) == (
        "changed",
        {"row": 1, "source": "rulings", "who": "赵六", "at": "2026-11-04 09:00:00", "call": "c1"},
    )


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
