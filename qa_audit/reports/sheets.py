"""All tables of a month, in the order of the workbook's sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.estimation.agent_names import agent_names
from qa_audit.reports.figures import MonthFigures, there
from qa_audit.reports.item_table import item_table
from qa_audit.reports.register_tables import coached_table, disputed_table, marked_table
from qa_audit.reports.service_tables import callback_table, sameness_table, service_table
from qa_audit.reports.tables import month_tables

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.table import Table


def all_tables(
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    figures: MonthFigures | None = None,
) -> tuple[Table, ...]:
    """班组, 员工, 项目, 工差, 申诉, 辅导, 服务指标, 外呼回访, 四个一样, 明细, 问题清单.

    Those from 工差 to 四个一样 only where there is something in them. `calls` and `findings` as in
    `estimation.frames`, of one month.
    """
    lang = context.language
    figures = MonthFigures() if figures is None else figures
    teams, agents, detail, found = month_tables(calls, findings, context, figures)
    tables = [teams, agents, item_table(calls, findings, context, figures)]
    if (marked := there(figures.faults)) is not None:
        tables.append(marked_table(marked, context))
    if (disputed := there(figures.appeals)) is not None:
        tables.append(disputed_table(disputed, context))
    if (coached := there(figures.coaching)) is not None:
        tables.append(coached_table(coached, context))
    if (service := there(figures.service)) is not None:
        tables.append(service_table(service, lang))
    callbacks, same = there(figures.callbacks), there(figures.sameness)
    names = agent_names(calls) if callbacks is not None or same is not None else {}
    if callbacks is not None:
        tables.append(callback_table(callbacks, lang, names))
    if same is not None:
        tables.append(sameness_table(same, lang, names))
    return (*tables, detail, found)
