"""Writes a recording: what the line and its recorder make of the sound, and the file it is kept in."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile

from .band import SAMPLE_RATE_HZ

STORES = ("wav", "flac", "opus")
# libsndfile spreads 6 to 256 kbit/s a channel evenly over 1 to 0.
OPUS_KBIT_S = 22
OPUS_COMPRESSION = (256 - OPUS_KBIT_S) / 250
OPUS_PEAK = 0.88  # the coder goes up to 6 % beyond what it is given


def through_codec(samples: np.ndarray, subtype: str) -> np.ndarray:
    """What is left of (samples, channels) in ±1 after the codec of the line: `ULAW`, `ALAW` or `PCM_16`."""
    recorded = io.BytesIO()
    soundfile.write(recorded, samples, SAMPLE_RATE_HZ, subtype, format="WAV")
    recorded.seek(0)
    return soundfile.read(recorded, always_2d=True)[0]


def write_recording(path: Path, samples: np.ndarray, subtype: str) -> None:
    """Write (samples, channels) in ±1 at 8 kHz, kept as the suffix of the path says.

    `.wav` is the codec itself; `.flac` keeps every value that the codec has left; `.opus` (Ogg) is small and
    changes them a little: 22 kbit/s a channel, every sample in its place, peaks turned down to leave room.
    """
    if path.suffix == ".wav":
        soundfile.write(path, samples, SAMPLE_RATE_HZ, subtype)
    elif path.suffix == ".flac":
        soundfile.write(path, through_codec(samples, subtype), SAMPLE_RATE_HZ, "PCM_16")
    else:
        heard = through_codec(samples, subtype)
        soundfile.write(
            path,
            heard * min(1.0, OPUS_PEAK / max(np.abs(heard).max(), 1e-9)),
            SAMPLE_RATE_HZ,
            "OPUS",
            format="OGG",
            compression_level=OPUS_COMPRESSION,
        )
