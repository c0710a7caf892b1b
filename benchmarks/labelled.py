"""Recordings with a `labels.json` beside them, as everyone's benchmarks read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 16_000


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a call and what is truly said on it."""

    call_id: str
    samples: NDArray[np.float32]
    """Mono, 16 kHz."""
    truth: str
    speech_s: float
    """Seconds in which somebody speaks."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / RATE_HZ


def channels_of(folder: Path, limit: int | None = None) -> list[Channel]:
    """Every channel of every labelled call of a folder, in order of `labels.json`.

    Agent and announcements are on the left, the customer on the right; on a single channel is everybody.
    """
    rows = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    found = []
    for row in [row for row in rows if row.get("truth")][:limit]:
        samples, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
        if rate != RATE_HZ:
            samples = soxr.resample(samples, rate, RATE_HZ)
        turns = sorted(row["truth"], key=lambda turn: turn["start_s"])
        for channel in range(samples.shape[1]):
            own = [
                turn
                for turn in turns
                if samples.shape[1] == 1 or (turn["role"] == "customer") == (channel == 1)
            ]
            found.append(
                Channel(
                    row["id"],
                    np.ascontiguousarray(samples[:, channel], np.float32),
                    "".join(turn["text"] for turn in own),
                    sum(turn["end_s"] - turn["start_s"] for turn in own),
                )
            )
    return found
