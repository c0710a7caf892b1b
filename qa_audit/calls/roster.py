"""The roster (花名册): who has which agent number in the old and the new system, and whose team, when.

A row says: from `start_date` to `end_date` (both included, None is open) this person had these
numbers and was in this team. A number belongs to one person at a time; it may pass to another later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from qa_audit.calls.headings import ROSTER_FIELDS
from qa_audit.calls.problems import Problem, row_seen_from
from qa_audit.calls.settings import CallListSettings
from qa_audit.calls.tables import SheetRow, Table, read_table
from qa_audit.calls.values import lacks_order, parse_date, parse_identifier, parse_last_day, says_nothing
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FIRST, _LAST = date.min, date.max


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person in one team for one stretch of time."""

    person_id: str
    agent_name: str | None = None
    new_no: str | None = None
    """Agent number in the new system."""
    old_no: str | None = None
    """Agent number in the old system."""
    team: str | None = None
    start_date: date | None = None
    """First day; None since ever."""
    end_date: date | None = None
    """Last day, included; None until further notice."""
    row: int = 0
    """Row in the file; not part of the membership."""
    sheet: str = ""
    """Its sheet in a workbook of several; not part of the membership."""

    @property
    def first(self) -> date:
        """First day, with the open start as the earliest day there is."""
        return self.start_date or _FIRST

    @property
    def last(self) -> date:
        """Last day, with the open end as the latest day there is."""
        return self.end_date or _LAST


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The good rows of a roster file, and everything that is wrong with it."""

    file: str
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]


def read_roster(path: str | Path, settings: CallListSettings | None = None) -> RosterFile:
    """Read a roster from CSV or XLSX: 人员编号, 姓名, 新系统工号, 旧系统工号, 班组, 开始日期, 结束日期.

    An end such as 至今, 长期 or 9999-12-31 is open. A row without an end is closed the day before the
    same person starts in another team. A person in two teams at once, and a number that two persons have
    on the same day, are reported and the later row is left out. Without a person id, the new (else the
    old) number serves as one.

    Raises `QaError` as `tables.read_table`, and `calls.roster_no_number` without a column of numbers.
    """
    settings = settings or CallListSettings()
    table = read_table(path, ROSTER_FIELDS, settings.roster_headings, settings.max_list_mb)
    if not {"new_no", "old_no"} & set(table.columns):
        raise QaError("calls.roster_no_number", path=path, got=", ".join(table.headings))
    problems: list[Problem] = list(table.problems)
    rows = [found for row in table.rows if (found := _row(row, table, settings, problems)) is not None]
    unique: dict[RosterRow, RosterRow] = {}
    for row in rows:
        unique.setdefault(replace(row, row=0, sheet=""), row)
    closed = _close_open_ends(unique.values())
    kept = _without_conflicts(closed, table.file, problems)
    if not kept:
        problems.append(Problem("calls.roster_no_rows", table.file, left_out=True))
    return RosterFile(table.file, kept, tuple(problems))


def _row(
    row: SheetRow, table: Table, settings: CallListSettings, problems: list[Problem]
) -> RosterRow | None:
    def report(field: str | None, code: str, **values: object) -> None:
        index = table.columns.get(field) if field else None
        column = None if index is None else table.headings[index]
        problems.append(Problem(code, table.file, row.number, column, values, left_out=True, sheet=row.sheet))

    def text(field: str) -> str | None:
        index = table.columns.get(field)
        cell = "" if index is None else row.cells[index].strip()
        return None if says_nothing(cell) else cell

    values: dict[str, Any] = {"agent_name": text("agent_name"), "team": text("team")}
    width = len(table.headings)
    if any(cell.strip() for cell in row.cells[width:]):
        report(None, "calls.shifted_row", got=len(row.cells), expected=width)
        return None
    for field, parse, code in (
        ("person_id", parse_identifier, "calls.roster_bad_number"),
        ("new_no", parse_identifier, "calls.roster_bad_number"),
        ("old_no", parse_identifier, "calls.roster_bad_number"),
        ("start_date", lambda cell: parse_date(cell, settings.date_order), "calls.roster_bad_date"),
        ("end_date", lambda cell: parse_last_day(cell, settings.date_order), "calls.roster_bad_date"),
    ):
        cell = text(field)
        try:
            values[field] = None if cell is None else parse(cell)
        except ValueError:
            unordered = field.endswith("_date") and settings.date_order == "ymd" and lacks_order(cell or "")
            report(field, "calls.roster_bad_date_order" if unordered else code, got=cell)
            return None
    values["person_id"] = values["person_id"] or values["new_no"] or values["old_no"]
    if not (values["new_no"] or values["old_no"]):
        report(None, "calls.roster_row_no_number")
        return None
    found = RosterRow(**values, row=row.number, sheet=row.sheet)
    if found.first > found.last:
        report("end_date", "calls.roster_end_before_start", got=found.end_date, start=found.start_date)
        return None
    return found


def _close_open_ends(rows: Iterable[RosterRow]) -> list[RosterRow]:
    ordered = list(rows)
    by_person: defaultdict[str, list[RosterRow]] = defaultdict(list)
    for row in ordered:
        by_person[row.person_id].append(row)

    def closed(row: RosterRow) -> RosterRow:
        others = by_person[row.person_id]
        moves = [other.first for other in others if other.team != row.team and other.first > row.first]
        ends = row.end_date is None and moves
        return replace(row, end_date=min(moves) - timedelta(days=1)) if ends else row

    return [closed(row) for row in ordered]


def _without_conflicts(
    rows: Iterable[RosterRow], file: str, problems: list[Problem]
) -> tuple[RosterRow, ...]:
    kept: list[RosterRow] = []
    by_person: defaultdict[str, list[RosterRow]] = defaultdict(list)
    by_number: defaultdict[tuple[str, str], list[RosterRow]] = defaultdict(list)
    for row in rows:
        numbers = [(side, no) for side, no in (("new", row.new_no), ("old", row.old_no)) if no]
        twice = _overlapping(row, (other for other in by_person[row.person_id] if other.team != row.team))
        holders = (
            (
                no,
                _overlapping(
                    row, (other for other in by_number[side, no] if other.person_id != row.person_id)
                ),
            )
            for side, no in numbers
        )
        number, holder = next(((no, other) for no, other in holders if other), (None, None))
        if holder:
            values = {
                "got": number,
                "person": row.person_id,
                "other": holder.person_id,
                "first_row": row_seen_from(row.sheet, holder.row, holder.sheet),
            }
            problems.append(
                Problem(
                    "calls.roster_number_twice", file, row.row, None, values, left_out=True, sheet=row.sheet
                )
            )
        elif twice:
            teams = {"team": row.team or "–", "other": twice.team or "–"}
            values = {
                "person": row.person_id,
                "first_row": row_seen_from(row.sheet, twice.row, twice.sheet),
                **teams,
            }
            problems.append(
                Problem("calls.roster_overlap", file, row.row, None, values, left_out=True, sheet=row.sheet)
            )
        else:
            kept.append(row)
            by_person[row.person_id].append(row)
            for number in numbers:
                by_number[number].append(row)
    return tuple(kept)


def _overlapping(row: RosterRow, others: Iterable[RosterRow]) -> RosterRow | None:
    return next((other for other in others if other.first <= row.last and row.first <= other.last), None)
