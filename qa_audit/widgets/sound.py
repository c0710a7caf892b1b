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
    from collections.abc import Iterator

    from qa_audit.transcribe.audio import Recording, Samples

BIT_RATE = 28_000
"""Bits a second and channel; wide-band speech is clear with it."""
LEAD_S = 0.1
"""Encoded before a piece and not played: a decoder needs 80 ms to settle (RFC 7845, section 4.6)."""
TAIL_S = 0.04
"""Encoded after it, for what comes out of the decoder lags."""
MIN_PIECE_S, MAX_PIECE_S = 0.5, 30.0
STEP_S = 1.0
KEEP_S = 2.0
"""Kept of what was read, for the next piece begins a little before the end of this one."""
READ_ON_S = 20.0
"""A place so little ahead is reached by reading on."""

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


class PieceMaker:
    """Makes pieces of one recording.

    Reads on where the piece before ended: not every codec can be sought, and decoding an hour anew for every
    few seconds would never keep up.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._blocks: Iterator[Samples] = iter(())
        self._held = np.zeros((0, recording.channels), np.float32)
        self._first = -1  # place of the first sample held; none was read yet

    def piece(self, start_s: float, end_s: float) -> Piece:
        """The recording from `start_s` to `end_s`, brought into it and to `MAX_PIECE_S` at most.

        A file that breaks off yields what is there.
        """
        length_s = self._recording.duration_s
        start_s = min(max(0.0, start_s), length_s)
        end_s = min(max(end_s, start_s + MIN_PIECE_S), start_s + MAX_PIECE_S, length_s)
        first_s = max(0.0, start_s - LEAD_S)
        samples = self._stretch(first_s, end_s + TAIL_S)
        if end_s <= start_s or len(samples) <= (start_s - first_s) * SAMPLE_RATE_HZ:
            return Piece(start_s, end_s, first_s, b"")
        # The last packet is whole, so that nothing is missing at the end.
        padded = np.pad(samples, ((0, round(TAIL_S * SAMPLE_RATE_HZ)), (0, 0)))
        ogg = io.BytesIO()
        soundfile.write(
            ogg, padded, SAMPLE_RATE_HZ, format="OGG", subtype="OPUS", compression_level=_COMPRESSION
        )
        stream = read_ogg_opus(ogg.getvalue())
        return Piece(start_s, end_s, first_s - stream.delay_s, webm(stream))

    def _stretch(self, start_s: float, end_s: float) -> Samples:
        """Samples of shape (n, channels), 16 kHz."""
        rate = self._recording.sample_rate_hz
        first, last = round(start_s * rate), round(end_s * rate)
        if not 0 <= self._first <= first <= self._first + len(self._held) + READ_ON_S * rate:
            self._blocks = native_blocks(self._recording, STEP_S, first / rate)
            self._held, self._first = self._held[:0], first
        parts = [self._held]
        count = len(self._held)
        while self._first + count < last and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            count += len(block)
        held = np.concatenate(parts)
        kept = max(0, count - round(KEEP_S * rate))
        self._held, self._first = held[kept:], self._first + kept
        wanted = held[first - (self._first - kept) : last - (self._first - kept)]
        if not len(wanted):
            return wanted
        return np.asarray(soxr.resample(wanted, rate, SAMPLE_RATE_HZ), np.float32)
