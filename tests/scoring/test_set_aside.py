"""What is set aside counts for nothing, and everything else as before."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from qa_audit.scoring.batch import SCORES_SCHEMA
from qa_audit.scoring.frames import FINDINGS_SCHEMA, findings_of_calls
from qa_audit.scoring.set_aside import scores_without, set_aside
from qa_audit.scoring.verdicts import VERDICTS, CallScore, Evidence, Finding, score_of

ITEMS = ("a", "b", "c")
_SAID = Evidence(0, 0.0, 1.0, "喂", "exact")


def call(*findings, zero=True):
    items = tuple(findings)
    severe = tuple(one.id for one in items if one.critical)
    return CallScore(items, (), severe, score_of(items, zero_on_critical=zero))


def frames(calls):
    findings = findings_of_calls(calls.items())
    rows = [
        (
            name,
            "k",
            one.score,
            list(one.critical),
            sum(found.verdict == "uncertain" for found in one.items),
            9.0,
            1.0,
            0.9,
        )
        for name, one in calls.items()
    ]
    return findings, pl.DataFrame(rows, SCORES_SCHEMA, orient="row")


def test_a_fault_that_is_set_aside_is_left_to_people_and_costs_nothing():
    findings, scores = frames(
        {
            "1": call(Finding("a", "fail", 0, 8, (_SAID,)), Finding("b", "pass", 2, 2)),
            "2": call(Finding("a", "not_applicable", 8, 8), Finding("b", "fail", 0, 2)),
        }
    )
    found = set_aside(findings, {"a"})
    assert found.select("call_id", "item", "verdict", "points").rows() == [
        ("1", "a", "uncertain", 8.0),
        ("1", "b", "pass", 2.0),
        ("2", "a", "not_applicable", 8.0),
        ("2", "b", "fail", 0.0),
    ]
    assert found["evidence"].to_list() == findings["evidence"].to_list()
    assert scores["score"].to_list() == [20.0, 0.0]
    after = scores_without(scores, findings.drop("evidence"), {"a"})
    assert after.schema == SCORES_SCHEMA
    assert after.select("score", "uncertain").rows() == [(100.0, 1), (0.0, 0)]


def test_a_critical_fault_that_is_set_aside_zeroes_no_call():
    findings, scores = frames(
        {"1": call(Finding("a", "fail", 0, 8, critical=True), Finding("b", "pass", 2, 2))}
    )
    assert set_aside(findings, {"a"})["critical"].to_list() == [False, False]
    after = scores_without(scores, findings, {"a"})
    assert after.select("score", "critical").rows() == [(100.0, [])]


def test_where_nothing_is_left_there_is_no_score():
    findings, scores = frames({"1": call(Finding("a", "pass", 8, 8))})
    assert scores_without(scores, findings, {"a"})["score"].to_list() == [None]


def test_situations_of_the_same_name_stay():
    row = ("1", "situation", "a", "fail", 0.0, 0.0, False, [])
    findings = pl.DataFrame([row], FINDINGS_SCHEMA, orient="row")
    assert set_aside(findings, {"a"}).equals(findings)


def test_nothing_set_aside_is_nothing_changed():
    findings, scores = frames({"1": call(Finding("a", "fail", 0, 8))})
    assert set_aside(findings, ()) is findings
    assert scores_without(scores, findings, ()) is scores


@settings(deadline=None)
@given(
    some.lists(
        some.lists(
            some.tuples(some.sampled_from(VERDICTS), some.integers(0, 8), some.booleans()), max_size=3
        ),
        min_size=1,
        max_size=4,
    ),
    some.sets(some.sampled_from(ITEMS)),
    some.booleans(),
)
def test_the_score_is_that_of_the_other_items(calls, aside, zero):
    made = {
        str(number): call(
            *(
                Finding(
                    item, verdict, points if verdict == "fail" else 8, 8, (), verdict == "fail" and severe
                )
                for item, (verdict, points, severe) in zip(ITEMS, one, strict=False)
            ),
            zero=zero,
        )
        for number, one in enumerate(calls)
    }
    findings, scores = frames(made)
    after = scores_without(scores, findings, aside, zero_on_critical=zero)
    wanted = [
        score_of([found for found in one.items if found.id not in aside], zero_on_critical=zero)
        for one in made.values()
    ]
    assert after["score"].to_list() == wanted
    seen = set_aside(findings, aside)
    uncertain = [
        seen.filter(pl.col("call_id") == name, pl.col("verdict") == "uncertain").height for name in made
    ]
    assert after["uncertain"].to_list() == uncertain
