"""服务指标, 外呼回访 and 四个一样 on the page of a month; the workbook has all their rows and columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.conditions import SamenessSettings
from qa_audit.messages import say
from qa_audit.reports.charts import svg_below_a_heading
from qa_audit.reports.document import Chart, Section
from qa_audit.reports.figures import there
from qa_audit.reports.sameness_chart import sameness_chart
from qa_audit.reports.service_tables import callback_table, service_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures
    from qa_audit.reports.table import Table

MOST_CUSTOMERS = 60
"""Rows of customers not called back in time on the page."""

_SERVICE = (
    *("team", "inbound", "within_rings_share", "customers", "in_time_share", "late", "none"),
    *("complete_share", "satisfied_share", "complaints", "decided", "justified", "justified_share"),
)
_CALLBACKS = ("team", "agent", "call_id", "start", "callback_start", "delay_h", "state")


def service_sections(
    context: ReportContext, figures: MonthFigures, names: Mapping[str, str]
) -> tuple[Section, ...]:
    """A section each; none for what the month has no figures of. `names` of agents by key.

    Customers are listed where they were called back late or not at all, by the number of their call.
    """
    lang = context.language
    sections = []
    if (service := there(figures.service)) is not None:
        table = _part(service_table(service, lang), _SERVICE)
        notes = (say("report.page.service_note", lang),)
        sections.append(Section(say("report.page.service", lang), table=table, notes=notes))
    if (callbacks := there(figures.callbacks)) is not None:
        missed = callbacks.filter(pl.col("state").is_in(["late", "none"]))
        if not missed.is_empty():
            table = _part(callback_table(missed.head(MOST_CUSTOMERS), lang, names), _CALLBACKS)
            notes = [say("report.page.callbacks_note", lang)]
            if missed.height > MOST_CUSTOMERS:
                more = say("report.page.more_rows", lang, shown=MOST_CUSTOMERS, count=missed.height)
                notes.insert(0, more)
            sections.append(Section(say("report.page.callbacks", lang), table=table, notes=tuple(notes)))
    if (found := there(figures.sameness)) is not None:
        shown = found.filter(pl.col("level") != "agent")
        if shown["difference"].is_not_null().any():
            matters = figures.matters_points
            settings = None if matters is None else SamenessSettings(matters_points=matters)
            title = say("report.page.sameness", lang)
            chart = Chart(svg_below_a_heading(sameness_chart(shown, context, names, settings)), title)
            sections.append(Section(title, chart=chart, notes=(say("report.page.sameness_note", lang),)))
    return tuple(sections)


def _part(table: Table, wanted: tuple[str, ...]) -> Table:
    by_key = {column.key: column for column in table.columns}
    return replace(table, columns=tuple(by_key[key] for key in wanted))
