"""Situations that are recognised by what was measured."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.judgement import Case
from qa_audit.scoring.rubric import Detect, Situation
from qa_audit.scoring.situations import recognise
from qa_audit.transcribe.turns import Turn

FAINT = Situation(
    id="faint",
    name_zh="小",
    name_en="faint",
    source="s",
    detect=Detect.model_validate({"customer_faint": {}}),
)


def case(agent_db, customer_db, *, roles_known=True):
    def levels(value):
        return () if value is None else (value,) * 4

    turns = [
        Turn("agent", 0, 2, "您好请讲", 0.9, 0, loudness_db=levels(agent_db)),
        Turn("customer", 3, 5, "我想问一下", 0.9, 1, loudness_db=levels(customer_db)),
    ]
    return Case(CallText(turns, roles_known=roles_known), CallFacts(), 0.4)


def test_a_faint_customer_is_told_with_what_was_measured():
    found = recognise(FAINT, case(-20.0, -45.0))
    assert found is not None
    assert [(one.turn, one.start_s, one.quote, one.tier) for one in found.signs] == [
        (1, 3, "-45 dBFS, -25 dB", "measure")
    ]


@pytest.mark.parametrize(
    ("agent_db", "customer_db"),
    [(-20.0, -39.0), (-35.0, -45.0), (None, -45.0), (-20.0, None), (None, None)],
    ids=["loud enough", "both faint", "agent not measured", "customer not measured", "nothing measured"],
)
def test_anything_else_is_no_faint_customer(agent_db, customer_db):
    assert recognise(FAINT, case(agent_db, customer_db)) is None


def test_who_is_faint_is_not_told_where_roles_are_not_known():
    assert recognise(FAINT, case(-20.0, -45.0, roles_known=False)) is None
