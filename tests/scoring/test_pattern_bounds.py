import itertools
import re
import time
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.pattern_bounds import BoundedPattern, bounded, explodes, is_code, ways
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.scoring.rule_mistakes import PATTERN_KEYS


def built_in_patterns():
    found = []

    def walk(part):
        if isinstance(part, dict):
            for key, value in part.items():
                if key in PATTERN_KEYS:
                    found.extend(value)
                else:
                    walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(tomllib.loads(built_in_rubric_text()))
    return found


def test_every_pattern_of_the_built_in_rubric_keeps_its_speed():
    patterns = built_in_patterns()
    assert len(patterns) > 500
    assert [pattern for pattern in patterns if not isinstance(bounded(pattern), re.Pattern)] == []


@pytest.mark.parametrize(
    "pattern", ["(哈|哈哈)+[完了]", "^(?:(嗯|啊|嗯啊)*)*[完了]$", "(.*?,){11}P", "(哈+)+完"]
)
def test_patterns_that_repeat_inside_a_repetition_are_bounded(pattern):
    one = bounded(pattern)
    assert isinstance(one, BoundedPattern)
    assert one.pattern == pattern
    begun = time.monotonic()
    try:
        list(one.finditer("哈" * 400 + "在"))
        one.search("嗯啊" * 400 + "在", 3)
    except TimeoutError:
        pass
    assert time.monotonic() - begun < 5


def test_what_is_given_up_raises():
    with pytest.raises(TimeoutError):
        list(bounded("(哈|哈哈)+[完了]").finditer("哈" * 80 + "在"))
    assert [m.span() for m in bounded("(哈|哈哈)+[完了]").finditer("哈完哈哈了")] == [(0, 2), (2, 5)]


@pytest.mark.parametrize(
    ("pattern", "harmless"),
    [
        ("(哈|哈哈)+[完了]", False),
        ("(a|a)*[bc]", False),
        ("请.{0,6}稍等", True),
        ("(好|行|可以)+再见", True),
        ("(好的?)+再见", True),
        (".*不.*归.*管", True),
    ],
)
def test_what_explodes_is_found_before_it_is_used(pattern, harmless):
    assert (explodes(pattern) is None) == harmless


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_code_is_cut_in_one_way_only(words):
    cut = {}
    for count in (1, 2, 3):
        for choice in itertools.product(range(len(words)), repeat=count):
            cut.setdefault("".join(words[one] for one in choice), set()).add(choice)
    if is_code(words):
        assert all(len(choices) == 1 for choices in cut.values())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text("ab(|)*+?.[]{}1,", max_size=12))
def test_ways_are_counted_for_whatever_compiles(pattern):
    try:
        re.compile(pattern)
    except re.error:
        return
    assert ways(pattern) >= 0
