"""What the columns of a call list tell together: starts, whose number is the customer's, units of lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.calls.headings import seconds_per_unit
from qa_audit.calls.problems import Problem
from qa_audit.calls.tables import unknown_headings

if TYPE_CHECKING:
    from qa_audit.calls.tables import Table

NUMBER_BY_DIRECTION = {"inbound": "caller_no", "outbound": "called_no"}
"""Which of the two numbers of a call is the customer's."""

_NUMBERS = tuple(NUMBER_BY_DIRECTION.values())


def tells_start(table: Table) -> bool:
    """Whether a column says when calls began."""
    return not table.columns.keys().isdisjoint(("start", "start_date"))


def spare_columns(table: Table) -> list[tuple[int, str]]:
    """Columns kept under their heading: those of no field, and the caller's and called number.

    Of these two the one that is not the customer's is kept.
    """
    taken = {index for field, index in table.columns.items() if field not in _NUMBERS}
    return [
        (index, heading) for index, heading in enumerate(table.headings) if index not in taken and heading
    ]


def told_fields(table: Table) -> set[str]:
    """The fields that the columns tell, alone or together."""
    told = set(table.columns)
    if tells_start(table):
        told.add("start")
    if told >= {"start", "end"}:
        told.add("duration_s")
    if "direction" in told and not told.isdisjoint(_NUMBERS):
        told.add("customer_no")
    return told


def units_of(table: Table, field: str, problems: list[Problem]) -> float:
    """Seconds in the unit that the heading of a field names; a unit that is not known is told, once."""
    index = table.columns.get(field)
    if index is None:
        return 1.0
    heading = table.headings[index]
    try:
        return seconds_per_unit(heading)
    except ValueError as error:
        values = {"got": error, "heading": heading}
        problems.append(Problem("calls.unknown_unit", table.file, values=values))
        return 1.0


def missing_columns(table: Table) -> list[Problem]:
    """Told when no column says when calls began, or which of two numbers is the customer's."""
    problems: list[Problem] = []
    if not tells_start(table):
        others = ", ".join(unknown_headings(table)) or "–"
        problems.append(Problem("calls.no_start_column", table.file, values={"got": others}))
    numbers = [table.headings[table.columns[field]] for field in _NUMBERS if field in table.columns]
    if numbers and table.columns.keys().isdisjoint(("direction", "customer_no")):
        values = {"got": ", ".join(numbers)}
        problems.append(Problem("calls.no_direction_column", table.file, values=values))
    return problems
