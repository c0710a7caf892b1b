"""Music on hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.sounds.synthesis import RATE_HZ, VOWELS, lay, phone, smooth, times, voice

if TYPE_CHECKING:
    from benchmarks.sounds.synthesis import Samples


def hold_music(seconds: float) -> Samples:
    """A slow melody over chords, with overtones and a beat."""
    scale = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
    rng = np.random.default_rng(3)
    out = np.zeros(round(seconds * RATE_HZ))
    note_s = 0.5
    time = times(note_s)
    decay = np.exp(-3 * time)
    for place in range(int(seconds / note_s)):
        tone = sum(np.sin(2 * np.pi * scale[rng.integers(8)] * k * time) / k for k in (1, 2, 3))
        chord = sum(np.sin(2 * np.pi * scale[i] / 2 * time) for i in (0, 2, 4))
        lay(out, round(place * note_s * RATE_HZ), decay * (0.15 * tone + 0.05 * chord))
    return out.astype(np.float32)


def pad_music(seconds: float) -> Samples:
    """Slow chords of detuned strings that swell and fade."""
    time = times(seconds)
    out = np.zeros(len(time))
    for place, root in enumerate((220.0, 174.61, 196.0, 164.81)):
        swell = np.clip(np.sin(np.pi * ((time - 4 * place) % 16) / 5), 0, None) * (
            (time - 4 * place) % 16 < 5
        )
        for ratio in (1, 1.25, 1.5, 2):
            for detuned in (0.997, 1.0, 1.004):
                tone = sum(np.sin(2 * np.pi * root * ratio * detuned * k * time) / k for k in range(1, 6))
                out += swell * tone
    return phone(out)


def drum_music(seconds: float) -> Samples:
    """Bass drum, snare and hi-hat at 100 beats a minute, with a bass line."""
    rng = np.random.default_rng(4)
    out = np.zeros(round(seconds * RATE_HZ))
    half_beat = 0.3
    time = times(0.25)
    kick = np.sin(2 * np.pi * (60 * time + 12 * (1 - np.exp(-20 * time)))) * np.exp(-9 * time)
    for place in range(int(seconds / half_beat)):
        at = round(place * half_beat * RATE_HZ)
        noise = rng.standard_normal(len(time))
        lay(out, at, 0.15 * noise * np.exp(-60 * time))
        if place % 4 == 0 or place % 8 == 3:
            lay(out, at, 2.0 * kick)
        if place % 4 == 2:
            lay(out, at, 0.6 * noise * np.exp(-14 * time))
        pitch = (110.0, 110.0, 130.81, 146.83)[place // 4 % 4]
        bass = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 9))
        lay(out, at, 0.3 * bass * np.exp(-5 * time))
    return phone(out)


def sung_music(seconds: float) -> Samples:
    """One voice that sings vowels without words, with vibrato, over soft chords."""
    rng = np.random.default_rng(7)
    count = round(seconds * RATE_HZ)
    scale = 196 * 2 ** (np.array([0, 2, 4, 7, 9, 12]) / 12)
    notes = int(seconds / 0.8) + 1
    pitch = np.repeat(scale[rng.integers(6, size=notes)], round(0.8 * RATE_HZ))[:count]
    time = times(seconds)[: len(pitch)]
    pitch = smooth(pitch, 0.06) * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 5.5 * time))
    swell = 0.4 + 0.6 * np.sin(np.pi * (time % 0.8) / 0.8) ** 0.5
    sung = voice(pitch, rng.integers(len(VOWELS), size=notes), 0.8, swell)
    chords = sum(np.sin(2 * np.pi * one * time) for one in (196.0, 246.94, 293.66))
    return phone(sung / np.abs(sung).max() + 0.04 * chords)
