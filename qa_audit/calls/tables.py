"""CSV and XLSX files as rows of text, with the row numbers that a person sees in a spreadsheet.

Files come from outside and may be anything. Whatever their content, only `QaError` leaves this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.calls.headings import distinct, fill_headings, heading_key, map_columns
from qa_audit.calls.problems import Problem
from qa_audit.calls.text_grids import swallowed_lines, text_grids
from qa_audit.calls.workbooks import is_workbook, workbook_grids
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HEADING_ROWS = 20
"""The headings stand in one of the first rows; above them may be a title."""

MOST_COLUMNS = 16_384
"""Columns looked at for headings: as many as a spreadsheet has."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not blank."""

    number: int
    cells: tuple[str, ...]
    """As many as there are headings, longer where the row has more; "" for an empty cell."""
    sheet: str = ""
    """Name of its sheet in a workbook of several."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under headings that were recognised."""

    file: str
    headings: tuple[str, ...]
    """No two alike: one that is there already has its number behind it."""
    columns: Mapping[str, int]
    """Column index by field."""
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...] = ()
    """Rows and sheets that were not read."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A sheet, or the text by one separator, whose headings were found."""

    name: str
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    grid: Sequence[Sequence[str]]
    first: int
    """Index of the row below the headings."""

    def rows(self, sheet: str = "") -> list[SheetRow]:
        width = len(self.headings)
        return [
            # Databases refuse the character NUL in text.
            SheetRow(
                number, tuple(cell.replace("\0", "") for cell in cells) + ("",) * (width - len(cells)), sheet
            )
            for number, cells in enumerate(self.grid[self.first :], start=self.first + 1)
            if any(cell.strip() for cell in cells)
        ]


def read_table(
    path: str | Path,
    fields: Mapping[str, Sequence[str]],
    own_headings: Mapping[str, Sequence[str]],
    max_mb: int = 256,
    *,
    least_known: int = 2,
) -> Table:
    """The sheet (or separator) in which most headings of `fields` are known, at least `least_known`.

    Text may be UTF-8 (with or without BOM), UTF-16, GBK or GB18030, its separator a comma, tab,
    semicolon or bar. XLSX and XLS are read by their content, whatever the extension says. Headings may
    stand in two rows, merged cells above others. Of a workbook all visible sheets with the same headings
    are read; others with known headings are told under `problems`, and so are rows that a missing
    quotation mark has drawn into one cell.

    Raises `QaError`: `calls.list_missing`, `calls.list_unreadable`, `calls.list_empty`, `calls.list_too_big`,
    `calls.list_protected`, `calls.list_damaged`, `calls.list_encoding`, `calls.list_headings`.
    """
    path = Path(path)
    content = _content(path, max_mb)
    failure = None
    if is_workbook(content):
        grids = workbook_grids(path, content, max_mb)
    else:
        grids, failure = text_grids(path, content)
    headed = [_headed(name, grid, fields, own_headings, least_known) for name, grid in grids.items()]
    known = [grid for grid in headed if grid is not None]
    if not known and failure:
        raise QaError("calls.list_damaged", path=path, reason=failure)
    if not known:
        raise QaError(
            "calls.list_headings",
            path=path,
            got=_shown(_first_row(grids.values())),
            known=", ".join(names[0] for names in fields.values()),
        )
    best = max(known, key=lambda grid: len(grid.columns))
    if is_workbook(content):
        rows, problems = _all_sheets(path.name, best, known, several=len(grids) > 1)
    else:
        rows, problems = _without_swallowing(path.name, best)
    return Table(path.name, distinct(best.headings), best.columns, tuple(rows), tuple(problems))


def _headed(
    name: str,
    grid: Sequence[Sequence[str]],
    fields: Mapping[str, Sequence[str]],
    own: Mapping[str, Sequence[str]],
    least_known: int,
) -> _Grid | None:
    best: _Grid | None = None
    # Headings in one row go before headings in two by which no more is known (a title above them).
    for depth in (1, 2):
        for index in range(min(HEADING_ROWS, len(grid))):
            cells: Sequence[str] | None = grid[index][:MOST_COLUMNS]
            if depth == 2:
                below = grid[index + 1][:MOST_COLUMNS] if index + 1 < len(grid) else ()
                cells = fill_headings(cells, below, fields, own)
            columns = {} if cells is None else map_columns(cells, fields, own)
            if cells is not None and len(columns) > max(least_known - 1, len(best.columns) if best else 0):
                headings = _without_blank_end([cell.strip() for cell in cells])
                best = _Grid(name, headings, columns, grid, index + depth)
    return best


def _all_sheets(
    file: str, best: _Grid, known: Sequence[_Grid], *, several: bool
) -> tuple[list[SheetRow], list[Problem]]:
    rows: list[SheetRow] = []
    problems: list[Problem] = []
    for sheet in known:
        found = sheet.rows(sheet.name if several else "")
        if sheet.headings == best.headings:
            rows += found
        elif found:
            other = sorted(set(sheet.headings) ^ set(best.headings))
            values = {"first": best.name, "got": _shown(other or sheet.headings)}
            # One with few of the same fields is a summary; one with most of them was meant to be read.
            meant = 2 * len(sheet.columns.keys() & best.columns) > len(best.columns)
            problems.append(
                Problem("calls.sheet_not_read", file, values=values, left_out=meant, sheet=sheet.name)
            )
    return rows, problems


def _without_swallowing(file: str, text: _Grid) -> tuple[list[SheetRow], list[Problem]]:
    rows: list[SheetRow] = []
    problems: list[Problem] = []
    width = len(text.headings)
    for row in text.rows():
        counts = (
            (swallowed_lines(cell, column, text.name, width), column)
            for column, cell in enumerate(row.cells[:width])
            if "\n" in cell or "\r" in cell
        )
        count, column = max(counts, default=(0, 0))
        if not count:
            rows.append(row)
            continue
        heading = text.headings[column] or None
        problems.append(
            Problem("calls.swallowed_lines", file, row.number, heading, {"got": count}, left_out=True)
        )
    return rows, problems


def _first_row(grids: Iterable[Sequence[Sequence[str]]]) -> Sequence[str]:
    rows = (
        [cell for cell in row[:MOST_COLUMNS] if cell.strip()] for grid in grids for row in grid[:HEADING_ROWS]
    )
    return next((row for row in rows if row), ())


def _without_blank_end(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _shown(cells: Sequence[str]) -> str:
    text = ", ".join(cell.strip() for cell in cells)
    return text if len(text) <= 200 else text[:200] + "…"


def _content(path: Path, max_mb: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise QaError("calls.list_too_big", path=path, got_mb=-(-size // 1_000_000), max_mb=max_mb)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise QaError("calls.list_missing", path=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise QaError("calls.list_unreadable", path=path, reason=reason) from error
    if not content.strip(b"\0 \t\r\n"):
        raise QaError("calls.list_empty", path=path)
    return content


def unknown_headings(table: Table) -> tuple[str, ...]:
    """Headings of the table that no field took, in their order."""
    taken = set(table.columns.values())
    return tuple(
        heading for i, heading in enumerate(table.headings) if i not in taken and heading_key(heading)
    )
