"""A stretch of a recording as a small sound that a browser plays."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from qa_audit.messages import QaError
from qa_audit.transcribe.audio import SAMPLE_RATE_HZ, open_recording, read_blocks

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.transcribe.settings import RawFormat


def clip_mp3(path: str | Path, start_s: float, end_s: float, raw: RawFormat | None = None) -> bytes:
    """The recording from `start_s` to `end_s` as MP3, both channels kept, 16 kHz.

    Times outside the recording are brought back to its edges; nothing is held but the stretch itself.

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
    sound = io.BytesIO()
    soundfile.write(sound, np.concatenate(pieces, axis=1).T, SAMPLE_RATE_HZ, format="MP3")
    return sound.getvalue()
