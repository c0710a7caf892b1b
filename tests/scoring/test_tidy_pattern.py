import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.tidy_pattern import tidy_pattern
from qa_audit.text.normalise import normalise


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
    ],
)
def test_patterns_as_they_are_read(written, read):
    assert tidy_pattern(written) == read
    re.compile(read)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("您好再见一二三十零谢", min_size=1, max_size=8))
def test_plain_words_stay(words):
    assert tidy_pattern(words) == words


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("138零你好請", min_size=1, max_size=6))
def test_words_and_digits_find_themselves_in_normalised_text(words):
    assert re.fullmatch(tidy_pattern(words), normalise(words).text)
