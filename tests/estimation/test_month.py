import math
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation import (
    agent_month,
    calls_of_month,
    department_month,
    findings_of,
    item_month,
    team_month,
)
from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.estimation.month import SMALL_N
from qa_audit.messages import QaError


def frame_of(*rows: dict[str, object]) -> pl.DataFrame:
    plain = {"start": datetime(2026, 10, 1, 9), "status": "scored", "critical": [], "uncertain": 0}
    return pl.DataFrame([plain | row for row in rows], schema=CALLS)


def verdicts(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """(call, item, verdict); 8 points possible, 8 earned by a pass, 2 by a fail."""
    earned = {"pass": 8.0, "fail": 2.0}
    return pl.DataFrame(
        [
            {
                "call_id": call,
                "kind": "situation" if item == "complaint" else "item",
                "item": item,
                "verdict": verdict,
                "points": earned.get(verdict, 0.0),
                "max_points": 8.0,
                "critical": item == "no_harsh_language" and verdict == "fail",
                "evidence": [],
            }
            for call, item, verdict in rows
        ],
        schema=FINDINGS,
    )


WANG = {"agent_no": "1001", "person_id": "p1", "agent_name": "王喆", "team": "一班"}
LI = {"agent_no": "998", "person_id": "p2", "agent_name": "李堃", "team": "一班"}
CALLS_OF_TWO = frame_of(
    {"call_id": "a", **WANG, "score": 80.0},
    {"call_id": "b", **WANG, "score": 90.5},
    {"call_id": "c", **WANG, "score": 0.0, "critical": ["no_harsh_language"]},
    {"call_id": "d", **WANG, "status": "no_recording"},
    {"call_id": "e", **WANG},
    {"call_id": "f", **LI, "score": 100.0},
)
VERDICTS_OF_TWO = verdicts(
    ("a", "greeting", "fail"),
    ("a", "closing", "fail"),
    ("a", "title", "not_applicable"),
    ("b", "greeting", "fail"),
    ("b", "closing", "uncertain"),
    ("c", "no_harsh_language", "fail"),
    ("c", "greeting", "pass"),
    ("c", "complaint", "fail"),
    ("f", "greeting", "pass"),
    ("f", "closing", "uncertain"),
)


def test_an_agents_month_is_what_the_calls_say() -> None:
    rows = agent_month(CALLS_OF_TWO, VERDICTS_OF_TWO).to_dicts()
    assert rows[1] == {
        "agent": "person:p1",
        "agent_no": "1001",
        "agent_name": "王喆",
        "team": "一班",
        "teams": ["一班"],
        "calls": 5,
        "scored": 3,
        "null_score": 1,
        "no_recording": 1,
        "not_transcribed": 0,
        "failed": 0,
        "mean": 56.833333333333336,
        "median": 80.0,
        "sd": 49.49831646968746,
        "q1": 40.0,
        "q3": 85.25,
        "lowest": 0.0,
        "few": True,
        "critical_calls": 1,
        "critical_rate": 1 / 3,
        "uncertain_share": 1 / 6,
        "faults": [
            {"kind": "item", "item": "greeting", "calls": 2},
            {"kind": "item", "item": "closing", "calls": 1},
            {"kind": "item", "item": "no_harsh_language", "calls": 1},
        ],
    }
    assert rows[0]["agent_no"] == "998"
    assert rows[0]["sd"] is None
    assert rows[0]["uncertain_share"] == 0.5


def test_rows_stand_in_the_order_of_teams_and_numbers_never_of_scores() -> None:
    calls = frame_of(
        {"call_id": "a", "agent_no": "1002", "team": "三班", "score": 99.0},
        {"call_id": "b", "agent_no": "1001", "team": "二班", "score": 10.0},
        {"call_id": "c", "agent_no": "998", "team": "二班", "score": 5.0},
        {"call_id": "d", "score": 50.0},
    )
    rows = agent_month(calls, verdicts()).select("team", "agent_no").rows()
    assert rows == [("二班", "998"), ("二班", "1001"), ("三班", "1002"), ("未知", "未知")]


def test_calls_without_agent_are_gathered_by_team() -> None:
    calls = frame_of(
        {"call_id": "a", "team": "一班", "score": 60.0},
        {"call_id": "b", "team": "一班", "agent_no": "", "score": 70.0},
        {"call_id": "c", "score": 80.0},
    )
    rows = agent_month(calls, verdicts()).select("agent", "agent_no", "agent_name", "team", "calls").rows()
    assert rows == [("unknown:一班", "未知", "未知", "一班", 2), ("unknown:未知", "未知", "未知", "未知", 1)]
    assert team_month(calls, verdicts()).select("team", "agents", "calls").rows() == [
        ("一班", 0, 2),
        ("未知", 0, 1),
    ]
    assert department_month(calls, verdicts()).select("teams", "agents", "calls").row(0) == (1, 0, 3)


def test_an_agent_who_moves_and_changes_number_is_one_person_in_two_teams() -> None:
    old = {"call_id": "a", **WANG, "team": "二班", "agent_no": "A7", "score": 80.0}
    new = {"call_id": "b", **WANG, "team": "一班", "score": 90.0, "start": datetime(2026, 10, 20, 9)}
    calls = frame_of(new, old)
    (row,) = agent_month(calls, verdicts()).to_dicts()
    assert (row["agent_no"], row["team"], row["teams"], row["calls"]) == (
        "A7、1001",
        "一班",
        ["二班", "一班"],
        2,
    )
    assert team_month(calls, verdicts()).select("team", "agents", "mean").rows() == [
        ("一班", 1, 90.0),
        ("二班", 1, 80.0),
    ]
    items = item_month(calls, verdicts(("a", "title", "fail"), ("b", "title", "pass")), by="team")
    assert items.select("team", "judged", "faults").rows() == [("一班", 1, 0), ("二班", 1, 1)]


def test_fault_rates_are_among_judged_calls_only() -> None:
    rows = item_month(CALLS_OF_TWO, VERDICTS_OF_TWO, by="department").to_dicts()
    assert [row["item"] for row in rows] == ["closing", "greeting", "no_harsh_language", "title", "complaint"]
    assert rows[0] == {
        "kind": "item",
        "item": "closing",
        "judged": 1,
        "faults": 1,
        "fault_rate": 1.0,
        "uncertain": 2,
        "uncertain_share": 2 / 3,
        "not_applicable": 0,
        "critical": 0,
        "points_lost": 6.0,
    }
    assert (rows[1]["judged"], rows[1]["faults"], rows[1]["fault_rate"]) == (4, 2, 0.5)
    assert rows[2]["critical"] == 1
    assert (rows[3]["judged"], rows[3]["fault_rate"], rows[3]["uncertain_share"]) == (0, None, None)
    assert rows[4]["kind"] == "situation"


def test_fault_rates_by_agent_name_the_agent() -> None:
    rows = item_month(CALLS_OF_TWO, VERDICTS_OF_TWO, by="agent").filter(pl.col("item") == "greeting")
    assert rows.select("agent_no", "agent_name", "team", "judged", "fault_rate").rows() == [
        ("998", "李堃", "一班", 1, 0.0),
        ("1001", "王喆", "一班", 3, 2 / 3),
    ]


def test_findings_of_other_calls_count_nowhere() -> None:
    calls = CALLS_OF_TWO.filter(pl.col("call_id") == "f")
    assert findings_of(calls, VERDICTS_OF_TWO)["call_id"].to_list() == ["f", "f"]
    assert department_month(calls, VERDICTS_OF_TWO)["uncertain_share"].to_list() == [0.5]


def test_few_calls_are_marked_up_to_the_limit() -> None:
    def few(count: int) -> bool:
        calls = frame_of(*({"call_id": str(number), **WANG, "score": 80.0} for number in range(count)))
        return agent_month(calls, verdicts())["few"][0]

    assert (few(SMALL_N - 1), few(SMALL_N)) == (True, False)


def test_a_month_without_calls_or_scores_does_not_break() -> None:
    nothing = frame_of().clear()
    assert agent_month(nothing, verdicts()).height == 0
    assert team_month(nothing, verdicts()).height == 0
    assert item_month(nothing, verdicts()).height == 0
    (row,) = department_month(nothing, verdicts()).to_dicts()
    assert (row["calls"], row["scored"], row["mean"], row["faults"]) == (0, 0, None, [])
    unscored = frame_of({"call_id": "a", **WANG}, {"call_id": "b", **WANG, "status": "failed"})
    (row,) = agent_month(unscored, verdicts()).to_dicts()
    assert (row["null_score"], row["failed"], row["mean"], row["critical_rate"]) == (1, 1, None, None)


def test_a_call_belongs_to_the_month_it_starts_in() -> None:
    calls = frame_of(
        {"call_id": "a", "start": datetime(2026, 9, 30, 23, 59, 59)},
        {"call_id": "b", "start": datetime(2026, 10, 1)},
        {"call_id": "c", "start": datetime(2026, 10, 31, 23, 59, 59)},
        {"call_id": "d", "start": datetime(2026, 11, 1)},
        {"call_id": "e", "start": datetime(2025, 10, 5)},
        {"call_id": "f", "start": None},
    )
    assert calls_of_month(calls, "2026-10")["call_id"].to_list() == ["b", "c"]


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "2026年10月", "202610", "", "2026-10-01"])
def test_a_month_is_four_digits_and_two(month: str) -> None:
    with pytest.raises(QaError) as caught:
        calls_of_month(frame_of(), month)
    assert caught.value.code == "calls.bad_month"


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_figures_do_not_depend_on_the_order_of_rows(scores: list[float]) -> None:
    calls = frame_of(*({"call_id": f"{n:03d}", **WANG, "score": score} for n, score in enumerate(scores)))
    shuffled = calls.sample(fraction=1, shuffle=True, seed=7)
    first, second = agent_month(calls, verdicts()), agent_month(shuffled, verdicts())
    assert first.rows() == second.rows()
    (row,) = first.to_dicts()
    assert row["mean"] == math.fsum(scores) / len(scores)
    assert row["lowest"] <= row["q1"] <= row["median"] <= row["q3"] <= 100


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1001", "1002", None]),
            st.sampled_from(["一班", "二班", None]),
            st.sampled_from(["scored", "no_recording", "not_transcribed", "failed"]),
            st.one_of(st.none(), st.integers(0, 100).map(float)),
        ),
        max_size=25,
    )
)
def test_every_call_is_counted_once_by_agent_team_and_department(
    rows: list[tuple[str | None, str | None, str, float | None]],
) -> None:
    calls = frame_of(
        *(
            {"call_id": str(n), "agent_no": no, "team": team, "status": status, "score": score}
            if status == "scored"
            else {"call_id": str(n), "agent_no": no, "team": team, "status": status}
            for n, (no, team, status, score) in enumerate(rows)
        )
    )
    months = [make(calls, verdicts()) for make in (agent_month, team_month, department_month)]
    parts = ("scored", "null_score", "no_recording", "not_transcribed", "failed")
    for month in months:
        assert month["calls"].sum() == len(rows)
        assert sum(month[part].sum() for part in parts) == len(rows)
