import math

import pytest

from qa_audit.estimation.intervals import (
    Spread,
    clopper_pearson,
    combined,
    effective_trials,
    half_width,
    t_quantile,
)


@pytest.mark.parametrize(("df", "quantile"), [(1, 12.706), (7, 2.365), (30, 2.042), (math.inf, 1.960)])
def test_t_quantiles_are_those_of_the_tables(df, quantile):
    assert t_quantile(df) == pytest.approx(quantile, abs=5e-4)


def test_a_variance_known_exactly_adds_no_doubt():
    assert combined([Spread(4.0, 8.0), Spread(4.0, math.inf)]) == Spread(8.0, 32.0)


def test_nothing_varies_where_all_variances_are_zero():
    assert combined([Spread(0.0, 3.0)]) == Spread(0.0, math.inf)
    assert half_width(Spread(0.0, math.inf)) == 0.0


# Clopper and Pearson's limits at 95 % for 0, 1, 5 and 10 of 10.
@pytest.mark.parametrize(
    ("hits", "low", "high"), [(0, 0.0, 0.3085), (1, 0.0025, 0.4450), (5, 0.1871, 0.8129), (10, 0.6915, 1.0)]
)
def test_exact_limits_of_a_share(hits, low, high):
    assert clopper_pearson(hits, 10) == pytest.approx((low, high), abs=5e-5)


def test_weighted_calls_count_as_fewer_and_never_as_more():
    assert effective_trials(0.5, Spread(0.005, 99.0), 100.0, 90.0) == pytest.approx(50.0)
    assert effective_trials(0.5, Spread(0.001, 99.0), 100.0, 100.0) == 100.0
    assert effective_trials(0.5, Spread(0.001, 99.0), 100.0, 90.0) == 90.0
    assert effective_trials(0.0, Spread(0.0, 99.0), 100.0, 90.0) == 90.0
    # t(4) / t(99) = 2.776 / 1.984
    assert effective_trials(0.5, Spread(0.005, 4.0), 100.0, 90.0) == pytest.approx(
        50 * (1.9842 / 2.7764) ** 2, rel=1e-3
    )
