"""What a handset picks up besides words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.sounds.synthesis import RATE_HZ, VOWELS, band, lay, phone, smooth, times, voice

if TYPE_CHECKING:
    from benchmarks.sounds.synthesis import Samples


def crackle(seconds: float) -> Samples:
    """Clicks of all sizes at random times."""
    rng = np.random.default_rng(8)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    time = times(0.02)
    for at in rng.integers(len(out), size=round(6 * seconds)):
        ring = np.sin(2 * np.pi * rng.uniform(400, 3_000) * time) * np.exp(-rng.uniform(150, 900) * time)
        lay(out, int(at), rng.pareto(1.5) * 0.02 * ring)
    return phone(np.clip(out, -1, 1))


def breathing(seconds: float) -> Samples:
    """Breath in and out into the mouthpiece, about sixteen times a minute."""
    rng = np.random.default_rng(9)
    time = times(seconds)
    noise = rng.standard_normal(len(time))
    inward = np.clip(np.sin(2 * np.pi * time / 3.7), 0, None) ** 2 * band(noise, 500, 2_600)
    outward = np.clip(np.sin(2 * np.pi * (time + 1.9) / 3.7), 0, None) ** 3 * band(noise, 300, 1_400)
    return phone(inward + 1.6 * outward + 0.01 * noise)


def wind(seconds: float) -> Samples:
    """Gusts over the microphone, and the handset rubbed against cloth."""
    rng = np.random.default_rng(10)
    count = round(seconds * RATE_HZ)
    gusts = np.abs(smooth(rng.standard_normal(count), 0.4))
    rubs = np.abs(smooth(rng.standard_normal(count), 0.05)) * (smooth(rng.standard_normal(count), 1.0) > 0)
    low, broad = band(rng.standard_normal(count), 50, 500), band(rng.standard_normal(count), 300, 2_500)
    return phone(low * gusts / gusts.max() + 0.5 * broad * rubs / rubs.max())


def barking(seconds: float) -> Samples:
    """A dog: harsh tones that fall in pitch, one to four in a row, then a pause."""
    rng = np.random.default_rng(12)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    at = 0
    while at < len(out):
        for _ in range(rng.integers(1, 5)):
            length_s = rng.uniform(0.12, 0.3)
            time = times(length_s)
            pitch = rng.uniform(380, 620) * (1.25 - 0.6 * time / length_s)
            phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
            tone = sum(np.sin(k * phase) / (1 + abs(k - 3)) for k in range(1, 7))
            rough = 1 + 0.6 * rng.standard_normal(len(time))
            lay(out, at, tone * rough * np.sin(np.pi * time / length_s) ** 0.7)
            at += round((length_s + rng.uniform(0.1, 0.3)) * RATE_HZ)
        at += round(rng.uniform(0.6, 4.0) * RATE_HZ)
    return phone(out)


def babble(seconds: float, voices: int = 10) -> Samples:
    """A far-off hall: many voices at once, each nothing but random vowels; no word can be made out."""
    rng = np.random.default_rng(13)
    time = times(seconds)
    out = np.zeros(len(time))
    for _ in range(voices):
        syllable_s = rng.uniform(0.16, 0.26)
        count = int(seconds / syllable_s) + 2
        base = rng.choice([115.0, 205.0]) * rng.uniform(0.85, 1.2)
        places = np.arange(count) * syllable_s
        pitch = np.interp(time, places, base * 2 ** rng.uniform(-0.25, 0.25, count))
        loudness = np.interp(time, places, rng.choice([0.0, 0.3, 1.0], count, p=[0.3, 0.3, 0.4]))
        dips = 0.3 + 0.7 * np.abs(np.sin(np.pi * time / syllable_s))
        out += voice(pitch, rng.integers(len(VOWELS), size=count), syllable_s, loudness * dips)
    echo = out + 0.5 * np.roll(out, round(0.043 * RATE_HZ)) + 0.4 * np.roll(out, round(0.097 * RATE_HZ))
    return phone(echo + 0.02 * np.abs(echo).max() * rng.standard_normal(len(echo)))


def coughing(seconds: float) -> Samples:
    """Coughs and a cleared throat: bursts of noise with a hoarse tone."""
    rng = np.random.default_rng(14)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    at = RATE_HZ // 2
    while at < len(out):
        for _ in range(rng.integers(1, 4)):
            length_s = rng.uniform(0.2, 0.45)
            time = times(length_s)
            burst = band(rng.standard_normal(len(time)), 400, 3_000) * np.exp(-rng.uniform(9, 20) * time)
            pitch = rng.uniform(120, 260) * (1.2 - 0.5 * time / length_s) + 15 * rng.standard_normal(
                len(time)
            )
            hoarse = voice(pitch, np.array([2, 0]), length_s / 2, np.sin(np.pi * time / length_s))
            lay(out, at, 2.5 * burst + 0.6 * hoarse)
            at += round((length_s + rng.uniform(0.05, 0.25)) * RATE_HZ)
        at += round(rng.uniform(1.5, 6.0) * RATE_HZ)
    return phone(out)


def crying(seconds: float) -> Samples:
    """A baby: long rising and falling tones with harmonics, a breath between."""
    rng = np.random.default_rng(15)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    at = 0
    while at < len(out):
        length_s = rng.uniform(0.7, 1.6)
        time = times(length_s)
        bend = np.sin(np.pi * time / length_s)
        pitch = rng.uniform(330, 450) * (1 + 0.35 * bend) * (1 + 0.02 * np.sin(2 * np.pi * 7 * time))
        cry = voice(pitch, np.array([2, 0, 0, 2]), length_s / 4, bend**0.4)
        lay(out, at, cry * (1 + 0.2 * rng.standard_normal(len(time))))
        at += round((length_s + rng.uniform(0.2, 0.6)) * RATE_HZ)
        at += round(rng.choice([0.0, 3.0]) * RATE_HZ)
    return phone(out)


def humming(seconds: float) -> Samples:
    """Someone hums with closed lips, without words."""
    rng = np.random.default_rng(16)
    time = times(seconds)
    notes = int(seconds / 0.6) + 2
    pitch = smooth(140 * 2 ** (rng.integers(-3, 8, notes)[(time / 0.6).astype(int)] / 12), 0.12)
    hum = sum(np.sin(k * 2 * np.pi * np.cumsum(pitch) / RATE_HZ) / k**1.6 for k in range(1, 12))
    swell = 0.25 + 0.75 * np.abs(np.sin(np.pi * time / 0.6)) ** 0.3
    return phone(hum * swell * (time % 7 < 5) + 0.003 * rng.standard_normal(len(time)))


def murmur(seconds: float) -> Samples:
    """One voice through a wall: syllables of random vowels with hisses and stops between; no language."""
    rng = np.random.default_rng(17)
    time = times(seconds)
    out = np.zeros(len(time))
    count = int(seconds / 0.21) + 2
    places = np.arange(count) * 0.21
    pitch = np.interp(time, places, 150 * 2 ** rng.uniform(-0.35, 0.35, count))
    spoken = np.repeat(rng.random(count) < 0.75, round(0.21 * RATE_HZ))[: len(time)]
    dips = np.clip(np.sin(np.pi * (time % 0.21) / 0.21) * 1.6 - 0.3, 0, 1)
    out = voice(pitch, rng.integers(len(VOWELS), size=count), 0.21, spoken * dips)
    hiss = band(rng.standard_normal(len(time)), 1_800, 3_400) * spoken * (time % 0.21 < 0.05)
    return phone(out / np.abs(out).max() + 0.08 * hiss + 0.003 * rng.standard_normal(len(time)))
