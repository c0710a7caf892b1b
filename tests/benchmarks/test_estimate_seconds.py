import pytest

from benchmarks.estimate_seconds import TOTALS, seconds_a_month


def test_each_step_is_timed_and_the_total_is_their_sum():
    spent = seconds_a_month(agents=4, calls=40, audits=34)
    steps = [name for name in spent if name not in TOTALS]
    assert steps == [
        "agents",
        "pay",
        "teams",
        "department",
        "items of the department",
        "items of teams",
        "items of agents",
    ]
    assert spent["all"] == pytest.approx(sum(spent[name] for name in steps))
    assert all(value > 0 for value in spent.values())
