"""How loud and how high somebody speaks, step by step: kept with the turns, so that a raised voice can be
told without the recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.packing import Clip
from qa_audit.transcribe.turns import PROSODY_STEP_S, Turn
from qa_audit.transcribe.voices import pitch_octaves

Floats = NDArray[np.float32]

# Pitch is taken every so many seconds: three values a syllable.
HOP_S = 0.04
# A step has a pitch when so many of its values are voiced.
MIN_VOICED = 3
# Of a step's levels this quantile: its vowels, whatever pauses lie between them.
LOUD_QUANTILE = 0.8
_LEVEL_SAMPLES = 320  # 20 ms
_SILENCE_DB = -100.0
_SEMITONES = 12.0


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of `PROSODY_STEP_S` of somebody's speech."""

    channel: int
    start_s: float
    loudness_db: float
    """Relative to full scale."""
    pitch_st: float
    """Semitones above 1 Hz (120 Hz is 82.9); NaN where hardly anything is voiced."""


def measuring(clips: Iterable[Clip], heard: list[Step]) -> Iterator[Clip]:
    """Pass clips on as they are, noting loudness and pitch of their regions in `heard`."""
    for clip in clips:
        region = clip.region
        first = max(round((region.start_s - clip.start_s) * SAMPLE_RATE_HZ), 0)
        last = round((region.end_s - clip.start_s) * SAMPLE_RATE_HZ)
        heard += steps_of(clip.samples[first:last], region.start_s, region.channel)
        yield clip


def steps_of(samples: Floats, start_s: float, channel: int = 0) -> list[Step]:
    """Steps of one region's samples (mono, 16 kHz); what is left over at its end is no step.

    >>> tone = np.sin(2 * np.pi * 200 * np.arange(16_000) / 16_000).astype(np.float32)
    >>> [(one.start_s, round(one.loudness_db), round(one.pitch_st)) for one in steps_of(tone, 4.0)]
    [(4.0, -3, 92), (4.5, -3, 92)]
    """
    size = round(PROSODY_STEP_S * SAMPLE_RATE_HZ)
    count = len(samples) // size
    if not count:
        return []
    power = (samples[: count * size].reshape(-1, _LEVEL_SAMPLES) ** 2).mean(axis=1)
    levels = np.maximum(10 * np.log10(np.maximum(power, 1e-12)), _SILENCE_DB).reshape(count, -1)
    loudness = np.quantile(levels, LOUD_QUANTILE, axis=1)
    pitch = _SEMITONES * pitch_octaves(samples, round(HOP_S * SAMPLE_RATE_HZ))
    steps = []
    for place in range(count):
        first, last = (round(at * PROSODY_STEP_S / HOP_S) for at in (place, place + 1))
        voiced = pitch[first:last][~np.isnan(pitch[first:last])]
        tone = float(np.median(voiced)) if len(voiced) >= MIN_VOICED else np.nan
        begins_s = round(start_s + place * PROSODY_STEP_S, 3)
        steps.append(Step(channel, begins_s, round(float(loudness[place]), 1), round(tone, 1)))
    return steps


def with_prosody(turns: Iterable[Turn], steps: Iterable[Step]) -> tuple[Turn, ...]:
    """Turns with the steps that lie in them, in order of time."""
    ordered = sorted(steps, key=lambda one: one.start_s)
    starts = np.array([one.start_s for one in ordered])
    found = []
    for turn in turns:
        first, last = np.searchsorted(starts, [turn.start_s - 1e-6, turn.end_s - PROSODY_STEP_S + 1e-6])
        own = [one for one in ordered[first:last] if one.channel == turn.channel]
        found.append(
            replace(
                turn,
                loudness_db=tuple(one.loudness_db for one in own),
                pitch_st=tuple(None if np.isnan(one.pitch_st) else one.pitch_st for one in own),
            )
        )
    return tuple(found)
