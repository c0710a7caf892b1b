import polars as pl
import pytest

from qa_audit.estimation.difference import AGENT_ESTIMATES
from qa_audit.estimation.funnel import funnel_curve, told_apart, with_funnel

AGENTS = pl.DataFrame(
    [
        {"agent": "a", "heard": 8, "estimate": 85.0, "pooled_variance": 4.0},
        {"agent": "b", "heard": 8, "estimate": 87.0, "pooled_variance": 4.0},
        {"agent": "c", "heard": 2, "estimate": 70.0, "pooled_variance": 16.0},
        {"agent": "d", "heard": 0},
    ],
    schema=AGENT_ESTIMATES,
)


def test_limits_are_as_wide_as_the_calls_heard_allow():
    rows = with_funnel(AGENTS, 80.0).rows(named=True)
    assert (rows[0]["inner_low"], rows[0]["inner_high"]) == pytest.approx((76.08, 83.92), abs=0.005)
    assert (rows[0]["outer_low"], rows[0]["outer_high"]) == pytest.approx((73.82, 86.18), abs=0.005)
    assert rows[2]["outer_low"] == pytest.approx(67.64, abs=0.005)
    assert [row["outside"] for row in rows] == [None, "above", None, None]
    assert rows[3]["inner_low"] is None


def test_the_curve_narrows_as_more_is_heard():
    curve = funnel_curve(AGENTS, 80.0, 40)
    assert curve["heard"].to_list() == list(range(1, 41))
    # D · n is 32 for each of them.
    assert curve["inner_high"][7] == pytest.approx(83.92, abs=0.005)
    assert curve["outer_high"].is_sorted(descending=True)
    assert funnel_curve(AGENTS.tail(1), 80.0, 40).is_empty()


def test_who_was_heard_whole_is_not_told_apart():
    whole = pl.DataFrame(
        [
            {"agent": "a", "heard": 1, "estimate": 60.0, "pooled_variance": 0.0},
            {"agent": "b", "heard": 8, "estimate": 70.0, "pooled_variance": 4.0},
        ],
        schema=AGENT_ESTIMATES,
    )
    limited = with_funnel(whole, 80.0)
    assert limited["outside"].to_list() == ["below", "below"]
    assert told_apart(limited)["outside"].to_list() == [None, "below"]
