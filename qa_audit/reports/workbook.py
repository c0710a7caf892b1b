"""The workbook of a month: sheets 汇总, 班组, 员工, 明细, 问题清单, 说明."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from qa_audit.estimation.month import calls_of_month, findings_of
from qa_audit.messages import say
from qa_audit.reports.look import Look
from qa_audit.reports.notes_sheet import write_notes
from qa_audit.reports.sheet_rows import fill_tables, pieces
from qa_audit.reports.summary_sheet import write_summary
from qa_audit.reports.tables import month_tables
from qa_audit.store.files import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl
    from xlsxwriter.worksheet import Worksheet

    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.table import Table

SUMMARY, NOTES = "汇总", "说明"


def write_workbook(
    path: Path,
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    tables: Sequence[Table] | None = None,
) -> None:
    """Write the XLSX of `context.month` to `path`, whole or not at all.

    `calls` and `findings` as in `qa_audit.estimation.frames`; calls of other months are left out, a month
    without calls gives a workbook that says so. Headings and words follow `context.language`, sheet names
    are always Chinese. Equal input gives equal bytes. `tables` spares the making of `month_tables` where
    the caller has them.

    Raises `QaError` as `calls_of_month` and `store.files.replacing`.
    """
    calls = calls_of_month(calls, context.month)
    findings = findings_of(calls, findings)
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
            "comments": say("report.machine", context.language),
            # The day it was made would make two runs over the same data differ.
            "created": datetime(year, month, 1),
        }
    )
    look = Look(book, context.language)
    write_summary(_sheet(book.add_worksheet(SUMMARY), context), look, calls, findings, context)
    rows: dict[int, Table] = {}
    for table in tables or month_tables(calls, findings, context):
        for piece in pieces(table):
            write_table_sheet(_sheet(book.add_worksheet(piece.name), context), look, piece)
            rows[len(book.worksheets())] = piece
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
    sheet.set_header(f"&L{month} &A&R{say('report.machine', lang)}")
    sheet.set_footer(f"&C{say('report.page', lang)}")
    return sheet


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
    if last_column > 15:
        sheet.set_paper(8)
