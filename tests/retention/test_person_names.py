from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.retention.person_names import person_names
from qa_audit.text.pinyin import sound
from tests.own_seconds import own_seconds


def _names(text, known=()):
    return [text[start:end] for start, end in person_names(text, frozenset(map(sound, known)))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("麻烦转给何伟", ["何伟"]),
        ("王建军昨天来过电话", ["王建军"]),
        ("跟欧阳志远说一声", ["欧阳志远"]),
        ("宋佳怡和宋佳宁都报了名", ["宋佳怡", "宋佳宁"]),
        ("请小李接一下", ["小李"]),
        ("丹丹呢", ["丹丹"]),
        ("买买提·艾力的身份证", ["买买提·艾力", "艾力"]),
    ],
)
def test_names_without_a_word_that_says_so_are_found(text, names):
    assert _names(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "高兴为您服务",
        "方便的话安排时间上门",
        "于是我就把电话挂了",
        "曾经办过一次宽带",
        "石头把车窗砸了",
        "亲亲，这边给您查收",
        "孙子在上小学",
        "您好，李小姐",
        "",
        "abc 123",
    ],
)
def test_words_that_begin_like_a_name_are_none(text):
    assert _names(text) == []


def test_a_name_that_is_known_is_found_as_the_recogniser_spells_it():
    assert _names("我找和萍一下") == []
    assert _names("我找和萍一下", ["何平"]) == ["和萍"]


def test_a_known_name_that_sounds_like_a_word_leaves_the_word():
    assert _names("爱好和平的人", ["何平"]) == []


@settings(deadline=None)
@given(st.text("王李小老阿芳伟高兴时间的了在说叫，。· ", max_size=40))
def test_names_are_in_order_and_apart_in_each_clause(text):
    found = [one for one in person_names(text) if "·" not in text[slice(*one)]]
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


def test_a_long_clause_takes_no_time():
    assert own_seconds(lambda: person_names("王小芳高兴" * 4000), 5) < 5
