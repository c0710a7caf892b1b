import numpy as np
import pytest

from qa_audit.estimation.cells import Cell
from qa_audit.estimation.intervals import Spread
from qa_audit.estimation.severity import NO_SEVERITY, inspector_shares, inspector_variance, shared_severity


def cell(
    agent: str, people: tuple[float, ...], inspectors: str, calls: int = 100, stratum: str = "rest"
) -> Cell:
    return Cell(agent, stratum, calls, 0.0, (0.0,) * len(people), people, tuple(inspectors), 0.1, 0.9)


def test_shares_follow_the_weight_of_the_calls():
    cells = [cell("1", (80.0, 70.0), "AB", 80), cell("1", (60.0,), "A", 20, "flagged")]
    shares, squares = inspector_shares(cells)
    assert shares == pytest.approx({"A": 0.6, "B": 0.4})
    assert squares == pytest.approx(0.4**2 + 0.4**2 + 0.2**2)
    assert shared_severity(Spread(10.0, 3.0), shares, squares).variance == pytest.approx(10 * (0.52 - 0.36))


def test_calls_with_an_inspector_each_add_nothing():
    shares, squares = inspector_shares([cell("1", (80.0, 70.0, 60.0), "ABC")])
    assert shared_severity(Spread(10.0, 3.0), shares, squares).variance == pytest.approx(0.0, abs=1e-12)


def test_by_hand_for_two_inspectors():
    # Within each agent A gives 2 more, then 4 more than B: centred 1, −1, 2, −2 and columns ±½.
    cells = [cell("1", (72.0, 70.0), "AB"), cell("2", (54.0, 50.0), "AB")]
    # SSE(cells) 10, fitted 9, so σ²_e = 1 with one df; tr(ZᵀZ) = 2; (10 − 2 · 1) / 2.
    assert inspector_variance(cells, [one.residuals(1.0) for one in cells]) == Spread(pytest.approx(4.0), 1.0)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [cell("1", (72.0,), "A")],
        [cell("1", (72.0, 70.0), "AA"), cell("2", (54.0, 50.0), "AA")],
        [cell("1", (72.0, 70.0), "AA"), cell("2", (54.0, 50.0), "BB")],
        [cell("1", (72.0, 70.0), "AB")],
        [cell("1", (72.0, 70.0), "AB"), cell("2", (50.0, 52.0), "AB")],
    ],
)
def test_where_severity_cannot_be_told_or_shows_nowhere_it_is_none(cells):
    assert inspector_variance(cells, [one.residuals(1.0) for one in cells]) == NO_SEVERITY


def test_it_is_right_on_average():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(150):
        severity = rng.normal(0, 4, 10)
        cells = []
        for agent in range(40):
            who = rng.integers(0, 10, 8)
            scores = tuple((70 + severity[who] + rng.normal(0, 12, 8)).tolist())
            cells.append(cell(f"{agent:02d}", scores, "".join(map(str, who))))
        found.append(inspector_variance(cells, [one.residuals(1.0) for one in cells]).variance)
    assert np.mean(found) == pytest.approx(16, abs=2.5)
