"""The rows of a large sheet as XML, made by column instead of by cell.

A month of 60 agents × 1,000 calls has some four million cells. xlsxwriter writes about 120,000 a second on
one core of the machine this was measured on, which would be half a minute; Polars builds the same text ten
times as fast. So xlsxwriter makes the workbook (styles, widths, filters, printing) with one empty row per
table, and that row is replaced here by the real ones. Format: ECMA-376, part 1, §18.3.1 (row, c, is).
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from qa_audit.reports.table import Column, Table

LAST_ROW = 1_048_576
"""Excel's limit of rows on one sheet, the heading among them."""

_ROWS_A_PIECE = 8_192
_LONGEST_TEXT = 16_000
"""Excel takes 32,767 UTF-16 units in a cell; a character may take two."""

_CELL = re.compile(rb'<c r="([A-Z]+)2"(?: s="(\d+)")?/>')
_TEMPLATE_ROW = re.compile(rb'<row r="2"[^>]*>.*?</row>|<row r="2"[^>]*/>', re.DOTALL)
_EPOCH_AS_SERIAL = 25569
_DAY_S = 86_400
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def fill_tables(skeleton: BinaryIO, out: BinaryIO, tables: Mapping[int, Table]) -> None:
    """Copy the workbook `skeleton` to `out` with the rows of `tables` put in.

    `tables` names each table by the number of its sheet, from 1. In the skeleton such a sheet has its
    headings in row 1 and empty, formatted cells in row 2, and its ranges already span all rows.
    Equal input gives equal bytes.
    """
    entries = {f"xl/worksheets/sheet{number}.xml": table for number, table in tables.items()}
    with (
        zipfile.ZipFile(skeleton) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as target,
    ):
        for entry in source.infolist():
            part = source.read(entry)
            info = zipfile.ZipInfo(entry.filename, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            table = entries.get(entry.filename)
            with target.open(info, "w") as file:
                for piece in [part] if table is None else _with_rows(part, table):
                    file.write(piece)


def _with_rows(sheet: bytes, table: Table) -> Iterator[bytes]:
    template = _TEMPLATE_ROW.search(sheet)
    styles = {} if template is None else dict(_CELL.findall(template.group()))
    if template is None or len(styles) != len(table.columns):
        raise AssertionError(f"{table.name}: the skeleton's row 2 does not have one cell a column")
    names = [(letters.decode(), style.decode() or "0") for letters, style in styles.items()]
    last = f"{names[-1][0]}{table.frame.height + 1}"
    yield re.sub(rb'(<dimension ref="A1):[A-Z]+\d+', rb"\1:" + last.encode(), sheet[: template.start()])
    for start in range(0, table.frame.height, _ROWS_A_PIECE):
        rows = table.frame.slice(start, _ROWS_A_PIECE).with_row_index("", offset=start + 2)
        yield _rows_xml(rows, table.columns, names).encode()
    yield sheet[template.end() :]


def _rows_xml(rows: pl.DataFrame, columns: tuple[Column, ...], names: list[tuple[str, str]]) -> str:
    number = pl.col("").cast(pl.String)
    cells = [
        _cell(pl.col(column.key), column.kind, number, letters, style)
        for column, (letters, style) in zip(columns, names, strict=True)
    ]
    row = pl.concat_str(
        [pl.lit('<row r="'), number, pl.lit('"'), _height(columns), pl.lit(">"), *cells, pl.lit("</row>")]
    )
    return rows.select(row.alias("xml"))["xml"].str.join().item()


def _height(columns: tuple[Column, ...]) -> pl.Expr:
    """Height of rows with wrapped text, which not every program fits by itself; 汉字 count two."""
    lines = [
        (pl.col(column.key).str.len_chars() + pl.col(column.key).str.count_matches(r"[^\x00-\xFF]"))
        / (column.width - 2)
        for column in columns
        if column.kind == "long"
    ]
    if not lines:
        return pl.lit("")
    most = pl.max_horizontal(lines).ceil().fill_null(1).cast(pl.Int64).clip(1, 20)
    # 409 points is the highest row that Excel has.
    height = pl.format(' ht="{}" customHeight="1"', most * 16)
    return pl.when(most > 1).then(height).otherwise(pl.lit(""))


def _cell(value: pl.Expr, kind: str, number: pl.Expr, letters: str, style: str) -> pl.Expr:
    opening = pl.concat_str([pl.lit(f'<c r="{letters}'), number, pl.lit(f'" s="{style}"')])
    if kind in ("text", "long", "verdict"):
        before, text, after = ' t="inlineStr"><is><t xml:space="preserve">', _escaped(value), "</t></is></c>"
    else:
        before, text, after = "><v>", _as_number(value, kind).cast(pl.String), "</v></c>"
    # Text joined with a null is null, so that an empty cell keeps its style and gets no value.
    return pl.coalesce(
        pl.concat_str([opening, pl.lit(before), text, pl.lit(after)]),
        pl.concat_str([opening, pl.lit("/>")]),
    )


def _as_number(value: pl.Expr, kind: str) -> pl.Expr:
    if kind == "when":
        return value.dt.epoch("us") / (_DAY_S * 1_000_000) + _EPOCH_AS_SERIAL
    if kind == "length":
        return value / _DAY_S
    return value if kind == "count" else value.fill_nan(None)


def _escaped(text: pl.Expr) -> pl.Expr:
    """Text as XML: no markup, no characters that XML forbids, no longer than a cell takes."""
    shown = (
        pl.when(text.str.len_chars() > _LONGEST_TEXT)
        .then(text.str.slice(0, _LONGEST_TEXT) + " …")
        .otherwise(text)
    )
    return (
        shown.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
        .str.replace_all(r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]", "\N{REPLACEMENT CHARACTER}")
        # Excel reads _x0041_ in a cell as the letter A.
        .str.replace_all(r"_(x[0-9A-Fa-f]{4}_)", "_x005F_$1")
    )


def pieces(table: Table) -> list[Table]:
    """The table, cut where a sheet is full: 明细, 明细-2, … each with its part of the rows."""
    room = LAST_ROW - 1
    starts = range(0, max(table.frame.height, 1), room)
    return [
        replace(
            table,
            name=f"{table.name}-{part}" if part > 1 else table.name,
            frame=table.frame.slice(start, room),
        )
        for part, start in enumerate(starts, start=1)
    ]
