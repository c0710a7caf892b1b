"""What a voice sounds like: a vector for every quarter of a second of speech, without any trained network.

Means and deviations of mel cepstra over a second and a half, and the pitch: the throat, the microphone and
the line of whoever speaks, which differ between the two parties of a call. Sound passes through, vectors
stay: about 700 bytes a second of speech.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.packing import Clip

Floats = NDArray[np.float32]

WINDOW_S = 1.5
HOP_S = 0.25
FRAME_S = 0.01
CEPSTRA = 20
_FRAME_SAMPLES, _HOP_SAMPLES, _FFT = 400, 160, 512  # 25 ms every 10 ms
_BANDS = 40
_LOW_HZ, _HIGH_HZ = 100.0, 3_800.0  # all that a telephone lets through
# Of a window's frames the faintest are pauses and stops, which all voices share.
_FAINT = 0.3
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 400.0
_PITCH_SAMPLES, _PITCH_FFT = 640, 2048  # 40 ms: more than two periods of the deepest voice
# A frame is voiced when it repeats itself so well; of the lags nearly as good the shortest is the period.
_VOICED, _NEARLY = 0.6, 0.85
_VOICED_FRAMES = 5


@dataclass(frozen=True, slots=True)
class VoiceWindow:
    """How speech sounds around a stretch of time; stretches of a region touch, and do not overlap."""

    region: int
    """Windows of the same number belong to one region, which has no pause in it."""
    start_s: float
    end_s: float
    vector: Floats
    """Over the `WINDOW_S` around the stretch (or the region): means of `CEPSTRA` cepstra, their deviations,
    and the median pitch in octaves above 1 Hz, NaN where hardly anything is voiced."""


def listening(clips: Iterable[Clip], heard: list[VoiceWindow]) -> Iterator[Clip]:
    """Pass clips on as they are, noting how they sound in `heard`; the padding does not count."""
    for number, clip in enumerate(clips):
        region = clip.region
        first = round((region.start_s - clip.start_s) * SAMPLE_RATE_HZ)
        last = round((region.end_s - clip.start_s) * SAMPLE_RATE_HZ)
        heard += windows_of(clip.samples[max(first, 0) : last], region.start_s, number)
        yield clip


def vectors_of(windows: Sequence[VoiceWindow]) -> NDArray[np.float64]:
    """Their vectors, shape (windows, numbers of a vector); an unknown pitch is the median of the known."""
    vectors = np.stack([one.vector for one in windows]).astype(np.float64)
    pitch = vectors[:, -1]
    known = pitch[~np.isnan(pitch)]
    pitch[np.isnan(pitch)] = np.median(known) if len(known) else 0.0
    return vectors


def windows_of(samples: Floats, start_s: float, region: int = 0) -> list[VoiceWindow]:
    """Windows of one region's samples (mono, 16 kHz); one where it is short, none below 50 ms.

    >>> noise = np.random.default_rng(0).standard_normal(32_000).astype(np.float32)
    >>> [(one.start_s, one.end_s) for one in windows_of(noise, 10.0)]
    [(10.0, 10.875), (10.875, 11.125), (11.125, 12.0)]
    """
    length_s = len(samples) / SAMPLE_RATE_HZ
    if len(samples) < 2 * _FRAME_SAMPLES:
        return []
    cepstra, loudness = _cepstra(samples)
    pitch = pitch_octaves(samples)
    count = max(1, 1 + int(np.ceil((length_s - WINDOW_S) / HOP_S - 1e-6)))
    starts = [min(place * HOP_S, max(length_s - WINDOW_S, 0.0)) for place in range(count)]
    middles = [start + min(WINDOW_S, length_s) / 2 for start in starts]
    borders = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), length_s]
    found = []
    for place, start in enumerate(starts):
        span = slice(int(start / FRAME_S), max(int((start + WINDOW_S) / FRAME_S), int(start / FRAME_S) + 3))
        loud = loudness[span] >= np.quantile(loudness[span], _FAINT)
        part = cepstra[span][loud]
        voiced = pitch[span][~np.isnan(pitch[span])]
        tone = np.median(voiced) if len(voiced) >= _VOICED_FRAMES else np.nan
        vector = np.concatenate([part.mean(axis=0), part.std(axis=0), np.array([tone], np.float32)])
        found.append(
            VoiceWindow(
                region, round(start_s + borders[place], 4), round(start_s + borders[place + 1], 4), vector
            )
        )
    return found


def _cepstra(samples: Floats) -> tuple[Floats, Floats]:
    """Mel cepstra 1 to `CEPSTRA`, shape (frames, CEPSTRA), and the loudness of each frame."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME_SAMPLES)[::_HOP_SAMPLES]
    shaped = (frames - frames.mean(axis=1, keepdims=True)) * np.hanning(_FRAME_SAMPLES).astype(np.float32)
    power = np.abs(np.fft.rfft(shaped, _FFT)) ** 2
    bands = np.log(power @ _bands() + 1e-8)
    return (bands @ _cosines()).astype(np.float32), bands.mean(axis=1).astype(np.float32)


def pitch_octaves(samples: Floats, hop_samples: int = _HOP_SAMPLES) -> Floats:
    """Pitch of each frame in octaves above 1 Hz, NaN where it is not voiced, by normalised autocorrelation.

    `samples`: mono, 16 kHz; a frame of 40 ms begins every `hop_samples`. A telephone takes the fundamental of
    deep voices away; its overtones still repeat with its period.
    """
    if len(samples) < _PITCH_SAMPLES:
        return np.zeros(0, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, _PITCH_SAMPLES)[::hop_samples]
    shape = np.hanning(_PITCH_SAMPLES).astype(np.float32)
    shaped = (frames - frames.mean(axis=1, keepdims=True)) * shape
    first, last = int(SAMPLE_RATE_HZ / _HIGHEST_HZ), int(SAMPLE_RATE_HZ / _LOWEST_HZ)
    alike = _autocorrelation(shaped)[:, : last + 2]
    alike = alike / (alike[:, :1] + 1e-9) / _autocorrelation(shape[None])[:, : last + 2]
    alike *= _autocorrelation(shape[None])[0, 0]
    inner = alike[:, first : last + 1]
    best = inner.max(axis=1, keepdims=True)
    peaks = (inner >= alike[:, first - 1 : last]) & (inner >= alike[:, first + 1 : last + 2])
    lags = first + (peaks & (inner >= _NEARLY * best)).argmax(axis=1)
    voiced = (best[:, 0] >= _VOICED) & peaks.any(axis=1)
    return np.where(voiced, np.log2(SAMPLE_RATE_HZ / lags), np.nan).astype(np.float32)


def _autocorrelation(frames: Floats) -> NDArray[np.float64]:
    return np.fft.irfft(np.abs(np.fft.rfft(frames, _PITCH_FFT)) ** 2)


@cache
def _bands() -> NDArray[np.float64]:
    """Triangles on the mel scale, shape (_FFT / 2 + 1, _BANDS)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (_LOW_HZ, _HIGH_HZ))
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)[:, None]
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling))


@cache
def _cosines() -> NDArray[np.float64]:
    """Discrete cosine transform, shape (_BANDS, CEPSTRA)."""
    place = np.arange(_BANDS)[:, None] + 0.5
    return np.cos(np.pi / _BANDS * place * np.arange(1, CEPSTRA + 1))
