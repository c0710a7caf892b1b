"""A stretch of a recording as a small sound that a browser plays."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from qa_audit.messages import QaError
from qa_audit.transcribe.audio import SAMPLE_RATE_HZ, open_recording, read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from qa_audit.transcribe.settings import RawFormat


BEEP_HZ = 1000.0
BEEP_LEVEL = 0.1
BEEP_AROUND_S = 0.15
"""Times of characters are true to about so much."""
FADE_S = 0.005


def clip_mp3(
    path: str | Path,
    start_s: float,
    end_s: float,
    raw: RawFormat | None = None,
    *,
    beeps: Iterable[tuple[int, float, float]] = (),
) -> bytes:
    """The recording from `start_s` to `end_s` as MP3, both channels kept, 16 kHz.

    Times outside the recording are brought back to its edges; nothing is held but the stretch itself.
    `beeps` are stretches of a channel (number, start and end in seconds of the recording) in whose place a
    tone sounds; the other channels go on.

    Raises `QaError` `jobs.no_clip` when nothing of the recording lies in the stretch, and those of
    `open_recording`.
    """
    recording = open_recording(path, raw)
    first, last = max(0, round(start_s * SAMPLE_RATE_HZ)), round(end_s * SAMPLE_RATE_HZ)
    pieces = []
    at = 0
    for block in read_blocks(recording):
        if at >= last:
            break
        piece = block[:, max(0, first - at) : max(0, last - at)]
        if piece.size:
            pieces.append(piece)
        at += block.shape[1]
    if not pieces:
        raise QaError(
            "jobs.no_clip", path=path, start_s=start_s, end_s=end_s, duration_s=recording.duration_s
        )
    samples = np.concatenate(pieces, axis=1)
    for channel, from_s, to_s in beeps:
        if channel < samples.shape[0]:
            begun_s = first / SAMPLE_RATE_HZ
            _beep(samples[channel], from_s - BEEP_AROUND_S - begun_s, to_s + BEEP_AROUND_S - begun_s)
    sound = io.BytesIO()
    soundfile.write(sound, samples.T, SAMPLE_RATE_HZ, format="MP3")
    return sound.getvalue()


def _beep(samples: np.ndarray, from_s: float, to_s: float) -> None:
    """Put a tone in place of these seconds of one channel; nothing of what was there is left under it."""
    first, last = (min(max(0, round(at * SAMPLE_RATE_HZ)), len(samples)) for at in (from_s, to_s))
    if first >= last:
        return
    times = np.arange(last - first) / SAMPLE_RATE_HZ
    fade = np.minimum(1.0, np.minimum(times, times[::-1]) / FADE_S)
    samples[first:last] = BEEP_LEVEL * fade * np.sin(2 * np.pi * BEEP_HZ * times)
