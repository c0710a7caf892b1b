"""Shifts read off the call list, and the recordings missing in them."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.calls.gaps import DAY_GAPS, SHIFT_GAPS, day_gaps, shift_gaps
from qa_audit.calls.people import ROSTER_SCHEMA
from qa_audit.calls.shifts import with_shifts

NIGHT = datetime(2026, 10, 1, 22)


def _calls(*rows):
    columns = {
        "call_id": pl.String,
        "person_id": pl.String,
        "start": pl.Datetime("us"),
        "recording": pl.String,
    }
    frame = pl.DataFrame(rows, columns, orient="row")
    return frame.with_columns(
        team=pl.lit("一班"), agent_name=pl.lit(None, pl.String), listed_duration_s=pl.lit(600.0)
    )


CALLS = _calls(
    ("a", "P1", NIGHT, "a.wav"),
    ("b", "P1", NIGHT + timedelta(hours=5), None),
    ("c", "P1", NIGHT + timedelta(hours=23), "c.wav"),
    ("d", "P2", NIGHT, None),
    ("e", None, NIGHT, None),
    ("f", "P1", None, None),
)


def test_a_night_shift_is_one_shift():
    found = shift_gaps(CALLS)
    assert found.schema == SHIFT_GAPS
    assert found.select("person_id", "shift_start", "shift_end", "calls", "missing", "call_ids").rows() == [
        ("P1", NIGHT, NIGHT + timedelta(hours=5, minutes=10), 2, 1, ["b"]),
        ("P2", NIGHT, NIGHT + timedelta(minutes=10), 1, 1, ["d"]),
    ]
    assert shift_gaps(CALLS.clear()).schema == SHIFT_GAPS


def test_people_of_the_roster_without_a_call():
    roster = pl.DataFrame(
        [
            ("P1", None, "8001", None, "一班", None, None),
            ("P2", None, "8002", None, "一班", None, None),
            ("P3", "王五", "8003", None, "一班", date(2026, 10, 2), None),
            ("P4", None, "8004", None, "二班", None, None),
        ],
        ROSTER_SCHEMA,
        orient="row",
    )
    found = day_gaps(CALLS, roster, date(2026, 10, 1), date(2026, 11, 1))
    assert found.schema == DAY_GAPS
    assert found.select("day", "person_id").rows() == [(date(2026, 10, 2), "P2"), (date(2026, 10, 2), "P3")]


@settings(deadline=None)
@given(st.lists(st.integers(0, 5000), max_size=30), st.integers(30, 900))
def test_shifts_lie_apart_by_the_gap_and_calls_within_by_less(minutes, gap):
    frame = pl.DataFrame(
        {"who": ["a"] * len(minutes), "start": [NIGHT + timedelta(minutes=one) for one in minutes]},
        schema={"who": pl.String, "start": pl.Datetime("us")},
    ).with_columns(duration_s=pl.lit(60.0))
    found = with_shifts(frame, "who", timedelta(minutes=gap))
    assert found.drop("shift", "shift_start", "shift_end").equals(frame)
    spans = found.select("shift", "shift_start", "shift_end").unique().sort("shift").rows()
    for (_, _, end), (_, start, _) in pairwise(spans):
        assert start - end >= timedelta(minutes=gap)
    for (_,), own in found.group_by("shift"):
        starts = own["start"].sort().to_list()
        for one, two in pairwise(starts):
            assert two - one < timedelta(minutes=gap + 1)
