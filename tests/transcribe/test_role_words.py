import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.role_words import BUCKETS, buckets, leaning


@pytest.mark.parametrize(
    "text",
    [
        "您好，客服中心，请问有什么可以帮您？",
        "请您稍等，我帮您查询一下。",
        "李先生，让您久等了。",
        "感谢您的来电，祝您生活愉快。",
        "感谢您的来店，再见。",
        "請問您貴姓？",
        "我给您登记了，三个工作日内会有同事跟您联系。",
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
        "上周买的锅到现在还没送到我家。",
    ],
)
def test_customers(text):
    assert leaning(text) <= -2


def test_what_agents_say_too_with_one_word_changed():
    assert leaning("帮我查一下我的订单。") <= -1 < 3 <= leaning("帮您查一下您的订单。")


def test_a_homophone_costs_nothing():
    assert leaning("请问，您贵姓") == leaning("情问您归性！") == pytest.approx(leaning("請問您貴姓"))


def test_a_run_counts_once_and_the_ends_are_part_of_runs():
    assert len(buckets("好")) == 6  # ^, 好, $, ^好, 好$, ^好$
    assert set(buckets("好好好").tolist()) == set(buckets("好好好好").tolist())


def test_nothing_said_leans_nowhere():
    assert (leaning(""), leaning("。？…"), len(buckets(" "))) == (0.0, 0.0, 0)


@given(st.text(max_size=40))
def test_any_text_has_a_finite_leaning(text):
    found = buckets(text)
    assert np.all((found >= 0) & (found < BUCKETS))
    assert abs(leaning(text)) < 20
