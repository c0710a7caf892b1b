"""When characters are said: what stands in both texts keeps its time, the rest lies between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.character_times import moved, starts_ms
from qa_audit.transcribe.engine import Piece

TEXTS = st.text("您好请问再见，。", max_size=12)


def piece(text, start_s, end_s):
    return Piece(text, start_s, end_s, -0.1)


def test_no_pieces_no_times():
    assert starts_ms([], "您好") == ()


def test_a_piece_of_several_characters_is_shared_evenly():
    assert starts_ms([piece("请问", 1.0, 1.5), piece("您", 1.6, 1.8)], "请问您") == (1000, 1250, 1600)


def test_traditional_characters_keep_their_times():
    assert starts_ms([piece("謝", 0.0, 0.2), piece("謝", 0.3, 0.5)], "谢谢。") == (0, 300, 500)


def test_what_clean_up_took_out_takes_its_time_along():
    heard = [piece("(", 0, 0.1), piece("音樂", 0.1, 0.5), piece(")", 0.5, 0.6), piece("好", 0.8, 1.0)]
    assert starts_ms(heard, "好") == (800,)


@pytest.mark.parametrize(
    ("before", "times", "after", "expected"),
    [
        ("工号是两七", [0, 100, 200, 300, 400, 500], "工号是零二七", (0, 100, 200, 300, 350, 400)),
        ("好", [500, 900], "再见", (500, 700)),
        ("啊好", [500, 600, 900], "好", (600,)),
        ("好", [500, 900], "", ()),
    ],
)
def test_times_of_another_text(before, times, after, expected):
    assert moved(before, times, after) == expected


@given(TEXTS, TEXTS, st.data())
def test_times_never_decrease_and_stay_within(before, after, data):
    steps = data.draw(st.lists(st.integers(0, 500), min_size=len(before) + 1, max_size=len(before) + 1))
    times = [1000 + sum(steps[: place + 1]) for place in range(len(steps))]
    found = moved(before, times, after)
    assert len(found) == len(after)
    assert list(found) == sorted(found)
    assert all(times[0] <= one <= times[-1] for one in found)


@given(TEXTS, st.data())
def test_the_same_text_keeps_its_times(text, data):
    steps = data.draw(st.lists(st.integers(0, 500), min_size=len(text) + 1, max_size=len(text) + 1))
    times = [sum(steps[: place + 1]) for place in range(len(steps))]
    assert moved(text, times, text) == tuple(times[:-1])
