import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.pattern_cost import counts_too_far, harmless, is_code, ways


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        ("请.{0,6}稍等", True),
        (".*不.*归.*管", False),
        (".*不归(我|咱)*管", True),
        ("哈+呵+嘿+完", False),
        ("(a|a){40}b", False),
        ("您{0,99999}好", True),
        ("请.{0,30}稍.{0,30}等.{0,30}好", True),
        (".{0,30}.{0,30}.{0,30}.{0,30}行了吧", False),
        ("请.{0,300}(稍.{0,300}|等)好.{0,9}", False),
    ],
)
def test_what_varies_little_or_in_few_places_is_harmless(pattern, quick):
    assert harmless(pattern) == quick


@pytest.mark.parametrize(
    ("pattern", "too_far"),
    [
        ("((好{1000}){1000}){1000}(.+)+再见", True),
        ("(.{2000}){2000}(.+)+再见", True),
        (".{4000000000}好", True),
        ("(?:好的){0,3}.{0,99999}再见", False),
        ("((好{9}){9}){9}", False),
    ],
)
def test_counts_inside_counts_are_found_without_spelling_them_out(pattern, too_far):
    assert counts_too_far(pattern) == too_far


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
