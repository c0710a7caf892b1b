"""The items at fault most often, for the first page: the rest is on the sheets 项目 and 问题清单."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.month import item_month
from qa_audit.messages import say
from qa_audit.reports.table import Column, Table

if TYPE_CHECKING:
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.table import Kind

ITEMS_SHOWN = 8

_COLUMNS: tuple[tuple[str, Kind, float], ...] = (
    ("item", "text", 20),
    ("judged", "count", 14),
    ("fault_count", "count", 14),
    ("fault_rate", "share", 14),
    ("critical", "count", 14),
    ("lost", "points", 14),
    ("uncertain_share", "share", 14),
)


def top_items(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> tuple[Table, int]:
    """The `ITEMS_SHOWN` items that the machine found at fault most often, and how many others had faults.

    `calls` and `findings` as in `estimation.frames`, of one month.
    """
    faults = (
        item_month(calls, findings, by="department")
        .filter(pl.col("faults") > 0)
        .sort("faults", "points_lost", "item", descending=[True, True, False])
        .with_columns(pl.col("item").replace(context.names()))
        .rename({"faults": "fault_count", "points_lost": "lost"})
    )
    columns = tuple(
        Column(key, say(f"report.heading.{key}", context.language), kind, width)
        for key, kind, width in _COLUMNS
    )
    shown = faults.head(ITEMS_SHOWN).select(column.key for column in columns)
    title = say("report.summary.items", context.language)
    return Table(title, columns, shown), faults.height - shown.height
