"""What a database says is wrong, as messages that a person can act on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from sqlalchemy import URL

_POSTGRES = {
    "25006": "store.not_writable",
    "40P01": "store.locked",
    "42501": "store.not_allowed",
    "53100": "store.disk_full",
    "55P03": "store.locked",
}
"""By the codes of https://www.postgresql.org/docs/15/errcodes-appendix.html."""
_NO_SERVER = ("08", "28", "3D", "57P")
"""What codes begin with that tell that there is no connection: server, login, name, shut down."""
_SQLITE = (
    (("database is locked", "database table is locked"), "store.locked"),
    (("not a database", "malformed"), "store.not_a_database"),
    (("disk is full",), "store.disk_full"),
    (("disk I/O error",), "store.disk_fault"),  # also of a disk so full that no file can be begun
    (("readonly database", "unable to open"), "store.not_writable"),
)
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR})
_NO_TEXT = "Could not decode to UTF-8"
"""Python's words; it gives no code with them."""


def told(url: URL, error: BaseException, waited_ms: int) -> QaError:
    """The message for a driver's error; `waited_ms` is how long a writer waits for others."""
    database = url.render_as_string(hide_password=True)
    reason = str(error).strip()
    code = _of_postgres(error) if url.get_backend_name() == "postgresql" else _of_sqlite(reason)
    return QaError(code, database=database, path=database, reason=reason, seconds=waited_ms // 1000)


def damaged(error: BaseException | None) -> bool:
    """Whether SQLite could not read a part of its file: other parts may still be read."""
    said = getattr(error, "orig", error)
    code = getattr(said, "sqlite_errorcode", None)
    return no_text(error) or (code is not None and code & 0xFF in _DAMAGE)


def no_text(error: BaseException | None) -> bool:
    """Whether SQLite found bytes that are no UTF-8 where a text should be."""
    said = getattr(error, "orig", error)
    return isinstance(said, sqlite3.Error) and _NO_TEXT in str(said)


def _of_sqlite(reason: str) -> str:
    found = (code for signs, code in _SQLITE if any(one in reason for one in signs))
    return next(found, "store.database_error")


def _of_postgres(error: BaseException) -> str:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # Psycopg's own errors bear no code: what it has not heard from a server.
        return "store.no_server" if type(error).__name__ == "OperationalError" else "store.database_error"
    return _POSTGRES.get(state, "store.no_server" if state.startswith(_NO_SERVER) else "store.database_error")
