"""Estimates, agreement and the quality of rules in words: headings and rows for a terminal or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from qa_audit.messages import language, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from qa_audit.scoring.rubric import Rubric


class Shown(NamedTuple):
    """A table: `console.table` and `widgets.tables.html_table` take its parts as they are."""

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    right: Sequence[int]
    """Columns set flush right."""


def shown_estimates(agents: pl.DataFrame, names: Mapping[str, str]) -> Shown:
    """`estimation.difference.AGENT_ESTIMATES` in its order; a dash where nothing is known."""
    columns = ("agent", "calls", "heard", "machine", "correction", "estimate", "interval", "why")
    rows = [
        (
            names.get(row["agent"], row["agent"].partition(":")[2]),
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
    return Shown(_headings(columns), rows, range(1, 7))


def shown_quality(items: pl.DataFrame, rubric: Rubric) -> Shown:
    """`estimation.rule_quality.QUALITY` in the rubric's order."""
    columns = (
        *("item", "status", "flags", "wrong", "precision", "interval", "more"),
        *("missed", "recall", "interval"),
    )
    rows = [
        (
            rubric.name_of(row["item"], language()),
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
        for row in _in_order(items, rubric)
    ]
    return Shown(_headings(columns), rows, range(2, 10))


def left_out(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """How many audited calls the figures of rules (rows of `QUALITY`) leave out, a sentence a reason."""
    rows = list(items)
    counts = {name: max((row[name] for row in rows), default=0) for name in ("unscored", "deleted")}
    return [say(f"audited.{name}", calls=count) for name, count in counts.items() if count]


def shown_agreement(items: pl.DataFrame, rubric: Rubric) -> Shown:
    """`estimation.agreement.AGREEMENT` in the rubric's order; several figures, for each alone misleads."""
    columns = ("item", "twice", "raw", "on_faults", "ac1", "interval", "alpha", "interval")
    rows = [
        (
            rubric.name_of(row["item"], language()),
            row["calls"],
            _figure(row["raw"], ".0%"),
            _figure(row["on_faults"], ".0%"),
            _figure(row["ac1"], ".2f"),
            _interval(row["ac1_low"], row["ac1_high"], ".2f"),
            _figure(row["alpha"], ".2f"),
            _interval(row["alpha_low"], row["alpha_high"], ".2f"),
        )
        for row in _in_order(items.filter(pl.col("calls") > 0), rubric)
    ]
    return Shown(_headings(columns), rows, range(1, 8))


def _headings(columns: Sequence[str]) -> list[str]:
    return [say(f"audited.column.{name}") for name in columns]


def _in_order(items: pl.DataFrame, rubric: Rubric) -> list[dict]:
    found = {row["item"]: row for row in items.iter_rows(named=True)}
    known = [item.id for item in rubric.items if item.id in found]
    return [found[name] for name in [*known, *sorted(found.keys() - set(known))]]


def _figure(value: float | None, form: str = ".1f") -> str:
    return "–" if value is None else f"{value:{form}}"


def _interval(low: float | None, high: float | None, form: str) -> str:
    if low is None or high is None:
        return "–"
    return say("audited.interval", low=f"{low:{form}}", high=f"{high:{form}}")
