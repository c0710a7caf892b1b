"""The simulation of estimates, in small, and what docs/estimation.md shows of it."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.estimates import (
    FIGURES_BEGIN,
    FIGURES_END,
    GROUPS,
    MAIN,
    METHODS,
    Department,
    simulate,
    table,
    verdict,
)

ROOT = Path(__file__).parents[2]


def test_the_simulated_department_is_as_it_is_described():
    department = Department(MAIN, np.random.default_rng(0))
    truth, machine, given = department.month(last=True)
    assert truth.shape == machine.shape == (60, 600)
    assert given.shape == (60, 600, 10)
    within = [np.corrcoef(y, m)[0, 1] for y, m in zip(truth, machine, strict=True)]
    assert np.mean(within) == pytest.approx(0.65, abs=0.03)
    gap = (machine - truth).mean(axis=1)
    assert gap[~department.misheard].mean() == pytest.approx(0.0, abs=1.0)
    assert -9 < gap[department.misheard].mean() < -6
    cells = department.draw(machine, given)
    assert [(cell.heard, cell.calls) for cell in cells[:2]] == [(3, 120), (5, 480)]
    assert max(cells[0].machine) < min(cells[1].machine)


def test_a_few_repetitions_give_figures_of_every_method_and_group():
    found = simulate(MAIN, 4)
    assert found["repetitions"] == 4
    for method in METHODS:
        assert found["methods"][method]["misheard"]["estimates"] == 4 * 24
        assert found["methods"][method]["others"]["estimates"] == 4 * 36
    assert found["ratios"]["simple random sample"] == 1.0
    assert found["ratios"]["B"] < found["ratios"]["A"] < 1.0
    assert found["methods"]["machine mean"]["misheard"]["coverage"] < 0.3
    assert all(found["methods"]["B"][group]["coverage"] > 0.85 for group in GROUPS)


def test_what_was_promised_is_what_was_measured():
    """The committed figures keep the promises."""
    measured = json.loads((ROOT / "benchmarks" / "estimates.json").read_text(encoding="utf-8"))
    main = next(one for one in measured["populations"] if one["name"] == "main")
    assert main["repetitions"] >= 300
    assert not [line for line in verdict(main) if line.startswith("MISSED")]


def test_the_page_shows_the_measured_figures():
    measured = json.loads((ROOT / "benchmarks" / "estimates.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "estimation.md").read_text(encoding="utf-8")
    shown = text.partition(FIGURES_BEGIN)[2].partition(FIGURES_END)[0]
    assert shown.strip() == "\n".join(table(measured)).strip()
