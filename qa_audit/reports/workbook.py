"""The workbook of a month: 汇总, the tables of `sheets.all_tables`, 校准, 方法, 说明.

校准 stands there only where people have judged calls twice. 辅导 has its chart below its rows.
"""

from __future__ import annotations

import io
import math
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from qa_audit.estimation.month import calls_of_month, findings_of
from qa_audit.messages import say
from qa_audit.reports.calibration import CALIBRATION, calibration_sections
from qa_audit.reports.charts import png_of
from qa_audit.reports.coaching_chart import coaching_chart
from qa_audit.reports.figures import MonthFigures, there
from qa_audit.reports.look import Look
from qa_audit.reports.method import METHOD, method_sections
from qa_audit.reports.notes_sheet import write_notes
from qa_audit.reports.register_tables import COACHED
from qa_audit.reports.section_sheet import write_sections
from qa_audit.reports.sheet_rows import fill_tables, pieces
from qa_audit.reports.sheets import all_tables
from qa_audit.reports.summary_sheet import write_summary
from qa_audit.store.files import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl
    from xlsxwriter.worksheet import Worksheet

    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.table import Table

SUMMARY, NOTES = "汇总", "说明"
_CALIBRATION_WIDTHS = (22, 11, 11, 12, 11, 11, 11, 11, 11, 11)
_METHOD_WIDTHS = (24, 106)
_PAGE_DIGITS = 240
"""Width of columns on A4 across, in digits, at which letters of 10 points are printed at 6."""


def write_workbook(
    path: Path,
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    *,
    figures: MonthFigures | None = None,
    tables: Sequence[Table] | None = None,
) -> None:
    """Write the XLSX of `context.month` to `path`, whole or not at all.

    `calls` and `findings` as in `qa_audit.estimation.frames`; calls of other months are left out, a month
    without calls gives a workbook that says so. Headings and words follow `context.language`, sheet names
    are always Chinese. Equal input gives equal bytes. `figures` is what people's hearing adds; `tables`
    spares the making of `all_tables` where the caller has them.

    Raises `QaError` as `calls_of_month` and `store.files.replacing`.
    """
    calls = calls_of_month(calls, context.month)
    findings = findings_of(calls, findings)
    figures = MonthFigures() if figures is None else figures
    skeleton = io.BytesIO()
    # Text is text: a customer's "=1+1" is no formula, and a path that looks like an address is no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(skeleton, options)
    year, month = map(int, context.month.split("-"))
    book.set_properties(
        {
            "title": say(
                "report.title", context.language, department=context.department, month=context.month
            ),
            "comments": context.label(),
            # The day it was made would make two runs over the same data differ.
            "created": datetime(year, month, 1),
        }
    )
    look = Look(book, context.language)
    summary = _sheet(book.add_worksheet(SUMMARY), context)
    write_summary(summary, look, calls, findings, context, figures=figures)
    summary.fit_to_pages(1, 1)
    rows: dict[int, Table] = {}
    for table in tables or all_tables(calls, findings, context, figures):
        for piece in pieces(table):
            sheet = _sheet(book.add_worksheet(piece.name), context)
            write_table_sheet(sheet, look, piece)
            rows[len(book.worksheets())] = piece
            if table.name == COACHED and (coaching := there(figures.coaching)) is not None:
                picture = io.BytesIO(png_of(coaching_chart(coaching, context)))
                sheet.insert_image(piece.frame.height + 2, 0, f"{COACHED}.png", {"image_data": picture})
    if calibration := calibration_sections(context, figures):
        sheet = _sheet(book.add_worksheet(CALIBRATION), context)
        write_sections(sheet, look, CALIBRATION, calibration, _CALIBRATION_WIDTHS)
    sheet = _sheet(book.add_worksheet(METHOD), context)
    write_sections(sheet, look, METHOD, method_sections(context, figures), _METHOD_WIDTHS)
    write_notes(_sheet(book.add_worksheet(NOTES), context), look, calls, findings, context)
    book.close()
    with replacing(path) as temporary, temporary.open("wb") as out:
        fill_tables(skeleton, out, rows)


def _sheet(sheet: Worksheet, context: ReportContext) -> Worksheet:
    """Print set-up shared by all: A4 across, as wide as the page, who made it and how at the margins."""
    lang = context.language
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    month = f"{context.department} {context.month}".replace("&", "&&")
    sheet.set_header(f"&L{month} &A&R{context.label()}")
    sheet.set_footer(f"&C{say('report.page_number', lang)}")
    return sheet


def pages_across(table: Table) -> int:
    """How many sheets of paper side by side the columns of a table are printed on, frozen ones on each."""
    frozen = sum(column.width for column in table.columns[: table.frozen_columns])
    rest = sum(column.width for column in table.columns[table.frozen_columns :])
    return max(1, math.ceil(rest / max(_PAGE_DIGITS - frozen, _PAGE_DIGITS / 2)))


def write_table_sheet(sheet: Worksheet, look: Look, table: Table) -> None:
    """Everything of a table's sheet but its rows, which `fill_tables` puts in place of the empty row 2."""
    last_row, last_column = table.frame.height, len(table.columns) - 1
    sheet.set_row(0, 36)
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(0, position, column.heading, look.heading(column.kind))
        sheet.write_blank(1, position, None, look.cell(column.kind))
        if column.kind == "verdict" and last_row:
            for verdict, form in look.verdicts.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{verdict}"', "format": form}
                sheet.conditional_format(1, position, last_row, position, rule)
    sheet.autofilter(0, 0, max(last_row, 1), last_column)
    sheet.freeze_panes(1, table.frozen_columns)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, max(0, table.frozen_columns - 1))
    sheet.fit_to_pages(pages_across(table), 0)
