"""The sheet 说明: how the score comes about, what the words mean, and what the figures were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.estimation.frames import SHOWN_STATUSES, shown_status
from qa_audit.estimation.month import SMALL_N
from qa_audit.messages import say
from qa_audit.reports.look import FAULT
from qa_audit.reports.row_height import height_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl
    from xlsxwriter.worksheet import Worksheet

    from qa_audit.reports.context import ReportContext, ReportItem
    from qa_audit.reports.look import Look

_WIDTHS = (22, 26, 10, 72)
_VERDICTS = ("pass", "fail", "not_applicable", "uncertain")


def write_notes(
    sheet: Worksheet, look: Look, calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext
) -> None:
    """Fill `sheet` with the rules of the score, the meaning of each verdict, the origin and the items."""
    page = _Page(sheet, look, context)
    lang = context.language
    page.title(say("report.notes.score_title", lang))
    page.warning(context.label())
    page.text(say("report.notes.score", lang))
    page.text(say(f"report.notes.critical_{'zero' if context.zero_on_critical else 'kept'}", lang))
    page.text(say("report.notes.mean", lang, small=SMALL_N))
    page.text(say("report.notes.sd", lang))
    page.text(say("report.notes.month", lang))

    page.title(say("report.notes.verdict_title", lang))
    for verdict in _VERDICTS:
        page.pair(say(f"verdict.{verdict}", lang), say(f"report.notes.verdict_{verdict}", lang))
    page.title(say("report.notes.tier_title", lang))
    page.text(say("report.notes.tiers", lang))

    page.title(say("report.notes.made_title", lang))
    for label, value in _origin(calls, findings, context):
        page.pair(label, value)

    page.title(say("report.notes.items_title", lang))
    page.items(context.items)
    if context.situations:
        page.title(say("report.notes.situations_title", lang))
        page.items(context.situations)


def _origin(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> list[tuple[str, str]]:
    lang = context.language
    comma = say("report.list_comma", lang)

    def counted(column: pl.Series, prefix: str, keys: Iterable[str]) -> str:
        counts = dict(column.value_counts().iter_rows())
        return comma.join(f"{say(f'{prefix}.{key}', lang)} {counts.get(key, 0)}" for key in keys)

    shown = calls.select(shown_status().alias("status"))["status"]
    values = {
        "machine_label": context.label(),
        "department": context.department,
        "month_label": context.month,
        "rubric": say(
            "report.notes.rubric_value", lang, id=context.rubric_id, version=context.rubric_version
        ),
        "rubric_hash": context.rubric_sha256,
        "engine": say(
            "report.notes.engine_value",
            lang,
            engine=context.engine,
            model=context.model,
            preset=context.preset,
        ),
        "code": context.code_version,
        "counts": f"{calls.height}: {counted(shown, 'report.status', SHOWN_STATUSES)}",
        "findings": f"{findings.height}: {counted(findings['verdict'], 'verdict', _VERDICTS)}",
    }
    return [(say(f"report.notes.{key}", lang), value) for key, value in values.items()]


class _Page:
    """Writes downwards: a title, a paragraph, a pair of label and text, a table of items."""

    def __init__(self, sheet: Worksheet, look: Look, context: ReportContext) -> None:
        self._sheet, self._look, self._context = sheet, look, context
        self._row = 0
        for position, width in enumerate(_WIDTHS):
            sheet.set_column(position, position, width)

    def title(self, text: str) -> None:
        self._row += 1 if self._row else 0
        self._sheet.set_row(self._row, 24)
        self._sheet.write_string(self._row, 0, text, self._look.form(font_size=12, bold=True))
        self._row += 1

    def warning(self, text: str) -> None:
        self._sheet.write_string(self._row, 0, text, self._look.form(font_color=FAULT, bold=True))
        self._row += 1

    def text(self, text: str) -> None:
        self._merged(0, text)

    def pair(self, label: str, text: str) -> None:
        form = self._look.form(bold=True, valign="top", text_wrap=True)
        self._sheet.write_string(self._row, 0, label, form)
        self._merged(1, text)

    def _merged(self, first: int, text: str) -> None:
        form = self._look.form(text_wrap=True, valign="top")
        self._sheet.merge_range(self._row, first, self._row, len(_WIDTHS) - 1, "", form)
        self._sheet.write_string(self._row, first, text, form)
        self._sheet.set_row(self._row, height_for(text, sum(_WIDTHS[first:])) + 4)
        self._row += 1

    def items(self, items: Iterable[ReportItem]) -> None:
        lang = self._context.language
        look = self._look
        for position, key in enumerate(("item_id", "item", "max_points", "source")):
            heading = say(f"report.heading.{key}", lang)
            self._sheet.write_string(
                self._row, position, heading, look.heading("points" if position == 2 else "text")
            )
        for item in items:
            self._row += 1
            self._sheet.write_string(self._row, 0, item.id, look.cell("text"))
            self._sheet.write_string(self._row, 1, self._context.name(item.id), look.cell("text"))
            self._sheet.write_number(self._row, 2, item.max_points, look.cell("points"))
            self._sheet.write_string(self._row, 3, item.source, look.cell("text"))
        self._row += 1
