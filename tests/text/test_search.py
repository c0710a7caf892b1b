import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.text import Hit, find, find_any, fold_honorific, normalise, phrase, searchable, sound, spans
from qa_audit.text.search import Taken

TEXT = st.text(st.sampled_from("您你好请稍烧等再在见建感谢的来电店，。 "), max_size=30)
PHRASE = st.sampled_from(["请稍等", "再见", "您好", "感谢您的来电", "请您稍等", "你好再见", "等"])


def test_exact_through_punctuation_and_width():
    assert find("感谢您的来电", "好的，感谢，您的 来电。再见") == [Hit("感谢您的来电", 3, 11, "exact")]


def test_nin_and_ni_are_one_inside_phrases():
    assert find("感谢您的来电", "感谢你的来电")[0].tier == "exact"
    assert find("感谢你的来电", "感谢您的来电")[0].tier == "exact"


@pytest.mark.parametrize(
    ("wanted", "heard", "tier"),
    [
        ("再见", "在建", "pinyin"),
        ("请稍等", "请烧等", "pinyin"),
        ("感谢您的来电", "感谢您的来店", "pinyin"),
        ("很高兴为您服务", "很高兴会您服务", "near"),
        ("很高兴为您服务", "很高兴您服务", "near"),
        ("很高兴为您服务", "很高兴为为您服务", "near"),
        ("请您稍等", "请您小等", "near"),
    ],
)
def test_tiers(wanted, heard, tier):
    assert [hit.tier for hit in find(wanted, heard)] == [tier]


@pytest.mark.parametrize(
    ("wanted", "heard"),
    [
        ("请稍等", "请别等"),
        ("再见", "再等"),
        ("感谢您的来电", "感谢您的支持"),
        ("请您稍等", "请您等"),
        ("请您稍等", "请您告诉"),
    ],
)
def test_what_is_too_far_is_not_found(wanted, heard):
    assert find(wanted, heard) == []


def test_tolerance_limits_the_tier():
    assert find("再见", "在建", "exact") == []
    assert find("请您稍等", "请您小等", "pinyin") == []


def test_every_place_is_given_once_strictest_first():
    assert find("再见", "再见,在建,再见") == [
        Hit("再见", 0, 2, "exact"),
        Hit("再见", 6, 8, "exact"),
        Hit("再见", 3, 5, "pinyin"),
    ]


def test_a_place_never_spans_two_turns():
    plain = "感谢你\n的来电"
    assert spans(phrase("感谢您的来电"), plain, sound(plain)) == []
    plain = "很高兴为\n服务"
    assert spans(phrase("很高兴为您服务"), plain, sound(plain)) == []


def test_polyphones_of_the_phrase():
    assert find("重启", "麻烦您虫启一下")[0].tier == "pinyin"


def test_find_any_prefers_the_strictest():
    assert find_any(["请稍等", "稍等"], "请烧等，那您稍等") == Hit("稍等", 6, 8, "exact")


def test_a_phrase_without_words_is_refused():
    with pytest.raises(ValueError, match="。"):
        find("。", "好")


@given(PHRASE, TEXT)
def test_spans_lie_in_the_text_and_do_not_overlap(wanted, text):
    hits = sorted(find(wanted, text), key=lambda hit: hit.start)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(a.end <= b.start for a, b in itertools.pairwise(hits))


@given(PHRASE, TEXT)
def test_exact_tier_if_and_only_if_substring(wanted, text):
    inside = fold_honorific(normalise(wanted).text) in fold_honorific(normalise(text).text)
    assert any(hit.tier == "exact" for hit in find(wanted, text)) == inside


@given(PHRASE, st.data())
def test_one_wrong_syllable_is_forgiven_from_four_on(wanted, data):
    place = data.draw(st.integers(0, len(wanted) - 1))
    heard = wanted[:place] + "日" + wanted[place + 1 :]
    assert bool(find(wanted, f"那{heard}吧")) == (len(wanted) >= 4)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=20))
def test_spans_are_taken_as_if_each_were_compared_with_all(spans):
    taken, kept = Taken(), []
    for start, size in spans:
        free = all(start + size <= other or start >= end for other, end in kept)
        assert taken.free(start, start + size) is free
        assert taken.take(start, start + size) is free
        kept += [(start, start + size)] if free else []


@given(st.text(max_size=12), st.text(max_size=60))
def test_any_text_at_all(wanted, text):
    if normalise(wanted).text:
        find(wanted, searchable(text))
