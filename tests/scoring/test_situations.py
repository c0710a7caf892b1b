"""Situations that are recognised by what was measured."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.judgement import Case
from qa_audit.scoring.rubric import Detect, Situation
from qa_audit.scoring.rubric_test import typed_call
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


def built_in(*lines):
    """Ids of the situations that the built-in rubric recognises."""
    return [
        one.id for one in score_call(typed_call(" / ".join(lines)), CallFacts(), load_rubric()).situations
    ]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("对不起您打错了，这里是晨光商城。", True),
        ("您拨错号码了。", True),
        ("打错了。", True),
        ("您可能打错了，我们是修家电的。", True),
        ("先生，打错了。", True),
        ("您打错啦。", True),
        ("对不住，您怕是拨岔了一个号。", True),
        ("我们这儿是天一快印，不是律师所，请您核对一下号码再打。", True),
        ("我们是总部，不是门店，请您核对一下收货地址。", False),
        ("不好意思，您的电话打错了吧，这里不是火车站。", True),
        ("先生，查到了，是单子上的电话打错了一位。", False),
        ("您这个地址打错了，我改一下。", False),
        ("您是不是打错电话了？", False),
    ],
)
def test_a_wrong_number_is_the_customer_s_and_no_slip_of_the_pen(said, wrong):
    assert ("wrong_number" in built_in("C: 是火车站吗？", f"A: {said}")) is wrong


def test_a_signal_that_the_trade_is_about_is_no_noisy_line():
    later = "A: 不行的话稍后再打吧。"
    assert "noisy_line" in built_in("C: 嗡嗡嗡。", "A: 您那边信号不好，声音断断续续。", later)
    assert built_in("C: 没网。", "A: 您那里的基站在检修，信号不好，下午恢复。", later) == []


def test_a_customer_who_only_makes_sounds_is_there_from_the_second_on():
    first, second = "A: 您好，我是晨光商城的客服代表。", "A: 您好，能听到吗？"
    assert built_in(first, second) == ["silent_call"]
    assert built_in(first, "C: 嗯。", second) == ["silent_call"]
    assert built_in(first, "C: 嗯。", second, "C: 啊。") == []


@pytest.mark.parametrize(
    ("said", "deferred"),
    [
        ("我问清楚了下午给您去个电话，您看行吗？", True),
        ("校长签了字，最迟后天我给您打过去。", True),
        ("检测结果出来我给您打电话，好吗？", True),
        ("明天中午前主管会批，批不批我都给您打电话，您看行吗？", True),
        ("明天十一点前不管找没找到，我都给您回个信儿，好吗？", True),
        ("今天上午我给您打电话您没接。", False),
        ("师傅明天上午会给您打电话，好吗？", False),
        ("我让师傅下午给您打电话，好吗？", False),
        ("我上午给您打过电话，您没接。", False),
        ("您给我们客服部打个电话吧。", False),
    ],
)
def test_a_call_that_the_agent_promises_defers_the_answer(said, deferred):
    assert ("deferred_answer" in built_in("C: 能批下来吗？", f"A: {said}")) is deferred


def test_empathy_in_other_words_answers_an_upset_customer():
    call = "C: 太过分了！ / A: 您先消消火，碰上这种事谁心里都不好受。"
    situations = score_call(typed_call(call), CallFacts(), load_rubric()).situations
    assert [(one.id, one.verdict) for one in situations] == [("upset_caller", "pass"), ("complaint", "pass")]


def test_a_doubt_whether_the_caller_is_genuine_is_no_anger():
    assert built_in("A: 您好，宽带续费吗？", "C: 别是骗子吧？", "A: 您可以核实。") == []
    assert built_in("A: 您好，宽带续费吗？", "C: 你们就是骗子！", "A: 您可以核实。") == ["upset_caller"]


@pytest.mark.parametrize("said", ["打了三次电话了没人管！", "打你们客服好几次了！", "找过他们三回了，不改。"])
def test_many_calls_are_a_complaint_whatever_was_called(said):
    assert "complaint" in built_in(f"C: {said}", "A: 非常抱歉，我马上登记。")


@pytest.mark.parametrize(
    ("answer", "asked_for"),
    [
        ("满意，挺好的。", "祝您愉快"),
        ("说实话不怎么满意。", "感谢您的反映，我们会改进"),
        ("谈不上满意吧。", "感谢您的反映，我们会改进"),
        ("不是很好。", None),
    ],
)
def test_a_callback_s_branch_is_that_of_the_customer_s_answer(answer, asked_for):
    opening = "A: 您好，我是晨光商城的客服代表，请问您是周先生吗？ / C: 是。 / A: 您还满意吗？"
    call = typed_call(f"{opening} / C: {answer} / A: 再见。")
    (callback,) = score_call(call, CallFacts("outbound"), load_rubric()).situations
    missing = [one.quote for one in callback.evidence if one.tier == "absence"]
    assert missing == ([asked_for] if asked_for else [])
