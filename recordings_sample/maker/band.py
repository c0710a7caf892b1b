"""The telephone band: what a line lets through."""

from __future__ import annotations

import numpy as np

SAMPLE_RATE_HZ = 8000
LOW_HZ, HIGH_HZ = 300.0, 3400.0
TAPS = 257  # odd, so that the delay is a whole number of samples and can be taken away


def band_pass_taps(low_hz: float = LOW_HZ, high_hz: float = HIGH_HZ, taps: int = TAPS) -> np.ndarray:
    """A windowed-sinc band-pass; linear phase, so speech keeps its place in time."""
    n = np.arange(taps) - (taps - 1) / 2

    def low_pass(cut_hz: float) -> np.ndarray:
        ratio = 2 * cut_hz / SAMPLE_RATE_HZ
        return ratio * np.sinc(ratio * n)

    return (low_pass(high_hz) - low_pass(low_hz)) * np.hamming(taps)


def phone_band(samples: np.ndarray) -> np.ndarray:
    """Keep 300–3400 Hz of 8 kHz audio; same length, no delay."""
    if len(samples) == 0:
        return samples
    half = TAPS // 2
    return np.convolve(np.pad(samples, half), band_pass_taps(), mode="valid")


def tilt(samples: np.ndarray, tilt_db: float) -> np.ndarray:
    """Raise the high end of the band against its low end by so many decibels, straight over the octaves."""
    if tilt_db == 0 or len(samples) == 0:
        return samples
    spectrum = np.fft.rfft(samples)
    freq_hz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ).clip(LOW_HZ, HIGH_HZ)
    place = np.log2(freq_hz / LOW_HZ) / np.log2(HIGH_HZ / LOW_HZ) - 0.5
    return np.fft.irfft(spectrum * 10 ** (tilt_db * place / 20), len(samples))


def rms(samples: np.ndarray) -> float:
    """Root mean square; 0 for nothing."""
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


def gain(db: float) -> float:
    """Decibels as a factor of amplitude."""
    return 10 ** (db / 20)


def trim(samples: np.ndarray, below_peak_db: float = 32.0, frame_s: float = 0.005) -> np.ndarray:
    """Cut the silence at both ends: frames whose loudness lies this far under the loudest frame."""
    frame = int(SAMPLE_RATE_HZ * frame_s)
    count = len(samples) // frame
    if count == 0:
        return samples
    levels = np.sqrt(np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1))
    loud = np.flatnonzero(levels > levels.max() * gain(-below_peak_db))
    if len(loud) == 0:
        return samples[:0]
    return samples[loud[0] * frame : (loud[-1] + 1) * frame]
