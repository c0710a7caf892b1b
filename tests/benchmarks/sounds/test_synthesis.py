import numpy as np
import pytest

from benchmarks.sounds.exchange import line_noise, silence
from benchmarks.sounds.synthesis import RATE_HZ, at_level, band, lay, smooth, times, voice


@pytest.mark.parametrize("level_db", [-12.0, -45.0])
def test_the_level_is_that_of_the_louder_parts(level_db):
    bursts = line_noise(10, 0.1) * (np.arange(10 * RATE_HZ) % RATE_HZ < RATE_HZ // 4)
    loud = at_level(bursts.astype(np.float32), level_db)[: RATE_HZ // 4]
    assert 10 * np.log10((loud.astype(np.float64) ** 2).mean()) == pytest.approx(level_db, abs=0.5)


def test_silence_has_no_level():
    assert not at_level(silence(1), -12.0).any()
    assert len(at_level(silence(0.01), -12.0)) == 80


def test_a_part_is_added_as_far_as_it_fits():
    out = np.ones(5)
    lay(out, 3, np.array([1.0, 2.0, 4.0]))
    lay(out, 9, np.array([1.0]))
    assert out.tolist() == [1.0, 1.0, 1.0, 2.0, 3.0]


def test_a_running_mean_keeps_the_length():
    assert smooth(np.array([0.0, 0.0, 4.0, 0.0]), 0.5, rate_hz=4).tolist() == [0.0, 0.0, 2.0, 2.0]


def test_a_band_keeps_what_lies_in_it():
    time = times(1.0)
    low, high = np.sin(2 * np.pi * 100 * time), np.sin(2 * np.pi * 1_000 * time)
    np.testing.assert_allclose(band(low + high, 500, 2_000), high, atol=1e-9)


def test_a_voice_is_harmonics_of_its_pitch_in_the_phone_band():
    made = voice(np.full(RATE_HZ, 200.0), np.array([0]), 1.0, np.ones(RATE_HZ))
    power = np.abs(np.fft.rfft(made))
    loudest = np.sort(np.argsort(power)[-3:])
    assert (loudest % 200).tolist() == [0, 0, 0]
    assert power[:150].max() < 0.01 * power.max()
    assert power[3_450:].max() < 0.01 * power.max()
