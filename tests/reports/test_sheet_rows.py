import io
import zipfile
from datetime import datetime

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_audit.reports import sheet_rows
from qa_audit.reports.sheet_rows import fill_tables, pieces
from qa_audit.reports.table import NUMBER_FORMATS, Column, Table

COLUMNS = (
    Column("text", "文字", "text", 10),
    Column("long", "长文", "long", 12),
    Column("score", "得分", "score", 8),
    Column("when", "时间", "when", 16),
    Column("length", "时长", "length", 8),
    Column("count", "数", "count", 8),
)
SCHEMA = {
    "text": pl.String,
    "long": pl.String,
    "score": pl.Float64,
    "when": pl.Datetime("us"),
    "length": pl.Float64,
    "count": pl.UInt32,
}


def filled(rows: list[tuple[object, ...]]) -> bytes:
    table = Table("表", COLUMNS, pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    skeleton, out = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"in_memory": True})
    sheet = book.add_worksheet("表")
    for position, column in enumerate(COLUMNS):
        sheet.write_string(0, position, column.heading)
        form = book.add_format({"num_format": NUMBER_FORMATS[column.kind]})
        sheet.write_blank(1, position, None, form)
    book.close()
    fill_tables(skeleton, out, {1: table})
    return out.getvalue()


def read(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["表"]
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_values_come_back_as_they_were() -> None:
    rows = [
        ("=1+1", "甲\n乙", 87.5, datetime(2026, 10, 31, 23, 59), 61.0, 3),
        ("<a> & 'b' \"c\"", " 空格 ", 0.0, None, None, None),
        (None, None, None, None, None, None),
    ]
    content = filled(rows)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["表"]
    assert [cell.value for cell in sheet[2]][:4] == ["=1+1", "甲\n乙", 87.5, datetime(2026, 10, 31, 23, 59)]
    assert sheet["A2"].data_type == "s"
    assert [cell.number_format for cell in sheet[2]] == ["@", "@", "0.0", "yyyy-mm-dd hh:mm", "[mm]:ss", "0"]
    assert [cell.value for cell in sheet[3]] == ["<a> & 'b' \"c\"", " 空格 ", 0, None, None, None]
    assert [cell.value for cell in sheet[4]] == [None] * 6
    assert sheet["A4"].number_format == "@"
    assert sheet.dimensions == "A1:F4"


def test_a_second_reader_sees_the_same() -> None:
    rows = [("=1+1", "甲", 87.5, datetime(2026, 10, 31, 23, 59), 86400.0, 3)] * 3
    frame = pl.read_excel(io.BytesIO(filled(rows)), sheet_name="表")
    assert frame["文字"].to_list() == ["=1+1"] * 3
    assert frame["时间"].to_list() == [datetime(2026, 10, 31, 23, 59)] * 3
    assert frame["数"].to_list() == [3, 3, 3]


def test_a_table_without_rows_has_its_headings_alone() -> None:
    content = filled([])
    assert read(content) == []
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))["表"][1]][:2] == [
        "文字",
        "长文",
    ]


def test_equal_tables_give_equal_bytes() -> None:
    rows = [("a", "b", 1.0, None, None, 1)]
    assert filled(rows) == filled(rows)


def test_rows_are_written_in_pieces_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "_ROWS_A_PIECE", 3)
    rows = [(str(number), None, None, None, None, number) for number in range(10)]
    assert [row[5] for row in read(filled(rows))] == list(range(10))


def test_a_row_with_wrapped_text_is_as_high_as_its_lines() -> None:
    rows = [("a", "短", None, None, None, None), ("a", "得" * 12, None, None, None, None)]
    sheet = openpyxl.load_workbook(io.BytesIO(filled(rows)))["表"]
    assert sheet.row_dimensions[2].height is None
    assert sheet.row_dimensions[3].height == 48


def test_a_text_too_long_for_a_cell_is_cut_visibly() -> None:
    text = read(filled([("字" * 40_000, None, None, None, None, None)]))[0][0]
    assert text == "字" * 16_000 + " …"


def test_text_that_excel_would_decode_is_kept() -> None:
    content = filled([("_x0041_", None, None, None, None, None)])
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert ">_x005F_x0041_</t>" in xml


@settings(deadline=None, max_examples=60)
@example("\x00\x08\x0b\x1f\ufffe\uffff")
@example("]]>&amp;<")
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_gives_a_file_that_opens(text: str) -> None:
    (row,) = read(filled([(text, None, None, None, None, 1)]))
    allowed = "".join("\ufffd" if (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in text)
    assert (row[0] or "") == allowed.replace("\r\n", "\n").replace("\r", "\n") or "_x" in text
    assert row[5] == 1


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "LAST_ROW", 4)
    frame = pl.DataFrame({"count": list(range(7))})
    parts = pieces(Table("明细", (Column("count", "数", "count", 8),), frame))
    assert [(part.name, part.frame["count"].to_list()) for part in parts] == [
        ("明细", [0, 1, 2]),
        ("明细-2", [3, 4, 5]),
        ("明细-3", [6]),
    ]
