import math
from itertools import combinations, product

import numpy as np
import pytest

from qa_audit.estimation.intervals import Spread
from qa_audit.estimation.strata import HeardCell, group_mean
from qa_audit.estimation.unheard import between_agents, with_unheard


def spread_of(cells):
    _, spread = group_mean(cells)
    return with_unheard(spread, cells, between_agents([cells]))


def test_where_every_cell_was_heard_the_spread_is_the_very_same():
    cells = [HeardCell("rest", 30, (4.0, 6.0), "a"), HeardCell("rest", 10, (9.0, 9.5), "b")]
    _, spread = group_mean(cells)
    assert with_unheard(spread, cells, between_agents([cells])) is spread


def test_one_stratum_is_the_two_stage_variance_of_the_textbook():
    cells = [
        HeardCell("rest", 10, (1.0, 3.0), "a"),
        HeardCell("rest", 10, (7.0, 9.0), "b"),
        HeardCell("rest", 10, (), "c"),
    ]
    spread = spread_of(cells)
    # Means 2 and 8 have variance 18, calls of one agent 2: (1 − f₁) 18 / 2 + f₁ (1 − f₂) 2 / (2 · 2).
    assert spread.variance == pytest.approx(18 / 3 / 2 + 2 / 3 * 0.8 * 2 / 4)
    within, between = 0.8 * 2 / 4, 18 / 3 / 2
    assert spread.df == pytest.approx(spread.variance**2 / (within**2 / 2 + between**2 / 1))


def test_over_all_draws_the_variance_is_on_average_that_of_the_mean():
    agents = {
        "a": {"flagged": (1.0, 4.0, 2.0), "rest": (10.0, 13.0, 11.0)},
        "b": {"flagged": (20.0, 22.0, 17.0), "rest": (41.0, 40.0, 44.0)},
        "c": {"flagged": (50.0, 47.0, 52.0), "rest": (62.0, 61.0, 66.0)},
        "d": {"flagged": (70.0, 75.0, 71.0), "rest": (97.0, 99.0, 95.0)},
    }
    true = sum(sum(calls) for own in agents.values() for calls in own.values()) / 24
    errors, variances = [], []
    for heard in combinations(agents, 2):
        ways = [
            [(agent, stratum, said) for said in combinations(agents[agent][stratum], 2)]
            for agent in heard
            for stratum in ("flagged", "rest")
        ]
        for draw in product(*ways):
            said = {(agent, stratum): values for agent, stratum, values in draw}
            cells = [
                HeardCell(stratum, len(calls), said.get((agent, stratum), ()), agent)
                for agent, own in agents.items()
                for stratum, calls in own.items()
            ]
            mean, _ = group_mean(cells)
            errors.append((mean - true) ** 2)
            variances.append(spread_of(cells).variance)
    assert len(errors) == 486
    assert np.mean(variances) == pytest.approx(np.mean(errors), rel=1e-12)


def test_agents_who_differ_less_than_chance_leave_the_variance_and_make_it_less_sure():
    cells = [
        HeardCell("rest", 10, (1.0, 9.0), "a"),
        HeardCell("rest", 10, (2.0, 8.0), "b"),
        HeardCell("rest", 10, (), "c"),
    ]
    _, before = group_mean(cells)
    after = spread_of(cells)
    assert after.variance == before.variance
    assert after.df < before.df


def test_with_one_heard_cell_nothing_tells_how_agents_differ():
    alone = [HeardCell("rest", 10, (1.0, 3.0), "a"), HeardCell("rest", 10, (), "b")]
    assert spread_of(alone) is None


def test_other_groups_tell_how_agents_differ_whatever_their_level():
    alone = [HeardCell("rest", 10, (1.0, 3.0), "a"), HeardCell("rest", 10, (), "b")]
    found = []
    for level in (0.0, 50.0):
        others = [HeardCell("rest", 10, (level + x, level + x + 2), f"other {x}") for x in (0.0, 6.0)]
        _, spread = group_mean(alone)
        found.append(with_unheard(spread, alone, between_agents([alone, others])))
    assert found[0] == found[1]
    # The mean of one cell of two: S = 18 with 1 − 1/2, less the noise of two calls in S, which is 0.8.
    assert found[0].variance == pytest.approx(0.8 + 0.5 * (18 - 0.8))


def test_an_agent_heard_in_one_stratum_only_counts_for_it():
    both = [
        HeardCell(stratum, 10, (value, value + 2), agent)
        for agent, value in (("a", 1.0), ("b", 7.0))
        for stratum in ("flagged", "rest")
    ]
    part = [HeardCell("flagged", 10, (), "c"), HeardCell("rest", 10, (4.0, 6.0), "c")]
    spread = spread_of([*both, *part])
    known = group_mean([*both, *part])[1].variance
    # Of the flagged stratum one cell of three is missing: weights 1/12, 1/12 and −1/6.
    assert spread.variance == pytest.approx(known + (2 / 144 + 1 / 36) * (18 - 0.8))


def test_what_two_strata_share_is_taken_to_be_all_where_nobody_was_heard_in_both():
    cells = [
        *(HeardCell("flagged", 10, (x, x + 2), f"f{x}") for x in (1.0, 7.0)),
        *(HeardCell("rest", 10, (x, x + 2), f"r{x}") for x in (1.0, 7.0)),
        *(HeardCell(stratum, 10, (), "c") for stratum in ("flagged", "rest")),
    ]
    spread = spread_of(cells)
    # Each stratum: weights 1/12, 1/12, −1/6; of c in both: 2 (1/6)² √(18 · 18).
    known = group_mean(cells)[1].variance
    alone = 2 * (2 / 144 + 1 / 36) * (18 - 0.8)
    assert spread.variance == pytest.approx(known + alone + 2 / 36 * 18)


def test_of_cells_heard_whole_only_the_agents_are_unsure():
    cells = [HeardCell("rest", 2, (1.0, 3.0), "a"), HeardCell("rest", 2, (7.0, 9.0), "b")]
    whole = spread_of([*cells, HeardCell("rest", 2, (), "c")])
    assert whole == Spread(pytest.approx(18 / 3 / 2), pytest.approx(1.0))
    assert math.isinf(spread_of(cells).df)
