"""The sound of the open call, compressed, in pieces that a browser joins without a seam."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ, native_blocks
from qa_audit.widgets.webm import read_ogg_opus, webm

if TYPE_CHECKING:
    from qa_audit.transcribe.audio import Recording, Samples

BIT_RATE = 28_000
"""Bits a second and channel; wide-band speech is clear with it."""
LEAD_S = 0.1
"""Encoded before a piece and not played: a decoder needs 80 ms to settle (RFC 7845, section 4.6)."""
TAIL_S = 0.04
"""Encoded after it, for what comes out of the decoder lags."""
MIN_PIECE_S, MAX_PIECE_S = 0.5, 30.0

# libsndfile takes the bit rate as a place between its highest and its lowest (ogg_opus.c).
_HIGHEST_BIT_RATE, _LOWEST_BIT_RATE = 256_000, 6_000
_COMPRESSION = (_HIGHEST_BIT_RATE - BIT_RATE) / (_HIGHEST_BIT_RATE - _LOWEST_BIT_RATE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a call as WebM with Opus, 16 kHz, every channel of the recording."""

    start_s: float
    end_s: float
    """What is to be played of it, in the time of the call."""
    offset_s: float
    """When in the call its first packet begins: before `start_s`."""
    data: bytes
    """Empty when the recording has nothing there."""


def sound_piece(recording: Recording, start_s: float, end_s: float) -> Piece:
    """The recording from `start_s` to `end_s`, brought into the recording and to `MAX_PIECE_S` at most.

    A file that breaks off yields what is there.
    """
    start_s = min(max(0.0, start_s), recording.duration_s)
    end_s = min(max(end_s, start_s + MIN_PIECE_S), start_s + MAX_PIECE_S, recording.duration_s)
    first_s = max(0.0, start_s - LEAD_S)
    samples = _stretch(recording, first_s, end_s + TAIL_S)
    if end_s <= start_s or len(samples) <= (start_s - first_s) * SAMPLE_RATE_HZ:
        return Piece(start_s, end_s, first_s, b"")
    # The last packet is whole, so that nothing is missing at the end.
    padded = np.pad(samples, ((0, round(TAIL_S * SAMPLE_RATE_HZ)), (0, 0)))
    ogg = io.BytesIO()
    soundfile.write(ogg, padded, SAMPLE_RATE_HZ, format="OGG", subtype="OPUS", compression_level=_COMPRESSION)
    stream = read_ogg_opus(ogg.getvalue())
    return Piece(start_s, end_s, first_s - stream.delay_s, webm(stream))


def _stretch(recording: Recording, start_s: float, end_s: float) -> Samples:
    """Samples of shape (n, channels), 16 kHz."""
    rate = recording.sample_rate_hz
    wanted = round((end_s - start_s) * rate)
    parts: list[Samples] = []
    count = 0
    for block in native_blocks(recording, end_s - start_s, start_s):
        parts.append(block[: wanted - count])
        count += len(parts[-1])
        if count >= wanted:
            break
    if not count:
        return np.zeros((0, recording.channels), np.float32)
    return np.asarray(soxr.resample(np.concatenate(parts), rate, SAMPLE_RATE_HZ), np.float32)
