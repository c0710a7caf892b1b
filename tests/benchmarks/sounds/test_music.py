import numpy as np

from benchmarks.sounds import music
from benchmarks.sounds.synthesis import RATE_HZ


def test_what_a_line_does_not_carry_is_left_out():
    power = np.abs(np.fft.rfft(music.drum_music(5))) ** 2
    frequency = np.fft.rfftfreq(5 * RATE_HZ, 1 / RATE_HZ)
    inside = (frequency >= 300) & (frequency <= 3_400)
    assert power[~inside].sum() < 0.001 * power.sum()


def test_drums_beat_a_hundred_times_a_minute():
    made = np.abs(music.drum_music(12.0).astype(np.float64)).reshape(-1, RATE_HZ // 100).max(axis=1)
    alike = [np.corrcoef(made[:-lag], made[lag:])[0, 1] for lag in range(90, 270)]
    assert 90 + int(np.argmax(alike)) == 240
