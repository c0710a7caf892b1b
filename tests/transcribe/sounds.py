"""Sounds of a telephone that are no speech, made by arithmetic; float32, 8 kHz, mono."""

import numpy as np

RATE = 8_000


def _time(seconds):
    return np.arange(round(seconds * RATE)) / RATE


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def line_noise(seconds, level=0.003):
    return (level * np.random.default_rng(0).standard_normal(round(seconds * RATE))).astype(np.float32)


def ring_back(seconds):
    """450 Hz, 1 s on, 4 s off (GB/T 3380)."""
    time = _time(seconds)
    return (0.3 * np.sin(2 * np.pi * 450 * time) * (time % 5 < 1)).astype(np.float32)


def keypad(digits):
    rows, columns, keys = (697, 770, 852, 941), (1209, 1336, 1477), "123456789*0#"
    tones = []
    for digit in digits:
        row, column = divmod(keys.index(digit), 3)
        time = _time(0.15)
        tones.append(
            0.2 * np.sin(2 * np.pi * rows[row] * time) + 0.2 * np.sin(2 * np.pi * columns[column] * time)
        )
        tones.append(np.zeros(RATE // 10))
    return np.concatenate(tones).astype(np.float32)


def hold_music(seconds):
    """A slow melody over chords, with overtones and a beat."""
    scale = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
    rng = np.random.default_rng(3)
    out = np.zeros(round(seconds * RATE))
    note_s = 0.5
    for place in range(int(seconds / note_s)):
        time = _time(note_s)
        decay = np.exp(-3 * time)
        tone = sum(np.sin(2 * np.pi * scale[rng.integers(8)] * k * time) / k for k in (1, 2, 3))
        chord = sum(np.sin(2 * np.pi * scale[i] / 2 * time) for i in (0, 2, 4))
        start = round(place * note_s * RATE)
        out[start : start + len(time)] += decay * (0.15 * tone + 0.05 * chord)
    return out.astype(np.float32)


def fax(seconds):
    """The calling tone, then what a modem sounds like: phase jumps on a carrier."""
    time = _time(seconds)
    calling = 0.3 * np.sin(2 * np.pi * 1_100 * time) * (time % 3.5 < 0.5)
    symbols = np.repeat(np.random.default_rng(5).integers(0, 4, len(time) // 4 + 1), 4)[: len(time)]
    modem = 0.2 * np.sin(2 * np.pi * 1_700 * time + symbols * np.pi / 2)
    return np.where(time < seconds / 2, calling, modem).astype(np.float32)


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
