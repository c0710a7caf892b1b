"""A short call for measuring speed: some 20 s of real speech, laid out over two channels as calls are.

Speech made by arithmetic will not do: of 20 s of vowels with a melody the detector took 2 s for speech, and a
second of that cost four times as much as one of real speech, for the decoder tried again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.messages import QaError
from qa_audit.transcribe.audio import SAMPLE_RATE_HZ, Samples, open_recording, read_blocks
from qa_audit.transcribe.packing import Clip, cut
from qa_audit.transcribe.speech import (
    SAME_SIGNAL_CORRELATION,
    Region,
    regions_of,
    without_crosstalk,
    without_faint,
)
from qa_audit.transcribe.survey import survey

if TYPE_CHECKING:
    from qa_audit.transcribe.settings import RawFormat, SpeechSettings

SPEECH_SHARE = 0.40
"""Of each channel of a two-channel call; 0.395 by the survey of the 19 sample calls with two (12 min)."""
SPEECH_S = 20.0
"""So much speech is tried."""
LEAST_SPEECH_S = 10.0
"""With less a trial says nothing."""
# So much of a recording is looked at, and so many recordings.
LOOKED_AT_S = 600.0
RECORDINGS = 5


@dataclass(frozen=True, slots=True)
class TrialCall:
    """What is transcribed for a trial."""

    samples: Samples
    """Shape (2, n), 16 kHz."""
    speech_s: float
    source: str
    """The recording that the speech is from."""

    @property
    def duration_s(self) -> float:
        """Length of the call."""
        return self.samples.shape[1] / SAMPLE_RATE_HZ


def trial_call(
    paths: Iterable[str | Path],
    speech: SpeechSettings,
    raw_format_of: Callable[[str], RawFormat | None] = lambda _: None,
) -> TrialCall:
    """The first of these recordings that has `SPEECH_S` of speech, else the one with most.

    Only the first recordings, and of each its beginning, are looked at. Raises `QaError`
    `recommend.no_recording` when there is none, `recommend.too_little_speech`, and as `open_recording` does
    when no recording can be read.
    """
    best: TrialCall | None = None
    fault: QaError | None = None
    for path, _ in zip(paths, range(RECORDINGS), strict=False):
        try:
            clips = _clips(path, raw_format_of(Path(path).name), speech)
        except QaError as error:
            fault = fault or error
            continue
        made = laid_out(clips, str(path), speech.pad_ms / 1000)
        if best is None or made.speech_s > best.speech_s:
            best = made
        if best.speech_s >= SPEECH_S - 0.1:
            break
    if best is None:
        raise fault or QaError("recommend.no_recording")
    if best.speech_s < LEAST_SPEECH_S:
        raise QaError(
            "recommend.too_little_speech",
            path=best.source,
            got_s=f"{best.speech_s:.1f}",
            wanted_s=f"{LEAST_SPEECH_S:.0f}",
        )
    return best


def laid_out(clips: Iterable[Clip], source: str, pad_s: float) -> TrialCall:
    """Up to `SPEECH_S` of the clips on two channels in turn, with the pauses of an ordinary call.

    Speech takes `SPEECH_SHARE` of each channel; a clip's padding is no speech.
    """
    chosen: list[Samples] = []
    speech_s = 0.0
    for clip in clips:
        wanted_s = min(clip.region.duration_s, SPEECH_S - speech_s)
        chosen.append(clip.samples[: round((wanted_s + 2 * pad_s) * SAMPLE_RATE_HZ)])
        speech_s += wanted_s
        if speech_s >= SPEECH_S:
            break
    total = round(speech_s / (2 * SPEECH_SHARE) * SAMPLE_RATE_HZ)
    pause = (total - sum(map(len, chosen))) // max(len(chosen), 1)
    out = np.zeros((2, total), np.float32)
    ends, at = [0, 0], max(pause, 0) // 2
    for samples in chosen:
        channel = int(ends[1] < ends[0])
        start = max(at, ends[channel])
        part = samples[: total - start]
        out[channel, start : start + len(part)] = part
        ends[channel] = start + len(part)
        at += len(samples) + pause
    return TrialCall(out, round(speech_s, 3), source)


def _clips(path: str | Path, raw: RawFormat | None, speech: SpeechSettings) -> list[Clip]:
    """Clips of speech at the beginning of a recording, in order of time."""
    recording = open_recording(path, raw)
    channels = recording.channels
    found = survey(_beginning(read_blocks(recording)), channels)
    if abs(found.correlation) > SAME_SIGNAL_CORRELATION:
        channels = 1
    regions: list[Region] = []
    for channel in range(channels):
        regions += regions_of(found.speech[channel], found.frame_s, speech, channel)
    if channels == 2:
        regions = without_crosstalk(regions, found.level_db, found.frame_s)
        regions = without_faint(regions, found.level_db, found.frame_s)
    regions = _first(sorted(regions, key=lambda one: one.start_s))
    clips = cut(regions, _beginning(read_blocks(recording)), speech.pad_ms / 1000)
    return sorted(clips, key=lambda clip: clip.start_s)


def _first(regions: Iterable[Region]) -> list[Region]:
    """The first regions that together have enough speech."""
    chosen: list[Region] = []
    for region in regions:
        chosen.append(region)
        if sum(one.duration_s for one in chosen) >= SPEECH_S:
            break
    return chosen


def _beginning(blocks: Iterator[Samples]) -> Iterator[Samples]:
    seconds = 0.0
    for block in blocks:
        yield block
        seconds += block.shape[1] / SAMPLE_RATE_HZ
        if seconds >= LOOKED_AT_S:
            return
