"""The start and the end of a call heard once more, where a quiet greeting or farewell may have been missed.

The speech detector hears a whole block at one loudness and remembers what it heard: a quiet 您好 right after
a loud ring-back tone, or a 再见 far fainter than the rest, is lost, and an item of the script fails wrongly.
What stands out of the noise at either end is given to a detector that has heard nothing else, as loud as
speech usually is. Where that one is sure, it is decoded beside the nearest region, and kept under bounds
stricter than usual. (To decode it alone brings little: of 23 stretches that held a missed phrase 14 were read
with it, most of them over and over, and strict bounds left two, one of them wrong.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.cleanup import cleaned
from qa_audit.transcribe.driver import NO_REPEAT, Segment, is_bad, segments_of
from qa_audit.transcribe.engine import Decoded, Engine
from qa_audit.transcribe.packing import Clip, cut, pack
from qa_audit.transcribe.presets import Preset
from qa_audit.transcribe.speech import Region
from qa_audit.transcribe.survey import Survey
from qa_audit.transcribe.vad import SpeechProbability

Floats = NDArray[np.float32]
Seconds = float

OPENING_S, CLOSING_S = 12.0, 15.0
# After a first region shorter than this (喂, a click) the greeting may still be to come.
SHORT_REGION_S = 0.6
# 您好 takes a third of a second; what goes on for longer is no phrase that was missed.
SHORTEST_S, LONGEST_S = 0.25, 4.0
# A shorter dip, as between 您 and 好, does not end a stretch.
DIP_S = 0.16
# The noise floor of a channel is this quantile of its levels; speech stands out of it by so much.
FLOOR_QUANTILE = 0.2
ABOVE_FLOOR_DB = 8.0
# One step of μ-law is at -78 dB: nothing so faint is looked at.
FAINTEST_DB = -70.0
# The other party, through the wire, may come so much later.
ECHO_S = 0.3
# Mean over the `SURE_FRAMES` (0.26 s) that sound most like speech. Missed phrases 6 dB and more above the
# noise have 0.96 to 1.00. Any 0.65 s of the sounds of benchmarks/sounds/ has at most 0.89 (drums), but
# for the murmur of a voice: 1.00, which the first look hears too; there the driver's guards have to do.
SURE, SURE_FRAMES = 0.95, 8
# A chunk's mean log-probability is below -0.7 where there is no speech but only a murmur.
TRUSTED_LOGPROB = -0.7
TRUSTED_NO_SPEECH = 0.5
TRUSTED_CHARS_PER_S = 8.0
# Over noise the model writes parts of its prompt; spread over clips they would not be known again.
PROMPT_PARTS = ("以下", "普通", "通话", "句子")
CONTEXT_S = 1.0
_PAD_S = 0.2
_USUAL_PEAK = 0.2
_STILL = np.zeros(SAMPLE_RATE_HZ, np.float32)


def stretches(found: Survey, regions: Sequence[Region], channels: int, pad_s: Seconds) -> list[Region]:
    """What stands out of a channel's noise near its first and its last region, and lies in none, padded.

    Only channels on which somebody speaks, and only where the other channel is not louder.
    """
    chosen: list[Region] = []
    for channel in sorted({one.channel for one in regions if one.channel < channels}):
        own = sorted((one for one in regions if one.channel == channel), key=lambda one: one.start_s)
        open_to = own[1] if own[0].duration_s < SHORT_REGION_S and len(own) > 1 else own[0]
        free = _standing_out(found, channel, channels)
        for one in own:
            first, last = _frames(one.start_s - pad_s, one.end_s + pad_s, found.frame_s)
            free[first:last] = False
        for low_s, high_s in (
            (own[0].start_s - OPENING_S, open_to.start_s),
            (own[-1].end_s, own[-1].end_s + CLOSING_S),
        ):
            first, last = _frames(low_s, high_s, found.frame_s)
            for start, end in _runs(free[first:last], round(DIP_S / found.frame_s)):
                if SHORTEST_S <= (end - start) * found.frame_s <= LONGEST_S:
                    times = ((first + at) * found.frame_s for at in (start, end))
                    chosen.append(Region(channel, *(round(at, 3) for at in times)))
    return chosen


def sure_clips(
    again: Sequence[Region], regions: Sequence[Region], blocks: Iterable[Floats], longest_s: Seconds
) -> list[tuple[Clip, Clip]]:
    """Clips of those stretches in which somebody surely speaks, each with the clip of the nearest region.

    A region shorter than `CONTEXT_S` tells the model too little, if there is a longer one.
    Stretches that make a chunk longer than `longest_s` with that region are left out.
    """
    beside: dict[Region, Region] = {}
    for one in again:
        own = [other for other in regions if other.channel == one.channel]
        told = [other for other in own if other.duration_s >= CONTEXT_S] or own
        beside[one] = min(told, key=_far(one))
    wanted = sorted({*again, *beside.values()}, key=lambda one: (one.channel, one.start_s))
    clips = {clip.region: clip for clip in cut(wanted, blocks, _PAD_S)}
    return [
        (as_loud_as(clips[one], clips[other]), clips[other])
        for one, other in beside.items()
        if one in clips
        and other in clips
        and one.duration_s + other.duration_s <= longest_s
        and sureness(clips[one].samples) >= SURE
    ]


def as_loud_as(clip: Clip, other: Clip) -> Clip:
    """A clip as loud as another: the model leaves out what is far fainter than the rest of a chunk."""
    return replace(clip, samples=clip.samples * (_peak(other.samples) / max(_peak(clip.samples), 1e-6)))


def _peak(samples: Floats) -> float:
    return float(np.quantile(np.abs(samples), 0.99))


def heard_again(
    pairs: Sequence[tuple[Clip, Clip]], engine: Engine, preset: Preset
) -> list[tuple[Clip, Segment]]:
    """What is surely said in each stretch: decoded beside the nearest region, kept under strict bounds."""
    chunks = [pack(pair, preset.pack_s, preset.gap_s, preset.tail_s)[0] for pair in pairs]
    results = engine.decode([chunk.samples for chunk in chunks], beam=preset.retry_beam, no_repeat=NO_REPEAT)
    kept: list[tuple[Clip, Segment]] = []
    for (clip, _), chunk, result in zip(pairs, chunks, results, strict=True):
        place = next(at for at, one in enumerate(chunk.clips) if one.clip is clip)
        segment = segments_of(chunk, result)[place]
        if not is_bad(result, chunk, preset) and _is_trusted(segment, result):
            kept.append((clip, segment))
    return kept


def _is_trusted(segment: Segment, result: Decoded) -> bool:
    letters = "".join(char for char in cleaned(segment.raw_text) if char.isalnum())
    return (
        result.mean_logprob > TRUSTED_LOGPROB
        and result.no_speech_prob < TRUSTED_NO_SPEECH
        and 2 <= len(letters) <= max(2.0, TRUSTED_CHARS_PER_S * (segment.end_s - segment.start_s))
        and not any(part in letters for part in PROMPT_PARTS)
    )


def _far(one: Region) -> Callable[[Region], Seconds]:
    return lambda other: max(other.start_s - one.end_s, one.start_s - other.end_s)


def sureness(samples: Floats) -> float:
    """How much a short sound (mono, 16 kHz) is like speech, 0 to 1, whatever came before and however quiet.

    >>> sureness(np.zeros(8_000, np.float32)) < 0.1
    True
    """
    samples = samples - samples.mean(dtype=np.float64).astype(np.float32)
    peak = _peak(samples)
    if peak:
        samples = np.clip(samples * (_USUAL_PEAK / peak), -1, 1)
    heard = SpeechProbability().feed(np.concatenate([_STILL, samples, _STILL]))
    return float(np.sort(heard)[-SURE_FRAMES:].mean())


def _standing_out(found: Survey, channel: int, channels: int) -> NDArray[np.bool_]:
    """Frames of a channel louder than its noise, and than the other channel is about then."""
    level = found.level_db[channel]
    floor = float(np.quantile(level, FLOOR_QUANTILE))
    loud = level > max(floor + ABOVE_FLOOR_DB, FAINTEST_DB)
    if channels == 2:
        width = round(ECHO_S / found.frame_s)
        before = np.pad(found.level_db[1 - channel], (width, 0), constant_values=-np.inf)
        loud &= level > np.lib.stride_tricks.sliding_window_view(before, width + 1).max(axis=1)
    return loud


def _frames(start_s: Seconds, end_s: Seconds, frame_s: Seconds) -> tuple[int, int]:
    return max(0, int(start_s / frame_s)), max(0, int(end_s / frame_s) + 1)


def _runs(flags: NDArray[np.bool_], dip: int) -> list[tuple[int, int]]:
    """(first, after the last) of what is set, dips of at most `dip` bridged."""
    runs: list[tuple[int, int]] = []
    for at in np.flatnonzero(flags).tolist():
        if runs and at - runs[-1][1] <= dip:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs
