"""Sounds of a telephone that are not speech: ringback, hold music, line noise."""

from __future__ import annotations

import numpy as np

from .band import SAMPLE_RATE_HZ, phone_band, rms

RING_HZ, RING_ON_S, RING_PERIOD_S = 450.0, 1.0, 5.0  # the Chinese ringback: 1 s on, 4 s off
NOTE_S = 0.42
# A pentatonic phrase (gong mode), as semitones above its first note.
MELODY = (0, 4, 7, 9, 7, 4, 2, 4, 0, 2, 4, 7, 4, 2, 0, -3)


def _fade(samples: np.ndarray, fade_s: float) -> np.ndarray:
    edge = min(int(fade_s * SAMPLE_RATE_HZ), len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, edge)
    out = samples.copy()
    out[:edge] *= ramp
    out[len(out) - edge :] *= ramp[::-1]
    return out


def ringback(duration_s: float) -> np.ndarray:
    """Ringback tone of full scale 1; cut where the call is answered."""
    seconds = np.arange(int(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.sin(2 * np.pi * RING_HZ * seconds) * (seconds % RING_PERIOD_S < RING_ON_S)


def hold_music(duration_s: float, semitones: int = 0) -> np.ndarray:
    """A plucked melody over a low drone, root mean square 1; `semitones` gives each call its own key."""
    total = int(duration_s * SAMPLE_RATE_HZ)
    out = np.zeros(total)
    base_hz = 523.25 * 2 ** (semitones / 12)
    length = int(1.2 * SAMPLE_RATE_HZ)
    seconds = np.arange(length) / SAMPLE_RATE_HZ
    for index in range(int(np.ceil(duration_s / NOTE_S))):
        start = int(index * NOTE_S * SAMPLE_RATE_HZ)
        freq_hz = base_hz * 2 ** (MELODY[index % len(MELODY)] / 12)
        note = sum(np.sin(2 * np.pi * k * freq_hz * seconds) / k for k in (1, 2, 3)) * np.exp(-3.5 * seconds)
        end = min(total, start + length)
        out[start:end] += note[: end - start]
    drone = np.sin(np.pi * base_hz * np.arange(total) / SAMPLE_RATE_HZ)
    music = phone_band(_fade(out + 0.25 * drone, 0.3))
    return music / max(rms(music), 1e-9)


def line_noise(count: int, rng: np.random.Generator) -> np.ndarray:
    """Hiss that falls with frequency, in the phone band, root mean square 1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    freq_hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    shaped = np.fft.irfft(spectrum / np.sqrt(np.maximum(freq_hz, 100.0)), count)
    noise = phone_band(shaped)
    return noise / max(rms(noise), 1e-9)
