import subprocess
import sys

import psycopg
import pytest
from sqlalchemy import insert, select, text

from qa_audit.messages import QaError
from qa_audit.store.database import exclusive, open_database, reading, writing
from qa_audit.store.schema import SCHEMA_VERSION, folders, metadata, recordings, schema_version

pytestmark = pytest.mark.postgres


@pytest.fixture
def engine(postgres):
    engine = open_database(postgres)
    yield engine
    engine.dispose()


def _direct(engine):
    return psycopg.connect(engine.url.render_as_string().replace("+psycopg", ""), autocommit=True)


def _add(connection, path):
    connection.execute(insert(folders).values(path=path))


def _paths(engine):
    with reading(engine) as connection:
        return sorted(connection.execute(select(folders.c.path)).scalars())


def test_all_tables_and_one_version_row_are_there(engine):
    with _direct(engine) as plain:
        names = {row[0] for row in plain.execute("SELECT tablename FROM pg_tables")}
        versions = plain.execute("SELECT version FROM schema_version").fetchall()
    assert names >= set(metadata.tables)
    assert versions == [(SCHEMA_VERSION,)]


def test_a_failed_block_leaves_nothing(engine):
    def fail():
        with writing(engine) as connection:
            _add(connection, "/a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _paths(engine) == []


def test_readers_see_one_state_and_write_nothing(engine):
    with reading(engine) as connection:
        assert connection.execute(select(folders)).all() == []
        with writing(engine) as other:
            _add(other, "/a")
        assert connection.execute(select(folders)).all() == []
    with pytest.raises(QaError) as raised, reading(engine) as connection:
        _add(connection, "/b")
    assert raised.value.code == "store.not_writable"
    assert _paths(engine) == ["/a"]


def test_who_waited_for_a_lock_sees_what_was_written_meanwhile(engine):
    """Whatever the server's default is: a snapshot from before the wait would count twice."""
    with _direct(engine) as plain:
        name = plain.info.dbname
        plain.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    engine.dispose()
    with writing(engine) as first:
        assert first.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
        exclusive(first, 4)
        with _direct(engine) as plain:
            plain.execute("INSERT INTO folders (path) VALUES ('/other')")
        assert first.execute(select(folders.c.path)).scalars().all() == ["/other"]


def test_a_row_that_points_nowhere_is_refused_with_a_message(engine):
    with pytest.raises(QaError) as raised, writing(engine) as connection:
        connection.execute(insert(recordings).values(sha256="0" * 64, size_bytes=1, added_in=99))
    assert raised.value.code == "store.database_error"
    assert "fk_recordings_added_in_imports" in str(raised.value)


def test_a_server_that_is_not_there_is_told(cluster, tmp_path):
    for url in (f"postgresql+psycopg:///qa?host={tmp_path}", cluster.url("no_such_database")):
        with pytest.raises(QaError) as raised:
            open_database(url)
        assert raised.value.code == "store.no_server"


def test_a_connection_that_the_server_cut_is_made_anew(engine):
    assert _paths(engine) == []
    with _direct(engine) as plain:
        plain.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with writing(engine) as connection:
        _add(connection, "/a")
    assert _paths(engine) == ["/a"]


OPEN_AND_APPEND = """
import sys
from sqlalchemy import insert
from qa_audit.store.database import open_database, writing
from qa_audit.store.schema import folders
sys.stdin.read()
engine = open_database(sys.argv[1])
for i in range(20):
    with writing(engine) as connection:
        connection.execute(insert(folders).values(path=f"/{sys.argv[2]}/{i}"))
"""


def test_processes_that_open_a_new_database_at_once_all_succeed(postgres):
    workers = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_APPEND, postgres, str(i)], stdin=subprocess.PIPE)
        for i in range(4)
    ]
    for worker in workers:  # closed standard input is the starting gun
        worker.stdin.close()
    assert [worker.wait(timeout=120) for worker in workers] == [0] * 4
    engine = open_database(postgres)
    assert len(_paths(engine)) == 80
    with reading(engine) as connection:
        assert len(connection.execute(select(schema_version)).all()) == 1
    engine.dispose()
