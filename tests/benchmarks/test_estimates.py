"""The simulation of estimates, in small."""

from benchmarks.estimates import simulate
from benchmarks.estimates_page import GROUPS, METHODS
from benchmarks.simulated_department import MAIN


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
