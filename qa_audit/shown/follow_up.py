"""The register of faults, repeated faults and the effect of coaching as tables in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.messages import Language
    from qa_audit.scoring.rubric import Rubric


def shown_faults(faults: pl.DataFrame, rubric: Rubric, lang: Language) -> Shown:
    """The register for a terminal: the workbook has more columns."""
    columns = (
        *("start", "team", "agent_name", "call_id", "place"),
        *("item", "severity", "inspector", "nth", "struck"),
    )
    rows = [
        (
            row["start"] or "–",
            row["team"] or "–",
            row["agent_name"] or row["agent_no"] or "–",
            row["call_id"],
            _place(row["start_s"]),
            rubric.name_of(row["item"], lang),
            say(f"faults.severity.{row['severity']}"),
            row["inspector"],
            "–" if row["nth"] is None else row["nth"],
            say("faults.struck") if row["struck"] else "",
        )
        for row in faults.iter_rows(named=True)
    ]
    return Shown([say(f"faults.column.{name}") for name in columns], rows, (4, 8))


def shown_repeats(repeats: pl.DataFrame, rubric: Rubric, lang: Language) -> Shown:
    """Who was faulted for the same item again."""
    columns = ("team", "agent_no", "agent_name", "item", "calls", "last")
    rows = [
        (
            row["team"] or "–",
            row["agent_no"] or "–",
            row["agent_name"] or "–",
            rubric.name_of(row["item"], lang),
            row["calls"],
            row["last"] or "–",
        )
        for row in repeats.iter_rows(named=True)
    ]
    return Shown([say(f"faults.column.{name}") for name in columns], rows, (4,))


def shown_effect(effect: pl.DataFrame, rubric: Rubric, lang: Language) -> Shown:
    """What changed after coaching: shares in per cent, scores in points."""
    columns = ("source", "measure", "calls", "before", "after", "change", "interval", "others", "says")
    rows = []
    for row in effect.iter_rows(named=True):
        share = row["measure"] == "faults"
        rows.append(
            (
                say(f"follow_up.source.{row['source']}"),
                rubric.name_of(row["item"], lang) if share else say("follow_up.score"),
                f"{row['calls_before']} / {row['calls_after']}",
                _figure(row["before"], share=share),
                _figure(row["after"], share=share),
                _figure(row["change"], share=share, sign="+"),
                "–"
                if row["low"] is None
                else say(
                    "audited.interval",
                    low=_figure(row["low"], share=share, sign="+"),
                    high=_figure(row["high"], share=share, sign="+"),
                ),
                _figure(row["others"], share=share, sign="+"),
                say(f"follow_up.says.{row['says']}"),
            )
        )
    return Shown([say(f"follow_up.column.{name}") for name in columns], rows, range(2, 8))


def _place(at_s: float) -> str:
    return f"{int(at_s) // 60:02d}:{int(at_s) % 60:02d}"


def _figure(value: float | None, *, share: bool, sign: str = "") -> str:
    if value is None:
        return "–"
    return f"{value:{sign}.0%}" if share else f"{value:{sign}.1f}"
