"""A month as frames for scripts: English names that stay, values as they are, no words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.estimation.month import item_month, team_month
from qa_audit.reports.figures import agents_on_show, there

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.reports.figures import MonthFigures


def frames_for_scripts(
    calls: pl.DataFrame, findings: pl.DataFrame, figures: MonthFigures, agents: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Frames by the name of their file; their columns are those of the docstrings named.

    Always: `calls`, `findings` (`estimation.frames`); `agents`, `teams`, `items` (`agent_month`,
    `team_month`, `item_month` by agent, of `estimation.month`). Where people heard calls: `scores`
    (`figures.ON_SHOW`, the figure that counts), `estimates` (`difference.AGENT_ESTIMATES`), `pay`
    (`filtered.PAY_ESTIMATES`), `team_estimates` (`groups.GROUP_ESTIMATES`), `rates` (`rates.RATES` by
    agent), `rules` (`rule_quality.QUALITY`), `agreement` (`agreement.AGREEMENT`), `offsets`
    (`inspectors.OFFSETS`); `sameness`, `service`, `callbacks` (`estimation`); `faults`, `appeals`,
    `coaching`, `draws` (`registers`); `trend` (`trend.MONTHS` with limits).
    """
    frames = {
        "calls": calls,
        "findings": findings,
        "agents": agents,
        "teams": team_month(calls, findings),
        "items": item_month(calls, findings, by="agent"),
    }
    of_people = {
        "scores": agents_on_show(figures),
        "estimates": figures.agents,
        "pay": figures.pay,
        "team_estimates": figures.teams,
        "rates": figures.rates_of_agents,
        "rules": figures.quality,
        "agreement": figures.agreement,
        "offsets": figures.offsets,
        "faults": figures.faults,
        "appeals": figures.appeals,
        "coaching": figures.coaching,
        "sameness": figures.sameness,
        "service": figures.service,
        "callbacks": figures.callbacks,
        "draws": figures.draws,
        "trend": figures.trend,
    }
    found = {name: there(frame) for name, frame in of_people.items()}
    return frames | {name: frame for name, frame in found.items() if frame is not None}
