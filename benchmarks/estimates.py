"""How right the estimates of a month are: simulated departments whose true scores are known.

    python -m benchmarks.estimates                          # all populations, and the time for a month
    python -m benchmarks.estimates --only main --repetitions 1000
    python -m benchmarks.estimates --json benchmarks/estimates.json --docs docs/estimation.md

Departments are those of `simulated_department`. After three months the last is estimated by the package's
own code, A and B, beside the mean of the machine and that of a simple random sample of as many calls, heard
by the same inspectors.

A call's true score is what the ten inspectors would give it on average, so chance in the draw, in who hears
what and in how long biases last is what is measured. Printed for both groups of agents: coverage of the 95
% interval, bias, root of the mean squared error (RMSE), mean width; then the RMSE relative to the simple
random sample.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from benchmarks.estimate_seconds import MONTHS, seconds_a_month
from benchmarks.estimates_page import GROUPS, METHODS, SECONDS, fill, table, verdict
from benchmarks.simulated_department import MAIN, POPULATIONS, Department, Population
from qa_audit.estimation.difference import estimate_cells
from qa_audit.estimation.filtered import HISTORY, history_rows, pay_figures
from qa_audit.estimation.intervals import t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence


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
