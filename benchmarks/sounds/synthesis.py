"""The arithmetic that telephone sounds are made by: places in time, bands, voices, levels.

Shapes (n,), 8 kHz, mono.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Samples = NDArray[np.float32]

RATE_HZ = 8_000
PHONE_BAND_HZ = (300.0, 3_400.0)  # ITU-T G.712
# Envelopes of voices are worked out once in so many samples.
_STEP = 16

# First three formants of a, o, e, i, u, ü (Hz), and how broad each is.
VOWELS = np.array(
    [
        (850, 1_250, 2_700),
        (550, 900, 2_600),
        (450, 1_200, 2_500),
        (290, 2_300, 3_100),
        (330, 720, 2_500),
        (300, 2_000, 2_500),
    ],
    np.float64,
)
_BREADTHS_HZ = (90.0, 120.0, 180.0)
_GAINS = (1.0, 0.6, 0.3)


def times(seconds: float) -> Floats:
    """When each sample of so many seconds is, in seconds."""
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def lay(out: Floats, at: int, part: NDArray[np.floating]) -> None:
    """Add a part from sample `at` on, as far as it fits."""
    part = part[: max(0, len(out) - at)]
    out[at : at + len(part)] += part


def band(samples: Floats, low_hz: float, high_hz: float) -> Floats:
    """Only what lies between two frequencies."""
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return np.fft.irfft(np.where((frequency >= low_hz) & (frequency <= high_hz), spectrum, 0), len(samples))


def smooth(samples: Floats, over_s: float, rate_hz: int = RATE_HZ) -> Floats:
    """Running mean over so many seconds."""
    width = max(1, min(round(over_s * rate_hz), len(samples)))
    summed = np.cumsum(np.concatenate([np.full(width, samples[0]), samples]))
    return (summed[width:] - summed[:-width]) / width


def phone(samples: Floats) -> Samples:
    """What a telephone line lets through, with peaks at ±0.5."""
    passed = band(samples, *PHONE_BAND_HZ)
    return (0.5 * passed / max(float(np.abs(passed).max()), 1e-9)).astype(np.float32)


def at_level(samples: Samples, level_db: float) -> Samples:
    """Scaled so that the louder parts (95th percentile of 50 ms) have this root mean square in dBFS.

    >>> round(float(np.abs(at_level(np.ones(8_000, np.float32), -20.0)).max()), 3)
    0.1
    """
    frame = RATE_HZ // 20
    whole = len(samples) // frame * frame
    if not whole:
        return samples
    power = (samples[:whole].astype(np.float64).reshape(-1, frame) ** 2).mean(axis=1)
    loud = float(np.quantile(power, 0.95)) or float(power.max())
    if not loud:
        return samples
    return np.clip(samples * (10 ** (level_db / 20) / np.sqrt(loud)), -1, 1).astype(np.float32)


def voice(pitch_hz: Floats, vowels: NDArray[np.int64], vowel_s: float, loudness: Floats) -> Floats:
    """Harmonics of a pitch, each as loud as the vowel's formants make it; one vowel every `vowel_s`."""
    count = len(pitch_hz)
    steps = np.arange(0, count, _STEP)
    places = np.minimum((steps / RATE_HZ / vowel_s).astype(int), len(vowels) - 1)
    formants = np.stack([smooth(VOWELS[vowels[places], one], 0.05, RATE_HZ // _STEP) for one in range(3)])
    turning = np.exp(2j * np.pi * np.cumsum(pitch_hz) / RATE_HZ)
    harmonic = np.ones(count, np.complex128)
    out = np.zeros(count)
    for number in range(1, int(PHONE_BAND_HZ[1] / pitch_hz.min()) + 1):
        harmonic = harmonic * turning
        at_hz = number * pitch_hz[::_STEP]
        gain = sum(
            loud / (1 + ((at_hz - formant) / broad) ** 2)
            for loud, formant, broad in zip(_GAINS, formants, _BREADTHS_HZ, strict=True)
        )
        gain = gain * (at_hz < PHONE_BAND_HZ[1])
        out += np.repeat(gain, _STEP)[:count] * harmonic.imag
    return out * loudness
