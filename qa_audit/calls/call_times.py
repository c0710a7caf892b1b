"""When a call began and ended, from cells that tell it in one column or in two."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from qa_audit.calls.values import parse_clock, parse_start

if TYPE_CHECKING:
    from qa_audit.calls.values import DateOrder

_LONGEST_OVER_MIDNIGHT = timedelta(hours=12)


class CellError(ValueError):
    """A cell that is no time: the field it belongs to and what stands in it."""

    def __init__(self, field: str, cell: str) -> None:
        super().__init__(cell)
        self.field = field
        self.cell = cell


def start_of(start: str, day: str, clock: str, zone: str, order: DateOrder) -> datetime | None:
    """The start from its own cell, else from those of the day and the time of day; None when all are empty.

    A start that is a time of day alone belongs to the day.

    Raises `CellError` for a cell that is no time.

    >>> start_of("09:15:07", "2026-10-03", "", "Asia/Shanghai", "ymd").isoformat()
    '2026-10-03T09:15:07'
    >>> start_of("", "2026/10/3", "下午3:05", "Asia/Shanghai", "ymd").isoformat()
    '2026-10-03T15:05:00'
    """
    if start and not (day and is_clock(start)):
        return _time("start", start, zone, order)
    if not day:
        return None
    found = _time("start_date", day, zone, order)
    field, cell = ("start", start) if start else ("start_clock", clock)
    if not cell:
        return found
    if not is_clock(cell):
        raise CellError(field, cell)
    return _midnight(found) + parse_clock(cell)


def length_to(end: str, start: datetime, zone: str, order: DateOrder) -> timedelta:
    """The time from the start to an end; a time of day alone is that of the start's day or the night after.

    Raises `CellError` when the end is no time.

    >>> length_to("00:01:30", datetime(2026, 10, 31, 23, 59), "Asia/Shanghai", "ymd").total_seconds()
    150.0
    """
    if not is_clock(end):
        return _time("end", end, zone, order) - start
    length = _midnight(start) + parse_clock(end) - start
    over_midnight = length + timedelta(days=1)
    return over_midnight if length < timedelta(0) and over_midnight <= _LONGEST_OVER_MIDNIGHT else length


def is_clock(cell: str) -> bool:
    """Whether a cell is a time of day without a day."""
    try:
        parse_clock(cell)
    except ValueError:
        return False
    return True


def _time(field: str, cell: str, zone: str, order: DateOrder) -> datetime:
    try:
        return parse_start(cell, zone, order)
    except ValueError as error:
        raise CellError(field, cell) from error


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
