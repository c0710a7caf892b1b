"""The call list (通话清单): a CSV or XLSX with a row a call, read with all its mistakes collected.

A row whose identity is wrong (no id, id given twice, a start that is no time, cells shifted) is left
out. A row with another unreadable cell is taken without that value: it is a call all the same, and
leaving it out would bend the month. Both are reported with row, column, what was got and what is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from qa_audit.calls.call_columns import (
    NUMBER_BY_DIRECTION,
    missing_columns,
    spare_columns,
    tells_start,
    told_fields,
    units_of,
)
from qa_audit.calls.call_times import CellError, length_to, start_of
from qa_audit.calls.headings import CALL_FIELDS
from qa_audit.calls.lengths import parse_seconds
from qa_audit.calls.problems import Problem, row_seen_from
from qa_audit.calls.recording_names import stem_of
from qa_audit.calls.settings import CallListSettings
from qa_audit.calls.tables import SheetRow, Table, read_table
from qa_audit.calls.values import (
    is_footer,
    lacks_order,
    parse_direction,
    parse_flag,
    parse_identifier,
    parse_party,
    parse_system,
    says_nothing,
    seems_rounded,
)
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_audit.calls.facts import Direction, Party

LONGEST_CELL = 1000
"""Characters kept of a free-text cell; longer ones are reported."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as the list has it. None means that the list does not say."""

    call_id: str
    recording: str | None = None
    """The recording's file as the list names it."""
    agent_no: str | None = None
    agent_name: str | None = None
    team: str | None = None
    start: datetime | None = None
    """Naive local time."""
    direction: Direction | None = None
    customer_no: str | None = None
    ring_s: float | None = None
    duration_s: float | None = None
    internal: bool | None = None
    hangup_by: Party | None = None
    line: str | None = None
    system: str | None = None
    """"new", "old" or the system's name."""
    extra: tuple[tuple[str, str], ...] = ()
    """Cells of columns that no field took: heading and text."""
    row: int = 0
    """Row in the file; not part of the call."""
    sheet: str = ""
    """Its sheet in a workbook of several; not part of the call."""


@dataclass(frozen=True, slots=True)
class CallList:
    """The good rows of a list, and everything that is wrong with it."""

    file: str
    rows: tuple[CallRow, ...]
    problems: tuple[Problem, ...]
    extra_headings: tuple[str, ...]
    """Columns kept under `extra`."""
    fields: frozenset[str]
    """Fields of `CallRow` that the list has a column for; what it has none for, it does not change."""


def read_call_list(path: str | Path, settings: CallListSettings | None = None) -> CallList:
    """Read a call list. Times are naive local times of `settings.timezone`; ids and numbers stay text.

    An id given twice: the first row is kept; an identical second row is ignored, a different one is
    reported. Without an id the recording's name serves as one. Cells that look like formulas are text.
    Of a caller's and a called number the direction tells which is the customer's. Sums and notes below
    the list are no calls.

    Raises `QaError` when the file as a whole cannot be read (see `tables.read_table`) and
    `calls.list_no_identity` when it has neither call ids nor recordings.

    >>> import tempfile; from pathlib import Path
    >>> file = Path(tempfile.mkdtemp()) / "list.csv"
    >>> lines = "通话编号,开始时间,呼叫方向", "A1,2026/10/3 9:15,呼入", "A2,明天,呼入"
    >>> _ = file.write_text("\\n".join(lines))
    >>> calls = read_call_list(file)
    >>> [(row.call_id, row.start.isoformat(), row.direction) for row in calls.rows]
    [('A1', '2026-10-03T09:15:00', 'inbound')]
    >>> [(problem.row, problem.column, problem.values["got"]) for problem in calls.problems]
    [(3, '开始时间', '明天')]
    """
    settings = settings or CallListSettings()
    table = read_table(path, CALL_FIELDS, settings.headings, settings.max_list_mb)
    if "call_id" not in table.columns and "recording" not in table.columns:
        raise QaError("calls.list_no_identity", path=path, got=", ".join(table.headings))
    return calls_in(table, settings)


def calls_in(table: Table, settings: CallListSettings | None = None) -> CallList:
    """The calls of a table that has call ids or recordings; as `read_call_list`."""
    return _Reader(table, settings or CallListSettings()).read()


class _Reader:
    def __init__(self, table: Table, settings: CallListSettings) -> None:
        self.table = table
        self.settings = settings
        self.problems: list[Problem] = [*table.problems, *missing_columns(table)]
        self.spare = spare_columns(table)
        self.tells_start = tells_start(table)
        now = datetime.now(ZoneInfo(settings.timezone)).replace(tzinfo=None)
        self.latest = now + timedelta(days=1)  # clocks of two machines differ, if not by more
        self.unit_s = {field: units_of(table, field, self.problems) for field in ("ring_s", "duration_s")}

    def read(self) -> CallList:
        kept: dict[str, CallRow] = {}
        for row in self.table.rows:
            call = self._call(row)
            if call is None:
                continue
            first = kept.setdefault(call.call_id, call)
            if first is not call and replace(first, row=call.row, sheet=call.sheet) != call:
                place = row_seen_from(call.sheet, first.row, first.sheet)
                code = "calls.double_rounded_id" if seems_rounded(call.call_id) else "calls.double_id"
                self._report(row, "call_id", code, got=call.call_id, first_row=place, left_out=True)
        extra = tuple(heading for _, heading in self.spare)
        told = told_fields(self.table) & {field.name for field in fields(CallRow)}
        return CallList(self.table.file, tuple(kept.values()), tuple(self.problems), extra, frozenset(told))

    def _cell(self, row: SheetRow, field: str) -> str:
        index = self.table.columns.get(field)
        cell = "" if index is None else row.cells[index].strip()
        # 无 under 是否内部 is a no.
        return "" if field != "internal" and says_nothing(cell) else cell

    def _report(
        self, row: SheetRow, field: str | None, code: str, *, left_out: bool = False, **values: object
    ) -> None:
        index = self.table.columns.get(field) if field else None
        column = None if index is None else self.table.headings[index]
        self.problems.append(Problem(code, self.table.file, row.number, column, values, left_out, row.sheet))

    def _call(self, row: SheetRow) -> CallRow | None:
        width = len(self.table.headings)
        surplus = [cell for cell in row.cells[width:] if cell.strip()]
        first = next((cell for cell in row.cells if cell.strip()), "")
        timed = self._cell(row, "start") or self._cell(row, "start_date")
        if self.tells_start and is_footer(first) and not timed:
            self._report(row, None, "calls.footer", got=_short(first))
            return None
        if surplus:
            self._report(
                row, None, "calls.shifted_row", got=width + len(surplus), expected=width, left_out=True
            )
            return None
        recording = self._text(row, "recording")
        call_id = self._call_id(row, recording)
        start, bad = self._start(row)
        if call_id is None or bad:
            return None
        values: dict[str, Any] = {
            field: self._value(row, field, parse, code)
            for field, parse, code in (
                ("agent_no", parse_identifier, "calls.bad_number"),
                ("customer_no", parse_identifier, "calls.bad_number"),
                ("direction", parse_direction, "calls.bad_direction"),
                ("hangup_by", parse_party, "calls.bad_party"),
                ("internal", parse_flag, "calls.bad_flag"),
                ("system", parse_system, "calls.bad_text"),
                ("ring_s", partial(parse_seconds, unit_s=self.unit_s["ring_s"]), "calls.bad_seconds"),
                ("duration_s", partial(parse_seconds, unit_s=self.unit_s["duration_s"]), "calls.bad_seconds"),
            )
        }
        number = NUMBER_BY_DIRECTION.get(values["direction"]) if values["customer_no"] is None else None
        if number:
            values["customer_no"] = self._value(row, number, parse_identifier, "calls.bad_number")
        if values["duration_s"] is None and start is not None:
            values["duration_s"] = self._length_to_end(row, start)
        return CallRow(
            call_id=call_id,
            recording=recording,
            agent_name=self._text(row, "agent_name"),
            team=self._text(row, "team"),
            line=self._text(row, "line"),
            start=start,
            extra=self._extra(row, self.table.columns.get(number) if number else None),
            row=row.number,
            sheet=row.sheet,
            **values,
        )

    def _call_id(self, row: SheetRow, recording: str | None) -> str | None:
        cell = self._cell(row, "call_id")
        if not cell and recording is not None:
            return stem_of(recording)
        try:
            return parse_identifier(cell)
        except ValueError:
            code = "calls.rounded_id" if cell else "calls.no_id"
            self._report(row, "call_id", code, got=cell, left_out=True)
            return None

    def _start(self, row: SheetRow) -> tuple[datetime | None, bool]:
        """The start, and whether a cell was there that is no time."""
        start, day, clock = (self._cell(row, field) for field in ("start", "start_date", "start_clock"))
        try:
            found = start_of(start, day, clock, self.settings.timezone, self.settings.date_order)
        except CellError as error:
            code = "calls.bad_start_order" if self._lacks_order(error.cell) else "calls.bad_start"
            self._report(row, error.field, code, got=_short(error.cell), left_out=True)
            return None, True
        if found is None and self.tells_start:
            self._report(row, "start", "calls.no_start")
        elif found is not None and found > self.latest:
            self._report(row, "start" if start else "start_date", "calls.start_ahead", got=found)
        return found, False

    def _length_to_end(self, row: SheetRow, start: datetime) -> float | None:
        cell = self._cell(row, "end")
        if not cell:
            return None
        try:
            length = length_to(cell, start, self.settings.timezone, self.settings.date_order)
        except CellError:
            code = "calls.bad_time_order" if self._lacks_order(cell) else "calls.bad_time"
            self._report(row, "end", code, got=_short(cell))
            return None
        if not timedelta(0) <= length <= timedelta(days=7):
            self._report(row, "end", "calls.end_before_start", got=_short(cell), start=start)
            return None
        return length.total_seconds()

    def _lacks_order(self, cell: str) -> bool:
        return self.settings.date_order == "ymd" and lacks_order(cell)

    def _extra(self, row: SheetRow, used: int | None) -> tuple[tuple[str, str], ...]:
        kept: list[tuple[str, str]] = []
        for index, heading in self.spare:
            text = row.cells[index].strip()
            if len(text) > LONGEST_CELL:
                values = {"got": len(text), "allowed": LONGEST_CELL}
                self.problems.append(
                    Problem("calls.long_cell", self.table.file, row.number, heading, values, sheet=row.sheet)
                )
            elif text and index != used:
                kept.append((heading, text))
        return tuple(kept)

    def _value(self, row: SheetRow, field: str, parse: Callable[[str], Any], code: str) -> Any:
        cell = self._cell(row, field)
        if not cell:
            return None
        try:
            return parse(cell)
        except ValueError:
            self._report(row, field, code, got=_short(cell))
            return None

    def _text(self, row: SheetRow, field: str) -> str | None:
        text = self._cell(row, field)
        if len(text) > LONGEST_CELL:
            self._report(row, field, "calls.long_cell", got=len(text), allowed=LONGEST_CELL)
            return None
        return text or None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
