"""The table of transcription jobs: who works on what, and what failed and why.

One row a job key, so that a job is one whoever looks at it. The part is the truth of "done": a part without
a row is done, a row that says done without its part is work again. A run holds a job by a lease that it
renews while it works; a lease that ran out, or whose process on this machine is dead, may be taken over.
Clocks of several machines on one database may differ by `LEASE_S` less `HEARTBEAT_S`.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from qa_audit.messages import QaError
from qa_audit.store.database import exclusive, reading, rows_in, writing
from qa_audit.store.moments import stored_moment
from qa_audit.store.parts import has_part
from qa_audit.store.processes import is_running, machine_id
from qa_audit.store.schema import jobs
from qa_audit.transcribe.job import TURNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.transcribe.job import Job, Result

LEASE_S = 180.0
HEARTBEAT_S = 30.0
MAX_ATTEMPTS = 3
"""Attempts at a recording that is not known to be unusable; then it has failed."""

_CLAIM_LOCK = 7141003  # any number that is the same in every process
_NO_LEASE = {"token": None, "lease_end": None, "heartbeat_at": None}


@dataclass(frozen=True, slots=True)
class Holder:
    """A run as the leases name it."""

    host: str
    machine: str
    """See `store.processes.machine_id`."""
    pid: int
    token: str
    """Random, so that two runs of one process are two."""

    @classmethod
    def new(cls) -> Holder:
        """This process, under a token of its own."""
        return cls(socket.gethostname(), machine_id(), os.getpid(), secrets.token_hex(16))


@dataclass(slots=True)
class Claim:
    """What became of the candidates that `claim` looked at, from the first on."""

    mine: list[Job] = field(default_factory=list)
    """Leased: to be worked on now."""
    done: list[Job] = field(default_factory=list)
    """Their parts are there by now."""
    busy: list[Job] = field(default_factory=list)
    """Another run works on them."""
    failed: list[tuple[Job, QaError]] = field(default_factory=list)
    """Given up: by another run meanwhile, or now, for their workers died too often."""

    @property
    def looked_at(self) -> int:
        """How many of the candidates are in one of the lists."""
        return len(self.mine) + len(self.done) + len(self.busy) + len(self.failed)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a recording could not be transcribed."""

    error: QaError
    attempts: int


@dataclass(frozen=True, slots=True)
class Running:
    """A job that a run works on now."""

    host: str
    pid: int
    since: datetime
    """UTC."""


def claim(
    database: Database,
    candidates: Sequence[Job],
    want: int,
    holder: Holder,
    results: Path,
    *,
    again: Collection[str] = (),
) -> Claim:
    """Lease up to `want` of the candidates, in their order, in one short transaction; an attempt begins.

    Candidates behind the last one leased are not looked at. `again` holds keys of failed jobs that are to be
    tried anew, with all attempts.
    """
    found = Claim()
    with writing(database) as connection:
        exclusive(connection, _CLAIM_LOCK)
        now = stored_moment()
        keys = [job.key for job in candidates]
        rows = {row.key: row._mapping for row in rows_in(connection, select(jobs), jobs.c.key, keys)}
        for job in candidates:
            if len(found.mine) == want:
                break
            row = rows.get(job.key)
            if row is not None and is_held(row, now):
                found.busy.append(job)
            elif has_part(results, TURNS, job.month, job.key):
                found.done.append(job)
            elif row is not None and row["state"] == "failed" and job.key not in again:
                found.failed.append((job, error_of(row)))
            elif row is not None and row["state"] == "running" and row["attempts"] >= MAX_ATTEMPTS:
                found.failed.append((job, _give_up(connection, job, now)))
            else:
                _lease(connection, job, row, holder, now)
                found.mine.append(job)
    return found


def finish(database: Database, result: Result, holder: Holder) -> None:
    """Note that a job is done; its part must be there. Without effect when the lease was lost."""
    values = {
        "state": "done",
        "finished_at": stored_moment(),
        "audio_s": result.audio_s,
        "spent_s": result.spent_s,
    }
    with writing(database) as connection:
        connection.execute(_held_by(holder, result.job.key).values(**values, **_NO_LEASE, **_told(None)))


def fail(database: Database, result: Result, error: QaError, holder: Holder, *, certain: bool) -> bool:
    """Note why an attempt failed; whether the job shall be tried again.

    `certain` says that another attempt would fail the same way.
    """
    key = result.job.key
    with writing(database) as connection:
        attempts = connection.execute(select(jobs.c.attempts).where(jobs.c.key == key)).scalar_one()
        again = not certain and attempts < MAX_ATTEMPTS
        values = {
            "state": "waiting" if again else "failed",
            "finished_at": stored_moment(),
            "spent_s": result.spent_s,
        }
        connection.execute(_held_by(holder, key).values(**values, **_NO_LEASE, **_told(error)))
    return again


def give_back(database: Database, holder: Holder) -> None:
    """Give up all leases of a run that stops: what it had in hand waits again, the attempt does not count."""
    with writing(database) as connection:
        connection.execute(
            _held_by(holder).values(
                state="waiting", attempts=jobs.c.attempts - 1, started_at=None, **_NO_LEASE
            )
        )


def renew(database: Database, holder: Holder) -> None:
    """Say that a run is alive: its leases hold for another `LEASE_S`."""
    now = stored_moment()
    with writing(database) as connection:
        connection.execute(
            _held_by(holder).values(heartbeat_at=now, lease_end=now + timedelta(seconds=LEASE_S))
        )


@contextmanager
def holding(database: Database, heartbeat_s: float = HEARTBEAT_S) -> Iterator[Holder]:
    """A run's name for its leases; they are renewed while the block runs and given back when it ends."""
    holder = Holder.new()
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(heartbeat_s):
            # A database that is busy for long is tried again at the next beat; the lease outlasts several.
            with suppress(QaError):
                renew(database, holder)

    thread = threading.Thread(target=beat, name="lease-heartbeat", daemon=True)
    thread.start()
    try:
        yield holder
    except BaseException:
        stopped.set()
        with suppress(QaError):  # what stopped the run is what has to be told
            give_back(database, holder)
        raise
    else:
        stopped.set()
        give_back(database, holder)
    finally:
        thread.join()


def failures(database: Database) -> dict[str, Failure]:
    """Recordings that could not be transcribed, by the key of the job."""
    with reading(database) as connection:
        rows = connection.execute(select(jobs).where(jobs.c.state == "failed")).all()
    return {row.key: Failure(error_of(row._mapping), row.attempts) for row in rows}


def running(database: Database) -> dict[str, Running]:
    """Jobs that a run works on now, by key; what dead runs left is not among them."""
    now = stored_moment()
    with reading(database) as connection:
        rows = connection.execute(select(jobs).where(jobs.c.state == "running")).all()
    return {row.key: Running(row.host, row.pid, row.started_at) for row in rows if is_held(row._mapping, now)}


def is_held(row: Mapping[Any, Any], now: datetime) -> bool:
    """Whether a row of the table is in the hands of a run that lives, as far as can be told from here."""
    if row["state"] != "running" or row["lease_end"] <= now:
        return False
    return row["machine"] != machine_id() or is_running(row["pid"])


def error_of(row: Mapping[Any, Any]) -> QaError:
    """The last failure that a row of the table tells of."""
    return QaError(row["code"], **row["values"])


def _lease(
    connection: Connection, job: Job, row: Mapping[Any, Any] | None, holder: Holder, now: datetime
) -> None:
    former = 0 if row is None or row["state"] in ("failed", "done") else row["attempts"]
    values = {
        "sha256": job.sha256,
        "state": "running",
        "attempts": former + 1,
        "host": holder.host,
        "machine": holder.machine,
        "pid": holder.pid,
        "token": holder.token,
        "heartbeat_at": now,
        "lease_end": now + timedelta(seconds=LEASE_S),
        "started_at": now,
        "finished_at": None,
    }
    if row is None:
        connection.execute(insert(jobs).values(key=job.key, **values))
    else:
        connection.execute(update(jobs).where(jobs.c.key == job.key).values(**values))


def _give_up(connection: Connection, job: Job, now: datetime) -> QaError:
    error = QaError("jobs.run_died", path=str(job.path), attempts=MAX_ATTEMPTS)
    connection.execute(
        update(jobs)
        .where(jobs.c.key == job.key)
        .values(state="failed", finished_at=now, **_NO_LEASE, **_told(error))
    )
    return error


def _held_by(holder: Holder, key: str | None = None):
    statement = update(jobs).where(jobs.c.token == holder.token, jobs.c.state == "running")
    return statement if key is None else statement.where(jobs.c.key == key)


def _told(error: QaError | None) -> dict[str, Any]:
    if error is None:
        return {"code": None, "values": None}
    values = {
        name: value if isinstance(value, int | float) else str(value) for name, value in error.values.items()
    }
    return {"code": error.code, "values": values}
