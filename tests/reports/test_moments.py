"""Which moments of a month are worth hearing."""

from datetime import datetime

import polars as pl
import pytest

from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.reports.moments import Wanted, moments, side_by_side


def call(call_id, agent_no, team, score, day=1):
    return {
        "call_id": call_id, "start": datetime(2026, 10, day, 9), "agent_no": agent_no, "agent_name": None,
        "team": team, "score": score, "critical": [], "uncertain": 0, "status": "scored",
    }  # fmt: skip


def finding(call_id, item, verdict, tier="exact", *, turn=0, kind="item"):
    place = {"turn": turn, "start_s": 5.0, "end_s": 6.0, "quote": "再见", "tier": tier}
    evidence = [] if tier is None else [place]
    return {
        "call_id": call_id, "kind": kind, "item": item, "verdict": verdict, "points": 0.0,
        "max_points": 8.0, "critical": False, "evidence": evidence,
    }  # fmt: skip


CALLS_MADE = pl.DataFrame(
    [
        call("a", "1", "一班", 100.0),
        call("b", "1", "一班", 60.0, 2),
        call("c", "2", None, 96.0),
        call("d", "3", "二班", 40.0),
    ],
    schema=CALLS,
)
FINDINGS_MADE = pl.DataFrame(
    [
        finding("a", "closing", "pass"),
        finding("a", "greeting", "pass", "measure", turn=None),
        finding("b", "closing", "fail", "absence"),
        finding("b", "title", "fail", None),
        finding("c", "closing", "pass", "near"),
        finding("c", "title", "fail"),
        finding("d", "closing", "fail", "absence"),
        finding("d", "title", "uncertain"),
        finding("d", "complaint", "fail", kind="situation"),
    ],
    schema=FINDINGS,
)


def found(kind="fault", **wanted):
    chosen = moments(CALLS_MADE, FINDINGS_MADE, kind, Wanted(**wanted))
    return [(one.call_id, one.item) for one in chosen]


def test_faults_that_have_a_place_by_team_agent_and_time():
    assert found() == [("b", "closing"), ("d", "closing"), ("c", "title")]


def test_examples_are_words_in_good_calls():
    assert found("exemplary") == [("a", "closing")]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"items": ["title"]}, [("c", "title")]),
        ({"teams": ["二班"]}, [("d", "closing")]),
        ({"teams": ["未知"]}, [("c", "title")]),
        ({"agents": ["1"]}, [("b", "closing")]),
        ({"agents": ["9"]}, []),
    ],
)
def test_filters(wanted, expected):
    assert found(**wanted) == expected


def test_the_worst_and_the_best_of_each_item_with_faults():
    pairs = side_by_side(CALLS_MADE, FINDINGS_MADE)
    assert [(one.item, one.worst.call_id, one.best and one.best.call_id) for one in pairs] == [
        ("closing", "d", "a"),
        ("title", "c", None),
    ]
