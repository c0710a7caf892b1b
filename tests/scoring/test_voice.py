"""How a speaker speaks on the whole: medians of what was measured, and pitches an octave off."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import RaisedVoice
from qa_audit.scoring.conditions.judgement import Case
from qa_audit.scoring.conditions.raised_voice import judge_raised_voice
from qa_audit.scoring.conditions.voice import folded_st, usual_voice
from qa_audit.transcribe.turns import Turn


def turn(loudness_db=(), pitch_st=(), role="agent", confidence=0.9, end_s=60.0):
    return Turn(
        role, 0.0, end_s, "好的", confidence, loudness_db=tuple(loudness_db), pitch_st=tuple(pitch_st)
    )


def test_where_nothing_was_measured_there_is_no_usual_voice():
    assert usual_voice([]) is None
    assert usual_voice([turn(), turn()]) is None


def test_it_is_the_middle_of_all_steps_together_not_of_each_turn():
    found = usual_voice([turn([-30, -10, -10], [80, 90, 90]), turn([-28, -26], [81, 82])])
    assert found == (-26, 82, 2.5)


def test_of_an_even_number_of_steps_it_is_between_the_two_in_the_middle():
    assert usual_voice([turn([-20, -24, -10, -60], [85, 80, 99, 10])]) == (-22.0, 82.5, 2.0)


def test_one_shout_does_not_change_it():
    assert usual_voice([turn([-20] * 9 + [0], [80.0] * 9 + [99.0])]) == (-20, 80.0, 5.0)


def test_steps_without_pitch_count_for_the_loudness_alone():
    found = usual_voice([turn([-20, -21, -22, -23, -24], [None, 88.0, None, 84.0, None])])
    assert found == (-22, 86.0, 2.5)


@pytest.mark.parametrize("pitch_st", [(), (None, None)])
def test_where_nothing_was_voiced_there_is_no_usual_pitch(pitch_st):
    assert usual_voice([turn([-20, -22], pitch_st)]) == (-21.0, None, 1.0)


def test_a_pitch_of_zero_is_one():
    assert usual_voice([turn([-20, -22], [0.0, None])]) == (-21.0, 0.0, 1.0)


def test_measured_speech_is_half_a_second_a_step_however_long_the_turns_are():
    assert usual_voice([turn([-20], [80], end_s=30.0), turn(end_s=30.0)]) == (-20, 80, 0.5)
    assert usual_voice([turn([-20] * 7, [80] * 7, end_s=1.0)]) == (-20, 80, 3.5)


def test_neither_the_speaker_nor_how_well_they_were_heard_matters():
    steps = [-20, -22, -27], [80, 81, 85]
    for role in ("agent", "customer", "system", "unknown"):
        assert usual_voice([turn(*steps, role=role, confidence=0.0)]) == (-22, 81, 1.5)


@pytest.mark.parametrize(
    ("higher_st", "wanted"),
    [
        (0.0, 0.0),
        (8.5, 8.5),
        (9.0, 9.0),
        (9.25, -2.75),
        (12.0, 0.0),
        (14.0, 2.0),
        (-8.5, -8.5),
        (-9.0, -9.0),
        (-9.25, 2.75),
        (-12.0, 0.0),
        (-14.0, -2.0),
    ],
)
def test_beyond_nine_semitones_an_octave_is_taken_off(higher_st, wanted):
    assert folded_st(higher_st) == wanted


def test_only_one_octave_is_taken_off():
    assert (folded_st(26.0), folded_st(-26.0)) == (14.0, -14.0)


@pytest.mark.parametrize(
    ("pitch_st", "verdict"),
    [
        ([85.0, 85.0, 85.0, 85.0, 85.0, 85.0], "fail"),
        ([85.0, None, 85.0, 85.0, None, 85.0], "fail"),
        ([85.0, None, 85.0, None, None, 85.0], "pass"),
        ([None, None, None, None, None, None], "pass"),
    ],
)
def test_a_stretch_is_compared_from_two_thirds_of_its_steps_with_a_pitch_on(pitch_st, verdict):
    turns = [turn([-20] * 40, [80.0] * 40), turn([-17] * 6, pitch_st)]
    case = Case(CallText(turns), CallFacts(), 0.4)
    check = RaisedVoice(kind="raised_voice", sustained_s=3.0)
    assert judge_raised_voice(check, case).verdict == verdict
