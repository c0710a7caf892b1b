"""Numbers in patterns: met in every way, also as they were before, and left alone where they may go on."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.pattern_cost import harmless
from qa_audit.scoring.pattern_numbers import shown_pattern, sought_pattern, without_numbers
from qa_audit.scoring.ready import compiled
from qa_audit.scoring.said import Wording
from qa_audit.scoring.tidy_pattern import tidy_pattern
from qa_audit.scoring.wording import find_all
from qa_audit.text.normalise import normalise
from qa_audit.transcribe.turns import Turn
from tests.text.test_numbers import read

N = "零一二三四五六七八九"


def met(pattern, said):
    return re.search(sought_pattern(pattern), normalise(said).text) is not None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("24小时|1-3个工作日", "(二四|二十四)小时|(一三|一到三|一至三)个工作日"),
        ("二十四(小时|个钟头)", "(二十四|二四)(小时|个钟头)"),
        ("(24|2)个?小时", "((二四|二十四)|(二|两))个?小时"),
        ("(?:10000|20000)元", "(?:(一零零零零|一万)|(二零零零零|两万|二万))元"),
        ("(请|麻烦)等2分钟", "(请|麻烦)等(二|两)分钟"),
        ("满95%的?", "满(百分之九五|百分之九十五)的?"),
        ("3\\.5元", "三点五元"),
        ("3.5元", "三.五元"),
        ("拨打10086", "拨打一零零八六"),
        ("(?!24小时)(?=24小时内)", "(?!(二四|二十四)小时)(?=(二四|二十四)小时内)"),
        ("(?(1)2|3)个", "(?(1)(二|两)|三)个"),
    ],
)
def test_a_number_that_is_spelt_out_is_looked_for_in_all_its_ways(written, shown):
    assert shown_pattern(written) == shown
    assert not any(one in without_numbers(written) for one in ("24", "二十四", "10", "95"))


@pytest.mark.parametrize(
    "pattern",
    ["1[3-9]\\d{9}", "(1|2)4小时", "\\d*24小时", "[12]4小时", "24?小时", "(24)+", "(2|4){2}小时",
     "一(24)小时", "24(小时)?\\d天", "(?<=24)小时", "(?<!第)(?<!24)小时", "[1-9]0%", "95\\s*%", "1.2.3版",
     "十分(抱歉|感谢)", "(一下|万一|一点)"],
)  # fmt: skip
def test_what_may_go_on_as_a_number_or_is_none_stays_as_it_is(pattern):
    assert sought_pattern(pattern) == shown_pattern(pattern) == tidy_pattern(pattern)
    assert without_numbers(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("24小时|1-3个工作日", "我们二十四小时内回复"),
        ("24小时|1-3个工作日", "我们24小时内回复"),
        ("24小时|1-3个工作日", "一至三个工作日"),
        ("24小时|1-3个工作日", "1到3个工作日"),
        ("二十四(小时|个钟头)", "24个钟头"),
        ("等.{0,2}(2|5)分钟", "等我两分钟"),
        ("^24小时$", "二十四小时"),
        ("满200元", "满两百元"),
        ("3\\.5折", "三点五折"),
        ("95%", "百分之九十五"),
        ("(24)小时", "电话13812345678，24小时内"),
        ("热线10086", "热线一零零八六一零零八六"),
    ],
)
def test_a_pattern_meets_its_number_in_either_way(pattern, said):
    assert met(pattern, said)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("24小时", "25小时"),
        ("24小时", "一百二十四小时"),
        ("二十四小时", "124小时"),
        ("(5%|8%)", "百分之六"),
        ("等.{0,2}10分钟", "等几十分钟"),
        ("10分", "十分抱歉"),
    ],
)
def test_a_pattern_does_not_meet_another_number(pattern, said):
    assert not met(pattern, said)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("24小时", "7×24小时服务"),
        ("请按1", "请按1，一会儿就好"),
        ("保证.{0,2}24小时", "保证7×24小时都能修好"),
        ("打.{0,3}十个电话", "天天打几十个电话"),
        ("两年", "一两年"),
        ("95%", "百分之九十五一般来说"),
    ],
)
def test_what_stands_beside_a_number_does_not_hide_it(pattern, said):
    assert met(pattern, said)


def test_many_numbers_in_one_pattern_are_still_quick():
    pattern = "|".join(f"{number}元" for number in range(20, 400))
    assert harmless(sought_pattern(pattern))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 99_999),
    st.sampled_from(["{}小时", "(请|在)?{}个?小时", "({})(小时|天)", "^.{{0,4}}{}小时"]),
)
def test_any_number_is_met_in_both_ways_and_no_other_is(value, pattern):
    written = pattern.format(value)
    assert harmless(sought_pattern(written))
    for words in (str(value), read(value)):
        assert met(written, f"我们{words}小时"), (written, words)
    for other in {value + 1, abs(value - 1), value * 10, value * 10 + 1} - {value}:
        for words in (str(other), read(other)):
            # As its author has it, a number is met inside a longer one too.
            if normalise(f"{value}小时").text not in normalise(f"{words}小时").text:
                assert not met(written, f"我们{words}小时"), (written, words)


PIECES = ["24", "2", "十", "二十", "10086", "小时", "个", "(", "(?:", ")", ")?", "){2}", "|", "?", "{0,2}",
          "\\d", "[0-9]", "[好]", "-", "到", "%", "好", "^", "$", "，", "\\.", "\\s", "请"]  # fmt: skip
LOOSE = ["(?=", "(?!", "(?<!", ".", "点", "+", "*"]


def compiles(pattern):
    try:
        return re.compile(tidy_pattern(pattern), re.MULTILINE)
    except re.error:
        return None


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(PIECES + LOOSE), max_size=9).map("".join))
def test_a_pattern_with_numbers_stays_a_pattern(pattern):
    if compiles(pattern):
        re.compile(sought_pattern(pattern), re.MULTILINE)
        re.compile(shown_pattern(pattern), re.MULTILINE)
        rest = without_numbers(pattern)
        assert rest == pattern or len(re.findall("[0-9十]", rest)) < len(re.findall("[0-9十]", pattern))


@settings(max_examples=150, suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join).filter(compiles), st.data())
def test_a_pattern_with_numbers_still_meets_what_it_is_written_for(pattern, data):
    before = compiles(pattern)
    assert before
    said = data.draw(st.from_regex(before, fullmatch=True))
    assert re.fullmatch(sought_pattern(pattern), said, re.MULTILINE), (pattern, said)


@pytest.mark.parametrize("spelt", ["sound", "folded"])
def test_by_sound_patterns_keep_their_numbers_as_written_for_words_sound_like_numerals(spelt):
    (quick,) = compiled(("14小时",), spelt=spelt)
    assert quick.pattern.pattern == compiled(("一四小时",), spelt=spelt)[0].pattern.pattern


@pytest.mark.parametrize(
    ("pattern", "said", "tiers"),
    [
        ("10个", "这是个问题", []),
        ("20天", "而是天天打", []),
        ("24小时内(回复|答复)", "最晚24小时内恢复您", ["pinyin"]),
        ("拨打10086", "拨大10086就可以", ["pinyin"]),
    ],
)
def test_homophones_of_numerals_neither_make_nor_hide_a_number(pattern, said, tiers):
    call = CallText([Turn("agent", 0.0, 5.0, said, 0.9)], roles_known=True)
    assert [one.tier for one in find_all(Wording(patterns=(pattern,)), call, [0])] == tiers


def test_evidence_of_phrases_and_patterns_is_what_was_said_in_a_call():
    said = "我们二十四小时内，1到3个工作日回复。"
    call = CallText([Turn("agent", 0.0, 5.0, said, 0.9)], roles_known=True)
    for wording in (
        Wording(phrases=("24小时内", "1-3个工作日")),
        Wording(patterns=("24小时内|1-3个工作日",), tolerance="exact"),
        Wording(phrases=("24小时内", "1-3个工作日"), tolerance="exact"),
    ):
        found = find_all(wording, call, [0])
        assert [(one.tier, call.evidence(one).quote) for one in found] == [
            (found[0].tier, "二十四小时内"),
            (found[0].tier, "1到3个工作日"),
        ]
        assert found[0].tier == ("exact" if wording.phrases else "regex")
