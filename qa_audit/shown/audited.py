"""Estimates, agreement and the quality of rules in words: headings and rows for a terminal or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from qa_audit.estimation.rule_quality import ASSISTED
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


def shown_quality(items: pl.DataFrame, rubric: Rubric) -> Shown:
    """`estimation.rule_quality.QUALITY` in the rubric's order."""
    columns = (
        *("item", "status", "flags", "wrong", "precision", "interval", "more"),
        *("missed", "recall", "interval"),
    )
    rows = [
        (
            rubric.name_of(row["item"], language()),
            say(f"audited.status.{_supported(row)}"),
            row["flags"],
            row["wrong"],
            figure(row["precision"], ".0%"),
            interval(row["precision_low"], row["precision_high"], ".0%"),
            more_to_hear(row),
            f"{row['missed']}/{row['faults']}",
            figure(row["recall"], ".0%"),
            interval(row["recall_low"], row["recall_high"], ".0%"),
        )
        for row in _in_order(items, rubric)
    ]
    return Shown(_headings(columns), rows, range(2, 10))


def _supported(row: Mapping[str, Any]) -> str:
    """What the figures support; `few` where they are too few to speak against a rule."""
    high = row["precision_high"]
    return "few" if row["status"] == "manual" and (high is None or high >= ASSISTED) else row["status"]


def more_to_hear(row: Mapping[str, Any]) -> object:
    """Faults of the machine to be heard before it may be automatic, in words where that is no number."""
    if not row["flags"]:
        return say("rule_status.more", flawless=row["more_if_flawless"])
    return say("audited.never") if row["more_at_this_rate"] is None else row["more_at_this_rate"]


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
            figure(row["raw"], ".0%"),
            figure(row["on_faults"], ".0%"),
            figure(row["ac1"], ".2f"),
            interval(row["ac1_low"], row["ac1_high"], ".2f"),
            figure(row["alpha"], ".2f"),
            interval(row["alpha_low"], row["alpha_high"], ".2f"),
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


def figure(value: float | None, form: str = ".1f") -> str:
    """A number, or a dash where it is not known."""
    return "–" if value is None else f"{value:{form}}"


def interval(low: float | None, high: float | None, form: str) -> str:
    """Both limits, or a dash."""
    if low is None or high is None:
        return "–"
    return say("audited.interval", low=f"{low:{form}}", high=f"{high:{form}}")
