"""Opening the department's database: SQLite by default, PostgreSQL by URL, the same code over both.

SQLite runs in WAL mode, so readers and one writer work side by side, with `synchronous=FULL`: what a
person decided survives a power cut. Its WAL needs shared memory and is unsafe on network file
systems (https://www.sqlite.org/wal.html), so those are refused.
"""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError

from qa_audit.messages import QaError
from qa_audit.store import (  # noqa: F401 - tables of `metadata`
    closing_schema,
    dispute_schema,
    listening_schema,
    proof_schema,
    retention_schema,
    role_schema,
    rubric_use_schema,
    rule_status_schema,
    sample_schema,
)
from qa_audit.store.database_errors import told
from qa_audit.store.migrations import migrate
from qa_audit.store.moments import stored_moment
from qa_audit.store.role_sql import renew_rights
from qa_audit.store.schema import SCHEMA_VERSION, metadata, schema_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike

    from sqlalchemy import Column, Insert, Row, Select

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another one before it gives up."""

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "webdav", "davfs", "ncpfs"}
    | {"ceph", "glusterfs", "lustre", "gpfs", "beegfs"}
    | {f"fuse.{name}" for name in ("sshfs", "davfs", "davfs2", "glusterfs", "ceph", "rclone", "s3fs")}
)

_IN_ONE_QUERY = 500
_RETRY_S = 0.01
_TRY_AGAIN_S = (0.0005, 0.0045)
_BUSY = "qa_audit_busy_ms"
_MADE = "qa_audit_made"
_MIGRATION_LOCK = 7141001  # any number that is the same in every process


def open_database(url_or_path: str | PathLike[str]) -> Engine:
    """The database at a path (SQLite) or a URL (`postgresql+psycopg://…`, `sqlite:///…`), made when missing.

    Tables are created, and those of an older version brought to the present one, in one transaction; several
    processes may open at once.

    Raises `QaError`: `store.network_file_system`, `store.newer_schema`, `store.older_schema`,
    `store.not_a_database`, `store.bad_url`, `store.no_driver`, `store.locked`,
    `store.database_error`, `store.not_writable`.

    >>> import tempfile
    >>> engine = open_database(Path(tempfile.mkdtemp()) / "qa.db")
    >>> with reading(engine) as connection:
    ...     connection.execute(select(schema_version.c.version)).scalar_one() == SCHEMA_VERSION
    True
    >>> engine.dispose()
    """
    engine = _engine(url_or_path)
    try:
        _prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    if engine.url.database:
        engine.update_execution_options(**{_MADE: True})
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database from its first query on."""
    with _told(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Rolled back when it is closed: there is nothing to keep, and SQLite refuses to commit what met a
        # damaged page.
        connection.begin()
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it is kept when the block ends well, nothing of it otherwise.

    On SQLite the write lock is taken at the start, so that what was read in the block still holds
    when it is written; others wait up to `BUSY_TIMEOUT_MS`. On PostgreSQL `exclusive` does that for what
    the block names; every query sees what others have committed until then.
    """
    with _told(engine), engine.connect() as connection:
        connection.execution_options(qa_audit_writes=True)
        if engine.dialect.name == "postgresql":
            # Whatever the server's default: one state from the first query on would be that before the lock.
            connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            yield connection


def wait_at_most(engine: Engine, milliseconds: int) -> None:
    """Writers of this engine wait for others so long and no longer: where a person waits for the answer.

    Nothing changes on PostgreSQL, whose writers wait for the same rows only.
    """
    engine.update_execution_options(**{_BUSY: milliseconds})
    engine.dispose()  # connections made before would still wait as long as then


def exclusive(connection: Connection, number: int) -> None:
    """Let one transaction at a time pass here per `number`; on SQLite every writer already is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def insert_one(connection: Connection, statement: Insert) -> int:
    """Insert one row into a table whose key the database gives; that key."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None  # one row into a table with one key
    return key[0]


def rows_in(connection: Connection, query: Select, column: Column, values: Iterable[Any]) -> list[Row]:
    """Rows of `query` whose `column` is one of `values`, however many: databases limit those of one query."""
    ordered = sorted(values)
    found: list[Row] = []
    for start in range(0, len(ordered), _IN_ONE_QUERY):
        found += connection.execute(query.where(column.in_(ordered[start : start + _IN_ONE_QUERY]))).all()
    return found


def _engine(url_or_path: str | PathLike[str]) -> Engine:
    given = str(url_or_path)
    if "://" not in given:
        path = Path(given).expanduser().absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise QaError("store.not_writable", path=path.parent, reason=error.strerror or error) from error
        url = make_url("sqlite://").set(database=str(path))
    else:
        try:
            url = make_url(given)
        except ArgumentError as error:
            raise QaError("store.bad_url", url=given) from error
    shown = url.render_as_string(hide_password=True)
    try:
        if url.get_backend_name() == "sqlite":
            _refuse_network(Path(url.database or "."))
            # The driver's own waiting would hide the busy timeout set below.
            engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
            _speak_sqlite(engine)
            return engine
        if url.get_backend_name() == "postgresql":
            return create_engine(url, pool_pre_ping=True)
    except ImportError as error:
        raise QaError("store.no_driver", url=shown, reason=error) from error
    except NoSuchModuleError as error:
        raise QaError("store.bad_url", url=shown) from error
    raise QaError("store.bad_url", url=shown)


def _speak_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection, _record) -> None:
        # SQLAlchemy, not the driver, says when a transaction begins.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_busy_ms(engine)}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        # What is deleted (the words of an event) is overwritten, not only forgotten.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "do_connect")
    def _connecting(*_) -> None:
        # It would make an empty one, which stands in the way of putting the right one back.
        if engine.get_execution_options().get(_MADE) and _file_of(engine) is None:
            raise QaError("store.gone", database=engine.url.database)

    @event.listens_for(engine, "checkout")
    def _taken(_connection, record, _proxy) -> None:
        # SQLite goes on writing into a file that was deleted, and says that all is well.
        file, known = _file_of(engine), record.info.get("file")
        if known is None:
            record.info["file"] = file
        elif file is None:
            raise QaError("store.gone", database=engine.url.database)
        elif file != known:
            raise DisconnectionError  # another one lies there now: it is opened instead

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if connection.get_execution_options().get("qa_audit_writes", False):
            _begin_writing(connection, _busy_ms(engine))
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection, busy_ms: int) -> None:
    """Take the write lock, trying every few milliseconds for as long as writers wait.

    SQLite itself tries ever less often, at last ten times a second: those who wait longest then come last.
    """
    cursor = connection.connection.cursor()
    until = time.monotonic() + busy_ms / 1000
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(*_TRY_AGAIN_S))
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {busy_ms}")
        cursor.close()


def _file_of(engine: Engine) -> tuple[int, int] | None:
    """Device and number of the file in which the database lies; None where there is none."""
    try:
        found = Path(engine.url.database or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with _told(engine), engine.connect() as connection:
            raw = connection.connection.cursor()
            mode = _switch_to_wal(raw)
            raw.close()
            if mode is None or mode[0] not in ("wal", "memory"):
                raise QaError("store.no_wal", path=engine.url.database)
    with reading(engine) as connection:
        found = set(inspect(connection).get_table_names())
        if found >= set(metadata.tables) and _version(connection, engine) == SCHEMA_VERSION:
            return
    with writing(engine) as connection:
        exclusive(connection, _MIGRATION_LOCK)
        found = set(inspect(connection).get_table_names())
        if schema_version.name in found:
            migrate(connection, _version(connection, engine))
            metadata.create_all(connection)
            renew_rights(connection)  # those of tables that were made just now
            return
        metadata.create_all(connection)
        now = stored_moment()
        connection.execute(insert(schema_version).values(version=SCHEMA_VERSION, applied_at=now))


def _switch_to_wal(cursor: Any) -> tuple[str] | None:
    """Turn WAL on, and what mode the database says it has then.

    SQLite doesn't wait here for others that open a new database at the same moment: two that each hold a read
    lock and want the write lock would wait for each other, so both are told at once that it is locked.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            return cursor.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(_RETRY_S * (1 + random.random()))


def _version(connection: Connection, engine: Engine) -> int:
    """Version of the database; one that this program cannot bring to its own is refused."""
    versions = connection.execute(select(schema_version.c.version)).scalars().all()
    version = max(versions, default=0)
    if 1 <= version <= SCHEMA_VERSION:
        return version
    raise QaError(
        "store.newer_schema" if version > SCHEMA_VERSION else "store.older_schema",
        database=engine.url.render_as_string(hide_password=True),
        found=version,
        known=SCHEMA_VERSION,
    )


def _busy_ms(engine: Engine) -> int:
    return engine.get_execution_options().get(_BUSY, BUSY_TIMEOUT_MS)


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors into messages that a person can act on."""
    try:
        yield
    except DBAPIError as error:
        raise told(engine.url, error.orig or error, _busy_ms(engine)) from error
    except engine.dialect.loaded_dbapi.Error as error:
        raise told(engine.url, error, _busy_ms(engine)) from error


def _refuse_network(path: Path) -> None:
    kind = file_system_of(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise QaError("store.network_file_system", path=path, kind=kind)


def file_system_of(path: str | PathLike[str]) -> str | None:
    """Type of the file system that holds `path` ("ext4", "nfs4"), or None when the system does not tell."""
    try:
        if sys.platform == "darwin":
            mounts = darwin_mounts(subprocess.check_output(["/sbin/mount"], text=True))
        else:
            mounts = linux_mounts(Path("/proc/self/mounts").read_text(encoding="utf-8"))
        return mounted_type(path, mounts)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None


def linux_mounts(table: str) -> dict[str, str]:
    """File system type by mount point, from the text of `/proc/self/mounts`."""
    # Spaces and the like in a mount point stand as octal codes: \040.
    fields = (line.split(" ") for line in table.splitlines())
    return {
        re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), field[1]): field[2]
        for field in fields
        if len(field) > 2
    }


def darwin_mounts(table: str) -> dict[str, str]:
    """File system type by mount point, from what macOS's `mount` prints."""
    found = (re.match(r".* on (?P<point>/.*) \((?P<kind>[^,)]+)", line) for line in table.splitlines())
    return {match["point"]: match["kind"] for match in found if match}


def mounted_type(path: str | PathLike[str], mounts: dict[str, str]) -> str | None:
    """Type of the innermost mount that holds `path`."""
    resolved = Path(path).resolve()
    for parent in (resolved, *resolved.parents):
        if str(parent) in mounts:
            return mounts[str(parent)]
    return None
