"""When a character of a turn is heard, and notes in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.messages import speaking
from qa_audit.transcribe.turns import Note, Turn

SECONDS = st.floats(0, 7200, allow_nan=False)
TEXTS = st.text("您好请问再见，。", max_size=12)


@st.composite
def turns(draw):
    """With times of characters in order, now and then beyond the turn, or without."""
    start, end = sorted((draw(SECONDS), draw(SECONDS)))
    text = draw(TEXTS)
    starts = st.lists(st.integers(0, 7_300_000), min_size=len(text), max_size=len(text)).map(sorted)
    known = draw(st.one_of(st.just([]), starts))
    return Turn("agent", start, end, text, 0.9, char_start_ms=tuple(known))


@given(turns())
def test_characters_follow_one_another_and_none_lies_outside_of_the_turn(turn):
    times = [turn.at_s(place) for place in range(len(turn.text) + 1)]
    assert times == pytest.approx(sorted(times))
    assert min(times) >= turn.start_s
    assert max(times) <= turn.end_s + 1e-9


@given(turns(), st.integers(0, 5))
def test_after_the_last_character_it_is_the_end(turn, beyond):
    assert turn.at_s(max(len(turn.text), 1) + beyond) == pytest.approx(turn.end_s)


@pytest.mark.parametrize(("place", "wanted"), [(0, 10.0), (1, 10.5), (2, 11.0), (3, 11.5), (4, 12.0)])
def test_without_times_characters_lie_evenly(place, wanted):
    assert Turn("agent", 10.0, 12.0, "请问您好", 0.9).at_s(place) == wanted


def test_a_turn_without_text_is_heard_from_its_start():
    assert Turn("agent", 10.0, 12.0, "", 0.9).at_s(0) == 10.0


@pytest.mark.parametrize("known", [(10_000,), (10_000, 10_100, 10_200, 10_300, 10_400)])
def test_times_of_another_text_are_not_believed(known):
    assert Turn("agent", 10.0, 12.0, "请问您好", 0.9, char_start_ms=known).at_s(1) == 10.5


def test_times_before_and_after_the_turn_are_those_of_its_ends():
    turn = Turn("agent", 10.0, 12.0, "您好吗", 0.9, char_start_ms=(9_990, 11_200, 12_700))
    assert [turn.at_s(place) for place in range(4)] == [10.0, 11.2, 12.0, 12.0]


def test_a_note_speaks_the_language_in_force():
    note = Note("audio.truncated", (("path", "a.wav"), ("expected_s", "9.0"), ("duration_s", "5.0")))
    told = []
    for lang in ("zh", "en"):
        with speaking(lang):
            told.append(str(note))
    assert told[0] != told[1]
    for text in told:
        assert all(value in text for value in ("a.wav", "9.0", "5.0"))
