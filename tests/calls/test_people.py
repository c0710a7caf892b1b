from datetime import date, datetime

import polars as pl
import pytest

from qa_audit.calls.people import ROSTER_SCHEMA, resolve_people

ROSTER = pl.DataFrame(
    [
        ("P1", "张三", "8001", "301", "一班", date(2026, 1, 1), date(2026, 10, 14)),
        ("P1", "张三", "8001", "301", "二班", date(2026, 10, 15), None),
        ("P2", "李四", "8002", "302", "一班", None, date(2026, 9, 30)),
        ("P3", "王五", "8002", None, "一班", date(2026, 10, 1), None),
        ("P4", "赵六", "301", None, None, None, None),
    ],
    ROSTER_SCHEMA,
    orient="row",
)


def resolve(number, start, system=None, roster=ROSTER):
    calls = pl.DataFrame(
        {
            "call_id": ["A"],
            "agent_no": [number],
            "system": [system],
            "start": [start],
            "agent_name": ["单上名"],
            "team": ["单上组"],
        },
        schema_overrides={"agent_no": pl.String, "system": pl.String, "start": pl.Datetime("us")},
    )
    return resolve_people(calls, roster).select("person_id", "agent_name", "team", "in_roster").row(0)


@pytest.mark.parametrize(
    ("number", "start", "system", "expected"),
    [
        ("8001", datetime(2026, 10, 14, 23, 59), "new", ("P1", "张三", "一班", True)),
        ("8001", datetime(2026, 10, 15, 0, 0), "new", ("P1", "张三", "二班", True)),
        ("301", datetime(2026, 10, 3), "old", ("P1", "张三", "一班", True)),
        ("301", datetime(2026, 10, 3), "new", ("P4", "赵六", "单上组", True)),
        # Old number of one, new number of another, and the list doesn't say which system: nobody is guessed.
        ("301", datetime(2026, 10, 3), None, ("301", "单上名", "单上组", False)),
        ("301", datetime(2026, 10, 3), "CTI", ("301", "单上名", "单上组", False)),
        ("8002", datetime(2026, 9, 30), None, ("P2", "李四", "一班", True)),
        ("8002", datetime(2026, 10, 1), None, ("P3", "王五", "一班", True)),
        ("302", datetime(2026, 10, 1), None, ("P2", "李四", "单上组", False)),  # left the day before
        ("8001", datetime(2025, 12, 31), None, ("P1", "张三", "单上组", False)),
        ("8001", None, None, ("P1", "张三", "单上组", True)),  # one person, two teams, no time
        ("8002", None, None, ("8002", "单上名", "单上组", False)),
        ("9999", datetime(2026, 10, 3), None, ("9999", "单上名", "单上组", False)),
        (None, datetime(2026, 10, 3), None, (None, "单上名", "单上组", False)),
    ],
)
def test_who_and_which_team_at_that_time(number, start, system, expected):
    assert resolve(number, start, system) == expected


def test_without_a_roster_the_list_stands():
    empty = pl.DataFrame(schema=ROSTER_SCHEMA)
    assert resolve("8001", datetime(2026, 10, 3), None, empty) == ("8001", "单上名", "单上组", False)


def test_order_and_number_of_calls_stay():
    calls = pl.DataFrame(
        {
            "call_id": [f"A{i}" for i in range(300)],
            "agent_no": ["8001", "8002", "x"] * 100,
            "system": [None, "new", "old"] * 100,
            "start": [datetime(2026, 10, 1 + i % 28) for i in range(300)],
            "agent_name": [None] * 300,
            "team": [None] * 300,
        },
        schema_overrides={"agent_name": pl.String, "team": pl.String},
    )
    assert resolve_people(calls, ROSTER)["call_id"].to_list() == calls["call_id"].to_list()
