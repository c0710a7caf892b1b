"""Under which condition each call was, on calls written out one by one."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from qa_audit.estimation.conditions import CONDITIONS, MonthFrames, SamenessSettings, with_conditions

NINE = datetime(2026, 10, 1, 9)
SCHEMA = {
    "call_id": pl.String,
    "agent": pl.String,
    "team": pl.String,
    "start": pl.Datetime("us"),
    "duration_s": pl.Float64,
    "direction": pl.String,
    "customer_no": pl.String,
    "score": pl.Float64,
}
QUARTERS = SamenessSettings(shift_part=0.25)


def calls(*hours, **values):
    """A call so many hours after nine each, of one agent; `values` hold one value for all or a list."""
    plain = {"agent": "P", "team": "一班", "duration_s": 0.0, "direction": "inbound", "customer_no": None}
    columns = {**plain, "score": 90.0, **values}
    start = [None if hour is None else NINE + timedelta(hours=hour) for hour in hours]
    rows = {name: one if isinstance(one, list) else [one] * len(hours) for name, one in columns.items()}
    ids = [f"c{number}" for number in range(len(hours))]
    return pl.DataFrame({"call_id": ids, "start": start, **rows}, SCHEMA)


def sides(condition, frame, settings=None, **month):
    return with_conditions(MonthFrames(frame, **month), settings)[condition].to_list()


def test_an_hour_is_busy_or_idle_by_its_calls_for_each_agent_at_work():
    # Nine o'clock: four calls of four agents; ten: two of one; eleven: three of one.
    agents = ["P", "Q", "R", "S", "P", "P", "P", "P", "P"]
    frame = calls(0, 0.1, 0.2, 0.3, 1, 1.1, 2, 2.1, 2.2, agent=agents)
    assert sides("busy", frame) == [False] * 4 + [None] * 2 + [True] * 3


def test_an_hour_right_at_the_end_of_a_share_belongs_to_it_busy_and_idle():
    # One call in the first hour, two in the second … ten in the tenth; a third of the way in: 4 and 7 calls.
    frame = calls(*(hour + place / 60 for hour in range(10) for place in range(hour + 1)))
    found = dict(zip(frame["start"].dt.hour(), sides("busy", frame), strict=True))
    assert list(found.values()) == [False] * 4 + [None] * 2 + [True] * 4


def test_hours_that_are_all_alike_are_neither_busy_nor_idle():
    assert sides("busy", calls(0, 1, 2, 3)) == [None] * 4


def test_the_same_hour_of_another_day_is_another_hour():
    assert sides("busy", calls(0, 24, 24.1)) == [False, True, True]


def test_hours_that_the_centre_names_take_the_place_of_counting():
    rules = SamenessSettings(busy_clock_hours=(9, 10), idle_clock_hours=(10, 14))
    assert sides("busy", calls(0, 0.99, 1, 3, 5, 24, None), rules) == [
        True,
        True,
        None,
        None,
        False,
        True,
        None,
    ]
    assert sides("busy", calls(0, 5), SamenessSettings(busy_clock_hours=(9,))) == [True, None]


def test_a_caller_is_a_repeat_caller_for_seven_days_to_the_second():
    week, number = 7 * 24, "13800000001"
    assert sides("repeat", calls(0, week, customer_no=number)) == [None, True]
    assert sides("repeat", calls(0, week + 1 / 3600, customer_no=number)) == [None, False]


def test_a_first_call_is_known_for_one_once_the_list_goes_back_the_whole_time():
    week, numbers = 7 * 24, ["13800000001", "13900000009"]
    assert sides("repeat", calls(0, week, customer_no=numbers)) == [None, False]
    assert sides("repeat", calls(0, week - 1 / 3600, customer_no=numbers)) == [None, None]


def test_days_of_a_repeat_are_the_centre_s_own():
    frame = calls(0, 30, customer_no="13800000001")
    assert sides("repeat", frame, SamenessSettings(repeat_days=1)) == [None, False]
    assert sides("repeat", frame, SamenessSettings(repeat_days=2)) == [None, True]


def test_a_number_is_the_same_however_it_is_written():
    numbers = ["010-6655 4321", "(010)66554321", "+01066554321"]
    assert sides("repeat", calls(0, 1, 2, customer_no=numbers)) == [None, True, True]


def test_only_calls_of_the_customer_make_a_repeat_caller():
    frame = calls(0, 1, customer_no="13800000001", direction=["outbound", "inbound"])
    earlier = calls(-9 * 24, customer_no="13900000009")
    assert sides("repeat", frame, around=earlier) == [None, False]
    unknown = calls(0, 1, customer_no="13800000001", direction=[None, "inbound"])
    assert sides("repeat", unknown, around=earlier) == [None, False]


def test_rows_need_not_come_in_order_of_time():
    frame = calls(1, 0, customer_no="13800000001")
    assert sides("repeat", frame) == [True, None]


def test_the_first_and_the_last_part_of_a_shift_are_early_and_late():
    # Eight hours from nine: early until eleven, late from three in the afternoon.
    frame = calls(0, 2, 2.01, 4, 5.99, 6, 8)
    assert sides("late", frame, QUARTERS) == [False, False, None, None, None, True, True]


@pytest.mark.parametrize(("hours", "part"), [(6, 1 / 3), (9, 1 / 3), (12, 1 / 3), (10, 0.3), (7.5, 0.2)])
def test_a_call_right_at_the_end_of_a_part_belongs_to_it_early_and_late(hours, part):
    frame = calls(0, hours * part, hours - hours * part, hours)
    rules = SamenessSettings(shift_part=part)
    assert sides("late", frame, rules) == [False, False, True, True]


def test_a_shift_of_less_than_four_hours_has_no_early_and_late():
    assert sides("late", calls(0, 2, 3.99)) == [None] * 3
    assert sides("late", calls(0, 2, 4)) == [False, None, True]


def test_the_end_of_the_last_call_ends_the_shift():
    # Until one o'clock with the last call's hours: noon is three quarters through.
    frame = calls(0, 3, duration_s=[0.0, 3600.0])
    assert sides("late", frame, QUARTERS) == [False, True]


def test_a_shift_goes_on_into_the_month_beside():
    frame = calls(0, 1)
    before = calls(-5, -3)
    assert sides("late", frame, QUARTERS) == [None, None]
    assert sides("late", frame, QUARTERS, around=before) == [True, True]


def test_an_upset_customer_is_known_where_the_machine_could_judge():
    frame = calls(0, 1, 2, score=[80.0, 90.0, None])
    assert sides("upset", frame, upset=["c0", "c2"]) == [True, False, None]
    assert sides("upset", frame, upset=[]) == [False, False, None]
    assert sides("upset", frame) == [None] * 3


def test_calls_that_could_not_be_drawn_are_neither_sampled_nor_not():
    strata = pl.DataFrame({"call_id": ["c2", "c0"], "stratum": ["rest", "flagged"]})
    sampled = pl.DataFrame({"call_id": ["c0"], "stratum": ["flagged"]})
    found = with_conditions(MonthFrames(calls(0, 1, 2), sampled=sampled, strata=strata))
    assert found["sampled"].to_list() == [True, None, False]
    assert found["stratum"].to_list() == ["flagged", None, "rest"]


def test_where_nothing_was_drawn_no_call_is_on_a_side():
    found = with_conditions(MonthFrames(calls(0, 1)))
    assert found.select("sampled", "stratum").rows() == [(None, None)] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"busy_share": 0},
        {"busy_share": 0.51},
        {"repeat_days": 0},
        {"shift_gap_h": 25},
        {"shift_part": 0.6},
        {"least_calls": 1},
        {"matters_points": 0},
        {"busy_hours": [9]},
        {"busy_clock_hours": [24]},
        {"idle_clock_hours": [9, -1]},
    ],
)
def test_lines_that_part_nothing_are_refused(wrong):
    with pytest.raises(ValidationError):
        SamenessSettings(**wrong)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-400, 700), max_size=10), st.integers(0, 10))
def test_the_month_s_calls_stay_as_they_are_whatever_lies_beside(hours, cut):
    frame, around = calls(*hours[:cut], customer_no="13800000001"), calls(*hours[cut:], agent="Q")
    found = with_conditions(MonthFrames(frame, around, upset=["c0"]))
    assert found.select(frame.columns).equals(frame)
    assert set(found.columns) == {*SCHEMA, *CONDITIONS, "stratum"}
    assert {found[name].dtype for name in CONDITIONS} == {pl.Boolean}
