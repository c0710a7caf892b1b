"""CSV and XLSX files as rows of text, with the row numbers that a person sees in a spreadsheet.

Files come from outside and may be anything. Whatever their content, only `QaError` leaves this module.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from qa_audit.calls.headings import heading_key, map_columns
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADING_ROWS = 20
"""The headings stand in one of the first rows; above them may be a title."""

MOST_CELLS = 16_000_000
"""Largest sheet, rows by columns: the reader keeps about 32 bytes a cell, empty ones too."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEPARATORS = (",", "\t", ";", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


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
    if content.startswith((_OLE, _ZIP)):
        grids = _workbook_grids(path, content, max_mb)
    else:
        grids = _text_grids(path, content)
    best: tuple[int, int, list[list[str]], dict[str, int]] | None = None
    first_row: Sequence[str] = ()
    for grid in grids:
        for index, cells in enumerate(grid[:HEADING_ROWS]):
            columns = map_columns(cells, fields, own_headings)
            first_row = first_row or [cell for cell in cells if cell.strip()]
            if len(columns) >= 2 and (best is None or len(columns) > best[0]):
                best = (len(columns), index, grid, columns)
    if best is None:
        known = ", ".join(names[0] for names in fields.values())
        raise QaError("calls.list_headings", path=path, got=_shown(first_row), known=known)
    _, at, grid, columns = best
    headings = tuple(cell.strip() for cell in grid[at])
    width = len(headings)
    rows = tuple(
        SheetRow(number, tuple(cells) + ("",) * (width - len(cells)))
        for number, cells in enumerate(grid[at + 1 :], start=at + 2)
        if any(cell.strip() for cell in cells)
    )
    return Table(path.name, headings, columns, rows)


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


def _text_grids(path: Path, content: bytes) -> list[list[list[str]]]:
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


def _workbook_grids(path: Path, content: bytes, max_mb: int) -> list[list[list[str]]]:
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise QaError("calls.list_protected", path=path)
    if content.startswith(_ZIP):
        _refuse_bomb(path, content, max_mb)
    import fastexcel  # takes a while to load, and CSV does without it

    try:
        workbook = fastexcel.read_excel(content)
        grids = []
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible == "visible" and sheet.width and sheet.height:
                frame = sheet.to_polars()
                grids.append([["" if cell is None else cell for cell in row] for row in frame.rows()])
    except Exception as error:
        code = "calls.list_protected" if "assword" in str(error) else "calls.list_damaged"
        raise QaError(code, path=path, reason=str(error).split("\n")[0]) from error
    except BaseException as error:
        # A panic inside the reader arrives as a BaseException that is no Ctrl-C.
        if type(error).__name__ != "PanicException":
            raise
        raise QaError("calls.list_damaged", path=path, reason=str(error)) from error
    return grids


def _refuse_bomb(path: Path, content: bytes, max_mb: int) -> None:
    """Refuse a workbook that would fill the memory: unpacked size, and sheet size from first to last cell."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise QaError("calls.list_protected", path=path)
            left = max_mb * 1_000_000
            for entry in archive.infolist():
                is_sheet = "worksheets/" in entry.filename and entry.filename.endswith(".xml")
                extent = _Extent()
                with archive.open(entry) as stream:
                    while chunk := stream.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise QaError(
                                "calls.list_too_big", path=path, got_mb=f"> {max_mb}", max_mb=max_mb
                            )
                        if is_sheet:
                            extent.feed(chunk)
                if extent.cells > MOST_CELLS:
                    raise QaError("calls.list_too_wide", path=path, cells=extent.cells, allowed=MOST_CELLS)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, expat.ExpatError, OSError, EOFError) as error:
        raise QaError("calls.list_damaged", path=path, reason=error) from error
    except (NotImplementedError, RuntimeError, ValueError, KeyError, IndexError) as error:
        raise QaError("calls.list_damaged", path=path, reason=error) from error
    except Exception as error:  # zlib.error and others of the decompressors share no base class
        if isinstance(error, QaError):
            raise
        raise QaError("calls.list_damaged", path=path, reason=error) from error


class _Extent:
    """Rows by columns of a sheet, from the positions its cells name."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._started
        self._parser.StartDoctypeDeclHandler = self._refused
        self._rows = 0
        self._columns = 0

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    @property
    def cells(self) -> int:
        return self._rows * self._columns

    def _refused(self, *_: object) -> None:
        raise ValueError("DOCTYPE")

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] != "c":
            return
        match = _CELL.fullmatch(attributes.get("r", "").upper())
        if match is None:
            return
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - 64
        self._columns = max(self._columns, column)
        self._rows = max(self._rows, int(match[2]))


def unknown_headings(table: Table) -> tuple[str, ...]:
    """Headings of the table that no field took, in their order."""
    taken = set(table.columns.values())
    return tuple(
        heading for i, heading in enumerate(table.headings) if i not in taken and heading_key(heading)
    )
