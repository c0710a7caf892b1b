"""Voices made by arithmetic, good enough to be told apart; float32, 8 kHz, mono."""

import numpy as np

RATE = 8_000


def voice(seconds, pitch_hz, formants_hz, seed=0):
    """Somebody who speaks: a pulse train with a melody through three resonances that move with the vowels."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    time = np.arange(count) / RATE
    melody = pitch_hz * (1 + 0.08 * np.sin(2 * np.pi * 0.7 * time + seed))
    phase = np.cumsum(melody) / RATE
    source = np.diff(np.floor(phase), prepend=0.0) + 0.01 * rng.standard_normal(count)
    out = np.zeros(count)
    syllable = RATE // 5
    for start in range(0, count, syllable):
        part = source[start : start + syllable]
        vowel = 1 + 0.15 * rng.uniform(-1, 1, len(formants_hz))
        spectrum = np.fft.rfft(part)
        hz = np.fft.rfftfreq(len(part), 1 / RATE)
        shape = sum(1 / (1 + ((hz - f * v) / 90) ** 2) for f, v in zip(formants_hz, vowel, strict=True))
        out[start : start + syllable] = np.fft.irfft(spectrum * shape, len(part))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 5 * time)
    return (0.3 * swell * out / np.abs(out).max()).astype(np.float32)


def woman(seconds, seed=0):
    return voice(seconds, 220, (750, 1_700, 2_900), seed)


def man(seconds, seed=0):
    return voice(seconds, 110, (500, 1_250, 2_300), seed)
