"""Simulated departments whose true scores are known: how calls are scored, misheard, drawn and heard.

60 agents with 600 calls a month, of whom 40 % speak so that the machine mishears them: their scores come out
3 to 12 points too low. That bias drifts by a random walk from month to month. Calls are drawn per agent, 3 of
the 120 with the lowest machine score and 5 of the rest, and given to ten inspectors at random, who differ in
severity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qa_audit.estimation.cells import Cell

SPREAD = 16.0
"""SD of one agent's scores, points; SD of agents' means is 5 about 76."""


@dataclass(frozen=True, slots=True)
class Population:
    """One kind of department, and how its calls are heard."""

    name: str
    what: str
    agents: int = 60
    calls: int = 600
    correlation: float = 0.65
    """Of the machine's and the person's score within an agent."""
    misheard: float = 0.4
    drift: float = 2.0
    """SD of a month's change of bias, points."""
    jump: float = 0.0
    """Points by which the bias of every fourth agent falls in the last month."""
    severity: float = 4.0
    """SD between inspectors, points."""
    level_known: bool = True
    """Whether truth is what these inspectors give on average, or what all inspectors there might be would."""
    own_inspector: bool = False
    """Whether each agent's calls all go to one inspector."""
    strata: tuple[int, int] = (3, 5)
    shape: float = 4.0
    """Of the gamma distribution of points lost: 4 has skewness 1, 1 has 2."""
    lost: float = 34.0
    """Mean points lost by a call of an average agent; what exceeds 100 is cut off, and so is what is below
    0."""
    misheard_noise: float = 1.0
    """Factor to the machine's own noise for misheard agents."""


MAIN = Population("main", "as in the specification")
POPULATIONS = (
    MAIN,
    Population("level", "truth is what all possible inspectors would give, not these ten", level_known=False),
    Population("weak", "correlation 0.35", correlation=0.35),
    Population("most", "80 % misheard", misheard=0.8),
    Population("noisy", "misheard agents' machine scores scatter twice as much", misheard_noise=2.0),
    Population("drift", "bias drifts by 5 a month", drift=5.0),
    Population("jump", "bias of a quarter falls by 10 this month", jump=10.0),
    Population("skewed", "skewness 2, a fifth of the calls at 100", shape=1.0, lost=20.0),
    Population("severe", "inspectors' SD 8, ten of all possible", severity=8.0, level_known=False),
    Population("one", "each agent heard by one inspector", own_inspector=True),
    Population("few", "2 + 2 calls heard", strata=(2, 2)),
    Population("small", "8 agents", agents=8),
)
INSPECTORS = 10


class Department:
    """One simulated department, month after month."""

    def __init__(self, kind: Population, rng: np.random.Generator) -> None:
        self.kind, self.rng = kind, rng
        self.level = rng.normal(0, 5, kind.agents)
        self.misheard = np.arange(kind.agents) < round(kind.misheard * kind.agents)
        self.bias = np.where(self.misheard, -rng.uniform(3, 12, kind.agents), 0.0)
        self.severity = rng.normal(0, kind.severity, INSPECTORS)
        self.inspector = rng.integers(0, INSPECTORS, kind.agents)

    def month(self, *, last: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(true scores, machine scores, what inspectors would give) as agents × calls (× inspectors)."""
        kind, rng, size = self.kind, self.rng, (self.kind.agents, self.kind.calls)
        if last and kind.jump:
            self.bias = self.bias - np.where(np.arange(kind.agents) % 4 == 0, kind.jump, 0.0)
        scale = SPREAD / math.sqrt(kind.shape)
        shared = rng.gamma(kind.correlation * kind.shape, scale, size)
        own, noise = rng.gamma((1 - kind.correlation) * kind.shape, scale, (2, *size))
        noise_mean = (1 - kind.correlation) * kind.shape * scale
        factor = np.where(self.misheard, kind.misheard_noise, 1.0)[:, None]
        noise = noise_mean + factor * (noise - noise_mean)
        top = 100 - kind.lost + kind.shape * scale + self.level[:, None]
        heard = top - shared - own
        machine = np.clip(top - shared - noise + self.bias[:, None], 0, 100)
        given = np.clip(heard[:, :, None] + self.severity, 0, 100)
        truth = given.mean(axis=2) if kind.level_known else np.clip(heard, 0, 100)
        self.bias = self.bias + (0.0 if last else rng.normal(0, kind.drift, kind.agents))
        return truth, machine, given

    def who(self, shape: tuple[int, int]) -> np.ndarray:
        """An inspector for each of so many calls an agent."""
        if self.kind.own_inspector:
            return np.broadcast_to(self.inspector[:, None], shape)
        return self.rng.integers(0, INSPECTORS, shape)

    def draw(self, machine: np.ndarray, given: np.ndarray) -> list[Cell]:
        """Cells of a month with strata, tickets and inspectors by chance."""
        kind, rng = self.kind, self.rng
        low = round(kind.calls / 5)
        order = np.argsort(machine, axis=1)
        # The recogniser is less sure where it mishears, as it is of real calls.
        sure = 0.9 + 0.006 * self.bias + rng.normal(0, 0.02, kind.agents)
        cells = []
        parts = (("flagged", order[:, :low]), ("rest", order[:, low:]))
        drawn = {}
        for (stratum, pool), number in zip(parts, kind.strata, strict=True):
            tickets = rng.random(pool.shape).argpartition(number, axis=1)[:, :number]
            calls = np.take_along_axis(pool, tickets, axis=1)
            rows = np.arange(kind.agents)[:, None]
            who = self.who(calls.shape)
            sums, scores = machine[rows, pool].sum(axis=1), machine[rows, calls]
            drawn[stratum] = (pool.shape[1], sums, scores, given[rows, calls, who], who)
        for agent in range(kind.agents):
            for stratum, (size, sums, scores, people, who) in drawn.items():
                cells.append(
                    Cell(
                        f"{agent:03d}",
                        stratum,
                        size,
                        float(sums[agent]),
                        tuple(scores[agent].tolist()),
                        tuple(people[agent].tolist()),
                        tuple(f"{one:02d}" for one in who[agent]),
                        people.shape[1] / size,
                        float(sure[agent]),
                    )
                )
        return cells
