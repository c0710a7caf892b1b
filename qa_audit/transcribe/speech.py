"""Speech regions: from speech probabilities to stretches of time, and which of them are only crosstalk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qa_audit.transcribe.settings import SpeechSettings

Seconds = float
Floats = NDArray[np.float32]

# A region is left when the probability falls this far below the threshold (silero-vad's hysteresis).
_HYSTERESIS = 0.15
# Crosstalk: the other channel is louder by this much, and its level goes up and down with this one.
CROSSTALK_DB = 12.0
CROSSTALK_CORRELATION = 0.6
# Nobody's own speech is so much fainter than the loud tenth of it.
FAINT_DB = 24.0
# The detector is sure of a word only after some of it. Its onset is sought back from there, over what stands
# out of the channel's noise by so much; a dip shorter than between two words does not end it, and what goes
# on for longer was there before anyone spoke. On the sample calls 94.5 % of the turns of two channels began
# within 0.3 s of the truth without it, 98.5 % with it (benchmarks/turn_starts.py).
ONSET_DB, ONSET_FLOOR_QUANTILE = 15.0, 0.2
ONSET_DIP_S, LONGEST_ONSET_S = 0.2, 1.0
# Two channels that are the same signal, or its mirror image (a mono call written as stereo).
SAME_SIGNAL_CORRELATION = 0.98


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of speech on one channel."""

    channel: int
    start_s: Seconds
    end_s: Seconds

    @property
    def duration_s(self) -> Seconds:
        """Length in seconds."""
        return self.end_s - self.start_s


def regions_of(
    probability: Floats,
    frame_s: Seconds,
    settings: SpeechSettings,
    channel: int = 0,
    level_db: Floats | None = None,
) -> list[Region]:
    """Regions in which someone speaks, in order, from where speech is first to where it is last heard.

    `probability` is one value a frame of `frame_s`, 0 to 1; with `level_db`, as `from_onset` takes it,
    regions begin where their sound does.

    >>> from qa_audit.transcribe.settings import SpeechSettings
    >>> speech = np.repeat(np.float32([0, 1, 0]), [20, 40, 40])
    >>> regions_of(speech, 0.05, SpeechSettings())
    [Region(channel=0, start_s=1.0, end_s=3.0)]
    """
    joined: list[list[int]] = []
    for start, end in _above(probability, settings.threshold, settings.threshold - _HYSTERESIS):
        if joined and (start - joined[-1][1]) * frame_s * 1000 < settings.min_silence_ms:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    regions = [Region(channel, round(start * frame_s, 3), round(end * frame_s, 3)) for start, end in joined]
    if level_db is not None:
        regions = from_onset(regions, level_db, frame_s)
    return [one for one in regions if round(one.duration_s * 1000) >= settings.min_speech_ms]


def from_onset(
    regions: Sequence[Region], level_db: Floats, frame_s: Seconds, longest_s: Seconds = LONGEST_ONSET_S
) -> list[Region]:
    """Regions of one channel, each from where its sound begins; none reaches into the one before.

    `level_db`: loudness of the channel or, where it is fainter than the other one, `-inf`; one value a
    `frame_s`.

    >>> level = np.repeat(np.float32([-60, -20, -60]), [20, 40, 60])
    >>> from_onset([Region(0, 1.2, 3.0)], level, 0.05)
    [Region(channel=0, start_s=1.0, end_s=3.0)]
    """
    heard = level_db[np.isfinite(level_db)]
    if not regions or not heard.size:
        return list(regions)
    loud = level_db > np.quantile(heard, ONSET_FLOOR_QUANTILE) + ONSET_DB
    dip, longest = round(ONSET_DIP_S / frame_s), round(longest_s / frame_s)
    moved: list[Region] = []
    before = 0
    for region in regions:
        first = round(region.start_s / frame_s)
        onset = first
        earliest = max(before, first - longest - dip - 1)
        while onset > earliest and loud[max(earliest, onset - dip - 1) : onset].any():
            onset -= 1
        while onset < first and not loud[onset]:
            onset += 1
        if first - onset > longest:
            onset = first
        before = round(region.end_s / frame_s)
        moved.append(Region(region.channel, round(min(onset * frame_s, region.start_s), 3), region.end_s))
    return moved


def split_long(region: Region, probability: Floats, frame_s: Seconds, longest_s: Seconds) -> list[Region]:
    """Cut a region longer than `longest_s` where speech is least likely, each time in the later half."""
    pieces: list[Region] = []
    start = region.start_s
    while region.end_s - start > longest_s:
        low, high = start + longest_s / 2, start + longest_s
        window = probability[int(low / frame_s) : max(int(high / frame_s), int(low / frame_s) + 1)]
        cut = low + (int(np.argmin(window)) + 0.5) * frame_s if len(window) else high
        pieces.append(Region(region.channel, start, cut))
        start = cut
    return [*pieces, Region(region.channel, start, region.end_s)]


def without_crosstalk(regions: Sequence[Region], level_db: Floats, level_s: Seconds) -> list[Region]:
    """Leave out regions that are a faint copy of what the other channel says at that time.

    `level_db`: shape (2, frames), loudness of both channels, one value per `level_s`. A region goes when
    the other channel is on average `CROSSTALK_DB` louder during it and both levels rise and fall together;
    someone who really speaks under another has a level of their own.
    """
    kept = []
    for region in regions:
        span = slice(
            int(region.start_s / level_s), max(int(region.end_s / level_s), int(region.start_s / level_s) + 2)
        )
        own, other = level_db[region.channel, span], level_db[1 - region.channel, span]
        if len(own) < 2 or float(other.mean() - own.mean()) < CROSSTALK_DB:
            kept.append(region)
            continue
        if correlation(own, other) < CROSSTALK_CORRELATION:
            kept.append(region)
    return kept


def without_faint(regions: Sequence[Region], level_db: Floats, level_s: Seconds) -> list[Region]:
    """Leave out what is far fainter than the rest of one party's channel: the other party, through the wire.

    `level_db`: shape (channels, frames), one value per `level_s`; every channel holds one voice. Quiet
    callers stay, for each channel is its own measure.

    >>> level = np.float32([[-20] * 10 + [-50] * 10])
    >>> without_faint([Region(0, 0.0, 1.0), Region(0, 1.0, 2.0)], level, 0.1)
    [Region(channel=0, start_s=0.0, end_s=1.0)]
    """
    loud: dict[int, float] = {}
    for channel in {region.channel for region in regions}:
        own = [one for one in regions if one.channel == channel]
        loud[channel] = float(
            np.quantile(np.concatenate([_levels(one, level_db, level_s) for one in own]), 0.9)
        )
    return [
        region
        for region in regions
        if float(np.quantile(_levels(region, level_db, level_s), 0.9)) > loud[region.channel] - FAINT_DB
    ]


def _levels(region: Region, level_db: Floats, level_s: Seconds) -> Floats:
    first = min(int(region.start_s / level_s), level_db.shape[1] - 1)
    return level_db[region.channel, first : max(int(region.end_s / level_s), first + 1)]


def correlation(a: Floats, b: Floats) -> float:
    """Pearson's correlation; 0 when one of them does not vary.

    >>> correlation(np.float32([1, 2, 3]), np.float32([2, 4, 6]))
    1.0
    """
    if len(a) < 2 or not a.std() or not b.std():
        return 0.0
    return float(np.round(np.corrcoef(a, b)[0, 1], 6))


def _above(probability: Floats, enter: float, leave: float) -> list[tuple[int, int]]:
    """Frame ranges that start at `enter` and last until the probability falls below `leave`."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for frame, value in enumerate(probability.tolist()):
        if start is None and value >= enter:
            start = frame
        elif start is not None and value < leave:
            spans.append((start, frame))
            start = None
    if start is not None:
        spans.append((start, len(probability)))
    return spans
