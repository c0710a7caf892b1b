"""校准: how far inspectors agree, item by item, and how far each of them is from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import say
from qa_audit.reports.document import Section
from qa_audit.reports.figures import there
from qa_audit.reports.table import DECIMALS, Column, Table

if TYPE_CHECKING:
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures
    from qa_audit.reports.table import Kind

CALIBRATION = "校准"
"""Sheet name, the same in every language."""

_ITEMS: tuple[tuple[str, Kind, float], ...] = (
    ("item", "text", 20),
    ("twice", "count", 10),
    ("raw", "share", 10),
    ("on_faults", "share", 11),
    ("ac1", "ratio", 9),
    ("ac1_low", "ratio", 9),
    ("ac1_high", "ratio", 9),
    ("alpha", "ratio", 9),
    ("alpha_low", "ratio", 9),
    ("alpha_high", "ratio", 9),
)
_INSPECTORS: tuple[tuple[str, Kind, float], ...] = (
    ("inspector", "text", 20),
    ("twice", "count", 10),
    ("offset", "change", 10),
    ("low", "change", 11),
    ("high", "change", 9),
)


def calibration_sections(context: ReportContext, figures: MonthFigures) -> tuple[Section, ...]:
    """Agreement by item in the rubric's order, ICC, and each inspector's offset; none where there is nothing.

    Items that no two inspectors judged are left out.
    """
    lang = context.language
    sections = []
    agreement = there(figures.agreement)
    if agreement is not None and (agreement["calls"] > 0).any():
        rules = [rule.id for rule in context.items]
        order = pl.DataFrame({"item": rules}, {"item": pl.String}).with_row_index("rank")
        rows = (
            agreement.filter(pl.col("calls") > 0)
            .join(order, on="item", how="left")
            .sort("rank", "item", nulls_last=True)
            .with_columns(pl.col("item").replace(context.names()), twice="calls")
        )
        words = (say("report.calibration.agreement_note", lang),)
        table = _table(CALIBRATION, _ITEMS, rows, context)
        sections.append(Section(say("report.calibration.agreement", lang), words, table=table))
    value, low, high = figures.icc or (None, None, None)
    if value is not None:
        ratio = DECIMALS["ratio"]
        key = "icc" if low is None or high is None else "icc_interval"
        limits = {name: ratio(limit) for name, limit in (("low", low), ("high", high)) if limit is not None}
        words = (say(f"report.calibration.{key}", lang, value=ratio(value), **limits),)
        sections.append(Section(say("report.calibration.icc_title", lang), words))
    offsets = there(figures.offsets)
    if offsets is not None:
        words = (say("report.calibration.offsets_note", lang),)
        table = _table("校准-质检员", _INSPECTORS, offsets.with_columns(twice="calls"), context)
        sections.append(Section(say("report.calibration.offsets", lang), words, table=table))
    return tuple(sections)


def _table(
    name: str, columns: tuple[tuple[str, Kind, float], ...], rows: pl.DataFrame, context: ReportContext
) -> Table:
    headed = tuple(
        Column(key, say(f"report.heading.{key}", context.language), kind, width)
        for key, kind, width in columns
    )
    return Table(name, headed, rows.select(column.key for column in headed), frozen_columns=1)
