"""XLSX and XLS files as grids of text, after a look inside that no cell can evade.

The reader keeps every cell between the first and the last one of a sheet, also the empty ones, so one
cell far off, or a small file that unpacks to gigabytes, would fill the memory. The unpacked size and
each sheet's extent are therefore measured first, in a stream.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.parsers import expat

from qa_audit.calls.workbook_sheets import sheets_apart, sheets_of
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from pathlib import Path

MOST_CELLS = 16_000_000
"""Most cells read, rows by columns, all sheets together: the reader keeps about 32 bytes for each."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_IMAGES = (b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM")
_CHUNK_BYTES = 1 << 20
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_EXACT_BELOW = 10**15  # spreadsheets keep 15 digits of a number


def is_workbook(content: bytes) -> bool:
    """Whether a file is a workbook (XLSX or XLS) by its first bytes, whatever its name says."""
    return content.startswith((_OLE, _ZIP))


def workbook_grids(path: Path, content: bytes, max_mb: int) -> dict[str, list[list[str]]]:
    """Every visible sheet by its name, as rows of cells from A1 on, "" for an empty one; dates in ISO form.

    A number of more than 15 digits, which a spreadsheet keeps only roughly, is given in scientific
    form ("1.23456789012346E+17"), so that whoever expects an id sees that it is none. Formulas are
    not computed: the value the spreadsheet last stored is taken.

    Raises `QaError`: `calls.list_protected`, `calls.list_too_big`, `calls.list_too_wide`,
    `calls.list_damaged`.
    """
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise QaError("calls.list_protected", path=path)
    if content.startswith(_ZIP):
        rounded, sheets = look_inside(path, content, max_mb), sheets_of
    else:
        rounded, sheets = set(), sheets_apart
    try:
        grids = sheets(content)
    except ValueError as error:
        code = "calls.list_protected" if "assword" in str(error) else "calls.list_damaged"
        raise QaError(code, path=path, reason=error) from error
    return {name: [[_cell(cell, rounded) for cell in row] for row in grid] for name, grid in grids.items()}


def _cell(cell: str | None, rounded: set[str]) -> str:
    if cell is None:
        return ""
    return f"{float(cell):.14E}" if cell in rounded else cell


def look_inside(path: Path, content: bytes, max_mb: int) -> set[str]:
    """Refuse an XLSX that would fill the memory; the rounded numbers there are, as the reader writes them.

    Raises `QaError` as `workbook_grids`.
    """
    rounded: set[str] = set()
    left, cells = max_mb * 1_000_000, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.flag_bits & 1:
                    raise QaError("calls.list_protected", path=path)
                if entry.file_size > max_mb * 1_000_000:  # the reader makes room for what is stated
                    raise QaError("calls.list_too_big", path=path, got_mb=f">{max_mb}", max_mb=max_mb)
                sheet = _Sheet()
                with archive.open(entry) as stream:
                    chunk = stream.read(_CHUNK_BYTES)
                    # Any entry may serve as a sheet: the content counts, not the name.
                    is_text = b"<" in chunk[:64] and not chunk.startswith(_IMAGES)
                    while chunk:
                        left -= len(chunk)
                        if left < 0:
                            raise QaError("calls.list_too_big", path=path, got_mb=f">{max_mb}", max_mb=max_mb)
                        if is_text:
                            sheet.feed(chunk)
                        chunk = stream.read(_CHUNK_BYTES)
                cells += sheet.cells
                rounded |= sheet.rounded
                if cells > MOST_CELLS:
                    raise QaError("calls.list_too_wide", path=path, cells=cells, allowed=MOST_CELLS)
    except QaError:
        raise
    except Exception as error:
        # zipfile, the decompressors and expat share no base class of their errors.
        raise QaError("calls.list_damaged", path=path, reason=error) from error
    return rounded


class _Sheet:
    """Extent of a sheet from the positions its cells name, and its numbers beyond 15 digits."""

    def __init__(self) -> None:
        self.rounded: set[str] = set()
        self._rows = 0
        self._columns = 0
        self._numeric = False
        self._number: str | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._read
        self._parser.StartDoctypeDeclHandler = self._refused

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    @property
    def cells(self) -> int:
        return self._rows * self._columns

    def _refused(self, *_: object) -> None:
        raise ValueError("DOCTYPE")

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "v":
            self._number = "" if self._numeric else None
        if kind != "c":
            return
        self._numeric = attributes.get("t", "n") == "n"
        match = _CELL.fullmatch(attributes.get("r", "").upper())
        if match is None:
            return
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - 64
        self._columns = max(self._columns, column)
        self._rows = max(self._rows, int(match[2]))

    def _read(self, text: str) -> None:
        if self._number is not None:
            self._number += text

    def _ended(self, _name: str) -> None:
        # Zeros at the end are not written: 20261101000000000 stands there as 2.0261101E+16.
        if self._number and (len(self._number) > 15 or "e" in self._number.lower()):
            value = float(self._number)
            if abs(value) >= _EXACT_BELOW and value.is_integer():
                self.rounded.add(f"{value:.0f}")
        self._number = None
