"""How many calls of each agent are to be heard: everyone's number, that of new agents, each team's least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.sampling.frame import home_teams

if TYPE_CHECKING:
    from qa_audit.sampling.frame import Frame


@dataclass(frozen=True, slots=True)
class Quota:
    """What is wanted of one agent."""

    agent: str
    team: str | None
    """Team of the agent's last call in the frame."""
    new: bool
    calls: int
    """Calls that can be drawn."""
    wanted: int
    """Calls to draw: never more than there are."""


def quotas(frame: Frame) -> tuple[Quota, ...]:
    """Every agent's quota, in order of the agents' keys; agents without a call that can be drawn have none.

    A team whose agents together fall short of `team_at_least` gets one call more of each agent in turn, those
    with fewest first, until it is reached or no calls are left. Those without a team are a team as well.
    """
    design = frame.design
    homes = dict(home_teams(frame.drawable).iter_rows())
    counted = (
        frame.drawable.group_by("agent").agg(calls=pl.len(), new=pl.col("new_agent").any()).sort("agent")
    )
    wanted: dict[str, int] = {}
    rows = {agent: (calls, new) for agent, calls, new in counted.iter_rows()}
    for agent, (calls, new) in rows.items():
        wanted[agent] = min(calls, design.new_agent_calls if new else design.calls_per_agent)
    for team in {homes[agent] for agent in rows}:
        own = [agent for agent in rows if homes[agent] == team]
        missing = design.team_at_least - sum(wanted[agent] for agent in own)
        while missing > 0:
            free = [agent for agent in own if wanted[agent] < rows[agent][0]]
            if not free:
                break
            wanted[min(free, key=lambda agent: (wanted[agent], agent))] += 1
            missing -= 1
    return tuple(
        Quota(agent, homes[agent], new, calls, wanted[agent]) for agent, (calls, new) in sorted(rows.items())
    )
