"""CSV and XLSX files as rows of text, with the row numbers that a person sees in a spreadsheet.

Files come from outside and may be anything. Whatever their content, only `QaError` leaves this module.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.calls.headings import heading_key, map_columns
from qa_audit.calls.workbooks import is_workbook, workbook_grids
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADING_ROWS = 20
"""The headings stand in one of the first rows; above them may be a title."""

MOST_COLUMNS = 16_384
"""Columns looked at for headings: as many as a spreadsheet has."""

_SEPARATORS = (",", "\t", ";", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not blank."""

    number: int
    cells: tuple[str, ...]
    """As many as there are headings, longer where the row has more; "" for an empty cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose headings were recognised."""

    file: str
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    """Column index by field."""
    rows: tuple[SheetRow, ...]


def read_table(
    path: str | Path,
    fields: Mapping[str, Sequence[str]],
    own_headings: Mapping[str, Sequence[str]],
    max_mb: int = 256,
) -> Table:
    """The first sheet (or separator) in which at least two headings of `fields` are known.

    Text may be UTF-8 (with or without BOM), UTF-16, GBK or GB18030, its separator a comma, tab,
    semicolon or bar. XLSX and XLS are read by their content, whatever the extension says.

    Raises `QaError`: `calls.list_missing`, `calls.list_unreadable`, `calls.list_empty`, `calls.list_too_big`,
    `calls.list_protected`, `calls.list_damaged`, `calls.list_encoding`, `calls.list_headings`.
    """
    path = Path(path)
    content = _content(path, max_mb)
    read = workbook_grids if is_workbook(content) else _text_grids
    best: tuple[int, int, list[list[str]], dict[str, int]] | None = None
    first_row: Sequence[str] = ()
    for grid in read(path, content, max_mb):
        for index, row in enumerate(grid[:HEADING_ROWS]):
            cells = row[:MOST_COLUMNS]
            columns = map_columns(cells, fields, own_headings)
            first_row = first_row or [cell for cell in cells if cell.strip()]
            if len(columns) >= 2 and (best is None or len(columns) > best[0]):
                best = (len(columns), index, grid, columns)
    if best is None:
        known = ", ".join(names[0] for names in fields.values())
        raise QaError("calls.list_headings", path=path, got=_shown(first_row), known=known)
    _, at, grid, columns = best
    headings = _without_blank_end([cell.strip() for cell in grid[at][:MOST_COLUMNS]])
    width = len(headings)
    rows = tuple(
        # Databases refuse the character NUL in text.
        SheetRow(number, tuple(cell.replace("\0", "") for cell in cells) + ("",) * (width - len(cells)))
        for number, cells in enumerate(grid[at + 1 :], start=at + 2)
        if any(cell.strip() for cell in cells)
    )
    return Table(path.name, headings, columns, rows)


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


def _text_grids(path: Path, content: bytes, _max_mb: int) -> list[list[list[str]]]:
    text = _decoded(path, content)
    separators = _SEPARATORS
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line, which it does not show as a row
    if told:
        separators, text = (told[1],), text[told.end() :]
    grids = []
    failure: csv.Error | None = None
    for separator in separators:
        try:
            grids.append(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
        except csv.Error as error:
            failure = error
    if not grids:
        raise QaError("calls.list_damaged", path=path, reason=failure) from failure
    return grids


def _decoded(path: Path, content: bytes) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            candidates = (encoding,)
            break
    else:
        head = content[:2000]
        if head.count(0) > len(head) // 8:
            candidates = ("utf-16-le",) if head[1::2].count(0) >= head[::2].count(0) else ("utf-16-be",)
        else:
            candidates = ("utf-8", "gb18030")
    failures = []
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            failures.append(error)
    # The encoding that went furthest is the likelier one; its failure is where the person must look.
    worst = max(failures, key=lambda failure: failure.start)
    line = content.count(b"\n", 0, worst.start) + 1
    raise QaError("calls.list_encoding", path=path, line=line, byte=worst.start + 1) from worst


def unknown_headings(table: Table) -> tuple[str, ...]:
    """Headings of the table that no field took, in their order."""
    taken = set(table.columns.values())
    return tuple(
        heading for i, heading in enumerate(table.headings) if i not in taken and heading_key(heading)
    )
