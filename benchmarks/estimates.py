"""How right the estimates of a month are: simulated departments whose true scores are known.

    python -m benchmarks.estimates                          # all populations, and the time for a month
    python -m benchmarks.estimates --only main --repetitions 1000
    python -m benchmarks.estimates --json benchmarks/estimates.json --docs docs/estimation.md

A department has 60 agents with 600 calls a month, of whom 40 % speak so that the machine mishears them: their
scores come out 3 to 12 points too low. That bias drifts by a random walk from month to month. Calls are
drawn per agent, 3 of the 120 with the lowest machine score and 5 of the rest, and given to ten inspectors
at random, who differ in severity. After three such months the last is estimated by the package's own code,
A and B, beside the mean of the machine and that of a simple random sample of as many calls, heard by the
same inspectors.

A call's true score is what the ten inspectors would give it on average, so chance in the draw, in who hears
what and in how long biases last is what is measured. Printed for both groups of agents: coverage of the 95
% interval, bias, root of the mean squared error (RMSE), mean width; then the RMSE relative to the simple
random sample.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from qa_audit.estimation.cells import Cell
from qa_audit.estimation.difference import estimate_cells, estimate_month
from qa_audit.estimation.filtered import HISTORY, history_rows, pay_figures
from qa_audit.estimation.groups import department_estimate, team_estimates
from qa_audit.estimation.heard import AUDITS, FRAME
from qa_audit.estimation.intervals import t_quantile
from qa_audit.estimation.rates import MACHINE_VERDICTS, PERSON_VERDICTS, fault_rates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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

# What the project promises of `main`.
COVERAGE, BIAS, RATIOS = (0.93, 0.97), 0.3, {"A": 0.9, "B": 0.6}
SECONDS = 2.0
"""Of processor time, all threads together: what the clock would show if nobody else used the machine."""

TOTALS = ("all", "processor")


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


def simulate(kind: Population, repetitions: int, seed: int = 0) -> dict[str, Any]:
    """Figures of one population: by method, by group, those of `Sums`; and the RMSE ratios."""
    found = {(method, group): Sums([], [], []) for method in METHODS for group in GROUPS}
    drifts = []
    for repetition in range(repetitions):
        rng = np.random.default_rng([seed, repetition])
        department = Department(kind, rng)
        history = pl.DataFrame(schema=HISTORY)
        for month in MONTHS[:-1]:
            _, machine, given = department.month(last=False)
            before = estimate_cells(department.draw(machine, given)).agents
            history = pl.concat([history, history_rows(before, month, "same")])
        truth, machine, given = department.month(last=True)
        now = estimate_cells(department.draw(machine, given))
        pay = pay_figures(now, MONTHS[-1], "same", history)
        drifts.append(pay.drift)
        true = truth.mean(axis=1)
        n = sum(kind.strata)
        estimates = {
            "machine mean": _plain(machine, 1.96),
            "simple random sample": _plain(_simple(department, given, n), t_quantile(n - 1)),
            "A": _columns(now.agents),
            "B": _columns(pay.agents),
        }
        for method, (estimate, low, high) in estimates.items():
            for group, members in zip(GROUPS, (department.misheard, ~department.misheard), strict=True):
                sums = found[method, group]
                sums.error += (estimate - true)[members].tolist()
                sums.covered += ((low <= true) & (true <= high))[members].tolist()
                sums.width += (high - low)[members].tolist()
    figures = {method: {group: found[method, group].figures() for group in GROUPS} for method in METHODS}
    rmse = {
        method: math.sqrt(np.mean(np.square([e for group in GROUPS for e in found[method, group].error])))
        for method in METHODS
    }
    ratios = {method: rmse[method] / rmse["simple random sample"] for method in METHODS}
    return asdict(kind) | {
        "repetitions": repetitions,
        "methods": figures,
        "rmse": rmse,
        "ratios": ratios,
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


def seconds_a_month(agents: int = 60, calls: int = 1000, audits: int = 500) -> dict[str, float]:
    """Time to estimate a month of that size, from frames: agents, pay, teams, department, 20 items,
    critical.
    """
    rng = np.random.default_rng(1)
    count = agents * calls
    agent = np.repeat(np.arange(agents), calls)
    flagged = (np.arange(count) % calls) < calls // 5
    frame = pl.DataFrame(
        {
            "call_id": [f"C{place:06d}" for place in rng.permutation(count)],
            "agent": [f"number:{1000 + one}" for one in agent],
            "team": [f"{1 + one // 10}班" for one in agent],
            "stratum": np.where(flagged, "flagged", "rest"),
            "score": np.clip(rng.normal(76, 16, count), 0, 100),
            "confidence": np.clip(rng.normal(0.85, 0.05, count), 0, 1),
        },
        schema=FRAME,
    )
    heard = _drawn(agents, calls, audits)
    probability = np.where(flagged, 3 / (calls // 5), 5 / (calls - calls // 5))[heard]
    said = frame[heard].select("call_id", inspector=pl.lit("x"), score="score", purpose=pl.lit("first"))
    people = said.with_columns(
        pl.Series("probability", probability),
        score=(pl.col("score") + rng.normal(0, 8, len(heard))).clip(0, 100),
    ).select(AUDITS.names())
    items = [f"item_{place}" for place in range(20)]
    verdicts = pl.Series(
        "verdict", rng.choice(["pass", "fail", "not_applicable"], count * 20, p=[0.7, 0.1, 0.2])
    )
    machine = frame.select("call_id").join(pl.DataFrame({"item": items}), how="cross").with_columns(verdicts)
    machine = machine.select(MACHINE_VERDICTS.names())
    heard_items = people.drop("score").join(machine, on="call_id").select(PERSON_VERDICTS.names())
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        spent[name] = time.perf_counter() - start
        return result

    began = time.process_time()

    month = timed("agents", lambda: estimate_month(frame, people))
    past = pl.concat([history_rows(month.agents, one, "same") for one in MONTHS[:2]])
    timed("pay", lambda: pay_figures(month, MONTHS[2], "same", past))
    timed("teams", lambda: team_estimates(frame, people, month.slopes))
    timed("department", lambda: department_estimate(frame, people, month.slopes))
    timed("items of the department", lambda: fault_rates(frame, machine, heard_items, "department"))
    timed("items of teams", lambda: fault_rates(frame, machine, heard_items, "team"))
    timed("items of agents", lambda: fault_rates(frame, machine, heard_items, "agent"))
    return spent | {"all": math.fsum(spent.values()), "processor": time.process_time() - began}


def _drawn(agents: int, calls: int, audits: int) -> np.ndarray:
    """Places of the calls heard: 3 of each agent's flagged and 5 of the rest, more of some until there are
    enough.
    """
    places = []
    for agent in range(agents):
        more = 1 if agent < audits - 8 * agents else 0
        first = agent * calls
        places += range(first, first + 3)
        places += range(first + calls // 5, first + calls // 5 + 5 + more)
    return np.array(places)


def verdict(main: Mapping[str, Any]) -> list[str]:
    """Lines that say of each promise whether it was reached."""
    lines = []
    for method, most in RATIOS.items():
        groups = main["methods"][method]
        coverage = {group: one["coverage"] for group, one in groups.items()}
        bias = {group: one["bias"] for group, one in groups.items()}
        checks = (
            (
                all(COVERAGE[0] <= share <= COVERAGE[1] for share in coverage.values()),
                "coverage " + " / ".join(f"{share:.1%}" for share in coverage.values()) + " (93 to 97 %)",
            ),
            (
                all(abs(points) < BIAS for points in bias.values()),
                "bias " + " / ".join(f"{points:+.2f}" for points in bias.values()) + f" (below {BIAS})",
            ),
            (main["ratios"][method] <= most, f"RMSE ratio {main['ratios'][method]:.2f} (at most {most})"),
        )
        lines += [f"{'reached' if good else 'MISSED'}: {method}, {text}" for good, text in checks]
    return lines


def table(measured: Mapping[str, Any]) -> list[str]:
    """The figures as lines of Markdown tables, as docs/estimation.md shows them."""
    lines = [
        "| population | method | coverage, misheard / others | bias | RMSE | width | RMSE ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in measured["populations"]:
        name = f"**{one['name']}**: {one['what']} ({one['repetitions']} repetitions)"
        for method in METHODS:
            groups = [one["methods"][method][group] for group in GROUPS]
            pair = {
                key: " / ".join(form(group[key]) for group in groups)
                for key, form in (
                    ("coverage", lambda value: f"{100 * value:.1f}"),
                    ("bias", lambda value: f"{value:+.2f}"),
                    ("rmse", lambda value: f"{value:.2f}"),
                    ("width", lambda value: f"{value:.1f}"),
                )
            }
            lines.append(
                f"| {name} | {method} | {pair['coverage']} % | {pair['bias']} | {pair['rmse']} "
                f"| {pair['width']} | {one['ratios'][method]:.2f} |"
            )
            name = ""
    spent = measured["seconds"]
    parts = ", ".join(f"{name} {value:.2f}" for name, value in spent.items() if name not in TOTALS)
    return [
        *lines,
        "",
        f"A month of 60 agents × 1,000 calls with 500 audits and 20 items takes {spent['processor']:.2f} s "
        f"of one core, {spent['all']:.2f} s by the clock of the machine as busy as it was "
        f"(of these {parts}).",
    ]


def fill(page: Path, measured: Mapping[str, Any]) -> None:
    """Put the table into a page, between its marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(FIGURES_BEGIN)
    _, _, after = rest.partition(FIGURES_END)
    page.write_text(
        "\n".join([before + FIGURES_BEGIN, *table(measured), FIGURES_END + after]), encoding="utf-8"
    )


PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--only", multiple=True, help="Populations by name; all by default.")
@click.option("--repetitions", default=300, show_default=True, help="Departments of the main population.")
@click.option(
    "--worse",
    default=100,
    show_default=True,
    help="Departments of each other population; more of small ones.",
)
@click.option("--json", "json_file", type=PATH, help="Figures here.")
@click.option("--docs", "docs_file", type=PATH, help="Page whose table is filled in.")
def main(
    *, only: Sequence[str], repetitions: int, worse: int, json_file: Path | None, docs_file: Path | None
) -> None:
    """Simulate, print, and say what was reached."""
    # The quickest of three: the first loads scipy, and others may use the machine.
    seconds = min((seconds_a_month() for _ in range(3)), key=lambda spent: spent["all"])
    measured: dict[str, Any] = {"populations": [], "seconds": seconds}
    for kind in POPULATIONS:
        if only and kind.name not in only:
            continue
        measured["populations"].append(
            simulate(kind, repetitions if kind is MAIN else worse * MAIN.agents // kind.agents)
        )
        if json_file is not None:
            json_file.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        click.echo(kind.name, err=True)
    click.echo("\n".join(table(measured)))
    for one in measured["populations"]:
        if one["name"] == MAIN.name:
            click.echo("\n" + "\n".join(verdict(one)))
    processor = measured["seconds"]["processor"]
    click.echo(f"{'reached' if processor <= SECONDS else 'MISSED'}: a month in {processor:.2f} s (at most 2)")
    if docs_file is not None:
        fill(docs_file, measured)


if __name__ == "__main__":
    main()
