"""First pass over a recording: where speech is, how loud it is, and whether the channels differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.vad import FRAME_S, FRAME_SAMPLES, SpeechProbability

Floats = NDArray[np.float32]

SILENCE_DB = -100.0
# Below this the detector is given the channel louder; it was trained on speech at usual levels.
QUIET_PEAK = 0.05
MAX_GAIN = 40.0


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the samples tells; one value a frame of 32 ms."""

    duration_s: float
    """Of what could be decoded."""
    speech: Floats
    """Probability of speech, shape (channels, frames), 0 to 1."""
    level_db: Floats
    """Loudness, shape (channels, frames), dB relative to full scale, at least `SILENCE_DB`."""
    correlation: float
    """Of the two channels' samples, -1 to 1; 0 for one channel."""

    @property
    def frame_s(self) -> float:
        """Seconds between two values."""
        return FRAME_S


def survey(blocks: Iterator[Floats], channels: int) -> Survey:
    """Run the speech detector over blocks of shape (channels, n) at 16 kHz; no samples are kept."""
    detectors = [SpeechProbability() for _ in range(channels)]
    speech: list[list[Floats]] = [[] for _ in range(channels)]
    levels: list[list[Floats]] = [[] for _ in range(channels)]
    rest = np.zeros((channels, 0), np.float32)
    total = 0
    sums = np.zeros(5)  # x, y, xx, yy, xy
    for block in blocks:
        total += block.shape[1]
        if channels == 2:
            x, y = block.astype(np.float64)
            sums += (x.sum(), y.sum(), x @ x, y @ y, x @ y)
        for channel, detector in enumerate(detectors):
            speech[channel].append(detector.feed(_audible(block[channel])))
        rest = np.concatenate([rest, block], axis=1)
        whole = rest.shape[1] // FRAME_SAMPLES
        for channel in range(channels):
            levels[channel].append(_level_db(rest[channel, : whole * FRAME_SAMPLES]))
        rest = rest[:, whole * FRAME_SAMPLES :]
    for channel, detector in enumerate(detectors):
        speech[channel].append(detector.finish())
        levels[channel].append(_level_db(np.pad(rest[channel], (0, -rest.shape[1] % FRAME_SAMPLES))))
    return Survey(
        total / SAMPLE_RATE_HZ,
        np.stack([np.concatenate(parts) for parts in speech]),
        np.stack([np.concatenate(parts) for parts in levels]),
        _pearson(sums, total) if channels == 2 and total else 0.0,
    )


def _audible(samples: Floats) -> Floats:
    """A quiet block brought up, its offset taken away."""
    samples = samples - samples.mean(dtype=np.float64).astype(np.float32)
    peak = float(np.quantile(np.abs(samples), 0.999)) if len(samples) else 0.0
    return samples * min(QUIET_PEAK / peak, MAX_GAIN) if 1e-4 < peak < QUIET_PEAK else samples


def _level_db(samples: Floats) -> Floats:
    power = (samples.reshape(-1, FRAME_SAMPLES) ** 2).mean(axis=1)
    return np.maximum(10 * np.log10(np.maximum(power, 1e-12)), SILENCE_DB).astype(np.float32)


def _pearson(sums: NDArray[np.float64], count: int) -> float:
    x, y, xx, yy, xy = sums
    spread = (xx - x * x / count) * (yy - y * y / count)
    return float((xy - x * y / count) / np.sqrt(spread)) if spread > 0 else 0.0
