import numpy as np
import pytest

from benchmarks.sounds import exchange
from benchmarks.sounds.synthesis import RATE_HZ


def spectrum_peak_hz(samples):
    power = np.abs(np.fft.rfft(samples))
    return np.fft.rfftfreq(len(samples), 1 / RATE_HZ)[int(power.argmax())]


def test_tones_of_the_exchange():
    ring, busy = exchange.ring_back(10), exchange.busy(7)
    assert spectrum_peak_hz(ring[:RATE_HZ]) == 450
    assert not ring[RATE_HZ + 1 : 5 * RATE_HZ].any()
    assert ring[5 * RATE_HZ + 5 : 6 * RATE_HZ].any()
    assert np.count_nonzero(busy) / len(busy) == pytest.approx(0.5, abs=0.01)


def test_a_key_is_its_two_tones():
    five = exchange.keypad("5")
    assert len(five) == round(0.25 * RATE_HZ)
    power = np.abs(np.fft.rfft(five[: round(0.15 * RATE_HZ)]))
    frequency = np.fft.rfftfreq(round(0.15 * RATE_HZ), 1 / RATE_HZ)
    assert sorted(frequency[np.argsort(power)[-2:]]) == pytest.approx([770, 1336], abs=7)
