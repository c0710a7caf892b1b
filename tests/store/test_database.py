import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text, update

from qa_audit.messages import QaError
from qa_audit.store import database
from qa_audit.store.database import open_database, reading, wait_at_most, writing
from qa_audit.store.schema import SCHEMA_VERSION, folders, metadata, recordings, schema_version

LINUX_MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/export /srv/recordings nfs4 rw 0 0
//server/share /mnt/with\\040blank cifs rw 0 0
tmpfs /srv/recordings/local tmpfs rw 0 0
"""

DARWIN_MOUNTS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//qa@server/share on /Volumes/share (smbfs, nodev, nosuid, mounted by qa)
"""


@pytest.fixture
def engine(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def test_sqlite_runs_in_wal_with_foreign_keys_and_full_sync(engine):
    with reading(engine) as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        ]
    assert values == ["wal", 1, 2, 30_000]


def test_all_tables_and_one_version_row_are_there(engine):
    with reading(engine) as connection:
        names = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
        versions = connection.execute(select(schema_version.c.version)).scalars().all()
    assert names >= set(metadata.tables)
    assert versions == [SCHEMA_VERSION]


def test_opening_again_keeps_what_is_there(tmp_path, engine):
    with writing(engine) as connection:
        connection.execute(insert(folders).values(path="/录音"))
    again = open_database(f"sqlite:///{tmp_path / 'qa.db'}")
    with reading(again) as connection:
        assert connection.execute(select(folders.c.path)).scalars().all() == ["/录音"]
    again.dispose()


def test_a_failed_block_leaves_nothing(engine):
    def fail():
        with writing(engine) as connection:
            connection.execute(insert(folders).values(path="/a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with reading(engine) as connection:
        assert connection.execute(select(folders)).all() == []


def test_nothing_is_written_into_a_database_that_was_deleted(tmp_path, engine):
    def write(path):
        with writing(engine) as connection:
            connection.execute(insert(folders).values(path=path))

    write("/a")
    away = tmp_path / "away"
    away.mkdir()
    for file in tmp_path.glob("qa.db*"):
        file.rename(away / file.name)
    for _ in range(2):  # with the connection from before, and with a new one
        with pytest.raises(QaError) as raised:
            write("/b")
        assert raised.value.code == "store.gone"
    assert list(tmp_path.glob("qa.db*")) == []
    for file in away.iterdir():
        file.rename(tmp_path / file.name)
    write("/c")
    with reading(engine) as connection:
        assert sorted(connection.execute(select(folders.c.path)).scalars()) == ["/a", "/c"]


def test_another_database_put_in_the_place_is_the_one_in_use(tmp_path, engine):
    with writing(engine) as connection:
        connection.execute(insert(folders).values(path="/a"))
    other = open_database(tmp_path / "other.db")
    other.dispose()
    engine.dispose()
    with reading(engine) as connection:
        assert connection.execute(select(folders.c.path)).scalars().all() == ["/a"]
    for file in tmp_path.glob("qa.db*"):
        file.unlink()
    (tmp_path / "other.db").rename(tmp_path / "qa.db")
    with reading(engine) as connection:
        assert connection.execute(select(folders.c.path)).scalars().all() == []


def test_a_row_that_points_nowhere_is_refused_with_a_message(engine):
    with pytest.raises(QaError) as raised, writing(engine) as connection:
        connection.execute(insert(recordings).values(sha256="0" * 64, size_bytes=1, added_in=99))
    assert raised.value.code == "store.database_error"
    assert "FOREIGN KEY" in str(raised.value)


@pytest.mark.parametrize(("version", "code"), [(99, "store.newer_schema"), (0, "store.older_schema")])
def test_a_database_of_another_version_is_refused(tmp_path, engine, version, code):
    with writing(engine) as connection:
        connection.execute(update(schema_version).values(version=version))
    engine.dispose()
    with pytest.raises(QaError) as raised:
        open_database(tmp_path / "qa.db")
    assert raised.value.code == code
    assert raised.value.values["found"] == version


def test_a_newer_database_with_other_tables_is_not_touched(tmp_path):
    path = tmp_path / "qa.db"
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at DATETIME)")
        plain.execute("INSERT INTO schema_version VALUES (99, '2030-01-01')")
    plain.close()
    with pytest.raises(QaError) as raised:
        open_database(path)
    assert raised.value.code == "store.newer_schema"
    with sqlite3.connect(path) as plain:
        assert [row[0] for row in plain.execute("SELECT name FROM sqlite_master")] == ["schema_version"]
    plain.close()


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "qa.db"
    path.write_text("通话编号,工号\n" * 200)
    with pytest.raises(QaError) as raised:
        open_database(path)
    assert raised.value.code == "store.not_a_database"


def test_a_folder_in_place_of_the_database_is_told(tmp_path):
    with pytest.raises(QaError) as raised:
        open_database(tmp_path)
    assert raised.value.code == "store.not_writable"


@pytest.mark.parametrize("url", ["mysql://a@b/c", "://", "oracle://x", "nonsense://x"])
def test_other_databases_are_refused(url):
    with pytest.raises(QaError) as raised:
        open_database(url)
    assert raised.value.code == "store.bad_url"


def test_a_password_is_not_shown(monkeypatch):
    def missing(*_, **__):
        raise ImportError("No module named 'psycopg'")

    monkeypatch.setattr(database, "create_engine", missing)
    with pytest.raises(QaError) as raised:
        open_database("postgresql+psycopg://qa:geheim@host/qa")
    assert raised.value.code == "store.no_driver"
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/qa/ws", "ext4"),
        ("/srv/recordings/ws", "nfs4"),
        ("/srv/recordings2/ws", "ext4"),
        ("/srv/recordings/local/ws", "tmpfs"),
        ("/mnt/with blank/ws", "cifs"),
    ],
)
def test_the_mount_table_of_linux_is_read(path, kind):
    assert database.mounted_type(path, database.linux_mounts(LINUX_MOUNTS)) == kind


@pytest.mark.parametrize(("path", "kind"), [("/Users/qa", "apfs"), ("/Volumes/share/ws", "smbfs")])
def test_the_mount_table_of_macos_is_read(path, kind):
    assert database.mounted_type(path, database.darwin_mounts(DARWIN_MOUNTS)) == kind


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smbfs", "fuse.sshfs"])
def test_a_network_file_system_is_refused_with_the_way_out(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(database, "file_system_of", lambda _: kind)
    with pytest.raises(QaError) as raised:
        open_database(tmp_path / "qa.db")
    assert raised.value.code == "store.network_file_system"
    assert "postgresql+psycopg://" in str(raised.value)
    assert not (tmp_path / "qa.db").exists()


def test_a_locked_database_is_told_after_the_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    engine = open_database(tmp_path / "qa.db")
    holder = sqlite3.connect(tmp_path / "qa.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with reading(engine) as connection:  # readers go on beside a writer
        assert connection.execute(select(folders)).all() == []
    with pytest.raises(QaError) as raised, writing(engine):
        pass
    assert raised.value.code == "store.locked"
    holder.close()
    engine.dispose()


def test_where_a_person_waits_the_wait_is_shorter(tmp_path, engine):
    wait_at_most(engine, 1_000)
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 1_000
    holder = sqlite3.connect(tmp_path / "qa.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(QaError) as raised, writing(engine):
        pass
    holder.close()
    assert raised.value.values["seconds"] == 1


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


def test_processes_that_open_a_new_database_at_once_all_succeed(tmp_path):
    path = tmp_path / "qa.db"
    workers = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_APPEND, path, str(i)], stdin=subprocess.PIPE)
        for i in range(4)
    ]
    for worker in workers:  # closed standard input is the starting gun
        worker.stdin.close()
    assert [worker.wait(timeout=120) for worker in workers] == [0] * 4
    engine = open_database(path)
    with reading(engine) as connection:
        assert len(connection.execute(select(folders)).all()) == 80
        assert len(connection.execute(select(schema_version)).all()) == 1
    engine.dispose()


def test_who_opens_a_new_database_waits_while_another_one_makes_it(tmp_path, monkeypatch):
    holder = sqlite3.connect(tmp_path / "qa.db", isolation_level=None)
    holder.execute("CREATE TABLE t (a)")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM t").fetchall()
    tries = []

    def wait(seconds):
        tries.append(seconds)
        if len(tries) == 3:
            holder.execute("ROLLBACK")

    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr(database.time, "sleep", wait)
    monkeypatch.setattr(database.time, "monotonic", lambda: 0.0)
    open_database(tmp_path / "qa.db").dispose()
    assert len(tries) == 3
    holder.close()


def test_a_database_that_stays_locked_while_it_is_made_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    holder = sqlite3.connect(tmp_path / "qa.db", isolation_level=None)
    holder.execute("CREATE TABLE t (a)")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM t").fetchall()
    with pytest.raises(QaError) as raised:
        open_database(tmp_path / "qa.db")
    holder.close()
    assert raised.value.code == "store.locked"


def test_event_times_are_utc(engine):
    with reading(engine) as connection:
        applied = connection.execute(select(schema_version.c.applied_at)).scalar_one()
    assert abs((datetime.now(UTC).replace(tzinfo=None) - applied).total_seconds()) < 60
