import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.tidy_pattern import missing_filler, tidy_pattern
from qa_audit.text.normalise import normalise
from tests.scoring.test_pattern_bounds import built_in_patterns

N = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("尾号\\d{4}", "尾号[零一二三四五六七八九]{4}"),
        ("[\\d十]+元", "[零一二三四五六七八九十]+元"),
        ("[0-9]{2,3}", "[零一二三四五六七八九]{2,3}"),
        ("138", "一三八"),
        ("（請｜麻煩）您？", "(请|麻烦)您?"),
        ("不行，不可以。", "不行不可以"),
        ("(?<!不)归(?!您)", "(?<!不)归(?!您)"),
        ("VIP", "vip"),
        ("(?P<n>好)(?P=n)", "(?p<n>好)(?p=n)".replace("?p", "?P")),
        ("[^你我]{1,10}", "[^你我]{1,10}"),
        ("1[3-9]\\d{9}", "一[三四五六七八九][零一二三四五六七八九]{9}"),
        ("[４-９]号", "[四五六七八九]号"),
        ("[三-五]天", "[三四五]天"),
        ("[\\u4e00-\\u9fa5]{2}", "[\\u4e00-\\u9fa5]{2}"),
        ("(请|麻烦).{0，４}稍等", "(请|麻烦).{0,4}稍等"),
        ("您好,请问", "您好请问"),
        ("您好[，,。]?\\s*请问", "您好请问"),
        ("好的，？再见", "好的再见"),
        ("拨打１００８６", "拨打一零零八六"),
        ("3\\.5元", "三点?五元"),
        ("\\d+(?:[.．]\\d+)?％", f"百分之[{N}]+(?:点?[{N}]+)?"),
        ("\\d{1,2}:\\d\\d", f"[{N}]{{1,2}}点?[{N}][{N}]"),
        ("好\\.再见：5", "好再见五"),
        ("100%", "百分之百"),
        ("[0-9]{1,2}％|\\d+\\.?\\d*%", f"百分之[{N}]{{1,2}}|百分之[{N}]+点?[{N}]*"),
        ("(好|，|行)吧|。", "(好|，|行)吧|。"),
        ("[^，。]{2}", "[^，。]{2}"),
        ("（？！不）好", "(?!不)好"),
    ],
)
def test_patterns_as_they_are_read(written, read):
    assert tidy_pattern(written) == read
    re.compile(read)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("1[3-9]\\d{9}", "您的号码是15812345678对吗"),
        ("您好,请问", "您好,请问贵姓"),
        ("3\\.5元", "一共3.5元"),
        ("3\\.5%", "利率3.5%"),
        ("\\d+\\.?\\d*%", "打30%的折"),
        ("\\d+(\\.\\d+)?%", "收1.5%的费"),
        ("(\\d+)%", "收15%的费"),
        ("\\d+:\\d+", "早上9:30"),
        ("2026\\.11\\.30", "到2026.11.30"),
        ("\\d{4}\\.\\d{1,2}\\.\\d{1,2}", "到2026.11.30"),
        ("\\d:\\d", "按1:1赔"),
        ("(\\d+)\\.(\\d+)元", "收1.5元"),
        ("(9|10):30", "早上10:30"),
        ("[\\d.]+元", "收350.5元"),
        ("(1|2)\\.5%", "收1.5%"),
        ("100%", "100%没问题"),
        ("(请|麻烦).{0，4}稍等", "请您稍等"),
    ],
)
def test_a_pattern_finds_the_very_words_that_it_was_written_for(pattern, said):
    assert re.search(tidy_pattern(pattern), normalise(said).text)


def test_the_built_in_rubric_s_patterns_find_what_they_did():
    changed = {one: read for one in built_in_patterns() if (read := tidy_pattern(one)) != one}
    # Each sign or capital stands beside what the text has instead.
    assert [one.replace("App|app", "app|app").replace("WiFi|", "wifi|") for one in changed][1:] == [
        *changed.values()
    ][1:]
    assert next(iter(changed.items())) == (
        "小结(一|写|给|发|里|上|和|跟|、|，费|发票)",
        "小结(一|写|给|发|里|上|和|跟|、|费|发票)",
    )
    assert len(changed) == 3


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        ("嗯|哦", "嗯"),
        ("好[啊哦]", "啊"),
        ("(好啊)+", "啊"),
        ("好啊?", ""),
        ("好(啊|吧)", ""),
        ("[^啊]好", ""),
    ],
)
def test_fillers_that_a_pattern_can_not_do_without(pattern, missing):
    assert missing_filler(pattern) == missing


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("138%零好請，,?*+|()[]-\\d{2}", max_size=10))
def test_what_is_tidied_stays_so(pattern):
    assert tidy_pattern(tidy_pattern(pattern)) == tidy_pattern(pattern)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("您好再见一二三十零谢", min_size=1, max_size=8))
def test_plain_words_stay(words):
    assert tidy_pattern(words) == words


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("138零你好請", min_size=1, max_size=6))
def test_words_and_digits_find_themselves_in_normalised_text(words):
    assert re.fullmatch(tidy_pattern(words), normalise(words).text)
