import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.role_words import AGENT_WORDS, CUSTOMER_WORDS, leaning


@pytest.mark.parametrize(
    "text",
    [
        "您好，客服中心，请问有什么可以帮您？",
        "请您稍等，我帮您查询一下。",
        "李先生，让您久等了。",
        "感谢您的来电，祝您生活愉快。",
        "感谢您的来店，再见。",
        "請問您貴姓？",
    ],
)
def test_agents(text):
    assert leaning(text) >= 1.6


@pytest.mark.parametrize(
    "text",
    [
        "喂，你好，我想问一下话费。",
        "我姓李。",
        "没有了，谢谢啊。",
        "你们怎么回事，我要投诉！",
        "帮我查一下我的订单。",
    ],
)
def test_customers(text):
    assert leaning(text) <= -2


def test_a_long_word_counts_instead_of_its_parts():
    assert leaning("为您服务") == AGENT_WORDS["为您服务"]
    assert leaning("谢谢你") == CUSTOMER_WORDS["谢谢你"] * -1


def test_each_place_counts():
    assert leaning("请稍等，请稍等") == pytest.approx(2 * leaning("请稍等"))


def test_no_word_is_on_both_lists():
    assert not AGENT_WORDS.keys() & CUSTOMER_WORDS.keys()


@given(st.text(max_size=40))
def test_any_text_has_a_finite_leaning(text):
    assert abs(leaning(text)) <= 3.0 * len(text)
