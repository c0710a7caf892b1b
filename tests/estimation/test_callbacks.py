"""Edges of what is promised to customers who called; the month as a whole is in `test_service.py`."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from qa_audit.estimation.callbacks import CALLBACKS, ServiceSettings, callbacks

FIRST, FOLLOWING = datetime(2026, 10, 1), datetime(2026, 11, 1)
NINE = datetime(2026, 10, 5, 9)
SECOND = timedelta(seconds=1)
COLUMNS = {
    "call_id": pl.String,
    "start": pl.Datetime("us"),
    "direction": pl.String,
    "internal": pl.Boolean,
    "customer_no": pl.String,
    "agent": pl.String,
    "team": pl.String,
    "duration_s": pl.Float64,
    "recording": pl.String,
}


def call(call_id, start, direction="inbound", customer="A", **values):
    plain = {"internal": False, "agent": "P1", "team": "一班", "duration_s": 60.0, "recording": "a.wav"}
    own = {"call_id": call_id, "start": start, "direction": direction, "customer_no": customer}
    return {**plain, **own, **values}


def back(call_id, start, customer="A", **values):
    return call(call_id, start, "outbound", customer, **values)


def found(*calls, settings=None, said=None):
    return callbacks(pl.DataFrame(calls, COLUMNS), FIRST, FOLLOWING, settings, said)


def only(*calls, **options):
    """The one row of these calls."""
    return found(*calls, **options).row(0, named=True)


def test_a_month_has_its_first_moment_and_not_that_of_the_next():
    rows = [call("a", FIRST, customer="A"), call("b", FOLLOWING - SECOND, customer="B")]
    rows += [call("c", FIRST - SECOND, customer="C"), call("d", FOLLOWING, customer="D")]
    assert found(*rows)["customer_no"].to_list() == ["A", "B"]


def test_three_days_to_the_second_are_in_time_and_a_second_more_is_late():
    due = NINE + timedelta(days=3)
    assert only(call("a", NINE), back("b", due))["state"] == "in_time"
    assert only(call("a", NINE), back("b", due + SECOND))["state"] == "late"


def test_nothing_is_held_against_anyone_before_the_list_reaches_the_end_of_the_time():
    due = NINE + timedelta(days=3)
    assert only(call("a", NINE), call("z", due - SECOND, "outbound", "Z"))["state"] == "open"
    assert only(call("a", NINE), call("z", due, "outbound", "Z"))["state"] == "none"


@pytest.mark.parametrize(
    ("at", "resting"),
    [
        ("08:59:59", True),
        ("09:00:00", False),
        ("11:59:59", False),
        ("12:00:00", True),
        ("13:59:59", True),
        ("14:00:00", False),
        ("20:59:59", False),
        ("21:00:00", True),
        ("00:00:00", True),
    ],
)
def test_hours_of_rest_have_their_first_second_and_not_their_last_also_past_midnight(at, resting):
    row = only(call("a", NINE), back("b", datetime.fromisoformat(f"2026-10-06T{at}")))
    assert row["rest_hours"] is resting


def test_the_first_call_out_counts_wherever_it_stands_in_the_list():
    later, first = back("b2", NINE + 2 * SECOND), back("b1", NINE + SECOND)
    assert only(later, call("a", NINE), first)["callback_id"] == "b1"


def test_calls_within_the_house_are_neither_calls_of_customers_nor_callbacks():
    assert found(call("a", NINE, internal=True)).is_empty()
    assert only(call("a", NINE), back("b", NINE + SECOND, internal=True))["callback_id"] is None


@pytest.mark.parametrize("lost", [{"direction": None}, {"customer_no": None}, {"start": None}])
def test_calls_that_do_not_say_who_called_whom_when_are_left_out(lost):
    assert found(call("a", NINE) | lost).is_empty()
    assert only(call("a", NINE), back("b", NINE + SECOND) | lost)["state"] == "open"


def test_of_two_calls_of_a_customer_the_last_one_waits_to_be_called_back():
    rows = [call("a2", NINE + 2 * SECOND, agent="P2"), call("a1", NINE), back("b", NINE + SECOND)]
    row = only(*rows)
    assert (row["call_id"], row["agent"], row["callback_id"]) == ("a2", "P2", None)


@pytest.mark.parametrize(
    ("record", "lacking"),
    [
        ({}, []),
        ({"agent": None}, ["agent"]),
        ({"duration_s": None}, ["duration_s"]),
        ({"duration_s": 0.0}, ["duration_s"]),
        ({"recording": None}, ["recording"]),
    ],
)
def test_what_a_record_of_a_callback_lacks_is_named(record, lacking):
    assert only(call("a", NINE), back("b", NINE + SECOND, **record))["lacking"] == lacking


def test_what_was_said_in_other_calls_says_nothing_of_this_one():
    said = {"a": "satisfied", "z": "dissatisfied"}
    assert only(call("a", NINE), back("b", NINE + SECOND), said=said)["said"] is None


def test_customers_come_in_order_of_their_calls_then_of_their_numbers():
    rows = [call("1", NINE, customer="C"), call("2", NINE, customer="B"), call("3", FIRST, customer="D")]
    assert found(*rows)["customer_no"].to_list() == ["D", "B", "C"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"callback_days": 0},
        {"callback_days": 31.5},
        {"rings_limit_s": 0},
        {"rest_hours": [["25:00", "09:00"]]},
        {"rest_hours": [["12:00", "14:00"], ["09:00", "09:00"]]},
        {"callback_hours": 72},
    ],
)
def test_promises_that_nobody_can_mean_are_refused(wrong):
    with pytest.raises(ValidationError):
        ServiceSettings(**wrong)


_CALLS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["inbound", "outbound"]), st.integers(-50, 800)),
    max_size=12,
    unique_by=lambda one: one[2],
)


@settings(deadline=None, max_examples=40)
@given(_CALLS)
def test_every_customer_of_the_month_has_one_row_with_the_next_call_out(rows):
    calls = [
        call(str(hours), FIRST + timedelta(hours=hours), direction, customer)
        for customer, direction, hours in rows
    ]
    got = found(*calls)
    assert got.schema == CALLBACKS
    wanted = {}
    for customer in {row[0] for row in rows}:
        asked = [at for who, way, at in rows if who == customer and way == "inbound" and 0 <= at < 744]
        if asked:
            out = [at for who, way, at in rows if who == customer and way == "outbound" and at > max(asked)]
            wanted[customer] = (str(max(asked)), str(min(out)) if out else None)
    assert {row[0]: row[1:] for row in got.select("customer_no", "call_id", "callback_id").rows()} == wanted


def test_rest_hours_that_begin_and_end_at_once_are_refused_with_what_to_write():
    with pytest.raises(ValidationError, match='整天请写 \\["00:00", "12:00"\\], \\["12:00", "00:00"\\]'):
        ServiceSettings(rest_hours=[["09:00", "09:00"]])


@pytest.mark.parametrize("at", ["00:00:00", "11:59:59", "12:00:00", "23:59:59"])
def test_a_whole_day_of_rest_is_written_in_two(at):
    rules = ServiceSettings(rest_hours=[["00:00", "12:00"], ["12:00", "00:00"]])
    row = only(call("a", NINE), back("b", datetime.fromisoformat(f"2026-10-06T{at}")), settings=rules)
    assert row["rest_hours"] is True
