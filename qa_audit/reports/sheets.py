"""All tables of a month, in the order of the workbook's sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.reports.figures import MonthFigures, there
from qa_audit.reports.item_table import item_table
from qa_audit.reports.register_tables import disputed_table, marked_table
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
    """班组, 员工, 项目, 工差, 申诉, 明细, 问题清单; without 工差 or 申诉 where there are none.

    `calls` and `findings` as in `estimation.frames`, of one month.
    """
    figures = MonthFigures() if figures is None else figures
    teams, agents, detail, found = month_tables(calls, findings, context, figures)
    tables = [teams, agents, item_table(calls, findings, context, figures)]
    if (marked := there(figures.faults)) is not None:
        tables.append(marked_table(marked, context))
    if (disputed := there(figures.appeals)) is not None:
        tables.append(disputed_table(disputed, context))
    return (*tables, detail, found)
