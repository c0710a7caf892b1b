"""A wording made ready: what is looked for by its words, what must always be tried, and in which form."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring.call_text import Form
from qa_audit.scoring.ready import (
    BY_SOUND,
    FOLDED,
    GROUPS,
    HEAD,
    MISHEARD,
    PATTERNS,
    PHRASES,
    TAIL,
    UNLESS,
    UNLESS_BY_SOUND,
    Needle,
    QuickPattern,
    compiled,
    make_ready,
)
from qa_audit.scoring.said import Wording
from qa_audit.text.pinyin import sound


def needles(group, **wording):
    return [one for one in make_ready(Wording(**wording)).needles if one.group == group]


def one_word(needle):
    (words,) = needle.words
    (word,) = words
    return word


def test_a_phrase_taken_as_it_is_written_is_looked_for_as_it_is_written():
    assert needles(PHRASES, phrases=("感谢您的来电！", "再见"), tolerance="exact") == [
        Needle((frozenset({"感谢你的来电"}),), "as_written", PHRASES, 0),
        Needle((frozenset({"再见"}),), "as_written", PHRASES, 1),
    ]


def test_a_phrase_by_sound_is_looked_for_in_each_of_its_readings():
    found = needles(PHRASES, phrases=("重启",), tolerance="pinyin")
    assert {one.form for one in found} == {"by_sound"}
    assert [one.spelling for one in found] == [0, 1, 2]
    assert sound("虫启") in [one_word(one) for one in found]


def test_only_the_laxest_tolerance_looks_for_halves_and_only_of_four_syllables_or_more():
    halves = {
        (text, tolerance): [
            (one.spelling, one_word(one))
            for one in needles(PHRASES, phrases=(text,), tolerance=tolerance)
            if one.spelling in (HEAD, TAIL)
        ]
        for text, tolerance in (
            ("请您稍等", "near"), ("请您稍等", "pinyin"), ("请您稍等", "exact"), ("请稍等", "near"),
            ("请您稍等等", "near"),
        )
    }  # fmt: skip
    assert halves == {
        ("请您稍等", "near"): [(HEAD, sound("请你")), (TAIL, sound("稍等"))],
        ("请您稍等", "pinyin"): [],
        ("请您稍等", "exact"): [],
        ("请稍等", "near"): [],
        ("请您稍等等", "near"): [(HEAD, sound("请你")), (TAIL, sound("稍等等"))],
    }


def test_what_recognisers_write_for_a_phrase_is_looked_for_as_they_write_it():
    assert needles(MISHEARD, phrases=("感谢来电",), misheard=("干谢您来店",)) == [
        Needle((frozenset({"干谢你来店"}),), "as_written", MISHEARD, 0)
    ]


def test_a_pattern_is_looked_for_by_the_words_that_it_cannot_do_without():
    assert needles(PATTERNS, patterns=("(不|没)归.{0,2}您管",)) == [
        Needle((frozenset({"你管"}), frozenset({"不归", "没归"})), "as_written", PATTERNS, 0)
    ]


@pytest.mark.parametrize(
    ("wording", "by_sound", "folded"),
    [
        ({}, 1, 0),
        ({"tolerance": "pinyin"}, 1, 0),
        ({"tolerance": "exact"}, 0, 0),
        ({"patterns_by_sound": False}, 0, 0),
        ({"folded": True}, 1, 2),
        ({"folded": True, "tolerance": "exact"}, 0, 2),
        ({"folded": True, "patterns_by_sound": False}, 0, 1),
    ],
)
def test_patterns_by_sound_where_the_tolerance_holds_for_them_and_folded_beside_the_phrases(
    wording, by_sound, folded
):
    ready = make_ready(Wording(phrases=("再见",), patterns=("祝您",), **wording))
    assert (len(ready.by_sound), len(ready.folded)) == (by_sound, folded)


def test_patterns_without_a_word_are_always_tried():
    ready = make_ready(Wording(patterns=("再见", ".好?", "您\\W好", "谢谢")))
    assert ready.always[PATTERNS] == ready.always[BY_SOUND] == (1, 2)
    assert [one.owner for one in ready.needles if one.group == PATTERNS] == [0, 3]
    assert ready.everywhere


def test_an_exception_is_tried_on_its_line_alone_so_any_word_will_do_and_nothing_is_tried_for_it_alone():
    ready = make_ready(Wording(phrases=("不行",), unless=("您\\s行", ".", "行不行")))
    assert [one.owner for one in ready.needles if one.group == UNLESS] == [0, 2]
    assert ready.always[UNLESS] == ready.always[UNLESS_BY_SOUND] == (1,)
    assert not ready.everywhere


def test_an_exception_is_spelt_by_sound_too_whatever_the_tolerance():
    (quick,) = make_ready(Wording(phrases=("不行",), unless=("行不行",), tolerance="exact")).unless_by_sound
    assert quick.pattern.search(sound("形不形"))


def test_a_wording_of_nothing_has_nothing_to_look_for():
    ready = make_ready(Wording())
    assert (ready.needles, ready.always, ready.everywhere) == ((), ((),) * GROUPS, False)


PIECES = st.text("您你好再见谢一", min_size=1, max_size=5)
MADE = st.one_of(
    PIECES.map(re.escape),
    st.builds(lambda a, b: f"{a}.{{0,2}}({b}|好)", PIECES, PIECES),
    st.sampled_from(["^.{0,1}好", "[一二]{2,}", "好$", "再?见?", "你\\s?", "(?i)a", "[^好]见"]),
)
WORDINGS = st.builds(
    Wording,
    phrases=st.lists(PIECES, max_size=2).map(tuple),
    patterns=st.lists(MADE, max_size=3).map(tuple),
    misheard=st.lists(PIECES, max_size=2).map(tuple),
    unless=st.lists(MADE, max_size=2).map(tuple),
    tolerance=st.sampled_from(["exact", "pinyin", "near"]),
    patterns_by_sound=st.booleans(),
    folded=st.booleans(),
)


@settings(max_examples=25, deadline=None)
@given(WORDINGS)
def test_each_pattern_is_looked_for_by_words_or_always_tried_and_needles_come_in_order(wording):
    ready = make_ready(wording)
    known = [(one.group, one.owner) for one in ready.needles]
    assert known == sorted(known)
    for group, patterns in zip(range(PATTERNS, GROUPS), ready[2:7], strict=True):
        by_words = {owner for other, owner in known if other == group}
        assert by_words.isdisjoint(ready.always[group])
        assert by_words.union(ready.always[group]) == set(range(len(patterns)))


@settings(max_examples=60, deadline=None)
@given(MADE, st.text("您你好再见谢一a", max_size=8))
def test_a_text_that_a_pattern_fits_is_never_passed_over(pattern, text):
    (quick,) = compiled((pattern,))
    if quick.pattern.search(text):
        assert quick.may_match(Form(text))
        assert all(any(word in text for word in words) for words in quick.words)


def test_a_text_without_the_words_is_passed_over():
    quick = QuickPattern("(不|没)归你管")
    assert [quick.may_match(Form(text)) for text in ("没归你管", "不归", "归你管", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_patterns_are_spelt_as_the_text_is():
    (plain,), (spelt,), (folded,) = (compiled(("您是[四]",), spelt=form) for form in ("", "sound", "folded"))
    assert plain.pattern.search("你是四")
    assert spelt.pattern.search(sound("你事四"))
    assert not spelt.pattern.search(sound("你四四"))
    assert folded.pattern.search(sound("你四是", folded=True))


def test_what_a_set_leaves_out_never_runs_into_the_next_turn():
    (quick,) = compiled(("好[^的]",))
    assert quick.pattern.search("好\n再见") is None
    assert quick.pattern.search("好啊\n再见")
    assert quick.in_line


def test_a_phrase_is_looked_for_at_its_place_and_a_pattern_by_its_line():
    ready = make_ready(Wording(phrases=("再见",), patterns=("祝您",), misheard=("在建",), folded=True))
    lines = {one.group: one.by_line for one in ready.needles}
    assert lines == {PHRASES: False, MISHEARD: False, PATTERNS: True, BY_SOUND: True, FOLDED: True}
