"""The month as a page to read: headline, teams, charts, agents, registers, service, calibration, method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.month import department_month
from qa_audit.estimation.order import counting_key
from qa_audit.estimation.rounding import cut_off
from qa_audit.messages import say
from qa_audit.reports.calibration import calibration_sections
from qa_audit.reports.charts import svg_below_a_heading
from qa_audit.reports.coaching_chart import coaching_chart
from qa_audit.reports.document import Chart, Document, Figure, Section
from qa_audit.reports.figures import agents_on_show, there
from qa_audit.reports.funnel_chart import funnel_chart
from qa_audit.reports.headline import estimate_words, interval_words, month_words, unheard_words
from qa_audit.reports.items_chart import items_chart
from qa_audit.reports.method import method_sections
from qa_audit.reports.register_tables import DISPUTED, MARKED
from qa_audit.reports.service_sections import service_sections
from qa_audit.reports.table import DECIMALS, Table
from qa_audit.reports.tables import AGENTS, TEAMS
from qa_audit.reports.top_items import top_items
from qa_audit.reports.trend_chart import trend_chart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure as Picture

    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures

MOST_ROWS = 60
"""Rows of a register on the page; the workbook has them all."""

_TEAM = ("team", "agents", "calls", "framed", "machine_mean", "heard", "correction", "estimate")
_TEAM = (*_TEAM, "low", "high", "grade", "grade_remark", "severe_rate")
_AGENT = ("team", "agent_no", "agent_name", "calls", "framed", "machine_mean", "heard", "correction")
_AGENT = (*_AGENT, "estimate", "low", "high", "grade", "grade_remark", "pay_yuan", "severe_rate")
_MACHINE_ONLY = ("mean", "scored", "sd", "critical_rate", "uncertain_share", "faults")
_MARKED = (
    "team",
    "agent_no",
    "call_id",
    "start",
    "place",
    "item",
    "severity",
    "times",
    "struck",
    "words",
    "should_say",
)
_DISPUTED = ("agent_no", "call_id", "item", "filed_at", "reason", "reply", "decision", "decided_by")
_DISPUTED = (*_DISPUTED, "score_before", "score_after")


def month_document(
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    figures: MonthFigures,
    *,
    tables: Sequence[Table],
    names: Mapping[str, str],
) -> Document:
    """The page of `context.month`.

    `tables` are `sheets.all_tables` of the same calls, `names` of agents by key.

    What nobody has done (audits, appeals, coaching) has no section. Single calls are left out: the workbook
    lists them.
    """
    lang = context.language
    by_name = {table.name: table for table in tables}
    month = department_month(calls, findings).row(0, named=True)
    words = [month_words(month, lang), estimate_words(figures, lang), unheard_words(figures, lang)]
    words.append(context.closed_words())
    words.append(say(f"report.summary.{'caution_checked' if context.checked else 'caution'}", lang))
    teams, agents = by_name[TEAMS], by_name[AGENTS]
    notes = (say("report.page.agents_note", lang),)
    if any(cut_off(row) for row in agents_on_show(figures).iter_rows(named=True)):
        notes += (say("report.page.cut_note", lang),)
    sections = [
        Section("", tuple(filter(None, words)), figures=_headline(month, figures, context)),
        # A chart seldom fits below the headline; these do, and are asked for first.
        Section(say("report.summary.teams", lang), table=_part(teams, _TEAM)),
        *_top_items(calls, findings, context),
        *_charts(calls, findings, context, figures, names),
        Section(say("report.whose.agent", lang), table=_part(agents, _AGENT), notes=notes),
    ]
    if MARKED in by_name:
        note = (say("report.page.faults_note", lang),)
        sections.append(_register(say("report.page.faults", lang), by_name[MARKED], _MARKED, context, note))
    if DISPUTED in by_name:
        sections.append(_register(say("report.page.appeals", lang), by_name[DISPUTED], _DISPUTED, context))
    sections += service_sections(context, figures, names)
    sections += [*calibration_sections(context, figures), *method_sections(context, figures)]
    subtitle = f"{context.label()} · {context.month}"
    return Document(context.title(), subtitle, tuple(sections), lang, "landscape")


def _top_items(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> list[Section]:
    table, others = top_items(calls, findings, context)
    if table.frame.is_empty():
        return []
    more = (say("report.summary.more_items", context.language, count=others),) if others else ()
    return [Section(table.name, table=table, notes=more)]


def _headline(
    month: Mapping[str, float | None], figures: MonthFigures, context: ReportContext
) -> tuple[Figure, ...]:
    lang = context.language
    score = DECIMALS["score"]
    shown = [Figure(say(f"report.page.{name}", lang), f"{month[name]}") for name in ("calls", "scored")]
    if month["mean"] is not None:
        shown.append(Figure(say("report.page.machine_mean", lang), score(month["mean"])))
    department = there(figures.department)
    if department is not None:
        row = department.row(0, named=True)
        shown.append(Figure(say("report.page.heard", lang), f"{row['heard']}"))
        if row["estimate"] is not None:
            note = interval_words(row, lang)
            shown.append(Figure(say("report.page.estimate", lang), DECIMALS["figure"](row["estimate"]), note))
    return tuple(shown)


def _charts(
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    figures: MonthFigures,
    names: Mapping[str, str],
) -> list[Section]:
    lang = context.language

    def section(name: str, picture: Picture, *notes: str) -> Section:
        title = say(f"report.page.{name}", lang)
        return Section(title, chart=Chart(svg_below_a_heading(picture), title), notes=notes)

    sections = []
    if (agents := there(figures.agents)) is not None:
        sections.append(section("funnel", funnel_chart(agents, centre_of(figures), names, context)))
    sections.append(section("heat", items_chart(calls, findings, context)))
    if (trend := there(figures.trend)) is not None and trend["month"].n_unique() > 1:
        sections.append(section("trend", trend_chart(trend, trend_names(trend, lang), context)))
    if (coaching := there(figures.coaching)) is not None:
        note = say("report.page.coaching_note", lang)
        sections.append(section("coaching", coaching_chart(coaching, context), note))
    return sections


def centre_of(figures: MonthFigures) -> float | None:
    """The department's estimate, about which a funnel is drawn."""
    department = there(figures.department)
    return None if department is None else department["estimate"][0]


def trend_names(trend: pl.DataFrame, lang: Language) -> dict[str, str]:
    """The department and the teams; agents have their trend on their own sheet."""
    names = {"all": say("report.chart.everyone", lang)}
    teams = {key.removeprefix("team:") for key in trend["key"].unique() if key.startswith("team:")}
    return names | {f"team:{name}": name for name in sorted(teams, key=counting_key)}


def _part(table: Table, wanted: Sequence[str]) -> Table:
    """The columns of `wanted` that are there; where people heard nothing, more of the machine's."""
    there_now = {column.key for column in table.columns}
    kept = [key for key in wanted if key in there_now]
    if "estimate" not in there_now:
        kept += _MACHINE_ONLY
    columns = tuple(next(one for one in table.columns if one.key == key) for key in kept)
    return replace(table, columns=columns)


def _register(
    title: str, table: Table, kept: Sequence[str], context: ReportContext, notes: tuple[str, ...] = ()
) -> Section:
    count = table.frame.height
    if count > MOST_ROWS:
        notes = (*notes, say("report.page.more_rows", context.language, shown=MOST_ROWS, count=count))
    columns = tuple(next(one for one in table.columns if one.key == key) for key in kept)
    return Section(
        title, table=replace(table, columns=columns, frame=table.frame.head(MOST_ROWS)), notes=notes
    )
