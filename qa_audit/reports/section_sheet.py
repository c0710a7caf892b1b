"""Sections of a document on one sheet, one below the other, under a title; numbers stay numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qa_audit.reports.look import QUIET
from qa_audit.reports.row_height import height_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from qa_audit.reports.document import Section
    from qa_audit.reports.look import Look
    from qa_audit.reports.table import Table


def write_sections(
    sheet: Worksheet, look: Look, title: str, sections: Iterable[Section], widths: Sequence[float]
) -> None:
    """Fill `sheet` with `sections`; `widths` are those of its columns, in digits.

    Text is written as text, whatever it looks like. Charts are left out, figures too. The second column is
    where the words of a pair begin.
    """
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, title, look.form(font_size=18, bold=True))
    page = _Page(sheet, look, widths)
    for section in sections:
        page.heading(section.title)
        for words in section.words:
            page.merged(0, words)
        for point in section.points:
            page.merged(0, f"· {point}")
        for label, words in section.pairs:
            page.label(label)
            page.merged(1, words)
        if section.table is not None:
            page.table(section.table)
        for words in section.notes:
            page.merged(0, words, font_color=QUIET)


class _Page:
    """Writes downwards."""

    def __init__(self, sheet: Worksheet, look: Look, widths: Sequence[float]) -> None:
        self._sheet, self._look, self._widths = sheet, look, widths
        self._row = 1

    def heading(self, text: str) -> None:
        self._row += 1
        if text:
            self._sheet.set_row(self._row, 24)
            self._sheet.write_string(self._row, 0, text, self._look.form(font_size=12, bold=True))
            self._row += 1

    def label(self, text: str) -> None:
        form = self._look.form(font_color=QUIET, valign="top", text_wrap=True)
        self._sheet.write_string(self._row, 0, text, form)

    def merged(self, first: int, text: str, **style: object) -> None:
        form = self._look.form(text_wrap=True, valign="top", **style)
        last = len(self._widths) - 1
        if last > first:
            self._sheet.merge_range(self._row, first, self._row, last, "", form)
        self._sheet.write_string(self._row, first, text, form)
        self._sheet.set_row(self._row, height_for(text, sum(self._widths[first:])) + 4)
        self._row += 1

    def table(self, table: Table) -> None:
        look = self._look
        self._sheet.set_row(self._row, 32)
        for position, column in enumerate(table.columns):
            self._sheet.write_string(self._row, position, column.heading, look.heading(column.kind))
        for values in table.frame.select(column.key for column in table.columns).iter_rows():
            self._row += 1
            for position, (column, value) in enumerate(zip(table.columns, values, strict=True)):
                form = look.cell(column.kind)
                if value is None or (isinstance(value, float) and math.isnan(value)):
                    self._sheet.write_blank(self._row, position, None, form)
                elif isinstance(value, str):
                    self._sheet.write_string(self._row, position, value, form)
                else:
                    self._sheet.write_number(self._row, position, value, form)
        self._row += 1
