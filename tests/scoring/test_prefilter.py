import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring import load_rubric
from qa_audit.scoring.prefilter import required_words
from qa_audit.scoring.rubric import Wording
from qa_audit.text import fold_honorific


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("不归我们管", {"不归我们管"}),
        ("爱(买|信)不(买|信)", {"爱买不买", "爱买不信", "爱信不买", "爱信不信"}),
        ("(?<!不)绝对(?!不是)", {"绝对"}),
        ("^喂+$", {"喂"}),
        ("[急吵]什么", {"急什么", "吵什么"}),
        ("[零一二]{3,}号", {"号"}),
        ("(说|讲).{0,3}", {"说", "讲"}),
        ("爱(.{1,2})不\\1", {"爱"}),
        ("(不)?(行)?", None),
        ("[^好]", None),
        ("行|.*", None),
    ],
)
def test_words_that_a_pattern_cannot_do_without(pattern, words):
    assert required_words(pattern) == words


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


@given(st.sampled_from(PATTERNS), st.data())
def test_whatever_matches_holds_one_of_the_words(pattern, data):
    try:
        text = (
            data.draw(CHARACTERS) + data.draw(st.from_regex(pattern, fullmatch=False)) + data.draw(CHARACTERS)
        )
    except NotImplementedError:
        return
    words = required_words(pattern)
    if words is not None and re.search(pattern, text, re.MULTILINE):
        assert any(word in text for word in words)
