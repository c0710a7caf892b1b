import math

import numpy as np
import pytest
from scipy import stats

from qa_audit.estimation.intervals import Spread
from qa_audit.estimation.variances import Prior, fit_prior

PRIOR = Prior(6.0, (("", math.log(100.0)), ("rest", math.log(50.0))), -2.0, 0.9, 300.0)


def test_a_steadied_variance_is_the_weighted_mean_of_own_and_expected():
    assert PRIOR.moderated(20.0, 4, "rest", math.nan) == Spread(pytest.approx((6 * 50 + 4 * 20) / 10), 10.0)
    assert PRIOR.moderated(math.nan, 0, "unknown", math.nan) == Spread(pytest.approx(100.0), 6.0)


def test_expected_variance_follows_the_recognisers_confidence():
    assert PRIOR.variance("rest", 0.8) == pytest.approx(50 * math.exp(0.2))


def test_without_colleagues_only_own_calls_tell():
    alone = fit_prior([30.0], [7], ["rest"], [0.9])
    assert alone.df == 0
    assert alone.moderated(30.0, 7, "rest", 0.9) == Spread(30.0, 7.0)
    assert alone.moderated(math.nan, 0, "rest", 0.9) is None


def groups(seed: int, d0: float, count: int = 120):
    """Variances as the model has them: two strata, a trend."""
    rng = np.random.default_rng(seed)
    strata = np.array(["flagged", "rest"] * (count // 2))
    df = np.where(strata == "flagged", 2, 4)
    sure = np.repeat(rng.uniform(0.7, 0.95, count // 2), 2)
    expected = np.where(strata == "flagged", 200.0, 90.0) * np.exp(-3 * (sure - sure.mean()))
    true = expected * d0 / rng.chisquare(d0, count)
    return true * rng.chisquare(df) / df, df, strata, sure


@pytest.mark.parametrize("seed", range(3))
def test_no_other_setting_makes_the_variances_likelier(seed):
    s2, df, strata, sure = groups(seed, 6.0)
    prior = fit_prior(s2, df, strata, sure)

    def likelihood(d0, flagged, rest, trend):
        expected = np.where(strata == "flagged", flagged, rest) * np.exp(trend * (sure - sure.mean()))
        return stats.f.logpdf(s2 / expected, df, d0).sum() - np.log(expected).sum()

    levels = {name: math.exp(value) for name, value in prior.log_variance}
    found = np.array([prior.df, levels["flagged"], levels["rest"], prior.trend])
    best = likelihood(*found)
    for place in range(4):
        for factor in (0.9, 0.99, 1.01, 1.1):
            other = found.copy()
            other[place] *= factor
            assert likelihood(*other) < best


def test_what_the_model_made_is_found_again():
    prior = fit_prior(*groups(5, 8.0, 4000))
    levels = {name: math.exp(value) for name, value in prior.log_variance}
    assert prior.df == pytest.approx(8.0, rel=0.25)
    assert levels["flagged"] == pytest.approx(200.0, rel=0.1)
    assert levels["rest"] == pytest.approx(90.0, rel=0.1)
    assert prior.trend == pytest.approx(-3.0, abs=0.6)


def test_equal_audits_of_some_agents_leave_the_rest_alone():
    s2, df, strata, sure = groups(5, 8.0)
    s2[:6] = 0.0
    prior = fit_prior(s2, df, strata, sure)
    assert 1 < prior.df < 50
    assert prior.moderated(0.0, 2, "flagged", 0.8).variance > 50


def test_equal_audits_of_everybody_tell_nothing():
    prior = fit_prior([0.0] * 30, [3] * 30, ["rest"] * 30, [math.nan] * 30)
    assert prior.df == 0
    assert prior.moderated(0.0, 3, "rest", math.nan) == Spread(0.0, 3.0)


def test_where_half_of_all_audits_agree_the_mean_variance_decides():
    """s² is 0 of thirty agents and 100 of thirty: v = (60 − 60 · 2/4) / (60 · 3/2) = 1/3, so d0 = 4 + 2 · 3
    and s0² = 50 · 8/10. By likelihood it fell to 10⁻¹⁵², and ± 0 was said of those who agreed."""
    prior = fit_prior([0.0] * 30 + [100.0] * 30, [4] * 60, ["rest"] * 60, [math.nan] * 60)
    assert prior.df == pytest.approx(10.0)
    assert prior.variance("rest", math.nan) == pytest.approx(40.0)
    assert prior.moderated(0.0, 4, "rest", math.nan) == Spread(pytest.approx(400 / 14), pytest.approx(14.0))
    assert prior.moderated(100.0, 4, "rest", math.nan) == Spread(pytest.approx(800 / 14), pytest.approx(14.0))


def test_equal_audits_of_one_stratum_leave_the_other_its_own_variance():
    strata = ["flagged", "rest"] * 30
    own = [90.0, 0.0] * 28 + [150.0, 60.0] * 2
    prior = fit_prior(own, [2, 4] * 30, strata, [0.9] * 60)
    levels = {name: math.exp(level) * prior.df / (prior.df - 2) for name, level in prior.log_variance}
    assert levels["flagged"] == pytest.approx((28 * 90 + 2 * 150) / 30)
    assert levels["rest"] == pytest.approx(2 * 60 / 30)


def test_the_trend_by_means_is_that_of_the_mean_variance():
    """Weighted sums of s²/μ − 1 are 0 over all, over each stratum and against the confidence."""
    s2, df, strata, sure = groups(7, 8.0)
    s2[::9] = 0.0
    prior = fit_prior(s2, df, strata, sure)
    grown = prior.df / (prior.df - 2)
    means = [grown * prior.variance(name, one) for name, one in zip(strata, sure, strict=True)]
    off = df * (s2 / np.array(means) - 1)
    assert prior.trend != 0
    for column in (strata == "flagged", strata == "rest", sure - sure.mean()):
        assert float((off * column).sum()) == pytest.approx(0.0, abs=1e-6)


def test_what_rounding_leaves_of_equal_scores_is_no_variance():
    known = [30.0, 55.0, 80.0, 20.0, 45.0, 60.0]
    exact, left = (fit_prior([*known, one], [3] * 7, ["rest"] * 7, [0.9] * 7) for one in (0.0, 3e-29))
    assert left == exact


def test_the_first_two_methods_go_by_likelihood_alone():
    own, rest = [0.0, 30.0, 50.0, 80.0, 20.0, 45.0, 60.0], ([3] * 7, ["rest"] * 7, [0.9] * 7)
    assert fit_prior(own, *rest, by_means=False) != fit_prior(own, *rest)
    differing = [10.0, *own[1:]]
    assert fit_prior(differing, *rest, by_means=False) == fit_prior(differing, *rest)
