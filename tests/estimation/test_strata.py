import numpy as np
import pytest

from qa_audit.estimation.intervals import Spread
from qa_audit.estimation.strata import HeardCell, group_mean


def test_strata_are_put_together_by_their_calls():
    cells = [HeardCell("rest", 30, (4.0, 6.0)), HeardCell("flagged", 10, (1.0, 3.0))]
    mean, spread = group_mean(cells)
    assert mean == 0.75 * 5 + 0.25 * 2
    parts = (0.75**2 * (1 - 2 / 30) * 2 / 2, 0.25**2 * (1 - 2 / 10) * 2 / 2)
    assert spread.variance == pytest.approx(sum(parts))
    assert spread.df == pytest.approx(sum(parts) ** 2 / sum(part**2 for part in parts))


def test_cells_that_nobody_heard_are_like_the_heard_ones_of_their_stratum():
    heard = [HeardCell("rest", 30, (4.0, 6.0)), HeardCell("rest", 10, (9.0, 9.0))]
    assert group_mean([*heard, HeardCell("rest", 500, ())])[0] == group_mean(heard)[0] == 6.0


def test_a_stratum_that_nobody_heard_leaves_the_mean_unknown():
    assert group_mean([HeardCell("rest", 30, (4.0, 6.0)), HeardCell("flagged", 10, ())]) is None
    assert group_mean([]) is None


def test_where_all_calls_were_heard_nothing_is_unsure():
    assert group_mean([HeardCell("rest", 2, (4.0, 6.0))]) == (5.0, Spread(0.0, float("inf")))


def test_single_calls_differ_as_they_do_about_the_stratums_mean():
    mean, spread = group_mean([HeardCell("rest", 10, (4.0,)), HeardCell("rest", 10, (8.0,))])
    assert (mean, spread.df) == (6.0, 1.0)
    assert spread.variance == pytest.approx(2 * 0.25 * 0.9 * np.var([4, 8], ddof=1))
    assert group_mean([HeardCell("rest", 10, (4.0,))]) == (4.0, None)
