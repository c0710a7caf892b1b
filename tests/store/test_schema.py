"""What the tables themselves hold people and programs to, on a new database."""

from datetime import datetime

import pytest
from sqlalchemy import DateTime, create_engine, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from qa_audit.store import database  # noqa: F401 - tables of `metadata`
from qa_audit.store.migrations import MIGRATIONS
from qa_audit.store.rights import CHAINED
from qa_audit.store.schema import (
    SCHEMA_VERSION,
    audit_events,
    folders,
    imports,
    jobs,
    metadata,
    recording_files,
    recordings,
)

NOW = datetime(2026, 11, 28)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def known(connection):
    """An import and a recording of it."""
    connection.execute(insert(imports).values(import_id=1, imported_at=NOW, who="李敏", counts={}))
    connection.execute(insert(recordings).values(sha256="a", size_bytes=7, added_in=1))
    return connection


def add_event(connection, uuid):
    values = {"uuid": uuid, "at": NOW, "who": "李敏", "call_id": "c1", "kind": "undo", "payload": {}}
    rubric = {"rubric_sha256": "r", "rubric_version": "1"}
    result = connection.execute(insert(audit_events).values(**values, **rubric, blind=True))
    return result.inserted_primary_key[0]


def test_every_version_but_the_first_has_its_migration():
    assert len(MIGRATIONS) == SCHEMA_VERSION - 1


@pytest.mark.parametrize("table", metadata.tables.values(), ids=lambda table: table.name)
def test_every_constraint_and_index_has_a_name_that_postgresql_does_not_cut(table):
    names = [str(one.name) for one in (*table.constraints, *table.indexes)]
    assert "None" not in names
    assert max(map(len, names)) <= 63


@pytest.mark.parametrize("table", CHAINED)
def test_a_number_in_the_chain_is_never_given_a_second_time(table):
    """SQLite gives the number of the last row again once that is gone, unless it is told not to."""
    assert "AUTOINCREMENT" in str(CreateTable(metadata.tables[table]).compile(dialect=sqlite.dialect()))


def test_times_are_kept_without_a_zone():
    zoned = [
        column
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, DateTime) and column.type.timezone
    ]
    assert zoned == []


def test_an_event_that_is_sent_twice_is_kept_once(connection):
    add_event(connection, "u1")
    with pytest.raises(IntegrityError, match=r"audit_events\.uuid"):
        add_event(connection, "u1")
    assert add_event(connection, "u2") == 2


def test_one_folder_is_known_once(connection):
    connection.execute(insert(folders).values(path="/录音"))
    with pytest.raises(IntegrityError, match=r"folders\.path"):
        connection.execute(insert(folders).values(path="/录音"))


def test_a_place_holds_one_recording_and_a_recording_may_lie_in_many_places(known):
    known.execute(insert(folders), [{"folder_id": 1, "path": "/a"}, {"folder_id": 2, "path": "/b"}])
    common = {"stem_key": "a", "sha256": "a", "size_bytes": 7, "mtime_ns": 1, "present": True}
    for folder in (1, 2):
        known.execute(insert(recording_files).values(folder_id=folder, path="a.wav", **common))
    with pytest.raises(IntegrityError, match="recording_files"):
        known.execute(insert(recording_files).values(folder_id=2, path="a.wav", **common))


@pytest.mark.parametrize("said", [{}, {"values": None}])
def test_work_that_did_not_fail_has_no_reason_for_the_database_either(known, said):
    known.execute(insert(jobs).values(key="k", sha256="a", state="done", attempts=1, **said))
    assert known.execute(text('SELECT "values" IS NULL FROM jobs')).scalar_one() == 1


def test_sizes_and_times_of_files_are_kept_to_the_last_digit():
    """PostgreSQL's plain integers end at two thousand million."""
    compiled = CreateTable(recording_files).compile(dialect=postgresql.dialect())
    assert "size_bytes BIGINT" in str(compiled)
    assert "mtime_ns BIGINT" in str(compiled)
