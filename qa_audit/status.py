"""How far the transcription of a workspace is: recordings and hours by state and month, speed, time left.

Read from the database and the names of the parts; no recording and no part is opened, so that it answers at
once for a hundred thousand of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import select

from qa_audit.calls.query import file_names, month_of
from qa_audit.console import table
from qa_audit.messages import say
from qa_audit.store import schema
from qa_audit.store.database import reading, rows_in
from qa_audit.store.moments import stored_moment
from qa_audit.store.parts import listed_keys
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.job_table import error_of, is_held
from qa_audit.transcribe.lengths import BYTES_PER_S
from qa_audit.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Connection, Row, Select
    from sqlalchemy import Engine as Database

    from qa_audit.messages import QaError
    from qa_audit.transcribe.settings import TranscribeSettings

STATES = ("done", "waiting", "running", "failed")
SPEED_OVER = timedelta(days=1)
LISTED = 20
"""So many running and failed recordings are named in full; the JSON has them all."""


@dataclass(slots=True)
class MonthStatus:
    """Recordings of a month by state, and their audio."""

    done: int = 0
    waiting: int = 0
    running: int = 0
    failed: int = 0
    done_s: float = 0.0
    left_s: float = 0.0
    """Audio of what waits and of what is in work."""


@dataclass(frozen=True, slots=True)
class InWork:
    """A recording that a run works on."""

    recording: str
    host: str
    pid: int
    since: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A recording that could not be transcribed."""

    recording: str
    error: QaError
    attempts: int


@dataclass(frozen=True, slots=True)
class Status:
    """How far the transcription is."""

    months: dict[str, MonthStatus] = field(default_factory=dict)
    """By month, in order; "undated" last."""
    in_work: tuple[InWork, ...] = ()
    failures: tuple[Failed, ...] = ()
    waiting_since: datetime | None = None
    """When the recording that has waited longest was imported, UTC; None when none waits."""
    speed: float | None = None
    """Seconds of audio a second while runs were at work in the last day; None when there was none."""

    failed = False
    """To look is no failure."""

    @property
    def total(self) -> MonthStatus:
        """All months together."""
        names = MonthStatus.__dataclass_fields__
        return MonthStatus(*(sum(getattr(one, name) for one in self.months.values()) for name in names))

    @property
    def time_left_s(self) -> float | None:
        """Seconds of work that are left at the measured speed."""
        return None if self.speed is None else self.total.left_s / self.speed

    def as_json(self) -> dict[str, Any]:
        """For scripts; hours of audio, speed in seconds of audio a second."""
        left_s = self.time_left_s
        return {
            **_as_json(self.total),
            "speed": None if self.speed is None else round(self.speed, 3),
            "time_left_hours": None if left_s is None else round(left_s / 3600, 3),
            "months": {month: _as_json(one) for month, one in self.months.items()},
            "in_work": [
                {
                    "recording": one.recording,
                    "host": one.host,
                    "pid": one.pid,
                    "since": one.since.replace(tzinfo=UTC).isoformat(timespec="seconds"),
                }
                for one in self.in_work
            ],
            "failures": [
                {
                    "recording": one.recording,
                    "code": one.error.code,
                    "message": str(one.error),
                    "attempts": one.attempts,
                }
                for one in self.failures
            ],
        }

    def __str__(self) -> str:
        total = self.total
        counts = {state: getattr(total, state) for state in STATES}
        lines = [say("status.recordings", **counts), say("status.hours", **_hours(total))]
        if self.speed is None:
            lines.append(say("status.no_speed"))
        else:
            lines.append(say("status.speed", speed=self.speed, hours=(self.time_left_s or 0.0) / 3600))
        if self.months:
            headings = [
                say(f"status.column.{name}") for name in ("month", *STATES, "done_hours", "left_hours")
            ]
            rows = [
                (
                    say("status.undated") if month == "undated" else month,
                    *(getattr(one, state) for state in STATES),
                    f"{one.done_s / 3600:.1f}",
                    f"{one.left_s / 3600:.1f}",
                )
                for month, one in self.months.items()
            ]
            lines += ["", table(headings, rows, right=range(1, 7))]
        for title, told in (
            ("status.in_work", [_in_work_line(one) for one in self.in_work]),
            ("status.failures", [str(one.error) for one in self.failures]),
        ):
            if told:
                more = [say("run.more", count=len(told) - LISTED)] if len(told) > LISTED else []
                lines += ["", say(title), *(f"  {line}" for line in told[:LISTED] + more)]
        return "\n".join(lines)


def read_status(database: Database, results: Path, settings: TranscribeSettings, digest: str) -> Status:
    """The state of every recording that belongs to a call and is there or was transcribed."""
    now = stored_moment()
    there = listed_keys(results, TURNS)
    with uncollected(), reading(database) as connection:
        contents = _contents(connection)
        lengths: dict[str, float] = dict(_rows(connection, _lengths()))
        tried = {row.key: row for row in connection.execute(_unfinished())}
        speed = speed_of(_rows(connection, _recent(now)))
        keys = _keys(connection, contents.starts, settings, digest)
        by_size: dict[str, float] = {}
        months: defaultdict[str, MonthStatus] = defaultdict(MonthStatus)
        found: dict[str, list[str]] = {"running": [], "failed": []}
        waiting: set[str] = set()
        for (sha256, start), key in zip(contents.starts.items(), keys, strict=True):
            length_s = lengths.get(key) or contents.listed_s.get(sha256)
            if length_s is None:
                by_size = by_size or _by_size(connection)
                length_s = by_size[sha256]
            if key in there:
                month = months[month_of(start)]
                month.done += 1
                month.done_s += length_s
            elif sha256 in contents.present:
                month = months[month_of(start)]
                state = _state(tried.get(key), now)
                setattr(month, state, getattr(month, state) + 1)
                month.left_s += length_s if state != "failed" else 0.0
                if state == "waiting":
                    waiting.add(sha256)
                elif state in found:
                    found[state].append(key)
        since = _imported_first(connection, waiting)
        paths = _paths(connection, {tried[key].sha256 for kind in found.values() for key in kind})

    def named(state: str) -> list[tuple[str, Row]]:
        pairs = ((paths.get(tried[key].sha256, "–"), tried[key]) for key in found[state])
        return sorted(pairs, key=lambda pair: pair[0])

    return Status(
        dict(sorted(months.items())),
        tuple(InWork(path, row.host, row.pid, row.started_at) for path, row in named("running")),
        tuple(Failed(path, error_of(row._mapping), row.attempts) for path, row in named("failed")),
        since,
        speed,
    )


def speed_of(work: Iterable[tuple[datetime, datetime, float]]) -> float | None:
    """Seconds of audio a second, from (start, end, audio in seconds) of each job; None without any.

    Time in which several workers were busy counts once, time in which none was not at all.

    >>> at = [datetime(2026, 10, 1, 8, minute) for minute in range(30)]
    >>> speed_of([(at[0], at[10], 3000.0), (at[5], at[10], 3000.0), (at[20], at[25], 3000.0)])
    10.0
    """
    audio_s = busy_s = 0.0
    until: datetime | None = None
    for start, end, seconds in sorted(work):
        audio_s += seconds
        begun = start if until is None or start > until else until
        busy_s += max(0.0, (end - begun).total_seconds())
        until = end if until is None else max(until, end)
    return audio_s / busy_s if busy_s else None


@dataclass(frozen=True, slots=True)
class _Contents:
    """The recordings that calls have, by hash."""

    starts: dict[str, datetime | None]
    """Start of the first call."""
    listed_s: dict[str, float]
    present: set[str]


def _contents(connection: Connection) -> _Contents:
    # Joined here, for that takes a third of the time that the database needs for it.
    calls, files = schema.calls.c, schema.recording_files.c
    starts: dict[str, datetime | None] = {}
    listed: dict[str, float] = {}
    query = select(calls.sha256, calls.start, calls.duration_s)
    query = query.where(calls.superseded_by.is_(None), calls.sha256.is_not(None))
    for sha256, start, listed_s in _rows(connection, query):
        former = starts.setdefault(sha256, start)
        if start is not None and (former is None or start < former):
            starts[sha256] = start
        if listed_s:
            listed[sha256] = max(listed_s, listed.get(sha256, 0.0))
    present = {sha256 for (sha256,) in _rows(connection, select(files.sha256).where(files.present))}
    return _Contents(starts, listed, present)


def _rows(connection: Connection, query: Select) -> Iterator[tuple]:
    """The rows of a query, of which only few are in memory at a time."""
    for some in connection.execute(query).partitions(1000):
        yield from some  # pyright: ignore[reportReturnType]  rows are tuples


def _lengths():
    """Key and seconds of audio of what was transcribed."""
    jobs = schema.jobs.c
    return select(jobs.key, jobs.audio_s).where(jobs.audio_s.is_not(None))


def _unfinished():
    return select(schema.jobs).where(schema.jobs.c.state != "done")


def _recent(now: datetime):
    """Start, end and seconds of audio of what was transcribed lately."""
    jobs = schema.jobs.c
    lately = (jobs.state == "done", jobs.finished_at > now - SPEED_OVER, jobs.started_at.is_not(None))
    return select(jobs.started_at, jobs.finished_at, jobs.audio_s).where(*lately)


def _keys(
    connection: Connection, hashes: Collection[str], settings: TranscribeSettings, digest: str
) -> list[str]:
    if not settings.raw_formats:
        return [*map(settings.key_maker(digest), hashes)]
    names = file_names(connection)
    raws = [settings.raw_format_of(names[sha256]) if sha256 in names else None for sha256 in hashes]
    return [settings.key(sha256, digest, raw) for sha256, raw in zip(hashes, raws, strict=True)]


def _imported_first(connection: Connection, hashes: Collection[str]) -> datetime | None:
    """When the first of some recordings was imported."""
    if not hashes:
        return None
    recordings, imports = schema.recordings.c, schema.imports.c
    query = select(recordings.sha256, imports.imported_at)
    query = query.join_from(schema.recordings, schema.imports, recordings.added_in == imports.import_id)
    rows = _rows(connection, query.order_by(imports.imported_at))
    return next((at for sha256, at in rows if sha256 in hashes), None)


def _state(row: Row | None, now: datetime) -> str:
    """State of a recording that has no part."""
    if row is None or row.state == "waiting" or (row.state == "running" and not is_held(row._mapping, now)):
        return "waiting"
    return row.state


def _by_size(connection: Connection) -> dict[str, float]:
    """Seconds that recordings last by their sizes, at what a byte lasted of those that were transcribed."""
    jobs, recordings = schema.jobs.c, schema.recordings.c
    # Keys are hashes: the first ones in their order are a sample of all.
    query = select(jobs.audio_s, recordings.size_bytes).where(jobs.audio_s > 0).order_by(jobs.key).limit(1000)
    joined = query.join_from(schema.jobs, schema.recordings, jobs.sha256 == recordings.sha256)
    measured = connection.execute(joined).all()
    size_bytes = sum(size for _, size in measured)
    rate = sum(seconds for seconds, _ in measured) / size_bytes if size_bytes else 1 / BYTES_PER_S
    sizes = _rows(connection, select(recordings.sha256, recordings.size_bytes))
    return {sha256: size * rate for sha256, size in sizes}


def _paths(connection: Connection, hashes: set[str]) -> dict[str, str]:
    """Where recordings lie now, by their hashes."""
    files, folders = schema.recording_files.c, schema.folders.c
    query = select(files.sha256, folders.path.label("folder"), files.path).join(schema.folders)
    found = rows_in(connection, query.where(files.present), files.sha256, hashes)
    return {row.sha256: str(PurePosixPath(row.folder, row.path)) for row in found}


def _hours(one: MonthStatus) -> dict[str, float]:
    return {"done_hours": one.done_s / 3600, "left_hours": one.left_s / 3600}


def _as_json(one: MonthStatus) -> dict[str, Any]:
    hours = {name: round(value, 3) for name, value in _hours(one).items()}
    return {**{state: getattr(one, state) for state in STATES}, **hours}


def _in_work_line(one: InWork) -> str:
    since = one.since.replace(tzinfo=UTC).astimezone()
    return say("status.by", recording=one.recording, host=one.host, pid=one.pid, since=f"{since:%H:%M:%S}")
