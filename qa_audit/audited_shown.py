"""Estimates and the quality of rules as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.console import table
from qa_audit.messages import language, say

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.scoring.rubric import Rubric


def estimates_table(agents: pl.DataFrame, month: str) -> str:
    """`estimation.difference.AGENT_ESTIMATES` in words, in its order; a dash where nothing is known."""
    names = ("agent", "calls", "heard", "machine", "correction", "estimate", "interval", "why")
    rows = [
        (
            row["agent"].partition(":")[2],
            row["calls"],
            row["heard"],
            _figure(row["machine_mean"]),
            _figure(row["bias"], "+.1f"),
            _figure(row["estimate"]),
            _interval(row["low"], row["high"], ".1f"),
            say(f"audited.reason.{row['reason']}") if row["reason"] else "",
        )
        for row in agents.iter_rows(named=True)
    ]
    shown = table([say(f"audited.column.{name}") for name in names], rows, right=range(1, 7))
    return f"{say('audited.heading', month=month)}\n\n{shown}"


def quality_table(items: pl.DataFrame, rubric: Rubric) -> str:
    """`estimation.rule_quality.QUALITY` in words, in the rubric's order."""
    if items.is_empty():
        return say("audited.nothing")
    names = (
        "item",
        "status",
        "flags",
        "wrong",
        "precision",
        "interval",
        "more",
        "missed",
        "recall",
        "interval",
    )
    found = {row["item"]: row for row in items.iter_rows(named=True)}
    order = [item.id for item in rubric.items if item.id in found]
    rows = [
        (
            rubric.name_of(name, language()),
            say(f"audited.status.{row['status']}"),
            row["flags"],
            row["wrong"],
            _figure(row["precision"], ".0%"),
            _interval(row["precision_low"], row["precision_high"], ".0%"),
            "–" if row["more_at_this_rate"] is None else row["more_at_this_rate"],
            f"{row['missed']}/{row['faults']}",
            _figure(row["recall"], ".0%"),
            _interval(row["recall_low"], row["recall_high"], ".0%"),
        )
        for name in [*order, *sorted(found.keys() - set(order))]
        for row in [found[name]]
    ]
    return table([say(f"audited.column.{name}") for name in names], rows, right=range(2, 10))


def _figure(value: float | None, form: str = ".1f") -> str:
    return "–" if value is None else f"{value:{form}}"


def _interval(low: float | None, high: float | None, form: str) -> str:
    if low is None or high is None:
        return "–"
    return say("audited.interval", low=f"{low:{form}}", high=f"{high:{form}}")
