"""Tables as CSV that Excel opens right: UTF-8 with a byte order mark, formulas disarmed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.rounding import rounded_column
from qa_audit.reports.tables import clock_text
from qa_audit.store.files import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.reports.table import Column, Table

_DANGEROUS = r"^([=+\-@\t\r＝＋－＠])"
"""First characters that make a spreadsheet run a cell (OWASP, "CSV Injection"), full-width ones too."""


def write_csv(path: Path, table: Table) -> None:
    """Write `table` to `path`, whole or not at all: headings as in the workbook, lines ending in CR LF.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Scores have two decimals,
    shares four (0.0312 is 3.12 %), times read 2026-10-31 09:05, lengths mm:ss.

    Raises `QaError` as `store.files.write_bytes`.
    """
    rows = table.frame.select(_text(column).alias(column.heading) for column in table.columns)
    encoded = io.BytesIO()
    rows.write_csv(encoded, include_bom=True, line_terminator="\r\n")
    write_bytes(path, encoded.getvalue())


def _text(column: Column) -> pl.Expr:
    value = pl.col(column.key)
    match column.kind:
        case "text" | "long" | "verdict":
            return value.str.replace(_DANGEROUS, "'$1")
        case "when":
            return value.dt.strftime("%Y-%m-%d %H:%M")
        case "length":
            return clock_text(value)
        case "share" | "ratio":
            return rounded_column(value, 4)
        case "score" | "figure" | "points" | "change" | "correction" | "yuan":
            return rounded_column(value)
        case _:
            return value
