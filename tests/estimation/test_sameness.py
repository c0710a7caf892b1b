"""Sameness on made months: differences put in are found, none put in are found rarely."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation.conditions import CONDITIONS, MonthFrames, SamenessSettings, with_conditions
from qa_audit.estimation.sameness import SAMENESS, sameness


def month_of(rng, *, agents=6, days=22, a_day=24, day_sd=3.0, upset_costs=0.0, teams=2):
    """Calls from 8 to 18; agents differ by 4 points (SD), days of an agent by `day_sd`, calls by 12."""
    rows = []
    for agent in range(agents):
        level = 85 + rng.normal(0, 4)
        for day in range(days):
            mood = rng.normal(0, day_sd)
            hours = np.sort(rng.choice([0, 0, 1, 1, 1, 2, 3, 4, 6, 6, 7, 8, 9], a_day) + rng.random(a_day))
            for number, hour in enumerate(hours):
                start = datetime(2026, 10, 1, 8) + timedelta(days=day, hours=float(hour))
                upset = bool(rng.random() < 0.15)
                score = float(np.clip(level + mood + rng.normal(0, 12) - upset_costs * upset, 0, 100))
                customer = str(13800000000 + int(rng.integers(0, 2500)))
                rows.append((f"{agent}-{day}-{number}", f"P{agent}", f"{agent % teams}班", start, 200.0,
                             "inbound", customer, score, upset))  # fmt: skip
    names = ["call_id", "agent", "team", "start", "duration_s", "direction", "customer_no", "score", "upset"]
    frame = pl.DataFrame(rows, names, orient="row")
    drawn = frame.select("call_id", stratum=pl.lit("all"))
    chosen = drawn.sample(fraction=0.1, seed=int(rng.integers(0, 2**31)))
    upset = frame.filter("upset")["call_id"].to_list()
    return MonthFrames(frame.drop("upset"), upset=upset, sampled=chosen, strata=drawn)


def test_a_cost_of_upset_customers_is_found_and_measured():
    found = sameness(month_of(np.random.default_rng(1), upset_costs=8.0))
    assert found.schema == SAMENESS
    everyone = found.filter(pl.col("level") == "department", pl.col("condition") == "upset").row(
        0, named=True
    )
    assert everyone["said"] == "differs"
    assert everyone["low"] < -8 < everyone["high"] + 1
    assert everyone["high"] < -5
    others = found.filter(pl.col("condition") != "upset")
    assert not others["found"].any()


def test_agents_who_work_in_busy_hours_do_not_make_their_team_differ():
    """A good agent at busy hours only, a poor one at idle hours only: nothing can be said, not 20 points."""
    rng = np.random.default_rng(2)
    frames = month_of(rng, agents=2, teams=1)
    hour = pl.col("start").dt.hour()
    keep = ((pl.col("agent") == "P0") & (hour < 11)) | ((pl.col("agent") == "P1") & (hour >= 14))
    calls = frames.calls.filter(keep).with_columns(
        score=pl.when(pl.col("agent") == "P0").then(95.0).otherwise(75.0) + pl.col("duration_s") * 0
    )
    rules = SamenessSettings(busy_clock_hours=(8, 9, 10), idle_clock_hours=(14, 15, 16, 17))
    found = sameness(MonthFrames(calls), rules)
    team = found.filter(pl.col("level") == "team", pl.col("condition") == "busy").row(0, named=True)
    assert team["said"] == "too_few"
    assert team["difference"] is None


def test_what_is_lacking_is_said_and_nothing_is_made_up():
    frames = month_of(np.random.default_rng(3), agents=2)
    calls = frames.calls.with_columns(customer_no=pl.lit(None, pl.String))
    found = sameness(MonthFrames(calls)).filter(pl.col("level") == "department")
    said = dict(found.select("condition", "said").iter_rows())
    assert {name: said[name] for name in ("repeat", "sampled", "upset")} == dict.fromkeys(
        ("repeat", "sampled", "upset"), "absent"
    )
    assert said["busy"] != "absent"


def test_few_calls_say_nothing():
    frames = month_of(np.random.default_rng(4), agents=1, days=4, a_day=12)
    found = sameness(frames)
    assert set(found["said"]) <= {"too_few", "absent"}
    assert found["low"].null_count() == found.height
    empty = sameness(MonthFrames(frames.calls.clear()))
    assert (empty.height, empty.schema) == (0, SAMENESS)


def test_equal_scores_have_no_interval():
    frames = month_of(np.random.default_rng(5), agents=2)
    found = sameness(MonthFrames(frames.calls.with_columns(score=pl.lit(90.0)), upset=frames.upset))
    assert set(found["said"]) <= {"too_few", "absent"}


@pytest.mark.parametrize("number", ["138****0000", "1380", "", "匿名", None])
def test_numbers_that_name_nobody_are_no_callers(number):
    start = datetime(2026, 10, 1, 9)
    calls = pl.DataFrame(
        {
            "call_id": ["a", "b"],
            "agent": ["P", "P"],
            "team": ["一班", "一班"],
            "start": [start, start + timedelta(days=9)],
            "duration_s": [60.0, 60.0],
            "direction": ["inbound", "inbound"],
            "customer_no": [number, number],
            "score": [90.0, 80.0],
        },
        schema_overrides={"customer_no": pl.String},
    )
    assert with_conditions(MonthFrames(calls))["repeat"].to_list() == [None, None]


def test_a_first_call_is_one_only_where_an_earlier_one_would_be_known():
    start = datetime(2026, 10, 1, 9)
    days = [0, 3, 3, 8, 20]
    customers = ["13800000001", "13800000001", "13800000002", "13800000003", "13800000001"]
    calls = pl.DataFrame(
        {
            "call_id": list("abcde"),
            "agent": ["P"] * 5,
            "team": ["一班"] * 5,
            "start": [start + timedelta(days=day) for day in days],
            "duration_s": [60.0] * 5,
            "direction": ["inbound"] * 5,
            "customer_no": customers,
            "score": [90.0] * 5,
        }
    )
    assert with_conditions(MonthFrames(calls))["repeat"].to_list() == [None, True, None, False, False]
    # With the month before, the first of October is judged as well.
    earlier = calls.head(1).with_columns(call_id=pl.lit("z"), start=start - timedelta(days=30))
    sides = with_conditions(MonthFrames(calls, earlier))["repeat"].to_list()
    assert sides == [False, True, False, False, False]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.floats(-50, 50))
def test_whoever_shifts_all_scores_shifts_no_difference(seed, shift):
    frames = month_of(np.random.default_rng(seed), agents=2, days=8, a_day=20)
    moved = MonthFrames(
        frames.calls.with_columns(pl.col("score") + shift),
        upset=frames.upset,
        sampled=frames.sampled,
        strata=frames.strata,
    )
    first, second = sameness(frames), sameness(moved)
    assert first["said"].to_list() == second["said"].to_list()
    for one, two in zip(first["difference"], second["difference"], strict=True):
        assert one == pytest.approx(two, abs=1e-8)
    known = first.filter(pl.col("low").is_not_null())
    assert ((known["low"] <= known["difference"]) & (known["difference"] <= known["high"])).all()
    assert (known["found"] == ((known["low"] > 0) | (known["high"] < 0))).all()
    assert set(known["condition"]) <= set(CONDITIONS)


def test_rows_in_another_order_give_the_same():
    frames = month_of(np.random.default_rng(6), agents=3)
    shuffled = MonthFrames(
        frames.calls.sample(fraction=1, shuffle=True, seed=1),
        upset=frames.upset,
        sampled=frames.sampled,
        strata=frames.strata,
    )
    one, two = sameness(frames), sameness(shuffled)
    assert one.select("subject", "condition", "calls", "said").equals(
        two.select("subject", "condition", "calls", "said")
    )
    assert np.allclose(one["difference"].drop_nulls(), two["difference"].drop_nulls())


@pytest.mark.parametrize("day_sd", [0.0, 4.0])
def test_the_rate_of_false_alarms_holds(day_sd):
    """40 months without any difference: few have a find among agents, one p in twenty is below 5 %."""
    rng = np.random.default_rng(7)
    with_find, below, looked = 0, 0, 0
    for _ in range(40):
        found = sameness(month_of(rng, agents=4, days=20, a_day=20, day_sd=day_sd))
        agents = found.filter(pl.col("level") == "agent", pl.col("p").is_not_null())
        with_find += bool(agents["found"].any())
        below += int((agents["p"] < 0.05).sum())
        looked += agents.height
    assert looked > 500
    assert with_find <= 5  # 5 % of months: 2 of 40; more than 5 has a probability of 1.4 %
    assert below / looked < 0.065
