import polars as pl

from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.reports.people_judged import (
    NOBODY,
    PEOPLE_CALLS,
    PEOPLE_ITEMS,
    PeopleJudged,
    judged_calls,
    judged_findings,
)

PLACE = {"turn": 0, "start_s": 1.0, "end_s": 2.0, "quote": "您好", "tier": "exact"}


def finding(item, verdict, kind="item"):
    own = {"call_id": "c1", "kind": kind, "item": item, "verdict": verdict, "points": 2.0, "max_points": 8.0}
    return own | {"critical": False, "evidence": [PLACE]}


FOUND = pl.DataFrame(
    [finding("a", "fail"), finding("b", "fail"), finding("c", "pass"), finding("a", "fail", "situation")],
    FINDINGS,
)
ITEMS = pl.DataFrame(
    [("c1", "a", "pass", 8.0, 8.0, False), ("c1", "b", "fail", 0.0, 8.0, True)], PEOPLE_ITEMS, orient="row"
)
CALLED = pl.DataFrame([("c1", 92.0, 1), ("c2", None, 0)], PEOPLE_CALLS, orient="row")
PEOPLE = PeopleJudged(ITEMS, CALLED)


def test_people_s_verdicts_stand_for_the_machine_s_with_evidence_where_both_agree():
    found = judged_findings(FOUND, PEOPLE)
    told = found.select(
        "kind", "item", "verdict", "points", "critical", "by_people", pl.col("evidence").list.len()
    )
    assert told.rows() == [
        ("item", "a", "pass", 8.0, False, True, 0),
        ("item", "b", "fail", 0.0, True, True, 1),
        ("item", "c", "pass", 2.0, False, False, 1),
        ("situation", "a", "fail", 2.0, False, False, 1),
    ]


def test_people_s_score_stands_for_the_machine_s_where_they_gave_one():
    calls = pl.DataFrame([{"call_id": one, "score": 100.0} for one in ("c1", "c2", "c3")], CALLS)
    told = judged_calls(calls, PEOPLE).select("call_id", "score", "by_people", "faults")
    assert told.rows() == [("c1", 92.0, True, 1), ("c2", 100.0, False, 0), ("c3", 100.0, False, 0)]


def test_where_people_heard_nothing_all_is_the_machine_s():
    assert judged_findings(FOUND, NOBODY).drop("by_people").equals(FOUND)
