"""Calls and recordings as frames, with agent and team as they were when the call was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import polars as pl
from sqlalchemy import and_, func, select

from qa_audit.calls.facts import NOTHING_ASKED, WEEKDAYS, AskedFacts, CallFacts
from qa_audit.calls.people import ROSTER_SCHEMA, resolve_people
from qa_audit.calls.values import folded
from qa_audit.messages import QaError
from qa_audit.store import schema
from qa_audit.store.database import reading, rows_in
from qa_audit.store.parts import UNDATED
from qa_audit.store.persons import own_calls_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from qa_audit.calls.facts import Columns, Direction, Party, Weekday

CALLS_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "recording": pl.String,
        "file_name": pl.String,
        "sha256": pl.String,
        "start": pl.Datetime("us"),
        "agent_no": pl.String,
        "person_id": pl.String,
        "agent_name": pl.String,
        "team": pl.String,
        "direction": pl.String,
        "ring_s": pl.Float64,
        "internal": pl.Boolean,
        "hangup_by": pl.String,
        "line": pl.String,
        "system": pl.String,
        "customer_no": pl.String,
        "listed_duration_s": pl.Float64,
    }
)
"""Columns of `calls_frame`."""

RECORDINGS_SCHEMA = pl.Schema(
    {
        "sha256": pl.String,
        "recording": pl.String,
        "folder": pl.String,
        "path": pl.String,
        "size_bytes": pl.Int64,
        "present": pl.Boolean,
        "calls": pl.UInt32,
    }
)
"""Columns of `recordings_frame`."""


def calls_frame(engine: Engine, month: str | None = None, *, call_id: str | None = None) -> pl.DataFrame:
    """One row a call (`CALLS_SCHEMA`), in order of start and call id; with `call_id` that call alone.

    `month` is "2026-10", "undated" (start not known) or None for all. `recording` is the absolute path
    where the audio lies now, null when there is none; `file_name` is the name it has or last had; `sha256`
    stays when the file was archived. `start` is naive local time. Person, name and team are those of the
    roster at the time of the call, else the list's. An agent gets their own calls alone.

    Raises `QaError` `calls.bad_month`.
    """
    table = schema.calls
    query = select(*(table.c[name] for name in _STORED)).where(table.c.superseded_by.is_(None))
    if month == UNDATED:
        query = query.where(table.c.start.is_(None))
    elif month is not None:
        first, following = month_bounds(month)
        query = query.where(and_(table.c.start >= first, table.c.start < following))
    if call_id is not None:
        query = query.where(table.c.call_id == call_id)
    with reading(engine) as connection:
        own = own_calls_alone(connection)
        if own is not None:
            query = query.where(table.c.call_id.in_(own))
        rows = [tuple(row) for row in connection.execute(query)]
        people = _roster(connection)
        files = _files(connection, None if call_id is None else [row[_SHA256] for row in rows])
    found = pl.DataFrame(rows, _STORED_SCHEMA, orient="row").rename({"duration_s": "listed_duration_s"})
    paths = files.filter("present").group_by("sha256").agg(pl.col("recording").sort().first())
    names = _names(files)
    return (
        resolve_people(found, people)
        .join(paths, on="sha256", how="left")
        .join(names, on="sha256", how="left")
        .select(CALLS_SCHEMA.names())
        .sort("start", "call_id", nulls_last=True)
    )


def file_names(connection: Connection) -> dict[str, str]:
    """The name that each recording has or last had, by its hash: `file_name` of `calls_frame`."""
    return dict(_names(_files(connection)).iter_rows())


def facts_of(row: Mapping[str, Any], asked: AskedFacts = NOTHING_ASKED, columns: Columns = ()) -> CallFacts:
    """What the rubric may use of a row of `calls_frame`, what it has not `asked` left out.

    `columns` as `further_columns` gives them.

    >>> row = {"direction": "inbound", "ring_s": 6.0, "internal": None, "hangup_by": None, "team": "一班"}
    >>> facts_of(row).team, facts_of(row, AskedFacts(frozenset(["team"]))).team
    (None, '一班')
    """
    known = CallFacts(
        direction=cast("Direction | None", row["direction"]),
        ring_s=row["ring_s"],
        internal=row["internal"],
        hangup_by=cast("Party | None", row["hangup_by"]),
    )
    return known if asked == NOTHING_ASKED else replace(known, **_further(row, asked, columns))


def _further(row: Mapping[str, Any], asked: AskedFacts, columns: Columns) -> dict[str, Any]:
    found: dict[str, Any] = {name: row[name] for name in ("line", "team") if name in asked.names}
    if "time" in asked.names:
        found["time"] = time_of(row["start"])
    if "date" in asked.names:
        found["date"] = None if row["start"] is None else row["start"].date().isoformat()
    if "weekday" in asked.names:
        found["weekday"] = weekday_of(row["start"])
    return {**found, "columns": columns}


def time_of(start: datetime | None) -> str | None:
    """The time of day of a start; None for midnight sharp, which a list that has only the day gives.

    >>> time_of(datetime(2026, 10, 3, 8, 5, 59)), time_of(datetime(2026, 10, 3))
    ('08:05', None)
    """
    return None if start is None or start.time() == time() else f"{start.hour:02d}:{start.minute:02d}"


def weekday_of(start: datetime | None) -> Weekday | None:
    """The day of the week of a start.

    >>> weekday_of(datetime(2026, 10, 3, 8, 5))
    '周六'
    """
    return None if start is None else WEEKDAYS[start.weekday()]


def further_columns(engine: Engine, call_ids: Iterable[str], asked: AskedFacts) -> dict[str, Columns]:
    """Cells of the columns that are asked and that no field of the call list took, by call.

    A call without any of them is left out. Of two headings that fold alike the first stands.
    """
    if asked.columns == frozenset():
        return {}
    table = schema.calls
    query, ids = select(table.c.call_id, table.c.extra), sorted(call_ids)
    found: dict[str, Columns] = {}
    with reading(engine) as connection:
        # Some at a time: of a list with many columns most are not asked.
        for first in range(0, len(ids), _CALLS_AT_ONCE):
            for row in rows_in(connection, query, table.c.call_id, ids[first : first + _CALLS_AT_ONCE]):
                if columns := asked_columns(row.extra, asked):
                    found[row.call_id] = columns
    return found


def asked_columns(cells: Mapping[str, str], asked: AskedFacts) -> Columns:
    """Those cells, by heading, whose columns are asked.

    >>> asked_columns({"业务 类型": "宽带", "备注": "急"}, AskedFacts(columns=frozenset(["业务类型"])))
    (('业务类型', '宽带'),)
    """
    found: dict[str, str] = {}
    for heading, text in cells.items():
        key = folded(heading)
        if asked.columns is None or key in asked.columns:
            found.setdefault(key, text)
    return tuple(sorted(found.items()))


def first_days(engine: Engine) -> dict[str, date]:
    """The first day of each person in the roster, by `person_id`, where every entry of theirs has one."""
    table = schema.roster
    query = select(table.c.person_id, table.c.start_date).where(table.c.removed_in.is_(None))
    days: dict[str, list[date | None]] = {}
    with reading(engine) as connection:
        for person, day in connection.execute(query):
            days.setdefault(person, []).append(day)
    return {
        person: min(known) for person, own in days.items() if len(known := [d for d in own if d]) == len(own)
    }


def roster_frame(engine: Engine) -> pl.DataFrame:
    """The roster in force, one row a person, team and stretch of time (`people.ROSTER_SCHEMA`)."""
    with reading(engine) as connection:
        return _roster(connection)


def months(engine: Engine) -> list[str]:
    """Months that have calls, in order: `["2026-10", "2026-11"]`; calls without a start have none."""
    start = schema.calls.c.start
    # From each month to the first call after it: a step in the index each, however many calls there are.
    query = select(func.min(start)).where(schema.calls.c.superseded_by.is_(None), start.is_not(None))
    found: list[str] = []
    with reading(engine) as connection:
        first = connection.execute(query).scalar_one()
        while first is not None:
            found.append(month_of(first))
            _, following = month_bounds(found[-1])
            first = connection.execute(query.where(start >= following)).scalar_one()
    return found


def month_of(start: datetime | None) -> str:
    """The month a call belongs to: where it started, also when it went on past midnight.

    >>> month_of(datetime(2026, 10, 31, 23, 59)), month_of(None)
    ('2026-10', 'undated')
    """
    return UNDATED if start is None else f"{start.year:04d}-{start.month:02d}"


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """First moment of a month, and of the one after it.

    >>> month_bounds("2026-12")[1].isoformat()
    '2027-01-01T00:00:00'

    Raises `QaError` `calls.bad_month`.
    """
    try:
        first = datetime.strptime(month, "%Y-%m")
        following = datetime(first.year + first.month // 12, first.month % 12 + 1, 1)
    except (ValueError, TypeError) as error:
        raise QaError("calls.bad_month", got=month) from error
    if len(month) != 7:
        raise QaError("calls.bad_month", got=month)
    return first, following


def recordings_frame(engine: Engine) -> pl.DataFrame:
    """One row a file ever seen (`RECORDINGS_SCHEMA`): where it lies, and how many calls have its content."""
    table = schema.calls
    counted = (
        select(table.c.sha256, func.count())
        .where(table.c.superseded_by.is_(None), table.c.sha256.is_not(None))
        .group_by(table.c.sha256)
    )
    with reading(engine) as connection:
        files = _files(connection)
        rows = [tuple(row) for row in connection.execute(counted)]
    counts = pl.DataFrame(rows, {"sha256": pl.String, "calls": pl.UInt32}, orient="row")
    return (
        files.join(counts, on="sha256", how="left")
        .with_columns(pl.col("calls").fill_null(0))
        .select(RECORDINGS_SCHEMA.names())
        .sort("folder", "path")
    )


def missing(engine: Engine, month: str | None = None) -> pl.DataFrame:
    """Calls whose audio is not there: `call_id`, `start`, `agent_no`, `person_id`, `agent_name`, `team`,
    `named_recording` and `reason`.

    `reason` is "not_found" (no recording was ever matched) or "gone" (the file was there once).
    """
    table = schema.calls
    found = calls_frame(engine, month).filter(pl.col("recording").is_null())
    with reading(engine) as connection:
        query = select(table.c.call_id, table.c.named_recording)
        rows = [tuple(row) for row in connection.execute(query)]
    named = pl.DataFrame(rows, {"call_id": pl.String, "named_recording": pl.String}, orient="row")
    gone = pl.col("sha256").is_not_null()
    return found.join(named, on="call_id", how="left", maintain_order="left").select(
        "call_id",
        "start",
        "agent_no",
        "person_id",
        "agent_name",
        "team",
        "named_recording",
        reason=pl.when(gone).then(pl.lit("gone")).otherwise(pl.lit("not_found")),
    )


_CALLS_AT_ONCE = 5_000
_JOINED = ("recording", "file_name", "person_id", "listed_duration_s")
_STORED = (*(name for name in CALLS_SCHEMA if name not in _JOINED), "duration_s")
_SHA256 = _STORED.index("sha256")
_STORED_SCHEMA = pl.Schema({name: CALLS_SCHEMA.get(name, pl.Float64()) for name in _STORED})


def _roster(connection: Connection) -> pl.DataFrame:
    table = schema.roster
    query = (
        select(*(table.c[name] for name in ROSTER_SCHEMA))
        .where(table.c.removed_in.is_(None))
        .order_by(table.c.roster_id)
    )
    return pl.DataFrame([tuple(row) for row in connection.execute(query)], ROSTER_SCHEMA, orient="row")


def _names(files: pl.DataFrame) -> pl.DataFrame:
    latest = files.sort("present", "recording", descending=[True, False]).unique(
        "sha256", keep="first", maintain_order=True
    )
    return latest.select("sha256", file_name=pl.col("path").str.split("/").list.last())


def _files(connection: Connection, hashes: Sequence[str | None] | None = None) -> pl.DataFrame:
    """All recordings, or those with one of a few `hashes`."""
    table = schema.recording_files
    query = select(
        table.c.sha256, schema.folders.c.path, table.c.path, table.c.size_bytes, table.c.present
    ).join(schema.folders)
    if hashes is not None:
        query = query.where(table.c.sha256.in_([one for one in hashes if one]))
    columns = {"sha256": pl.String, "folder": pl.String, "path": pl.String, "size_bytes": pl.Int64}
    rows = [tuple(row) for row in connection.execute(query)]
    frame = pl.DataFrame(rows, {**columns, "present": pl.Boolean}, orient="row")
    return frame.with_columns(recording=pl.concat_str("folder", pl.lit(str(Path("/"))), "path"))
