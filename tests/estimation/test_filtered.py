import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from qa_audit.estimation.difference import AGENT_ESTIMATES, MonthEstimate, estimate_month
from qa_audit.estimation.filtered import DRIFT_FLOOR, HISTORY, filter_weights, history_rows, pay_figures
from qa_audit.estimation.intervals import Spread, t_quantile
from qa_audit.estimation.severity import NO_SEVERITY
from qa_audit.estimation.variances import Prior
from qa_audit.messages import QaError

NO_HISTORY = pl.DataFrame(schema=HISTORY)


def agents(**bias: float | None) -> pl.DataFrame:
    """Agents with machine mean 80, variance 9 (8 df; pooled 10) and this bias; None: not heard."""
    rows = []
    for agent, one in bias.items():
        row = {"agent": agent, "calls": 600, "heard": 8, "machine_mean": 80.0, "slope": 0.7}
        if one is None:
            rows.append(row | {"heard": 0, "reason": "no_audits"})
            continue
        figures = {
            "bias": one,
            "unclipped": 80 + one,
            "estimate": 80 + one,
            "calls_variance": 9.0,
            "calls_df": 8.0,
        }
        heard_by = [{"inspector": "赵", "share": 0.75}, {"inspector": "钱", "share": 0.25}]
        rows.append(
            row | figures | {"pooled_variance": 10.0, "inspectors": heard_by, "weight_squares": 0.125}
        )
    return pl.DataFrame(rows, schema=AGENT_ESTIMATES)


def month(severity: Spread = NO_SEVERITY, **bias: float | None) -> MonthEstimate:
    return MonthEstimate(agents(**bias), (), {}, Prior(0.0, (), 0.0, 0.0, 0.0), severity)


def past(month: str, machine: str = "v1", **bias: float) -> pl.DataFrame:
    return history_rows(agents(**bias), month, machine)


def test_without_history_it_is_this_months_estimate():
    row = pay_figures(month(a=4.0), "2026-10", "v1", NO_HISTORY).agents.row(0, named=True)
    assert (row["estimate"], row["months"], row["weights"]) == (84.0, 1, [1.0])
    assert (row["variance"], row["df"]) == (9.0, 8.0)
    assert row["half_width"] == pytest.approx(t_quantile(8) * 3)


def test_three_months_by_hand():
    history = pl.concat([past("2026-08", a=-2.0, b=0.0), past("2026-09", a=10.0, b=0.0)])
    result = pay_figures(month(a=4.0, b=0.0), "2026-10", "v1", history)
    # (144 − 20, 36 − 20, −20, −20) / 4
    assert result.drift == result.drift_found == 25.0
    # P = 10; 35 → K = 35/45; 70/9·… : P = 35 · 10/45 = 7.78, + 25 = 32.78, K = 32.78/42.78
    second = 35 / 45
    third = (350 / 45 + 25) / (350 / 45 + 35)
    weights = [(1 - second) * (1 - third), second * (1 - third), third]
    row = result.agents.row(0, named=True)
    assert row["weights"] == pytest.approx(weights)
    assert row["estimate"] == pytest.approx(80 + np.dot(weights, [-2, 10, 4]))
    noise = [9 * weight**2 for weight in weights]
    walked = 25 * (weights[0] ** 2 + (weights[0] + weights[1]) ** 2)
    assert row["variance"] == pytest.approx(sum(noise) + walked)
    assert row["df"] == pytest.approx((sum(noise) + walked) ** 2 / sum(part**2 / 8 for part in noise))


def test_drift_is_never_taken_for_zero():
    history = past("2026-09", a=1.0, b=1.0)
    result = pay_figures(month(a=1.0, b=1.0), "2026-10", "v1", history)
    assert (result.drift, result.drift_found) == (DRIFT_FLOOR, -20.0)


def test_a_month_off_lets_the_bias_drift_for_two():
    result = pay_figures(month(a=4.0), "2026-10", "v1", past("2026-08", a=0.0))
    assert result.drift_found is None
    row = result.agents.row(0, named=True)
    assert row["weights"] == pytest.approx([10 / 22, 12 / 22])
    assert row["variance"] == pytest.approx(9 * (100 + 144) / 484 + 2 * DRIFT_FLOOR * 100 / 484)


def test_older_months_help_to_find_the_drift_only():
    history = pl.concat([past("2026-05", a=0.0), past("2026-06", a=12.0), past("2026-07", a=0.0)])
    result = pay_figures(month(a=4.0), "2026-10", "v1", history)
    assert result.drift_found == 124.0
    assert result.agents["weights"].to_list() == [[1.0]]


def test_months_count_across_the_turn_of_the_year():
    result = pay_figures(month(a=4.0), "2027-01", "v1", past("2026-12", a=4.0))
    assert result.drift_found == -20.0
    assert result.agents["months"].to_list() == [2]


def test_this_month_and_later_ones_in_the_history_are_left_out():
    history = pl.concat([past("2026-10", a=50.0), past("2026-11", a=50.0)])
    assert pay_figures(month(a=4.0), "2026-10", "v1", history).agents["estimate"].to_list() == [84.0]


def test_who_was_not_heard_this_month_has_no_pay_figure():
    row = pay_figures(month(a=None), "2026-10", "v1", past("2026-09", a=3.0)).agents.row(0, named=True)
    assert (row["estimate"], row["low"], row["reason"]) == (None, None, "no_audits")


@pytest.mark.parametrize(
    ("of", "history", "code"),
    [
        ("2026-10", past("2026-09", "v0", a=1.0), "estimates.other_machine"),
        ("2026-10", pl.concat([past("2026-09", a=1.0)] * 2), "estimates.double_month"),
        ("2026-13", NO_HISTORY, "calls.bad_month"),
        ("Oct", NO_HISTORY, "calls.bad_month"),
        ("2026-10", NO_HISTORY.drop("calls_df"), "month.missing_column"),
    ],
)
def test_histories_that_cannot_be_put_together_are_refused(of, history, code):
    with pytest.raises(QaError) as refused:
        pay_figures(month(a=4.0), of, "v1", history)
    assert refused.value.code == code


def test_another_machine_before_the_window_does_not_matter():
    row = pay_figures(month(a=4.0), "2026-10", "v1", past("2026-07", "v0", a=1.0)).agents.row(0, named=True)
    assert row["months"] == 1


def test_weights_do_not_depend_on_the_luck_of_ones_own_calls():
    lucky = month(a=4.0, b=4.0)
    lucky = replace(lucky, agents=lucky.agents.with_columns(calls_variance=pl.Series([1.0, 90.0])))
    history = past("2026-09", a=0.0, b=0.0)
    weights = pay_figures(lucky, "2026-10", "v1", history).agents["weights"].to_list()
    assert weights[0] == weights[1]


def test_the_order_of_rows_changes_no_digit():
    history = pl.concat([past("2026-08", a=-2.0, b=0.1), past("2026-09", a=10.0, b=0.7)])
    now = month(Spread(16.0, 9.0), a=4.0, b=0.3)
    first = pay_figures(now, "2026-10", "v1", history)
    again = pay_figures(replace(now, agents=now.agents.reverse()), "2026-10", "v1", history.reverse())
    assert again.drift == first.drift
    assert again.agents.equals(first.agents)


def test_an_interval_of_months_without_drift_is_that_of_their_mean():
    assert filter_weights([0, 1, 1], [6.0, 6.0, 6.0], 1e-12) == pytest.approx([1 / 3] * 3)
    assert filter_weights([0, 1], [6.0, 0.0], 1.0) == [0.0, 1.0]
    assert math.fsum(filter_weights([0, 1, 2], [3.0, 8.0, 5.0], 2.0)) == pytest.approx(1.0)


def test_nothing_is_borrowed_from_colleagues_levels():
    history = past("2026-09", a=1.0, b=1.0)
    one = pay_figures(month(a=4.0, b=5.0), "2026-10", "v1", history).agents.row(0, named=True)
    # b's bias is a mirror image: the same drift, another level.
    other = pay_figures(month(a=4.0, b=-3.0), "2026-10", "v1", history).agents.row(0, named=True)
    assert one == other


def test_it_takes_what_the_months_estimate_gives():
    empty = estimate_month(
        pl.DataFrame(
            schema={"call_id": pl.String, "agent": pl.String, "team": pl.String, "stratum": pl.String}
            | {"score": pl.Float64, "confidence": pl.Float64}
        ),
        pl.DataFrame(
            schema={"call_id": pl.String, "inspector": pl.String, "score": pl.Float64}
            | {"probability": pl.Float64, "purpose": pl.String}
        ),
    )
    assert pay_figures(empty, "2026-10", "v1", NO_HISTORY).agents.is_empty()


def test_inspectors_who_heard_several_calls_add_what_they_share():
    severe = month(Spread(16.0, 9.0), a=4.0)
    row = pay_figures(severe, "2026-10", "v1", NO_HISTORY).agents.row(0, named=True)
    shared = 16 * (0.75**2 + 0.25**2 - 0.125)
    assert row["variance"] == pytest.approx(9 + shared)
    assert row["df"] == pytest.approx((9 + shared) ** 2 / (81 / 8 + shared**2 / 9))
    # The same two inspectors last month: their shares stay, those of single calls shrink.
    row = pay_figures(severe, "2026-10", "v1", past("2026-09", a=4.0)).agents.row(0, named=True)
    old, new = row["weights"]
    calls = 9 * (old**2 + new**2) + DRIFT_FLOOR * old**2
    assert row["variance"] == pytest.approx(calls + 16 * (0.625 - 0.125 * (old**2 + new**2)))
