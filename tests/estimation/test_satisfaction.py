"""Whose question counts and which answer; the words themselves are in `test_service.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.estimation.satisfaction import said_satisfaction

ASKED = ("agent", "请问您对这次服务满意吗？")


@pytest.mark.parametrize(
    "question",
    [
        "您满意吗",
        "这次维修的效果怎么样？",
        "师傅的服务如何？",
        "上次的问题处理得解决了吗？",
        "新的路由器您用着还行吧？",
        "宽 带 使用，可以吗？",
    ],
)
def test_questions_about_satisfaction(question):
    assert said_satisfaction([("agent", question), ("customer", "挺好的")]) == "satisfied"


@pytest.mark.parametrize("question", ["请问还有什么可以帮您？", "您家里有人吗？", "明天上午可以吗？", ""])
def test_other_questions_are_none(question):
    assert said_satisfaction([("agent", question), ("customer", "挺好的")]) == "not_asked"


@pytest.mark.parametrize("role", ["customer", "system", "unknown"])
def test_only_the_agent_asks(role):
    assert said_satisfaction([(role, ASKED[1]), ("customer", "挺好的")]) == "not_asked"


def test_the_second_turn_of_the_customer_may_hold_the_answer_and_the_agent_may_speak_between():
    turns = [ASKED, ("customer", "你说什么？"), ("agent", "我是回访的"), ("customer", "哦，挺好的")]
    assert said_satisfaction(turns) == "satisfied"


def test_who_is_asked_again_has_two_turns_again():
    turns = [ASKED, ("customer", "喂"), ASKED, ("customer", "听不清"), ("customer", "哦，挺好的")]
    assert said_satisfaction(turns) == "satisfied"


def test_the_first_answer_stands_whatever_follows():
    assert said_satisfaction([ASKED, ("customer", "挺好的"), ASKED, ("customer", "不满意")]) == "satisfied"
    assert said_satisfaction([ASKED, ("customer", "不满意"), ("customer", "挺好的")]) == "dissatisfied"


def test_what_the_customer_said_before_the_question_answers_nothing():
    assert said_satisfaction([("customer", "不满意"), ASKED, ("customer", "挺好的")]) == "satisfied"


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        *(
            (one, "dissatisfied")
            for one in ("不是很好", "不算很满意", "不是特别满意", "没有很满意", "谈不上满意")
        ),
        *(
            (one, "dissatisfied")
            for one in ("没满意过", "不好", "很不好", "不太行", "不怎么样", "也就一般吧")
        ),
        *((one, "satisfied") for one in ("没什么不满意的", "没有不满意", "没啥不好", "一般都挺满意的")),
        *((one, "satisfied") for one in ("不错", "行。", "可以的", "嗯，好的呀", "还行吧", "蛮好")),
        *(
            (one, "not_said")
            for one in ("不好意思，我没听清", "好不好我也不晓得", "行李还没到呢", "你说什么")
        ),
    ],
)
def test_words_that_deny_and_what_denies_them(answer, wanted):
    assert said_satisfaction([ASKED, ("customer", answer)]) == wanted


def test_a_question_at_the_end_was_asked_and_not_answered():
    assert said_satisfaction([("customer", "喂"), ASKED]) == "not_said"


def test_a_call_without_turns():
    assert said_satisfaction([]) == "not_asked"


@pytest.mark.parametrize("answer", ["不 满 意", "不，太，满意。", "没\n解决"])
def test_blanks_and_marks_within_words_hide_nothing(answer):
    assert said_satisfaction([ASKED, ("customer", answer)]) == "dissatisfied"


def test_a_single_word_of_assent_counts_alone_and_not_at_the_head_of_something_else():
    assert said_satisfaction([ASKED, ("customer", "可以。")]) == "satisfied"
    assert said_satisfaction([ASKED, ("customer", "好的，我没听清。")]) == "not_said"


_WORDS = st.sampled_from(["满意吗", "满意", "不满意", "挺好的", "喂", "没解决", "服务怎么样", ""])
_TURNS = st.lists(st.tuples(st.sampled_from(["agent", "customer"]), _WORDS), max_size=6)
_OTHERS = st.tuples(st.sampled_from(["system", "unknown"]), _WORDS)


@given(_TURNS, _OTHERS, st.integers(0, 6))
def test_what_neither_agent_nor_customer_said_changes_nothing(turns, other, place):
    assert said_satisfaction([*turns[:place], other, *turns[place:]]) == said_satisfaction(turns)
