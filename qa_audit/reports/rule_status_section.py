"""What the machine's verdicts counted for in the month, item by item: part of how its figures were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.status_names import STATUSES
from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.messages import say
from qa_audit.reports.document import Section
from qa_audit.reports.figures import there
from qa_audit.reports.table import Column, Table

if TYPE_CHECKING:
    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures
    from qa_audit.reports.table import Kind

_COLUMNS: tuple[tuple[str, Kind, float], ...] = (
    ("item", "text", 20),
    ("rule_status", "text", 14),
    ("from_month", "text", 10),
    ("decided_by", "text", 14),
    ("decided_at", "when", 16),
    ("how_decided", "text", 14),
)


def rule_status_sections(context: ReportContext, figures: MonthFigures) -> tuple[Section, ...]:
    """The items about which somebody has decided, in the rubric's order; none where no status is known."""
    known, lang = there(figures.rule_statuses), context.language
    if known is None:
        return ()
    title, words = say("report.method.rules_title", lang), (say("report.method.rules", lang),)
    decided = known.filter(pl.col("at").is_not_null())
    if decided.is_empty():
        return (Section(title, (*words, say("report.method.rules_start", lang))),)
    order = pl.DataFrame({"item": [one.id for one in context.items]}, {"item": pl.String})
    how = {True: say("report.method.overridden", lang), False: say("report.method.by_figures", lang)}
    rows = (
        order.join(decided, on="item", how="inner", maintain_order="left")
        .with_columns(
            pl.col("item").replace(context.names()),
            rule_status=named_status(lang),
            decided_at=pl.col("at").dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None),
            how_decided=pl.col("overridden").replace_strict(how, return_dtype=pl.String),
        )
        .rename({"who": "decided_by"})
    )
    columns = tuple(
        Column(key, say(f"report.heading.{key}", lang), kind, width) for key, kind, width in _COLUMNS
    )
    table = Table(title, columns, rows.select(column.key for column in columns))
    others = (say("report.method.rules_others", lang),) if decided.height < known.height else ()
    return (Section(title, words, table=table, notes=others),)


def named_status(lang: Language, column: str = "status") -> pl.Expr:
    """The column of a frame with statuses, as people read them."""
    names = {name: say(f"audited.status.{name}", lang) for name in STATUSES}
    return pl.col(column).replace(names)
