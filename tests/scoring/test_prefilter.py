import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring import load_rubric
from qa_audit.scoring.prefilter import required_sets, required_words, stays_in_line
from qa_audit.scoring.said import Wording
from qa_audit.text import fold_honorific


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("不归我们管", {"不归我们管"}),
        ("爱(买|信)不(买|信)", {"爱买不买", "爱买不信", "爱信不买", "爱信不信"}),
        ("(?<!不)绝对(?!不是)", {"绝对"}),
        ("^喂+$", {"喂"}),
        ("[急吵]什么", {"急什么", "吵什么"}),
        ("[零一]{3,}号", {"零零", "零一", "一零", "一一"}),
        ("(?i:App)|再见", None),
        ("(说|讲).{0,3}", {"说", "讲"}),
        ("爱(.{1,2})不\\1", {"爱"}),
        ("(不)?(行)?", None),
        ("[^好]", None),
        ("行|.*", None),
    ],
)
def test_words_that_a_pattern_cannot_do_without(pattern, words):
    assert required_words(pattern) == words


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        ("请.{0,4}(等|候)", [{"请"}, {"等", "候"}]),
        ("((请.{0,4}稍等))", [{"稍等"}, {"请"}]),
        ("甲.乙.丙.丁戊", [{"丁戊"}, {"甲"}, {"乙"}]),
        ("(甲|.)乙", [{"乙"}]),
        (".*", []),
        ("(?i)app", []),
    ],
)
def test_sets_of_which_a_word_each_is_needed(pattern, sets):
    assert [set(one) for one in required_sets(pattern)] == sets


@pytest.mark.parametrize(
    ("pattern", "stays"),
    [
        ("^你好$", True),
        (r"好[^\n坏]\b", True),
        (r"(?<!\n)(甲|乙)+?(?P<a>.)(?P=a)(?=\d)", False),
        (r"(?<![您你])(甲|乙)+?(?P<a>.)(?P=a)(?=\d)", True),
        ("好[^坏]", False),
        (r"[\s]", False),
        (r"\D", False),
        (r"\A好", False),
        (r"好\Z", False),
        ("(?s)好.", False),
        ("(?s:好.)", False),
        (r"[\x00-\x1f]", False),
        ("(甲)?(?(1)乙|丙)", True),
    ],
)
def test_whether_a_pattern_may_be_tried_on_a_line_alone(pattern, stays):
    assert stays_in_line(pattern) is stays


def patterns_of(part):
    if isinstance(part, Wording):
        yield from (*part.patterns, *part.unless)
    elif isinstance(part, tuple):
        for one in part:
            yield from patterns_of(one)
    elif hasattr(part, "__pydantic_fields__"):
        for name in type(part).model_fields:
            yield from patterns_of(getattr(part, name))


PATTERNS = [fold_honorific(one) for one in patterns_of(load_rubric())]
CHARACTERS = st.text(
    st.sampled_from("".join(sorted(set("".join(PATTERNS)) - set("()|[]{}?*+.^$\\,")))), max_size=12
)


def test_most_patterns_of_the_built_in_rubric_have_such_words():
    assert len(PATTERNS) > 300
    assert sum(required_words(one) is None for one in PATTERNS) <= 5


@settings(deadline=None)
@given(st.sampled_from(PATTERNS), st.data())
def test_whatever_matches_holds_one_of_the_words(pattern, data):
    try:
        text = (
            data.draw(CHARACTERS) + data.draw(st.from_regex(pattern, fullmatch=False)) + data.draw(CHARACTERS)
        )
    except NotImplementedError:
        return
    if found := re.search(pattern, text, re.MULTILINE):
        for words in required_sets(pattern):
            assert any(word in found[0] for word in words)
