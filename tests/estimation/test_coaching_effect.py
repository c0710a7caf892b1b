from datetime import datetime, timedelta

import polars as pl
import pytest

from qa_audit.estimation.coaching_effect import (
    EFFECT,
    JUDGED_CALLS,
    SCORED_CALLS,
    coaching_effect,
    fault_shares,
)
from qa_audit.messages import QaError

WHEN = datetime(2026, 10, 15, 12)


def judged(agent, before, after, item="greeting"):
    """Calls that failed (1) or not (0), one an hour before and after."""
    rows = [
        (f"{agent}{moment:%d%H}{item}", agent, moment, item, bool(failed))
        for moments, values in (
            ((WHEN - timedelta(hours=1 + place) for place in range(99)), before),
            ((WHEN + timedelta(hours=place) for place in range(99)), after),
        )
        for moment, failed in zip(moments, values, strict=False)
    ]
    return pl.DataFrame(rows, JUDGED_CALLS, orient="row")


def scored(agent, before, after):
    frame = judged(agent, before, after).select("call_id", "agent", "start")
    return frame.with_columns(score=pl.Series([*map(float, before), *map(float, after)], dtype=pl.Float64))


NONE = pl.DataFrame(schema=SCORED_CALLS)


def test_fewer_faults_afterwards_are_better():
    calls = pl.concat(
        [judged("a", [1] * 15 + [0] * 5, [1] * 2 + [0] * 18), judged("b", [1, 0] * 8, [0, 1] * 8)]
    )
    effect = coaching_effect(calls, NONE, "a", ["greeting"], WHEN)
    assert effect.schema == EFFECT
    row = effect.row(0, named=True)
    assert (row["measure"], row["item"], row["calls_before"], row["calls_after"], row["says"]) == (
        "faults", "greeting", 20, 20, "better",
    )  # fmt: skip
    assert (row["before"], row["after"], row["others"]) == (0.75, 0.1, 0.0)
    assert row["change"] == pytest.approx(-0.65)
    # (3 − 16)/22 ± 1.96 √((16·6 + 3·19)/22³)
    assert (row["low"], row["high"]) == (
        pytest.approx(-0.825849, abs=1e-5),
        pytest.approx(-0.355969, abs=1e-5),
    )


def test_more_faults_are_worse_and_no_clear_change_is_said_to_be_none():
    worse = coaching_effect(judged("a", [0] * 20, [1] * 12 + [0] * 8), NONE, "a", ["greeting"], WHEN)
    assert worse["says"][0] == "worse"
    same = coaching_effect(judged("a", [1] * 6 + [0] * 14, [1] * 4 + [0] * 16), NONE, "a", ["greeting"], WHEN)
    assert same["says"][0] == "nothing"
    assert same["low"][0] < 0 < same["high"][0]


def test_few_calls_say_nothing():
    row = coaching_effect(judged("a", [1] * 9, [0] * 30), NONE, "a", ["greeting"], WHEN).row(0, named=True)
    assert (row["says"], row["low"], row["high"], row["change"]) == ("too_few", None, None, -1.0)
    empty = coaching_effect(pl.DataFrame(schema=JUDGED_CALLS), NONE, "a", ["greeting", "closing"], WHEN)
    assert empty["says"].to_list() == ["too_few"] * 3
    assert empty["change"].to_list() == [None] * 3


def test_scores_have_welch_s_interval():
    before, after = [70, 80, 75, 72, 78] * 4, [85, 95, 90, 88, 92] * 3
    effect = coaching_effect(pl.DataFrame(schema=JUDGED_CALLS), scored("a", before, after), "a", [], WHEN)
    row = effect.row(0, named=True)
    assert (row["measure"], row["item"], row["before"], row["after"], row["says"]) == (
        "score", None, 75.0, 90.0, "better",
    )  # fmt: skip
    # 15 ± t(31.4; .975) · √(14.316/20 + 12.429/15)
    assert (row["low"], row["high"]) == (pytest.approx(12.467, abs=0.01), pytest.approx(17.533, abs=0.01))


def test_equal_scores_on_both_sides_are_no_change_and_do_not_crash():
    effect = coaching_effect(
        pl.DataFrame(schema=JUDGED_CALLS), scored("a", [80] * 12, [80] * 12), "a", [], WHEN
    )
    assert effect["says"].to_list() == ["nothing"]
    assert effect.select("low", "high").rows() == [(0.0, 0.0)]


def test_only_the_days_around_it_count():
    calls = judged("a", [1] * 20, [0] * 20)
    old = calls.with_columns(start=pl.col("start") - timedelta(days=40), call_id=pl.col("call_id") + "o")
    row = coaching_effect(pl.concat([calls, old]), NONE, "a", ["greeting"], WHEN, days=30).row(0, named=True)
    assert (row["calls_before"], row["calls_after"]) == (20, 20)
    row = coaching_effect(calls, NONE, "a", ["greeting"], WHEN, days=1).row(0, named=True)
    assert (row["calls_before"], row["calls_after"]) == (20, 20)


def test_a_missing_column_is_said():
    with pytest.raises(QaError) as error:
        coaching_effect(NONE, NONE, "a", ["greeting"], WHEN)
    assert error.value.code == "month.missing_column"


def test_shares_before_and_after_have_exact_intervals_of_their_own():
    calls = pl.concat(
        [judged("mine", [1, 1, 1, 0, 0, 0, 0, 0, 0, 0], [0] * 10), judged("theirs", [1] * 5, [1] * 5)]
    )
    before, after = fault_shares(calls, "mine", "greeting", WHEN)
    # Clopper and Pearson: 3 of 10, and 0 of 10.
    assert (before.calls, before.rate) == (10, 0.3)
    assert (before.low, before.high) == (pytest.approx(0.0667, abs=1e-4), pytest.approx(0.6525, abs=1e-4))
    assert (after.calls, after.rate, after.low) == (10, 0.0, 0.0)
    assert after.high == pytest.approx(0.3085, abs=1e-4)
    assert fault_shares(calls, "mine", "closing", WHEN) == ((0, None, None, None), (0, None, None, None))
