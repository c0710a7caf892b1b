"""Loudness and pitch in steps of half a second, and which of them belong to a turn."""

import math

import numpy as np
import pytest

from qa_audit.transcribe.packing import Clip
from qa_audit.transcribe.prosody import Step, measuring, steps_of, with_prosody
from qa_audit.transcribe.speech import Region
from qa_audit.transcribe.turns import Turn

RATE = 16_000


def voice(hz, seconds, level=0.1):
    """A buzz with overtones, as a throat makes it."""
    time = np.arange(round(seconds * RATE)) / RATE
    return level * sum(np.sin(2 * np.pi * hz * k * time) / k for k in range(1, 6)).astype(np.float32)


def test_a_louder_and_higher_voice_shows():
    low, high = steps_of(np.concatenate([voice(120, 0.5), voice(180, 0.5, level=0.4)]), 2.0)
    assert (low.start_s, high.start_s) == (2.0, 2.5)
    assert high.loudness_db - low.loudness_db == pytest.approx(12.0, abs=0.3)
    assert low.pitch_st == pytest.approx(12 * math.log2(120), abs=0.3)
    assert high.pitch_st - low.pitch_st == pytest.approx(7.0, abs=0.3)


def test_noise_has_no_pitch_and_a_rest_is_no_step():
    noise = np.random.default_rng(0).standard_normal(round(0.9 * RATE)).astype(np.float32)
    (step,) = steps_of(noise, 0.0)
    assert math.isnan(step.pitch_st)
    assert steps_of(noise[: RATE // 4], 0.0) == []


def test_clips_pass_and_their_padding_does_not_count():
    samples = np.concatenate([np.zeros(RATE // 5, np.float32), voice(150, 0.5), np.zeros(RATE // 5)])
    clip = Clip(Region(1, 3.0, 3.5), samples.astype(np.float32), 2.8)
    heard = []
    assert list(measuring([clip], heard)) == [clip]
    assert [(one.channel, one.start_s) for one in heard] == [(1, 3.0)]
    assert heard[0].loudness_db > -25


def test_a_turn_gets_the_steps_of_its_channel_that_lie_in_it():
    steps = [
        Step(0, 1.0, -20.0, 84.0),
        Step(1, 1.1, -30.0, 90.0),
        Step(0, 1.5, -21.0, math.nan),
        Step(0, 2.0, -22.0, 85.0),
    ]
    (turn,) = with_prosody([Turn("agent", 1.0, 2.2, "您好", 0.9, channel=0)], steps)
    assert (turn.loudness_db, turn.pitch_st) == ((-20.0, -21.0), (84.0, None))


def test_turns_without_steps_stay_without():
    (turn,) = with_prosody([Turn("agent", 1.0, 2.0, "您好", 0.9)], [])
    assert (turn.loudness_db, turn.pitch_st) == ((), ())
