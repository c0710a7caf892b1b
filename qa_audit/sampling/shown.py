"""Plans and draws as rows and words that people read, in the language in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.sampling.draws import Draw
    from qa_audit.sampling.plan import Plan

PLAN_COLUMNS = ("team", "agent", "new_agent", "calls", "flagged", "rest", "drawn", "half_width")
"""Columns of `plan_rows`, by the names of their headings in the catalogue (`sampling.column`)."""

SKIP_COLUMNS = ("inspector", "calls", "skipped", "rate")
"""Columns of `skip_rows`."""


def headings(names: tuple[str, ...]) -> list[str]:
    """Headings of columns."""
    return [say(f"sampling.column.{name}") for name in names]


def plan_rows(plan: Plan) -> list[tuple[object, ...]]:
    """One row an agent (`PLAN_COLUMNS`); of each stratum the calls drawn and those there are, as 3/120."""
    return [
        (
            row["team"] or "–",
            row["agent_name"] or row["agent_no"] or row["agent"],
            say("sampling.yes") if row["new_agent"] else "",
            row["calls"],
            f"{row['flagged_drawn']}/{row['flagged']}",
            f"{row['rest_drawn']}/{row['rest']}",
            row["drawn"],
            "–" if row["half_width"] is None else f"{row['half_width']:.1f}",
        )
        for row in plan.agents.iter_rows(named=True)
    ]


def skip_rows(skips: pl.DataFrame) -> list[tuple[object, ...]]:
    """One row an inspector (`SKIP_COLUMNS`), from `SampleBook.skips`."""
    return [
        (who, calls, skipped, "–" if rate is None else f"{rate:.0%}")
        for who, calls, skipped, rate in skips.iter_rows()
    ]


def drawn_text(made: Draw) -> str:
    """What a draw was: how many calls, its receipt, and who drew or why the calls were chosen."""
    count, receipt = len(made.first_calls()), made.receipt[:8]
    first = say("sampling.drawn", draw=made.draw_id, month=made.month, count=count, receipt=receipt)
    if made.kind != "random":
        return f"{first}\n{say('sampling.chosen', kind=say(f'sampling.kind.{made.kind}'))}"
    names = say("run.list_comma").join(nonce.who for _, nonce in made.nonces)
    return f"{first}\n{say('sampling.drawn_alone' if made.alone else 'sampling.drawn_together', who=names)}"
