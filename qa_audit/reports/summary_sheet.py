"""The sheet 汇总: the month on one page, in figures and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.month import UNKNOWN, department_month, team_month
from qa_audit.messages import say
from qa_audit.reports.figures import teams_on_show, there
from qa_audit.reports.headline import estimate_words, month_words, unheard_words
from qa_audit.reports.look import ACCENT, FAULT, QUIET
from qa_audit.reports.row_height import height_for
from qa_audit.reports.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures
    from qa_audit.reports.look import Look
    from qa_audit.reports.table import Kind

_WIDTHS = (20, 14, 14, 14, 14, 14, 14, 16)
_HEADLINE: tuple[tuple[str, Kind], ...] = (
    ("calls", "count"),
    ("scored", "count"),
    ("mean", "score"),
    ("median", "score"),
    ("sd", "score"),
    ("lowest", "score"),
    ("critical_rate", "share"),
    ("uncertain_share", "share"),
)
_TEAM: tuple[tuple[str, Kind], ...] = (
    ("team", "text"),
    ("agents", "count"),
    ("calls", "count"),
    ("scored", "count"),
    ("mean", "score"),
    ("sd", "score"),
    ("critical_rate", "share"),
    ("uncertain_share", "share"),
)
_TEAM_CHECKED: tuple[tuple[str, Kind], ...] = (
    ("team", "text"),
    ("agents", "count"),
    ("calls", "count"),
    ("heard", "count"),
    ("mean", "score"),
    ("estimate", "figure"),
    ("low", "figure"),
    ("high", "figure"),
)
"""The same where people heard calls."""


def write_summary(
    sheet: Worksheet,
    look: Look,
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    *,
    figures: MonthFigures,
) -> None:
    """Fill `sheet` with headline figures, a note in words, the teams and the items with most faults."""
    lang = context.language
    for position, width in enumerate(_WIDTHS):
        sheet.set_column(position, position, width)
    month = department_month(calls, findings).row(0, named=True)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, context.title(), look.form(font_size=18, bold=True))
    sheet.write_string(1, 0, context.label(), look.form(font_color=FAULT, bold=True))

    sheet.set_row(3, 30)
    sheet.set_row(4, 30)
    label = look.form(font_color=QUIET, text_wrap=True, top=2, top_color=ACCENT)
    for position, (key, kind) in enumerate(_HEADLINE):
        sheet.write_string(3, position, say(f"report.heading.{key}", lang), label)
        _write(sheet, (4, position), month[key], look.figure(kind))

    row = _paragraph(sheet, look, 6, month_words(month, lang))
    if there(figures.department) is not None:
        row = _paragraph(sheet, look, row, estimate_words(figures, lang))
    if unheard := unheard_words(figures, lang):
        row = _paragraph(sheet, look, row, unheard)
    if closed := context.closed_words():
        row = _paragraph(sheet, look, row, closed)
    caution = "caution_checked" if context.checked else "caution"
    row = _paragraph(sheet, look, row, say(f"report.summary.{caution}", lang)) + 1

    teams = team_month(calls, findings)
    shown, columns = teams_on_show(figures), _TEAM
    if not shown.is_empty():
        columns = _TEAM_CHECKED
        kept = shown.select("heard", "estimate", "low", "high", team="agent")
        teams = teams.join(kept, on="team", how="left", maintain_order="left")
    teams = teams.with_columns(pl.col("team").replace(UNKNOWN, say("report.unknown", lang)))
    row = _heading(sheet, look, row, say("report.summary.teams", lang))
    if teams.is_empty():
        row = _paragraph(sheet, look, row, say("report.summary.no_teams", lang))
    else:
        row = _rows(sheet, look, row, columns, teams.iter_rows(named=True))
        for words in _without_interval(shown, lang):
            row = _paragraph(sheet, look, row, words)

    faults, others = top_items(calls, findings, context)
    row = _heading(sheet, look, row + 1, faults.name)
    if faults.frame.is_empty():
        _paragraph(sheet, look, row, say("report.summary.no_faults", lang))
        return
    of_items: tuple[tuple[str, Kind], ...] = tuple((column.key, column.kind) for column in faults.columns)
    row = _rows(sheet, look, row, of_items, faults.frame.iter_rows(named=True))
    if others:
        more = say("report.summary.more_items", lang, count=others)
        sheet.write_string(row, 0, more, look.form(font_color=QUIET))


def _without_interval(shown: pl.DataFrame, lang: Language) -> list[str]:
    """Which teams have no interval and why, a sentence a reason."""
    rows = shown.filter(pl.col("reason").is_not_null()).with_columns(
        pl.col("agent").replace(UNKNOWN, say("report.unknown", lang))
    )
    comma = say("report.list_comma", lang)
    return [
        say(
            "report.summary.no_interval",
            lang,
            teams=comma.join(names),
            reason=say(f"estimates.reason.{reason}", lang),
        )
        for reason, names in rows.group_by("reason", maintain_order=True).agg("agent").iter_rows()
    ]


def _heading(sheet: Worksheet, look: Look, row: int, text: str) -> int:
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, text, look.form(font_size=12, bold=True))
    return row + 1


def _paragraph(sheet: Worksheet, look: Look, row: int, text: str) -> int:
    form = look.form(text_wrap=True, valign="top")
    sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, text, form)
    sheet.set_row(row, height_for(text, sum(_WIDTHS)) + 6)
    return row + 1


def _rows(
    sheet: Worksheet,
    look: Look,
    row: int,
    columns: tuple[tuple[str, Kind], ...],
    rows: Iterable[Mapping[str, object]],
) -> int:
    sheet.set_row(row, 30)
    for position, (key, kind) in enumerate(columns):
        sheet.write_string(row, position, say(f"report.heading.{key}", look.lang), look.heading(kind))
    below = row + 1
    for values in rows:
        for position, (key, kind) in enumerate(columns):
            _write(sheet, (below, position), values[key], look.cell(kind))
        below += 1
    return below


def _write(sheet: Worksheet, place: tuple[int, int], value: object, form: Format) -> None:
    if isinstance(value, str):
        sheet.write_string(*place, value, form)
    elif isinstance(value, int | float):
        sheet.write_number(*place, value, form)
    else:
        sheet.write_string(*place, "–", form)
