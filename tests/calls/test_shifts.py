from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.calls.shifts import with_shifts

GAP = timedelta(hours=6)
NINE = datetime(2026, 10, 1, 9)
SCHEMA = {"who": pl.String, "start": pl.Datetime("us"), "duration_s": pl.Float64}


def calls(*rows):
    """Calls of (who, hours after nine or None, seconds or None)."""
    made = [
        (who, None if hours is None else NINE + timedelta(hours=hours), seconds)
        for who, hours, seconds in rows
    ]
    return pl.DataFrame(made, SCHEMA, orient="row")


def shifts(*rows):
    return with_shifts(calls(*rows), "who", GAP)["shift"].to_list()


def test_each_agent_s_shifts_are_numbered_by_themselves_and_rows_keep_their_places():
    found = with_shifts(calls(("b", 20, 0.0), ("a", 0, 0.0), ("b", 0, 0.0), ("a", 1, 0.0)), "who", GAP)
    assert found.select("who", "shift").rows() == [("b", 2), ("a", 1), ("b", 1), ("a", 1)]
    assert found["shift"].dtype == pl.UInt32


@pytest.mark.parametrize(("pause_h", "second"), [(6, 2), (6 - 1 / 3600, 1)])
def test_a_shift_begins_after_the_whole_gap_and_not_a_second_sooner(pause_h, second):
    assert shifts(("a", 0, 3600.0), ("a", 1 + pause_h, 60.0)) == [1, second]


def test_a_long_call_carries_the_shift_past_the_short_ones_within_it():
    # Five hours from nine, a minute at ten, the next at eight in the evening: six hours after 14:00.
    assert shifts(("a", 0, 5 * 3600.0), ("a", 1, 60.0), ("a", 10.9, 60.0)) == [1, 1, 1]
    assert shifts(("a", 0, 5 * 3600.0), ("a", 1, 60.0), ("a", 11, 60.0)) == [1, 1, 2]


def test_a_shift_goes_from_its_first_start_to_its_last_end():
    found = with_shifts(calls(("a", 1, 60.0), ("a", 0, 5 * 3600.0)), "who", GAP)
    assert found.select("shift_start", "shift_end").rows() == [(NINE, NINE + timedelta(hours=5))] * 2


def test_a_call_of_unknown_length_takes_no_time():
    assert with_shifts(calls(("a", 0, None)), "who", GAP)["shift_end"].to_list() == [NINE]
    assert shifts(("a", 0, None), ("a", 6, None)) == [1, 2]


def test_half_seconds_are_kept():
    [end] = with_shifts(calls(("a", 0, 1.5)), "who", GAP)["shift_end"]
    assert end == NINE + timedelta(seconds=1.5)


def test_calls_of_nobody_or_of_no_time_have_no_shift_and_part_none():
    found = with_shifts(calls((None, 3, 60.0), ("a", 0, 60.0), ("a", None, 60.0), ("a", 1, 60.0)), "who", GAP)
    assert found["shift"].to_list() == [None, 1, None, 1]
    assert found["shift_start"].to_list() == [None, NINE, None, NINE]
    assert found["shift_end"].null_count() == 2


def test_without_calls_there_are_the_columns_alone():
    found = with_shifts(calls(), "who", GAP)
    assert found.schema == pl.Schema(
        {
            **SCHEMA,
            "shift": pl.UInt32,
            "shift_start": pl.Datetime("us"),
            "shift_end": pl.Datetime("us"),
        }
    )
    assert found.is_empty()


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.none() | st.integers(0, 72).map(float),
        st.none() | st.integers(0, 8).map(lambda hours: hours * 3600.0),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=60)
@given(_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nobody_s_shifts(rows, chance):
    places = list(range(len(rows)))
    chance.shuffle(places)
    found, again = (
        with_shifts(frame.with_columns(place=pl.Series(order, dtype=pl.Int64)), "who", GAP).sort("place")
        for frame, order in ((calls(*rows), range(len(rows))), (calls(*(rows[at] for at in places)), places))
    )
    assert found.equals(again)
