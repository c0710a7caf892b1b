"""CSV files as grids of text, whichever encoding and separator they were written with."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from pathlib import Path

_SEPARATORS = (",", "\t", ";", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_grids(path: Path, content: bytes) -> tuple[dict[str, list[list[str]]], str | None]:
    """The text as rows of cells by each separator, and why it cannot be read by one of them.

    A cell that never ends (a quotation mark is missing) makes a separator fail; the reason names the line.

    Raises `QaError`: `calls.list_encoding`.
    """
    text = _decoded(path, content)
    separators, first = _SEPARATORS, 1
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line, which it does not show as a row
    if told:
        separators, text, first = (told[1],), text[told.end() :], 2
    grids: dict[str, list[list[str]]] = {}
    failure: str | None = None
    for separator in separators:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows, line = [], first
        try:
            for row in reader:
                rows.append(row)
                line = first + reader.line_num
        except csv.Error as error:
            failure = failure or say("calls.damaged_line", line=line, reason=error)
        else:
            grids[separator] = rows
    return grids, failure


def swallowed_lines(cell: str, column: int, separator: str, width: int) -> int:
    """How many lines of the file a missing quotation mark has drawn into a cell; 0 for a text of many lines.

    The first line then holds the rest of its row, those between are whole rows of `width` cells, and
    the last goes on at least to the cell's own `column`.

    >>> swallowed_lines("急\\nA2,8002,好\\nA3,8003,好", 2, ",", 3), swallowed_lines("急,\\n请回电", 2, ",", 3)
    (2, 0)
    """
    counts = [line.count(separator) for line in re.split(r"\r\n?|\n", cell) if line.strip()]
    if len(counts) < 2 or counts[0] < width - 1 - column or counts[-1] < column:
        return 0
    between = counts[1:-1]
    whole = sum(count >= width - 1 for count in between)
    return len(counts) - 1 if 2 * whole >= len(between) else 0


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
