"""What the player draws of a recording before any of it is played: the loudest moment of every fiftieth of a
second, each channel a lane of its own; and how much each lane has to be raised to be heard alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.transcribe.audio import native_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qa_audit.transcribe.audio import Recording, Samples

BINS_PER_S = 50
"""The finest zoom shows a bin on three pixels; an hour of stereo is 360 kB."""
BLOCK_S = 30.0
TARGET_DBFS = -22.0
"""Every lane is brought to this loudness."""
MAX_GAIN_DB, MIN_GAIN_DB = 24.0, -12.0
_WINDOW_BINS = 20  # 400 ms, as BS.1770 has it
_FLOOR_DBFS, _RELATIVE_GATE_DB = -60.0, -10.0


@dataclass(frozen=True, slots=True)
class Peaks:
    """The next stretch of lanes."""

    first_bin: int
    lanes: NDArray[np.uint8]
    """Shape (channels, bins); 255 is full scale."""
    gains_db: tuple[float, ...]
    """For each lane, by what was read so far."""
    done: bool


def peaks_of(recording: Recording) -> PeakReader:
    """A reader of a recording's peaks, at its beginning."""
    return PeakReader(native_blocks(recording, BLOCK_S), recording.sample_rate_hz, recording.channels)


class PeakReader:
    """Reads a recording once, from its beginning, as far as each call's time allows.

    An hour takes from a fraction of a second (PCM) to ten (Opus); in between other requests are answered.
    """

    def __init__(self, blocks: Iterator[Samples], sample_rate_hz: int, channels: int) -> None:
        """`blocks` of shape (n, channels), in order."""
        self._blocks = blocks
        self._rate = sample_rate_hz
        self._channels = channels
        self._rest = np.zeros((0, channels), np.float32)
        self._squares: list[NDArray[np.float64]] = []
        self._bins = 0
        self._samples = 0
        self._done = False

    def read(self, budget_s: float) -> Peaks:
        """Read on for about `budget_s` seconds of work, at least one block of 30 s of the call."""
        first = self._bins
        found: list[NDArray[np.uint8]] = []
        until = time.perf_counter() + budget_s
        while not self._done:
            block = next(self._blocks, None)
            self._done = block is None
            found.append(self._bins_of(block))
            if time.perf_counter() >= until:
                break
        empty = np.zeros((self._channels, 0), np.uint8)
        return Peaks(first, np.concatenate([empty, *found], axis=1), self._gains(), self._done)

    def _bins_of(self, block: Samples | None) -> NDArray[np.uint8]:
        """Peaks of what is left from before and `block`; at the end (None) of what is left alone."""
        samples = self._rest if block is None else np.concatenate([self._rest, block])
        base = self._samples - len(self._rest)
        self._samples += 0 if block is None else len(block)
        # Ends of bins are rounded each on its own: 11,025 Hz has no whole number of samples in a fiftieth.
        last = self._samples * BINS_PER_S // self._rate
        if block is None and last * self._rate < self._samples * BINS_PER_S:
            last += 1  # the last bin is a shorter one
        starts = (np.arange(self._bins, last) * self._rate) // BINS_PER_S - base
        if not len(starts):
            self._rest = samples
            return np.zeros((self._channels, 0), np.uint8)
        end = len(samples) if block is None else (last * self._rate) // BINS_PER_S - base
        used = samples[:end]
        high = np.maximum.reduceat(np.abs(used), starts, axis=0)
        lengths = np.diff(np.append(starts, end))
        squares = np.add.reduceat(np.square(used, dtype=np.float64), starts, axis=0) / lengths[:, None]
        self._squares.append(squares)
        self._rest = samples[end:]
        self._bins = int(last)
        return np.clip(np.ceil(high.T * 255.0), 0, 255).astype(np.uint8)

    def _gains(self) -> tuple[float, ...]:
        squares = np.concatenate(self._squares) if self._squares else np.zeros((0, self._channels))
        return tuple(gain_db(squares[:, lane]) for lane in range(self._channels))


def gain_db(squares: NDArray[np.float64]) -> float:
    """By how many dB a lane has to be raised; `squares` are mean squares of its bins.

    Loudness is that of the 400 ms windows that are not much softer than the others (gates of ITU-R BS.1770-4,
    without its weighting of frequencies: a telephone has none of those it weighs); silence needs no gain.

    >>> gain_db(np.full(200, 10 ** (-32 / 10)))
    10.0
    """
    whole = len(squares) // _WINDOW_BINS * _WINDOW_BINS
    windows = squares[:whole].reshape(-1, _WINDOW_BINS).mean(axis=1) if whole else squares
    heard = windows[windows > 10 ** (_FLOOR_DBFS / 10)]
    if not len(heard):
        return 0.0
    loud = heard[heard > heard.mean() * 10 ** (_RELATIVE_GATE_DB / 10)]
    return round(float(np.clip(TARGET_DBFS - 10 * np.log10(loud.mean()), MIN_GAIN_DB, MAX_GAIN_DB)), 1)
