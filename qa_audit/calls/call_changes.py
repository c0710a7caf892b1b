"""What an import changes about the calls: worked out first, then written with what stood there before.

A row of the list takes the recording that `listed_recordings` finds for it. A recording that no row takes
becomes a call of its own where its name says which call it is, or where there is no list at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import bindparam, insert, select, update

from qa_audit.calls.call_list import CallList
from qa_audit.calls.file_names import NameParts, parse_file_name
from qa_audit.calls.listed_recordings import find_recordings
from qa_audit.calls.problems import Problem
from qa_audit.calls.recordings import RecordingFile
from qa_audit.calls.values import folded, parse_direction, parse_system
from qa_audit.store import schema
from qa_audit.store.database import rows_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from qa_audit.calls.file_changes import FilePlan
    from qa_audit.calls.settings import CallListSettings

_CALL_COLUMNS = tuple(c.name for c in schema.calls.columns if c.name not in ("call_id", "changed_in"))
_AGENT_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "agent_no": pl.String,
        "agent_name": pl.String,
        "team": pl.String,
        "system": pl.String,
        "start": pl.Datetime("us"),
    }
)


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Changes to the calls, and what should be looked at."""

    new: tuple[dict[str, Any], ...]
    """Full rows of table `calls`, without `changed_in`."""
    changed: tuple[tuple[dict[str, Any], dict[str, Any]], ...]
    """Full new row, and the former values of what changed."""
    unchanged: int
    without_recording: tuple[str, ...]
    unclaimed: tuple[str, ...]
    agents: pl.DataFrame
    """The calls of this import with what says who the agent was."""
    problems: tuple[Problem, ...]
    dated: bool = True
    """Whether some row of the list has a start, or there is no list."""


def plan_calls(
    connection: Connection, files: FilePlan, call_list: CallList | None, settings: CallListSettings
) -> CallPlan:
    """Match the list's rows to recordings, and make calls of recordings that stand for themselves."""
    planner = _CallPlanner(connection, files, call_list, settings)
    return planner.plan()


class _CallPlanner:
    def __init__(
        self, connection: Connection, files: FilePlan, call_list: CallList | None, settings: CallListSettings
    ) -> None:
        self.connection = connection
        self.files = files
        self.rows = call_list.rows if call_list else ()
        self.fields = call_list.fields if call_list else frozenset()
        self.call_list = call_list
        self.settings = settings
        self.problems: list[Problem] = []
        self.parts = {file.path: parse_file_name(file.path, settings.file_names) for file in files.files}
        self.planned: dict[str, dict[str, Any]] = {}
        self.unclaimed: list[str] = []
        ids = {row.call_id for row in self.rows} | {self._own_id(file) for file in files.files}
        self.before: dict[str, dict[str, Any]] = {}
        self._remember(ids)
        self._remember_content({file.sha256 for file in files.files})

    def plan(self) -> CallPlan:
        self._from_list()
        self._from_file_names()
        new, changed, unchanged = [], [], 0
        for call_id, after in self.planned.items():
            former = self.before.get(call_id)
            if former is None:
                new.append(after)
                continue
            before = {name: former[name] for name in _CALL_COLUMNS if former[name] != after[name]}
            if before:
                changed.append((after, before))
            else:
                unchanged += 1
        return CallPlan(
            tuple(new),
            tuple(changed),
            unchanged,
            self._without_recording(),
            tuple(self.unclaimed),
            self._agents(),
            tuple(self.problems),
            not self.rows or any(self.planned[row.call_id]["start"] for row in self.rows),
        )

    def _remember(self, ids: set[str]) -> None:
        column = schema.calls.c.call_id
        for row in rows_in(self.connection, select(schema.calls), column, ids - self.before.keys()):
            self.before[row.call_id] = row._asdict()

    def _remember_content(self, hashes: set[str]) -> None:
        """The calls that have these recordings; most of them are known by their ids already."""
        calls = schema.calls
        found = rows_in(self.connection, select(calls.c.call_id), calls.c.sha256, hashes)
        self._remember({row.call_id for row in found})

    def _own_id(self, file: RecordingFile) -> str:
        """The id of a call that only its file tells of: as its name says, else its path without extension."""
        said = self.parts[file.path]
        return (said and said.call_id) or file.path.removesuffix(f".{file.path.rpartition('.')[2]}")

    def _from_list(self) -> None:
        superseded: dict[str, str] = {}
        given = tuple(name for name in _CALL_COLUMNS if name in self.fields and name != "extra")
        further = set(map(folded, self.call_list.extra_headings)) if self.call_list else set[str]()
        said = {file.sha256: parts for file in self.files.files if (parts := self.parts[file.path])}
        for row, sha256 in zip(self.rows, self._found_by_row(), strict=True):
            after = self._base(row.call_id)
            after |= {"source": "list", "superseded_by": None, "sha256": sha256}
            after |= {name: getattr(row, name) for name in given}
            if "recording" in self.fields:
                after["named_recording"] = row.recording
            if after["start"] is None and "start" not in self.fields and sha256 in said:
                after["start"] = said[sha256].start
            others = {name: text for name, text in after["extra"].items() if folded(name) not in further}
            after["extra"] = {**others, **dict(row.extra)}
            self.planned[row.call_id] = after
            if sha256:
                superseded.setdefault(sha256, row.call_id)
        here = {file.sha256 for file in self.files.files}
        self._remember_content(set(superseded) - here)
        for call_id, former in self.before.items():
            by = superseded.get(former["sha256"])
            if by and former["source"] == "file_name" and call_id not in self.planned:
                self.planned[call_id] = former | {"superseded_by": by}

    def _found_by_row(self) -> tuple[str | None, ...]:
        if self.call_list is None:
            return ()
        found = find_recordings(
            self.connection,
            self.call_list,
            self.files.files,
            self.parts,
            self.before,
            tolerance_s=self.settings.match_tolerance_s,
        )
        self.problems += found.problems
        return found.hashes

    def _from_file_names(self) -> None:
        claimed = {row["sha256"] for row in self.planned.values()}
        own: dict[str | None, dict[str, Any]] = {}
        for call_id, row in self.before.items():
            if call_id in self.planned:
                continue
            if row["source"] == "list" or self._given_way(row):
                claimed.add(row["sha256"])
            else:
                own[row["sha256"]] = row
        all_become_calls = not self.rows and not self._has_listed_calls()
        for file in sorted(self.files.files, key=lambda file: self._rank(file, own)):
            said = self.parts[file.path]
            if file.sha256 in claimed:
                continue
            if said and said.readings:
                numbers = [reading.agent_no for reading in said.readings]
                values = {"one": numbers[0], "other": numbers[1]}
                self.problems.append(Problem("calls.name_with_two_readings", file.path, values=values))
            former = own.get(file.sha256)
            call_id = former["call_id"] if former else self._own_id(file)
            if former is None and not (all_become_calls or (said and said.identifies)):
                self.unclaimed.append(file.path)
                continue
            holder = self.planned.get(call_id) or self.before.get(call_id)
            if former is None and holder and not self._same_file(holder, file):
                self.problems.append(
                    Problem("calls.same_id", file.path, values={"got": call_id}, left_out=True)
                )
                self.unclaimed.append(file.path)
                continue
            claimed.add(file.sha256)
            self.planned[call_id] = self._by_name(call_id, file, said)

    def _given_way(self, former: Mapping[str, Any]) -> bool:
        """Whether the row of the list that took a recording over still has it."""
        by = former["superseded_by"]
        return by is not None and self.planned.get(by, former)["sha256"] == former["sha256"]

    @staticmethod
    def _rank(file: RecordingFile, own: Mapping[str | None, Mapping[str, Any]]) -> tuple[bool, str]:
        """A call's own file before copies of it, so that a copy does not rename it."""
        former = own.get(file.sha256)
        return (former is not None and former["named_recording"] != file.path, file.path)

    @staticmethod
    def _same_file(holder: Mapping[str, Any], file: RecordingFile) -> bool:
        return holder["source"] == "file_name" and holder["named_recording"] == file.path

    def _by_name(self, call_id: str, file: RecordingFile, said: NameParts | None) -> dict[str, Any]:
        after = self._base(call_id)
        after |= {"sha256": file.sha256, "named_recording": file.path}
        after |= {"source": "file_name", "superseded_by": None}
        if said:
            values = {
                "agent_no": said.agent_no,
                "agent_name": said.agent_name,
                "team": said.team,
                "start": said.start,
                "customer_no": said.customer_no,
                "line": said.line,
                "system": parse_system(said.system) if said.system else None,
                "direction": _direction(said.direction),
            }
            after |= {name: value for name, value in values.items() if value is not None}
        if after["start"] is None:
            self.problems.append(Problem("calls.name_without_start", file.path))
        return after

    def _base(self, call_id: str) -> dict[str, Any]:
        former = self.before.get(call_id)
        return dict(former) if former else {"call_id": call_id, **dict.fromkeys(_CALL_COLUMNS), "extra": {}}

    def _has_listed_calls(self) -> bool:
        query = select(schema.calls.c.call_id).where(schema.calls.c.source == "list").limit(1)
        return self.connection.execute(query).first() is not None

    def _agents(self) -> pl.DataFrame:
        rows = [tuple(row[name] for name in _AGENT_SCHEMA) for row in self.planned.values()]
        return pl.DataFrame(rows, _AGENT_SCHEMA, orient="row")

    def _without_recording(self) -> tuple[str, ...]:
        table = schema.recording_files
        present = {file.sha256 for file in self.files.files}
        others = {row["sha256"] for row in self.planned.values()} - present - {None}
        gone = {(str(self.files.folder), path) for path in self.files.gone}
        query = select(table.c.sha256, schema.folders.c.path, table.c.path)
        query = query.join(schema.folders).where(table.c.present)
        elsewhere = rows_in(self.connection, query, table.c.sha256, others)
        present |= {sha256 for sha256, folder, path in elsewhere if (folder, path) not in gone}
        return tuple(
            call_id
            for call_id, row in self.planned.items()
            if row["sha256"] not in present and row["superseded_by"] is None
        )


def _direction(written: str | None) -> str | None:
    try:
        return parse_direction(written) if written else None
    except ValueError:
        return None


def write_calls(connection: Connection, planned: CallPlan, import_id: int) -> None:
    """Write a plan, and for each call new or changed an entry in `call_changes`."""
    calls, changes = schema.calls, schema.call_changes
    if planned.new:
        connection.execute(insert(calls), [{**row, "changed_in": import_id} for row in planned.new])
    if planned.changed:
        connection.execute(
            update(calls).where(calls.c.call_id == bindparam("of_call")),
            [{**row, "changed_in": import_id, "of_call": row["call_id"]} for row, _ in planned.changed],
        )
    history = [(row["call_id"], None) for row in planned.new]
    history += [(row["call_id"], _json_ready(before)) for row, before in planned.changed]
    if history:
        connection.execute(
            insert(changes),
            [{"import_id": import_id, "call_id": call_id, "before": before} for call_id, before in history],
        )


def _json_ready(values: Mapping[str, Any]) -> dict[str, Any]:
    """Former values as JSON holds them: times in ISO 8601.

    >>> _json_ready({"start": datetime(2026, 10, 3, 9, 15), "ring_s": 3.0})
    {'start': '2026-10-03T09:15:00', 'ring_s': 3.0}
    """
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
