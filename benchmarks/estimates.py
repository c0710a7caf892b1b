"""How right the estimates of a month are: simulated departments whose true scores are known.

    python -m benchmarks.estimates                          # all populations, and the time for a month
    python -m benchmarks.estimates --only main --repetitions 1000
    python -m benchmarks.estimates --json benchmarks/estimates.json --docs docs/estimation.md

A department has 60 agents with 600 calls a month, of whom 40 % speak so that the machine mishears them: their
scores come out 3 to 12 points too low. That bias drifts by a random walk from month to month. Calls are drawn per
agent, 3 of the 120 with the lowest machine score and 5 of the rest, and given to ten inspectors at random, who
differ in severity. After three such months the last is estimated by the package's own code, A and B, beside the
mean of the machine and that of a simple random sample of as many calls, heard by the same inspectors.

A call's true score is what the ten inspectors would give it on average, so chance in the draw, in who hears what
and in how long biases last is what is measured. Printed for both groups of agents: coverage of the 95 % interval,
bias, root of the mean squared error (RMSE), mean width; then the RMSE relative to the simple random sample.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from qa_audit.estimation.cells import Cell
from qa_audit.estimation.difference import AGENT_ESTIMATES, estimate_cells, estimate_month
from qa_audit.estimation.filtered import HISTORY, history_rows, pay_figures
from qa_audit.estimation.groups import department_estimate, team_estimates
from qa_audit.estimation.heard import AUDITS, FRAME
from qa_audit.estimation.intervals import t_quantile
from qa_audit.estimation.rates import MACHINE_VERDICTS, PERSON_VERDICTS, fault_rates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIGURES_BEGIN, FIGURES_END = "<!-- figures: benchmarks/estimates.json -->", "<!-- end of figures -->"
MONTHS = ("2026-08", "2026-09", "2026-10")
METHODS = ("machine mean", "simple random sample", "A", "B")
GROUPS = ("misheard", "others")
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
    """Mean points lost by a call of an average agent; what exceeds 100 is cut off, and so is what is below 0."""
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

# What the project promises of `main`.
COVERAGE, BIAS, RATIOS = (0.93, 0.97), 0.3, {"A": 0.9, "B": 0.6}


@dataclass(slots=True)
class Sums:
    """What was found of one method and group of agents, per agent and repetition."""

    error: list[float]
    covered: list[bool]
    width: list[float]

    def figures(self) -> dict[str, float]:
        """Coverage, bias, RMSE, width and the number of estimates."""
        error = np.array(self.error)
        return {
            "coverage": float(np.mean(self.covered)),
            "bias": float(error.mean()),
            "rmse": float(np.sqrt((error**2).mean())),
            "width": float(np.mean(self.width)),
            "estimates": len(error),
        }


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
            drawn[stratum] = (pool.shape[1], machine[rows, pool].sum(axis=1), machine[rows, calls],
                              given[rows, calls, self.who(calls.shape)])
        for agent in range(kind.agents):
            for stratum, (size, total, scores, people) in drawn.items():
                cells.append(
                    Cell(f"{agent:03d}", stratum, size, float(total[agent]), tuple(scores[agent].tolist()),
                         tuple(people[agent].tolist()), people.shape[1] / size, float(sure[agent]))
                )
        return cells


def simulate(kind: Population, repetitions: int, seed: int = 0) -> dict[str, Any]:
    """Figures of one population: by method, by group, those of `Sums`; and the RMSE ratios."""
    found = {(method, group): Sums([], [], []) for method in METHODS for group in GROUPS}
    drifts = []
    for repetition in range(repetitions):
        rng = np.random.default_rng([seed, repetition])
        department = Department(kind, rng)
        history = pl.DataFrame(schema=HISTORY)
        agents = pl.DataFrame(schema=AGENT_ESTIMATES)
        truth = machine = given = np.empty(0)
        for month in MONTHS:
            truth, machine, given = department.month(last=month == MONTHS[-1])
            agents = estimate_cells(department.draw(machine, given)).agents
            if month != MONTHS[-1]:
                history = pl.concat([history, history_rows(agents, month, "same")])
        pay = pay_figures(agents, MONTHS[-1], "same", history)
        drifts.append(pay.drift)
        true = truth.mean(axis=1)
        n = sum(kind.strata)
        estimates = {
            "machine mean": _plain(machine, 1.96),
            "simple random sample": _plain(_simple(department, given, n), t_quantile(n - 1)),
            "A": _columns(agents),
            "B": _columns(pay.agents),
        }
        for method, (estimate, low, high) in estimates.items():
            for group, members in zip(GROUPS, (department.misheard, ~department.misheard), strict=True):
                sums = found[method, group]
                sums.error += (estimate - true)[members].tolist()
                sums.covered += ((low <= true) & (true <= high))[members].tolist()
                sums.width += (high - low)[members].tolist()
    figures = {
        method: {group: found[method, group].figures() for group in GROUPS} for method in METHODS
    }
    rmse = {
        method: math.sqrt(np.mean(np.square([e for group in GROUPS for e in found[method, group].error])))
        for method in METHODS
    }
    ratios = {method: rmse[method] / rmse["simple random sample"] for method in METHODS}
    return asdict(kind) | {
        "repetitions": repetitions, "methods": figures, "rmse": rmse, "ratios": ratios,
        "drift_used": float(np.mean(drifts)),
    }


def _plain(values: np.ndarray, quantile: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    mean = values.mean(axis=1)
    half = quantile * values.std(axis=1, ddof=1) / math.sqrt(values.shape[1])
    return mean, mean - half, mean + half


def _simple(department: Department, given: np.ndarray, n: int) -> np.ndarray:
    """Scores of a simple random sample of n calls an agent."""
    calls = department.rng.random(given.shape[:2]).argpartition(n, axis=1)[:, :n]
    return given[np.arange(len(given))[:, None], calls, department.who(calls.shape)]


def _columns(agents: pl.DataFrame) -> tuple[np.ndarray, ...]:
    return tuple(agents[name].to_numpy() for name in ("estimate", "low", "high"))
