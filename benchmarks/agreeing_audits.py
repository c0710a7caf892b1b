"""How often an agent's interval holds the truth where audits often agree to the last digit.

    python -m benchmarks.agreeing_audits                        # all cases, 1,800 agents each

Scores of calls are no continuous numbers: here three of four calls are faultless, the others lose 4 to 30
points; the machine scores some otherwise, and some are 0 by a critical fault, of which it finds three in
five. Strata and numbers of calls are those of `sampling`. Printed for methods 2 and 3 (`groups.METHOD`):
coverage of the 95 % interval, its mean half-width, and how often it is printed as ± 0.00.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import click
import numpy as np

from qa_audit.estimation.cells import Cell
from qa_audit.estimation.difference import estimate_cells
from qa_audit.sampling.allocation import allocate
from qa_audit.sampling.strata import lowest

INSPECTORS = 5
METHODS = (2, 3)


@dataclass(frozen=True, slots=True)
class Case:
    """A department: `heard` of each agent's `calls`, the share that the machine scores otherwise (on average,
    agents differ), and the share that are 0."""

    agents: int
    calls: int
    heard: int
    differ: float
    zero: float = 0.0

    def month(self, rng: np.random.Generator) -> tuple[list[Cell], dict[str, float]]:
        """One month: cells, and true means by agent."""
        cells: list[Cell] = []
        truth = {}
        for number in range(self.agents):
            agent = f"{number:03d}"
            person, machine = self._scores(rng)
            truth[agent] = float(person.mean())
            ids = [f"{agent}-{place:05d}" for place in range(self.calls)]
            low = set(lowest(list(zip(ids, machine.tolist(), strict=True)), Fraction("0.2")))
            flagged = np.array([one in low for one in ids])
            pools = {"flagged": flagged, "rest": ~flagged, "all": np.ones(self.calls, bool)}
            for share in allocate(len(low), self.calls - len(low), self.heard, Fraction(3)):
                pool = np.flatnonzero(pools[share.stratum])
                drawn = np.sort(rng.permutation(pool)[: share.drawn])
                cells.append(
                    Cell(
                        *(agent, share.stratum, share.size, float(machine[pool].sum())),
                        *(tuple(machine[drawn].tolist()), tuple(person[drawn].tolist())),
                        tuple(map(str, rng.integers(0, INSPECTORS, len(drawn)))),
                        share.inclusion,
                        0.9,
                    )
                )
        return cells, truth

    def _scores(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """What person and machine give each call of one agent."""
        size = self.calls
        plain = np.where(rng.random(size) < 0.75, 100.0, 100.0 - rng.choice([4, 8, 12, 20, 30], size))
        zero = rng.random(size) < 2 * self.zero * rng.beta(2, 2)
        other = rng.random(size) < min(2 * self.differ * rng.beta(8, 8), 1.0)
        moved = np.clip(plain - rng.choice([-20, -8, 4, 8, 12, 20, 30], size), 0, 100)
        machine = np.where(other, moved, plain)
        found = zero & (rng.random(size) < 0.6)
        return np.where(zero, 0.0, plain), np.where(found, 0.0, machine)


CASES = (
    Case(60, 600, 8, 0.1),
    Case(20, 600, 8, 0.2),
    Case(20, 600, 4, 0.1),
    Case(60, 600, 8, 0.5),
    Case(60, 600, 8, 0.2, 0.02),
    Case(60, 600, 8, 1.0, 0.03),
    Case(30, 60, 8, 0.2, 0.05),
    Case(30, 30, 6, 0.5, 0.1),
    Case(8, 600, 8, 0.2, 0.02),
)


def measured(case: Case, months: int, seed: int = 0) -> dict[int, tuple[float, float, float]]:
    """By method: (coverage, mean half-width, share printed as ± 0.00) of all intervals there are."""
    found: dict[int, list[tuple[bool, float]]] = {method: [] for method in METHODS}
    rng = np.random.default_rng(seed)
    for _ in range(months):
        cells, truth = case.month(rng)
        for method, rows in found.items():
            for row in estimate_cells(cells, method=method).agents.iter_rows(named=True):
                if row["low"] is not None:
                    # Where all calls are heard the figure is exact but for rounding.
                    gap = abs(row["unclipped"] - truth[row["agent"]])
                    rows.append((gap <= row["half_width"] + 1e-9, row["half_width"]))
    return {
        method: (
            float(np.mean([held for held, _ in rows])),
            float(np.mean([half for _, half in rows])),
            float(np.mean([half < 0.005 for _, half in rows])),
        )
        for method, rows in found.items()
    }


@click.command()
@click.option("--months", default=30, show_default=True)
def main(months: int) -> None:
    """Print a table in Markdown."""
    click.echo(
        "| agents | heard | differ | zero | coverage, method 2 / 3 | half-width, 2 / 3 | ± 0.00, 2 / 3 |"
    )
    click.echo("|---|---|---|---|---|---|---|")
    for case in CASES:
        told = measured(case, max(months, 1800 // case.agents)).values()
        shown = [
            " / ".join(f"{one[place] * scale:.1f}" for one in told)
            for place, scale in enumerate((100, 1, 100))
        ]
        click.echo(
            f"| {case.agents} | {case.heard} of {case.calls} | {case.differ:.0%} | {case.zero:.0%} "
            f"| {shown[0]} % | {shown[1]} | {shown[2]} % |"
        )


if __name__ == "__main__":
    main()
