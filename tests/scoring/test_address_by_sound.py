"""您 and 你 by the odds that the recogniser keeps with the turns."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.address import judge_address
from qa_audit.scoring.conditions.judgement import Case
from qa_audit.transcribe.turns import Turn

CHECK = next(item.check for item in load_rubric().items if item.id == "honorific")


def judged(*lines, role="agent", confidence=0.8):
    turns = [
        Turn(role, 5.0 * place, 5.0 * place + 4, text, confidence, formal=tuple(odds))
        for place, (text, odds) in enumerate(lines)
    ]
    return judge_address(CHECK, Case(CallText(turns), CallFacts(), 0.4))


CLEAR = ("请问您的单号是多少？我帮您查。", (4.0, 5.0))


def test_a_written_ni_that_sounds_like_nin_passes():
    assert judged(CLEAR, ("你的订单已经发出。", (3.5,))).verdict == "pass"


def test_a_ni_that_sounds_like_one_is_a_fault_with_its_place():
    found = judged(CLEAR, ("这是你的问题，你去问。", (-5.0, -4.0)))
    assert found.verdict == "fail"
    assert [(one.turn, one.quote, one.tier) for one in found.evidence] == [
        (1, "你", "acoustic"),
        (1, "你", "acoustic"),
    ]


def test_a_written_nin_that_sounds_like_ni_is_heard():
    assert judged(CLEAR, ("您自己看着办，您爱要不要。", (-5.0, -6.0))).verdict == "fail"


def test_one_doubtful_place_cannot_be_told():
    assert judged(CLEAR, ("你的订单已经发出。", (-2.5,))).verdict == "uncertain"


def test_a_greeting_tells_nothing():
    assert judged(("你好，很高兴为您服务。", (-2.4, 5.0))).verdict == "pass"


def test_what_a_person_wrote_counts_as_it_stands():
    found = judged(CLEAR, ("你的订单已经发出。", ()))
    assert found.verdict == "pass"  # not measured there: one 你 may be misheard
    turns = [
        Turn("agent", 0, 4, CLEAR[0], 0.8, formal=CLEAR[1]),
        Turn("agent", 5, 9, "你的订单已经发出。", 1.0),
    ]
    assert judge_address(CHECK, Case(CallText(turns), CallFacts(), 0.4)).verdict == "fail"


def test_where_roles_are_unknown_it_cannot_be_told():
    assert judged(CLEAR, ("这是你的问题。", (-6.0,)), role="unknown").verdict == "uncertain"


@pytest.mark.parametrize("quoted", ["他跟我说你不来了。", "短信写的是你已欠费。"])
def test_a_quoted_ni_is_not_to_the_customer(quoted):
    assert judged(CLEAR, (quoted, (-6.0,))).verdict == "pass"


def test_a_title_misheard_as_ni_at_the_end_of_a_clause_is_not_said_to_the_customer():
    assert judged(CLEAR, ("好的，你是，今天能接到您的电话很高兴。", (-5.0, 4.0))).verdict == "pass"
    assert judged(CLEAR, ("好的，你是今天第一位打电话的。", (-5.0,))).verdict == "uncertain"


def test_a_clause_hardly_begins_with_ni_shi_but_in_a_question():
    assert judged(CLEAR, ("好的，你是明天下午送到。", (-5.0,))).verdict == "pass"
    assert judged(CLEAR, ("好的，你是想改地址吗。", (-5.0,))).verdict == "uncertain"


def test_what_a_person_wrote_is_no_misheard_title():
    turns = [Turn("agent", 0, 4, "这单可以减十元，你是新用户。", 1.0), Turn("agent", 5, 9, "您稍等。", 1.0)]
    assert judge_address(CHECK, Case(CallText(turns), CallFacts(), 0.4)).verdict == "fail"
