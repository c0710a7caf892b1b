"""The sheets 工差, 申诉 and 辅导: what people found fault with, what was disputed, who was coached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.estimation.order import counting_rank
from qa_audit.messages import say
from qa_audit.reports.registers import APPEALS, COACHING, FAULT_REGISTER
from qa_audit.reports.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.table import Kind

MARKED, DISPUTED, COACHED = "工差", "申诉", "辅导"
"""Sheet names, the same in every language."""

SEVERITIES = ("minor", "major", "critical")
DECISIONS = ("upheld", "overturned", "partly", "withdrawn")

_MARKED: tuple[tuple[str, Kind, float], ...] = (
    ("team", "text", 12),
    ("agent_no", "text", 10),
    ("agent_name", "text", 10),
    ("call_id", "text", 21),
    ("start", "when", 17),
    ("place", "length", 8),
    ("item", "text", 17),
    ("severity", "text", 9),
    ("times", "count", 8),
    ("struck", "text", 10),
    ("words", "long", 30),
    ("should_say", "long", 30),
    ("comment", "long", 26),
    ("inspector", "text", 10),
    ("at", "when", 17),
    ("clip", "text", 26),
)
_DISPUTED: tuple[tuple[str, Kind, float], ...] = (
    ("appeal", "count", 7),
    ("team", "text", 12),
    ("agent_no", "text", 10),
    ("agent_name", "text", 10),
    ("call_id", "text", 21),
    ("place", "length", 8),
    ("item", "text", 17),
    ("filed_at", "when", 17),
    ("due_at", "when", 17),
    ("reason", "long", 30),
    ("replied_by", "text", 10),
    ("reply", "long", 30),
    ("decision", "text", 10),
    ("decided_by", "text", 10),
    ("decided_at", "when", 17),
    ("score_before", "score", 9),
    ("score_after", "score", 9),
)
_COACHED: tuple[tuple[str, Kind, float], ...] = (
    ("team", "text", 12),
    ("agent_no", "text", 10),
    ("agent_name", "text", 10),
    ("item", "text", 17),
    ("coached_at", "when", 17),
    ("calls_before", "count", 10),
    ("rate_before", "share", 11),
    ("low_before", "share", 10),
    ("high_before", "share", 10),
    ("calls_after", "count", 10),
    ("rate_after", "share", 11),
    ("low_after", "share", 10),
    ("high_after", "share", 10),
)


def marked_table(faults: pl.DataFrame, context: ReportContext) -> Table:
    """工差: `registers.FAULT_REGISTER`, in order of team, agent and time."""
    require_columns(faults, "faults", FAULT_REGISTER)
    rows = faults.sort(
        counting_rank(pl.col("team")),
        counting_rank(pl.col("agent_no")),
        "start",
        "call_id",
        "start_s",
        nulls_last=True,
    )
    rows = rows.with_columns(
        pl.col("severity").replace(_words("faults.severity", SEVERITIES, context.language)),
        struck=pl.when("struck").then(pl.lit(say("faults.struck", context.language))),
    )
    return _table(MARKED, _MARKED, rows, context, frozen=3)


def disputed_table(appeals: pl.DataFrame, context: ReportContext) -> Table:
    """申诉: `registers.APPEALS`, in the order in which they were filed; an open one says so."""
    require_columns(appeals, "appeals", APPEALS)
    lang = context.language
    rows = appeals.sort("filed_at", "appeal", nulls_last=True).with_columns(
        pl.col("item").fill_null(say("report.whole_call", lang)),
        pl.col("decision")
        .replace(_words("appeals.state", DECISIONS, lang))
        .fill_null(say("report.decision.open", lang)),
    )
    return _table(DISPUTED, _DISPUTED, rows, context, frozen=4)


def coached_table(coaching: pl.DataFrame, context: ReportContext) -> Table:
    """辅导: `registers.COACHING`, the latest first; empty cells where no call could be judged."""
    require_columns(coaching, "coaching", COACHING)
    rows = coaching.sort(
        "coached_at",
        counting_rank(pl.col("agent_no")),
        "item",
        descending=[True, False, False],
        nulls_last=True,
    )
    return _table(COACHED, _COACHED, rows, context, frozen=4)


def _words(prefix: str, keys: Iterable[str], lang: Language) -> dict[str, str]:
    return {key: say(f"{prefix}.{key}", lang) for key in keys}


def _table(
    name: str,
    columns: tuple[tuple[str, Kind, float], ...],
    rows: pl.DataFrame,
    context: ReportContext,
    frozen: int,
) -> Table:
    rows = rows.with_columns(pl.col("item").replace(context.names()))
    if "start_s" in rows.columns:
        rows = rows.with_columns(place=pl.col("start_s"))
    headed = tuple(
        Column(key, say(f"report.heading.{key}", context.language), kind, width)
        for key, kind, width in columns
    )
    return Table(name, headed, rows.select(column.key for column in headed), frozen)
