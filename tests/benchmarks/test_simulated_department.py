import numpy as np
import pytest

from benchmarks.simulated_department import MAIN, POPULATIONS, Department


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


def test_one_seed_gives_one_department():
    first, second = (Department(MAIN, np.random.default_rng(3)).month(last=True) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_where_each_agent_has_one_inspector_all_calls_go_to_it():
    (one,) = (kind for kind in POPULATIONS if kind.name == "one")
    who = Department(one, np.random.default_rng(0)).who((60, 5))
    assert (who == who[:, :1]).all()
