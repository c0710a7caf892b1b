"""A raised voice, told from the loudness and pitch that turns carry."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import RaisedVoice
from qa_audit.scoring.conditions.judgement import Case
from qa_audit.scoring.conditions.raised_voice import judge_raised_voice
from qa_audit.transcribe.turns import Turn

CHECK = RaisedVoice(kind="raised_voice")


def turn(start_s, loudness_db, pitch_st=None, role="agent"):
    steps = len(loudness_db)
    pitch = [80.0] * steps if pitch_st is None else pitch_st
    end_s = start_s + steps / 2
    return Turn(
        role, start_s, end_s, "好的好的", 0.9, 0, "", (), tuple(map(float, loudness_db)), tuple(pitch)
    )


CALM = turn(0.0, [-20, -21, -19, -20] * 5)


def judged(*turns):
    return judge_raised_voice(CHECK, Case(CallText(turns), CallFacts(), 0.4))


def test_an_even_voice_passes():
    assert judged(CALM, turn(20.0, [-19, -18, -20, -21])).verdict == "pass"


def test_a_second_and_a_half_much_louder_is_a_fault_with_its_measure():
    found = judged(CALM, turn(20.0, [-20, -12, -12, -12, -20]))
    assert found.verdict == "fail"
    assert [(one.turn, one.start_s, one.quote, one.tier) for one in found.evidence] == [
        (1, 20.0, "+8.0 dB, +0.0 st", "measure")
    ]


def test_a_moment_is_none():
    assert judged(CALM, turn(20.0, [-20, -20, -12, -20, -20])).verdict == "pass"


def test_a_voice_much_higher_and_a_little_louder_is_a_fault_too():
    assert judged(CALM, turn(20.0, [-17] * 4, [80.0, 85.0, 85.5, 85.0])).verdict == "fail"


def test_a_question_is_only_higher():
    assert judged(CALM, turn(20.0, [-20] * 4, [80.0, 85.0, 85.5, 85.0])).verdict == "pass"


def test_an_octave_is_a_mistake_of_the_pitch():
    assert judged(CALM, turn(20.0, [-17] * 4, [92.0, 92.5, 92.0, 92.0])).verdict == "pass"


def test_unvoiced_steps_say_nothing_of_the_pitch():
    assert judged(CALM, turn(20.0, [-17] * 4, [None, 86.0, None, None])).verdict == "pass"


def test_near_the_limit_it_cannot_be_told():
    assert judged(CALM, turn(20.0, [-13.7, -13.7, -13.7])).verdict == "uncertain"


@pytest.mark.parametrize(
    ("turns", "verdict"),
    [
        ([turn(0.0, [-20] * 10)], "not_applicable"),
        ([CALM, turn(20.0, [-20] * 10, role="unknown")], "uncertain"),
        ([turn(0.0, [-20] * 4), Turn("agent", 5.0, 17.0, "好的好的", 1.0)], "uncertain"),
        ([Turn("agent", 0.0, 12.0, "好的好的", 1.0)], "not_applicable"),
    ],
    ids=["too little speech", "roles unknown", "mostly written by hand", "written by hand"],
)
def test_when_it_does_not_apply_and_when_it_cannot_be_told(turns, verdict):
    assert judged(*turns).verdict == verdict


def test_the_customer_may_shout():
    assert judged(CALM, turn(20.0, [-5] * 6, role="customer")).verdict == "pass"
