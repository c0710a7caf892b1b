"""How often intervals of groups hold the truth where of some agents nobody heard a call.

    python -m benchmarks.unheard_agents                         # all cases, 2,000 teams each

Printed for both methods (`groups.METHOD`): coverage of the 95 % interval and its mean width. The first cases
are agents with 300 calls each, 8 of them heard, whose residuals have SD 10 within agents and any SD between
them; in `unequal` every other has 300 calls more, and so have the unheard. The others are departments of
`simulated_department` with two strata and inspectors; who is not heard is left to chance, or ("misheard") are
those whom the machine mishears.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.simulated_department import MAIN, Department
from qa_audit.estimation.cells import Cell
from qa_audit.estimation.difference import others_slopes
from qa_audit.estimation.groups import estimate_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEARD = 8
Month = tuple[dict[str, list[Cell]], dict[int, float], dict[str, float]]
"""Cells by team, true means by team, λ by agent."""


@dataclass(frozen=True, slots=True)
class Case:
    """Agents of one team, how many of them nobody heard, and how they differ."""

    what: str
    agents: int
    unheard: int
    between: float | None = None
    """SD of agents' residuals; None: a department of `simulated_department`."""
    unequal: bool = False
    teams: int = 1
    chosen: bool = False
    """Whether the unheard are not left to chance: those whom the machine mishears."""

    def month(self, rng: np.random.Generator) -> Month:
        """One month."""
        return self._plain(rng) if self.between is not None else self._department(rng)

    def _plain(self, rng: np.random.Generator) -> Month:
        sums, numbers, cells = np.zeros(self.teams), np.zeros(self.teams), []
        for agent in range(self.agents * self.teams):
            team, place = agent % self.teams, agent // self.teams
            unheard = place < self.unheard
            calls = 300 * (1 + (place % 2 + unheard) * self.unequal)
            residuals = np.clip(rng.normal(rng.normal(0, self.between or 0), 10, calls), -50, 50)
            sums[team] += residuals.sum()
            numbers[team] += calls
            said = () if unheard else tuple((50 + residuals[:HEARD]).tolist())
            same = (50.0,) * len(said)
            cells.append(Cell(f"{agent:03d}", "rest", calls, 50.0 * calls, same, said, (), HEARD / calls, 1))
        teams = {f"{agent:03d}": agent % self.teams for agent in range(len(cells))}
        true = dict(enumerate((50 + sums / numbers).tolist()))
        return _by_team(cells, teams), true, dict.fromkeys(teams, 1.0)

    def _department(self, rng: np.random.Generator) -> Month:
        kind = replace(MAIN, agents=self.agents * self.teams, calls=300)
        department = Department(kind, rng)
        truth, machine, given = department.month(last=True)
        drawn = department.draw(machine, given)
        place = np.argsort(~department.misheard) if self.chosen else rng.permutation(kind.agents)
        teams = [place[at :: self.teams] for at in range(self.teams)]
        silent = {f"{agent:03d}" for team in teams for agent in team[: self.unheard]}
        cells = [replace(one, machine=(), person=()) if one.agent in silent else one for one in drawn]
        own = {agent: tuple(some) for agent, some in groupby(cells, lambda cell: cell.agent)}
        team_of = {f"{agent:03d}": at for at, team in enumerate(teams) for agent in team}
        true = {at: float(truth[team].mean()) for at, team in enumerate(teams)}
        return _by_team(cells, team_of), true, others_slopes(own)


def _by_team(cells: Sequence[Cell], teams: Mapping[str, int]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(str(teams[cell.agent]), []).append(cell)
    return found


CASES = (
    *(Case("SD 5", 10, few, 5) for few in (0, 1, 2, 4)),
    *(Case("SD 0", 10, few, 0) for few in (1, 2, 4)),
    *(Case("SD 10", 10, few, 10) for few in (2, 4)),
    Case("SD 5, unequal", 10, 4, 5, unequal=True),
    *(Case(f"SD {sd}", 5, 2, sd) for sd in (5, 0)),
    Case("SD 5", 3, 1, 5),
    Case("SD 5", 5, 2, 5, teams=6),
    Case("SD 5", 3, 1, 5, teams=6),
    *(Case("simulated", 10, few) for few in (0, 1, 2, 4)),
    Case("simulated", 5, 2),
    Case("simulated", 5, 2, teams=6),
    Case("simulated, misheard", 10, 4, chosen=True),
)


def measured(case: Case, repetitions: int) -> list[tuple[float, float]]:
    """(coverage, mean width) by method 1 and 2."""
    found: list[list[tuple[bool, float]]] = [[], []]
    for repetition in range(repetitions // case.teams):
        seed = np.random.default_rng([7, case.agents, case.unheard, repetition])
        groups, true, slopes = case.month(seed)
        for method, sums in zip((1, 2), found, strict=True):
            rows = estimate_groups(groups, slopes, method=method)
            for team, low, high in rows.select("team", "low", "high").iter_rows():
                sums.append((low <= true[int(team)] <= high, high - low))
    return [(float(np.mean([a for a, _ in one])), float(np.mean([b for _, b in one]))) for one in found]


@click.command()
@click.option("--repetitions", default=2000, show_default=True, help="Teams of each case.")
@click.option("--only", help="Cases whose name begins so.")
def main(*, repetitions: int, only: str | None) -> None:
    """Print a line a case."""
    click.echo("| agents | unheard | teams | coverage, method 1 / 2 | width, method 1 / 2 |")
    click.echo("|---|---|---|---|---|")
    for case in CASES:
        if only is None or case.what.startswith(only):
            click.echo(line(case, measured(case, repetitions)))


def line(case: Case, figures: Sequence[tuple[float, float]]) -> str:
    """A row of the table."""
    covered = " / ".join(f"{100 * coverage:.1f}" for coverage, _ in figures)
    widths = " / ".join(f"{width:.1f}" for _, width in figures)
    return f"| {case.agents}, {case.what} | {case.unheard} | {case.teams} | {covered} % | {widths} |"


if __name__ == "__main__":
    main()
