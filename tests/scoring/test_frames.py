from dataclasses import replace

import polars as pl

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.frames import (
    FINDINGS_SCHEMA,
    call_score_from,
    findings_frame,
    findings_key,
    findings_of_calls,
)
from qa_audit.scoring.verdicts import CallScore, Evidence, Finding, SituationFinding

SCORE = CallScore(
    (
        Finding(
            "greeting",
            "fail",
            3.0,
            8.0,
            (Evidence(0, 0.5, 1.5, "您好", "exact"), Evidence(0, 0.5, 9.0, "工号", "absence")),
        ),
        Finding(
            "no_harsh_language", "fail", 0.0, 8.0, (Evidence(3, 4.0, 5.0, "滚", "regex"),), critical=True
        ),
        Finding("closing", "uncertain", 0.0, 8.0),
    ),
    (SituationFinding("complaint", True, "fail", (Evidence(None, 0.0, 0.0, "x", "metadata"),)),),
    ("no_harsh_language",),
    0.0,
)


def test_a_row_an_item_or_situation():
    frame = findings_frame("c1", SCORE)
    assert frame.schema == FINDINGS_SCHEMA
    assert frame.drop("evidence").rows() == [
        ("c1", "item", "greeting", "fail", 3.0, 8.0, False),
        ("c1", "item", "no_harsh_language", "fail", 0.0, 8.0, True),
        ("c1", "item", "closing", "uncertain", 0.0, 8.0, False),
        ("c1", "situation", "complaint", "fail", 0.0, 0.0, False),
    ]
    assert frame["evidence"][0].to_list()[1] == {
        "turn": 0,
        "start_s": 0.5,
        "end_s": 9.0,
        "quote": "工号",
        "tier": "absence",
    }


def test_there_and_back():
    assert call_score_from(findings_frame("c1", SCORE)) == SCORE


def test_nothing_found_is_an_empty_frame():
    empty = findings_frame("c1", CallScore((), (), (), None))
    assert empty.schema == FINDINGS_SCHEMA
    assert empty.is_empty()
    assert call_score_from(empty) == CallScore((), (), (), None)


def test_the_key_follows_everything_a_finding_is_made_from():
    base = findings_key("turns", CallFacts(), "rubric")
    others = {
        findings_key("turns2", CallFacts(), "rubric"),
        findings_key("turns", CallFacts(internal=True), "rubric"),
        findings_key("turns", CallFacts(), "rubric2"),
    }
    assert len(base) == 16
    assert base == findings_key("turns", CallFacts(), "rubric")
    assert base not in others
    assert len(others) == 3


def test_keys_of_findings_are_what_they_were():
    """Another key scores every open month again: where `PROGRAM_RULES` is raised on purpose alone."""
    facts = CallFacts("inbound", 6.0, None, "customer")
    assert findings_key("ab12", facts, "r") == "0264b5190c469384"
    assert findings_key("ab12", facts, "r", "c") == "bf487a4130b9bd5b"
    assert findings_key("ab12", CallFacts(ring_s=6), "r") != findings_key("ab12", CallFacts(ring_s=6.0), "r")


def test_a_key_holds_what_else_is_asked_where_it_is_known():
    facts = CallFacts("inbound", 6.0, None, "customer")
    known = [
        replace(facts, line="宽带"),
        replace(facts, team="宽带"),
        replace(facts, time="08:05"),
        replace(facts, weekday="周六"),
        replace(facts, columns=(("业务类型", "宽带"),)),
        replace(facts, columns=(("业务类型", "宽带"), ("备注", "急"))),
    ]
    assert len({findings_key("ab12", one, "r") for one in (facts, *known)}) == 7
    unknown = replace(facts, line=None, team=None, time=None, weekday=None, columns=())
    assert findings_key("ab12", unknown, "r") == findings_key("ab12", facts, "r")


def test_findings_of_many_calls_are_those_of_each():
    scores = [("a", SCORE), ("b", CallScore((), (), (), None)), ("c", SCORE)]
    frame = findings_of_calls(scores)
    assert frame.equals(pl.concat([findings_frame(*one) for one in scores]))
    assert frame["call_id"].to_list() == ["a"] * 4 + ["c"] * 4
    assert frame["evidence"].list.len().to_list() == [2, 1, 0, 1] * 2


def test_no_calls_have_no_findings():
    assert findings_of_calls([]).equals(pl.DataFrame(schema=FINDINGS_SCHEMA))
