from hypothesis import given
from hypothesis import strategies as st

from qa_audit.text.nearest import Near, nearest, syllable_distance

WORDS = st.text("您你好请再见感谢的来电问还有什么可以帮零一", max_size=12)


def test_the_words_themselves_are_no_distance_away():
    assert nearest("再见", "好的再见", 1) == [Near(0.0, 2, 4)]


def test_a_misheard_phrase_is_found_where_it_was_heard():
    assert nearest("请稍等", "好的情烧灯我查一下", 1)[0][1:] == (2, 5)
    assert nearest("女士", "陈你是您好", 1)[0][1:] == (1, 3)


def test_a_syllable_may_be_missing_or_too_much():
    assert nearest("感谢您的来电", "好感谢的来电", 1) == [Near(0.1667, 1, 6)]
    assert nearest("再见", "再一见", 1)[0].distance == 0.5


def test_stretches_do_not_overlap():
    assert [one[1:] for one in nearest("再见", "再见再见再见", 2)] == [(0, 2), (2, 4)]


def test_unlike_syllables():
    assert syllable_distance("shi", "si") == 0.25
    assert syllable_distance("jian", "dian") == 0.6
    assert syllable_distance("an", "er") == 1.0


@given(WORDS.filter(bool), WORDS)
def test_stretches_lie_in_the_text_nearest_first(phrase, text):
    found = nearest(phrase, text, 3)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    assert bool(found) == bool(text)


@given(WORDS.filter(bool), WORDS, WORDS)
def test_a_phrase_that_is_there_is_nearest(phrase, before, after):
    assert nearest(phrase, before + phrase + after, 1)[0].distance == 0.0
