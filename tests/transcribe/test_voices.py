from itertools import pairwise

import numpy as np
import pytest

from qa_audit.transcribe.packing import Clip
from qa_audit.transcribe.speech import Region
from qa_audit.transcribe.voices import CEPSTRA, VoiceWindow, listening, vectors_of, windows_of
from tests.transcribe import made_voices


def at_16_khz(samples):
    return np.repeat(samples, 2)


def test_stretches_touch_and_cover_the_region():
    windows = windows_of(at_16_khz(made_voices.woman(4.0)), 7.0, 3)
    assert (windows[0].start_s, windows[-1].end_s) == (7.0, 11.0)
    assert all(one.end_s == two.start_s for one, two in pairwise(windows))
    assert {one.region for one in windows} == {3}
    assert {one.vector.shape for one in windows} == {(2 * CEPSTRA + 1,)}
    assert len(windows) == 11


@pytest.mark.parametrize(("seconds", "expected"), [(0.02, 0), (0.1, 1), (1.0, 1), (1.5, 1), (1.6, 2)])
def test_short_regions(seconds, expected):
    assert len(windows_of(at_16_khz(made_voices.man(seconds)), 0.0)) == expected


@pytest.mark.parametrize(
    ("speaker", "low", "high"), [(made_voices.woman, 195, 240), (made_voices.man, 105, 118)]
)
def test_the_pitch_is_heard(speaker, low, high):
    pitches = [2 ** float(one.vector[-1]) for one in windows_of(at_16_khz(speaker(5.0)), 0.0)]
    assert low < np.median(pitches) < high


def test_noise_has_no_pitch():
    noise = np.random.default_rng(1).standard_normal(32_000).astype(np.float32)
    assert all(np.isnan(one.vector[-1]) for one in windows_of(noise, 0.0))


def test_loudness_does_not_count_but_the_voice_does():
    loud, faint = (windows_of(gain * at_16_khz(made_voices.man(3.0)), 0.0)[3].vector for gain in (1.0, 0.3))
    other = windows_of(at_16_khz(made_voices.woman(3.0)), 0.0)[3].vector
    assert np.abs(loud - faint).max() < 0.2
    assert np.abs(loud - other).max() > 2


def test_silence_gives_finite_cepstra():
    assert all(np.isfinite(one.vector[:-1]).all() for one in windows_of(np.zeros(32_000, np.float32), 0.0))


@pytest.mark.parametrize(
    ("pitches", "filled"),
    [((7.0, np.nan, 9.0, 7.5), 7.5), ((np.nan, np.nan), 0.0)],
    ids=["some", "none known"],
)
def test_an_unknown_pitch_is_the_median_of_the_known(pitches, filled):
    windows = [VoiceWindow(0, 0.0, 1.0, np.array([3.0, pitch], np.float32)) for pitch in pitches]
    vectors = vectors_of(windows)
    assert vectors[:, 0].tolist() == [3.0] * len(pitches)
    assert vectors[1, 1] == filled
    assert np.isnan(windows[1].vector[1])  # what was heard stays


def test_clips_pass_as_they_are_and_padding_does_not_count():
    clip = Clip(Region(0, 10.0, 12.0), at_16_khz(made_voices.man(2.4)), 9.8)
    heard = []
    assert list(listening([clip], heard)) == [clip]
    assert (heard[0].start_s, heard[-1].end_s) == (10.0, 12.0)
