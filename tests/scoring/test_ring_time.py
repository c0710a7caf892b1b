"""How long it rang: judged by the call list alone, whatever was said."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import RingTime
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case
from qa_audit.scoring.conditions.ring_time import judge_ring_time
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import Evidence


def judged(ring_s, direction=None, lines=(), max_s=15):
    check = RingTime(kind="ring_time", max_s=max_s)
    facts = CallFacts(direction=direction, ring_s=ring_s)
    return judge_ring_time(check, Case(CallText(example_turns(lines)), facts, 0.4))


@pytest.mark.parametrize(
    ("ring_s", "verdict", "share"),
    [(0, "pass", 1.0), (14.9, "pass", 1.0), (15, "pass", 1.0), (15.1, "fail", 0.0), (120, "fail", 0.0)],
)
def test_a_call_answered_within_the_limit_passes(ring_s, verdict, share):
    found = judged(ring_s)
    assert (found.verdict, found.share) == (verdict, share)


def test_the_limit_is_that_of_the_rubric():
    assert judged(15, max_s=20).verdict == "pass"
    assert judged(15, max_s=10).verdict == "fail"


@pytest.mark.parametrize(("ring_s", "quote"), [(0, "0 s"), (8.0, "8 s"), (12.5, "12.5 s"), (31.0, "31 s")])
def test_the_ring_time_is_the_evidence(ring_s, quote):
    assert judged(ring_s).evidence == (Evidence(None, 0.0, 0.0, quote, "metadata"),)


def test_without_a_ring_time_it_does_not_apply():
    assert judged(None) == NOT_APPLICABLE
    assert judged(None, "inbound", ["A: 您好", "C: 你好"]) == NOT_APPLICABLE


@pytest.mark.parametrize("ring_s", [3, 40])
def test_the_ringing_of_a_call_that_the_agent_made_does_not_count(ring_s):
    assert judged(ring_s, "outbound") == NOT_APPLICABLE


def test_a_call_of_unknown_direction_is_judged_like_one_that_came_in():
    assert judged(40).verdict == judged(40, "inbound").verdict == "fail"
    assert judged(4).verdict == judged(4, "inbound").verdict == "pass"


@pytest.mark.parametrize("lines", [["A: 您好"], ["C: 喂"], ["?: 喂", "?: 您好"], ["S: 您的电话正在转接"]])
def test_what_is_said_and_by_whom_changes_nothing(lines):
    assert judged(40, lines=lines) == judged(40)
    assert judged(4, lines=lines) == judged(4)
