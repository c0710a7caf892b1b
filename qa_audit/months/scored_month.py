"""A month's figures from the machine's scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.estimation.month import agent_month, calls_of_month, item_month, team_month
from qa_audit.messages import QaError
from qa_audit.months.frozen_people import framed_people, frozen_people
from qa_audit.sampling.remembered import RememberedSamples
from qa_audit.scoring.set_aside import set_aside

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.scored_calls import ScoredCalls
    from qa_audit.workspace import Workspace


@dataclass(frozen=True)
class Month:
    """A month's figures as Polars frames; `calls` and `findings` are what the others were made from.

    Of a month that was drawn people and teams are those of the frozen frames (`frozen_people`). Rules that
    people judge alone in this month (`desks.rule_status`) are uncertain in `findings`.
    """

    month: str
    calls: pl.DataFrame
    findings: pl.DataFrame
    agents: pl.DataFrame
    teams: pl.DataFrame
    items: pl.DataFrame


def scored_month(workspace: Workspace, month: str, scored: ScoredCalls | None = None) -> Month:
    """Figures of a month, as `estimation.month` defines them; `scored` where they were read already.

    Raises `QaError` for what is no month, and for a month without calls.
    """
    scored = workspace.scored(month) if scored is None else scored
    calls = calls_of_month(scored.calls, month)
    if calls.is_empty():
        raise QaError("workspace.empty_month", month=month, months=", ".join(workspace.months()) or "–")
    calls = frozen_people(framed_people(RememberedSamples(workspace.samples), month), calls)
    findings = set_aside(scored.findings(), workspace.rule_status.aside(month))
    return Month(
        month,
        calls,
        findings,
        agent_month(calls, findings),
        team_month(calls, findings),
        item_month(calls, findings),
    )
