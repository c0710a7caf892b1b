"""Asking the audio for a phrase: where it is tried, against what, and what comes back."""

import numpy as np
import pytest
import soundfile

from qa_audit.messages import QaError
from qa_audit.transcribe.answering import (
    Place,
    answer_questions,
    others,
    places_of,
    turn_sounds,
    with_phrase,
)
from qa_audit.transcribe.questions import Question
from qa_audit.transcribe.turns import Transcript, Turn
from tests.transcribe.said_engine import SaidEngine

TURNS = (
    Turn("agent", 1.0, 4.0, "好的，敢谢你的莱店，在建。", 0.6, 0),
    Turn("customer", 4.5, 5.5, "再见。", 0.9, 1),
    Turn("agent", 6.0, 7.0, "这样。", 0.9, 0),
)
TRANSCRIPT = Transcript("ab", 8.0, 2, "said", "toy", "balanced", TURNS)


@pytest.fixture
def recording(tmp_path):
    left = np.linspace(-0.5, 0.5, 8 * 16_000)
    soundfile.write(tmp_path / "a.wav", np.stack([left, -left / 2], axis=1), 16_000)
    return tmp_path / "a.wav"


def test_a_misheard_phrase_fits_better_than_what_was_written(recording):
    engine = SaidEngine("好的，感谢您的来电，再见。")
    (answer,) = answer_questions(
        recording, TRANSCRIPT, [Question((0,), ("感谢您的来电", "谢谢来电"))], engine
    )
    assert (answer.turn, answer.phrase, answer.heard) == (0, "感谢您的来电", "敢谢你的莱店")
    assert (answer.syllables, answer.distance) == (6, 0.1)
    assert answer.gain == 12.0  # four characters are right now
    assert answer.lead == 18.0
    assert (answer.start_s, answer.end_s) == (1.692, 3.077)


def test_a_phrase_that_was_not_said_fits_worse(recording):
    engine = SaidEngine("好的，敢谢你的莱店，在建。")
    (answer,) = answer_questions(recording, TRANSCRIPT, [Question((0,), ("感谢您的来电",))], engine)
    assert answer.gain < 0


def test_a_phrase_that_was_left_out_is_found_at_the_end_of_a_turn(recording):
    engine = SaidEngine("这样，再见。")
    (answer,) = answer_questions(recording, TRANSCRIPT, [Question((2,), ("再见",))], engine)
    assert (answer.turn, answer.heard, answer.gain) == (2, "", 6.0)


def test_of_words_that_cannot_be_written_nothing_can_be_heard(recording):
    class Never(SaidEngine):
        def fit(self, samples, texts):
            return [-1.0, *[-np.inf] * (len(texts) - 1)]

    assert answer_questions(recording, TRANSCRIPT, [Question((0,), ("再见",))], Never("")) == []


def test_each_turn_is_heard_on_its_channel_with_a_little_around_it(recording):
    sounds = turn_sounds(recording, TRANSCRIPT, [0, 1])
    assert {turn: len(one) / 16_000 for turn, one in sounds.items()} == {0: 3.6, 1: 1.6}
    assert np.ptp(sounds[0]) / 3.6 == pytest.approx(1 / 8, rel=0.01)
    assert np.ptp(sounds[1]) / 1.6 == pytest.approx(0.5 / 8, rel=0.01)


def test_of_a_long_turn_only_the_surroundings_are_heard(recording):
    text = "啊" * 100 + "在建" + "啊" * 100
    long = Transcript("ab", 60.0, 1, "said", "toy", "balanced", (Turn("agent", 0.0, 60.0, text, 0.9),))
    soundfile.write(recording, np.zeros(60 * 16_000), 16_000)
    engine = SaidEngine("再见")
    answer_questions(recording, long, [Question((0,), ("再见",))], engine)
    assert max(engine.lengths_s) < 16
    assert "啊" * 20 + "再见" + "啊" * 20 in "".join(engine.asked[0])


def test_a_recording_that_is_gone_is_told(tmp_path):
    with pytest.raises(QaError) as error:
        answer_questions(tmp_path / "a.wav", TRANSCRIPT, [Question((0,), ("再见",))], SaidEngine(""))
    assert error.value.code == "audio.missing"


def test_phrases_are_tried_nearest_first_then_at_both_ends():
    places = places_of(Question((2, 0), ("再见",)), TURNS)
    assert places[0] == Place(0, "再见", 10, 12, 0.0)
    ends = [one for one in places if one.start == one.end]
    assert ends == [
        Place(2, "再见", 0, 0, 1.0),
        Place(2, "再见", 2, 2, 1.0),
        Place(0, "再见", 0, 0, 1.0),
        Place(0, "再见", 12, 12, 1.0),
    ]


def test_added_words_are_set_off():
    assert with_phrase("好的。", Place(0, "", 0, 0, 1.0), "您好") == "您好，好的。"


def test_other_words_are_as_long_and_unlike():
    assert {len(one) for one in others("请问还有什么可以帮您")} == {10}
    assert {len(one) for one in others("请问还有什么可以帮您的地方吗")} == {14}
    assert "明天" not in others("明天")
