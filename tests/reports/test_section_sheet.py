"""Sections on a sheet: what is text stays text, what is a number stays one, nothing lies over another."""

import io
import math

import openpyxl
import polars as pl
import xlsxwriter

from qa_audit.reports.document import Section
from qa_audit.reports.look import Look
from qa_audit.reports.section_sheet import write_sections
from qa_audit.reports.table import Column, Table


def sheet_of(*sections):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    write_sections(book.add_worksheet("方法"), Look(book, "zh"), "方法", sections, (20, 30))
    book.close()
    return openpyxl.load_workbook(out)["方法"]


def test_words_points_pairs_and_notes_stand_below_each_other():
    section = Section(
        "等级", ("=1+1",), points=("第一步",), pairs=(("种子", "ab"), ("抽签人", "主管")), notes=("注",)
    )
    sheet = sheet_of(section)
    rows = [tuple(cell.value for cell in row[:2]) for row in sheet.iter_rows() if row[0].value is not None]
    assert rows == [
        ("方法", None),
        ("等级", None),
        ("=1+1", None),
        ("· 第一步", None),
        ("种子", "ab"),
        ("抽签人", "主管"),
        ("注", None),
    ]
    assert sheet["A4"].data_type == "s"  # no formula
    assert "A4:B4" in {str(one) for one in sheet.merged_cells.ranges}


def test_a_table_keeps_its_numbers_and_leaves_what_is_missing_empty():
    columns = (Column("who", "质检员", "text", 10), Column("offset", "偏差", "change", 10))
    frame = pl.DataFrame({"who": ["李敏", "王芳", None], "offset": [-1.25, None, math.nan]})
    sheet = sheet_of(Section("", table=Table("校准", columns, frame)), Section("下一节"))
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=6)] == [
        ["质检员", "偏差"],
        ["李敏", -1.25],
        ["王芳", None],
        [None, None],
    ]
    assert sheet["B4"].number_format == "+0.0;-0.0;0.0"
    assert sheet["A8"].value == "下一节"


def test_long_words_get_the_height_they_need():
    sheet = sheet_of(Section("", ("字" * 100,)))
    # 200 digits wide in 52: four lines of 16 points, and 4; Excel keeps quarters.
    assert sheet.row_dimensions[3].height == 68.25
