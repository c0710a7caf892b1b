import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.phrase_halves import halves_of
from qa_audit.scoring.ready import HEAD, PHRASES, TAIL, Needle
from qa_audit.text.joined import codes_of
from qa_audit.text.phrases import phrase
from qa_audit.text.pinyin import sound
from qa_audit.text.search import halves, spans


def needle(half, spelling):
    return Needle((frozenset({half}),), "by_sound", PHRASES, 0, spelling)


def may_stand(wanted, text):
    """Places of each half of a phrase in a text, and which of them may belong to the whole of it."""
    one = phrase(wanted)
    head, tail = halves(one)
    known = halves_of([needle(head, HEAD), needle(tail, TAIL)], [one, one])
    spelt = sound(text)
    found = [
        (number, place)
        for number, half in enumerate((head, tail))
        for place in range(len(spelt))
        if spelt.startswith(half, place)
    ]
    numbers, places = (np.array([each[at] for each in found], np.int64) for at in (0, 1))
    may = known.may_be_whole(numbers, places, lambda _: codes_of(spelt))
    return [each for each, stays in zip(found, may.tolist(), strict=True) if stays]


def test_a_half_stays_where_the_other_stands_with_one_syllable_wrong_lost_or_put_in():
    assert may_stand("感谢您的来电", "好的感谢你的来店再见") == [(0, 2), (1, 5)]
    assert may_stand("感谢您的来电", "感谢你的天电") == [(0, 0)]
    assert may_stand("感谢您的来电", "感谢你的电") == [(0, 0)]
    assert may_stand("感谢您的来电", "感谢你的那来电") == [(0, 0)]


def test_a_half_that_stands_alone_goes():
    assert may_stand("感谢您的来电", "感谢你帮我查") == []
    assert may_stand("感谢您的来电", "的来电显示") == []


def test_four_syllables_allow_none_lost():
    assert may_stand("请您稍等", "请你等我看看") == []
    assert may_stand("请您稍等", "请你烧的") == [(0, 0)]


def test_a_half_that_overlaps_itself_always_stays():
    assert may_stand("等等等您好", "等等等那") == [(0, 0), (0, 1)]


def test_a_needle_that_is_no_half_stays():
    known = halves_of([needle("再见", 0)], [None])
    assert known.may_be_whole(np.array([0]), np.array([3]), lambda _: codes_of("再见")).tolist() == [True]


@given(st.text("感谢您你的来电那\n", max_size=14))
def test_no_place_of_the_phrase_loses_its_half(text):
    found = [span for span in spans(phrase("感谢您的来电"), text, sound(text)) if span.tier == "near"]
    stays = {place for _, place in may_stand("感谢您的来电", text)}
    for start, end, _ in found:
        assert any(start <= place < end for place in stays)
