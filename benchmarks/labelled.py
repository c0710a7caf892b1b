"""Recordings with a `labels.json` beside them, as everyone's benchmarks read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RATE_HZ = 16_000
Item = TypeVar("Item")


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


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """`count` of the items, spread evenly over all.

    >>> spread([0, 1, 2, 3, 4, 5], 3)
    [0, 2, 4]
    """
    step = max(1, len(items) // max(count, 1))
    return list(items[::step][:count])


def channels_of(folder: Path, limit: int | None = None) -> list[Channel]:
    """Every channel of every labelled call of a folder, or of `limit` calls spread over them, in their order.

    Agent and announcements are on the left, the customer on the right; on a single channel is everybody.
    """
    rows = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    labelled = [row for row in rows if row.get("truth")]
    found = []
    for row in spread(labelled, limit or len(labelled)):
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
