import numpy as np
import pytest

from benchmarks import no_speech
from benchmarks.no_speech import CASES, RATE_HZ, at_level


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_sound_is_telephone_sound_and_the_same_each_time(case):
    samples = case.samples(3.0)
    assert samples.dtype == np.float32
    assert 2.0 <= len(samples) / RATE_HZ <= 3.0
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1.0
    np.testing.assert_array_equal(samples, case.samples(3.0))


def test_levels_lie_between_loud_and_faint():
    levels = [case.level_db for case in CASES if case.level_db is not None]
    assert (max(levels), min(levels)) == (-14, -45)
    assert len({case.name for case in CASES}) == len(CASES) >= 24


@pytest.mark.parametrize("level_db", [-12.0, -45.0])
def test_the_level_is_that_of_the_louder_parts(level_db):
    bursts = no_speech.line_noise(10, 0.1) * (np.arange(10 * RATE_HZ) % RATE_HZ < RATE_HZ // 4)
    loud = at_level(bursts.astype(np.float32), level_db)[: RATE_HZ // 4]
    assert 10 * np.log10((loud.astype(np.float64) ** 2).mean()) == pytest.approx(level_db, abs=0.5)


def test_silence_has_no_level():
    assert not at_level(no_speech.silence(1), -12.0).any()
    assert len(at_level(no_speech.silence(0.01), -12.0)) == 80


def spectrum_peak_hz(samples):
    power = np.abs(np.fft.rfft(samples))
    return np.fft.rfftfreq(len(samples), 1 / RATE_HZ)[int(power.argmax())]


def test_tones_of_the_exchange():
    ring, busy = no_speech.ring_back(10), no_speech.busy(7)
    assert spectrum_peak_hz(ring[:RATE_HZ]) == 450
    assert not ring[RATE_HZ + 1 : 5 * RATE_HZ].any()
    assert ring[5 * RATE_HZ + 5 : 6 * RATE_HZ].any()
    assert np.count_nonzero(busy) / len(busy) == pytest.approx(0.5, abs=0.01)


def test_a_key_is_its_two_tones():
    five = no_speech.keypad("5")
    assert len(five) == round(0.25 * RATE_HZ)
    power = np.abs(np.fft.rfft(five[: round(0.15 * RATE_HZ)]))
    frequency = np.fft.rfftfreq(round(0.15 * RATE_HZ), 1 / RATE_HZ)
    assert sorted(frequency[np.argsort(power)[-2:]]) == pytest.approx([770, 1336], abs=7)


def test_what_a_line_does_not_carry_is_left_out():
    power = np.abs(np.fft.rfft(no_speech.drum_music(5))) ** 2
    frequency = np.fft.rfftfreq(5 * RATE_HZ, 1 / RATE_HZ)
    inside = (frequency >= 300) & (frequency <= 3_400)
    assert power[~inside].sum() < 0.001 * power.sum()
