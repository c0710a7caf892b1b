"""How often intervals of groups hold the truth where of some agents nobody heard a call.

    python -m benchmarks.unheard_agents                         # all cases, 2,000 teams each

Printed for both methods (`groups.METHOD`): coverage of the 95 % interval and its mean width. The first cases
are agents with 300 calls each, 8 of them heard, whose residuals have SD 10 within agents and any SD between
them; in `unequal` every other has 300 calls more, and so have the unheard. The others are departments of
`simulated_department` with two strata and inspectors; who is not heard is left to chance, or ("misheard") are
those whom the machine mishears. Then fault rates (`rates`) of agents with 300 calls each, whose own rates
have a beta distribution; the machine finds a part of the faults, another of each agent (SD 0.15), and 0.4
times as many that are none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

import click
import numpy as np
import polars as pl

from benchmarks.simulated_department import MAIN, Department
from qa_audit.estimation.cells import Cell
from qa_audit.estimation.difference import others_slopes
from qa_audit.estimation.groups import estimate_groups
from qa_audit.estimation.heard import FRAME
from qa_audit.estimation.rates import MACHINE_VERDICTS, PERSON_VERDICTS, fault_rates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEARD = 8
ITEMS = 20
"""So many items a month, whose faults have nothing to do with each other."""
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


@dataclass(frozen=True, slots=True)
class RateCase:
    """Agents of one team, how often they fail an item, and how many of them nobody heard."""

    agents: int
    unheard: int
    rate: float
    """Mean of the agents' own rates."""
    differ: float = 0.5
    """SD of these, as a share of the mean."""
    finds: float = 0.7
    """Share of the faults that the machine finds."""
    heard: int = HEARD
    """Calls of each heard agent."""
    teams: int = 1

    @property
    def what(self) -> str:
        """Name of the case."""
        finds = f"machine finds {self.finds:.0%}" if self.finds else "no machine"
        heard = f", {self.heard} calls each" if self.heard != HEARD else ""
        return f"{self.rate:.0%} ± {self.rate * self.differ:.1%}, {finds}{heard}"

    def month(
        self, rng: np.random.Generator
    ) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, dict[tuple[str, str], float]]:
        """One month: frame, verdicts of the machine, of people, and true rates by item and team."""
        agents = self.agents * self.teams
        of = np.repeat(np.arange(agents), 300)
        team, calls = of % self.teams, np.array([f"{call:06d}" for call in range(of.size)])
        drawn = (np.arange(of.size) % 300 < self.heard) & (of // self.teams >= self.unheard)
        frame = pl.DataFrame(
            {"call_id": calls, "agent": [f"{agent:03d}" for agent in of], "team": [str(at) for at in team]}
        ).with_columns(stratum=pl.lit("rest"), score=pl.lit(80.0), confidence=pl.lit(1.0))
        machine, people, true = [], [], {}
        for item in (f"{at:02d}" for at in range(ITEMS)):
            fault = rng.random(of.size) < _beta(rng, self.rate, self.rate * self.differ, agents)[of]
            found = _beta(rng, self.finds, 0.15, agents) if self.finds else np.zeros(agents)
            given = np.where(fault, found[of], 0.4 * self.finds * self.rate)
            flagged = rng.random(of.size) < given
            true |= {(item, str(at)): float(fault[team == at].mean()) for at in range(self.teams)}
            judged = pl.DataFrame({"call_id": calls, "flagged": flagged, "fault": fault, "drawn": drawn})
            one = judged.with_columns(
                item=pl.lit(item),
                inspector=pl.lit("a"),
                purpose=pl.lit("first"),
                probability=self.heard / 300,
            )
            machine.append(one.with_columns(verdict=_verdict("flagged")).select(MACHINE_VERDICTS.names()))
            said = one.filter("drawn").with_columns(verdict=_verdict("fault"))
            people.append(said.select(PERSON_VERDICTS.names()))
        return frame.select(FRAME.names()), pl.concat(machine), pl.concat(people), true


def _beta(rng: np.random.Generator, mean: float, sd: float, size: int) -> np.ndarray:
    if sd == 0:
        return np.full(size, mean)
    both = mean * (1 - mean) / sd**2 - 1
    return rng.beta(mean * both, (1 - mean) * both, size)


def _verdict(column: str) -> pl.Expr:
    return pl.when(column).then(pl.lit("fail")).otherwise(pl.lit("pass"))


RATE_CASES = (
    *(
        RateCase(10, few, rate, finds=finds)
        for finds in (0.7, 0.0)
        for rate in (0.05, 0.2)
        for few in (0, 1, 2, 4)
    ),
    *(RateCase(10, 4, rate, 1.0, 0.0) for rate in (0.05, 0.2)),
    RateCase(10, 4, 0.2, 0.0, 0.0),
    RateCase(10, 4, 0.2, 0.5, 0.0, heard=24),
    RateCase(5, 2, 0.2, 0.5, 0.0),
    RateCase(5, 2, 0.2, 0.5, 0.0, teams=6),
    RateCase(60, 24, 0.2, 0.5, 0.0),
)


def measured(case: Case | RateCase, repetitions: int) -> list[tuple[float, float]]:
    """(coverage, mean width) by method 1 and 2; of rates the width is in points of a hundred."""
    found: list[list[tuple[bool, float]]] = [[], []]
    months = repetitions // case.teams if isinstance(case, Case) else -(-repetitions // case.teams // ITEMS)
    for repetition in range(months):
        rng = np.random.default_rng([7, case.agents, case.unheard, repetition])
        for sums, some in zip(found, _intervals(case, rng), strict=True):
            sums += [(low <= true <= high, high - low) for true, low, high in some]
    return [(float(np.mean([a for a, _ in one])), float(np.mean([b for _, b in one]))) for one in found]


def _intervals(case: Case | RateCase, rng: np.random.Generator) -> list[list[tuple[float, float, float]]]:
    """Truth and interval of everything in a month, by both methods."""
    if isinstance(case, Case):
        groups, true, slopes = case.month(rng)
        rows = [estimate_groups(groups, slopes, method=method) for method in (1, 2)]
        ends = [some.select("team", "low", "high").iter_rows() for some in rows]
        return [[(true[int(team)], low, high) for team, low, high in some] for some in ends]
    frame, machine, people, true = case.month(rng)
    tables = [fault_rates(frame, machine, people, "team", method=method) for method in (1, 2)]
    limits = [table.select("item", "group", "low", "high").iter_rows() for table in tables]
    return [
        [(100 * true[item, team], 100 * low, 100 * high) for item, team, low, high in some] for some in limits
    ]


@click.command()
@click.option("--repetitions", default=2000, show_default=True, help="Teams of each case.")
@click.option("--only", help="Cases whose name begins so.")
def main(*, repetitions: int, only: str | None) -> None:
    """Print a line a case."""
    click.echo("| agents | unheard | teams | coverage, method 1 / 2 | width, method 1 / 2 |")
    click.echo("|---|---|---|---|---|")
    for case in (*CASES, *RATE_CASES):
        if only is None or case.what.startswith(only):
            click.echo(line(case, measured(case, repetitions)))


def line(case: Case | RateCase, figures: Sequence[tuple[float, float]]) -> str:
    """A row of the table."""
    covered = " / ".join(f"{100 * coverage:.1f}" for coverage, _ in figures)
    widths = " / ".join(f"{width:.1f}" for _, width in figures)
    return f"| {case.agents}, {case.what} | {case.unheard} | {case.teams} | {covered} % | {widths} |"


if __name__ == "__main__":
    main()
