"""Where each line of a dialogue lies in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .scenario import Ring, Speech, Wait

SHORTEST_GAP_S, LONGEST_GAP_S = 0.3, 0.65
LEAD_S, TAIL_S = 0.4, 0.5


@dataclass(frozen=True)
class Placed:
    """A step of the dialogue and the span it takes."""

    step: Speech | Wait | Ring
    start_s: float
    end_s: float


def place(
    steps: tuple[Speech | Wait | Ring, ...], spoken_s: list[float], rng: np.random.Generator
) -> tuple[list[Placed], float]:
    """Place the steps one after the other and return them with the length of the call.

    `spoken_s` holds the length of each Speech, in order. The pause before a line is its `gap_s`, else a
    natural one; a negative gap starts before the other has ended. A wait begins and ends with its neighbours.
    """
    lengths = iter(spoken_s)
    placed: list[Placed] = []
    now_s = LEAD_S
    after_wait = True  # no extra pause at the start of the call
    for step in steps:
        if isinstance(step, Speech):
            natural_s = round(float(rng.uniform(SHORTEST_GAP_S, LONGEST_GAP_S)), 2)
            gap_s = step.gap_s if step.gap_s is not None else (0.0 if after_wait else natural_s)
            start_s = max(0.0, now_s + gap_s)
            end_s = start_s + next(lengths)
            now_s = max(now_s, end_s)
        else:
            start_s, end_s = now_s, now_s + step.duration_s
            now_s = end_s
        after_wait = not isinstance(step, Speech)
        placed.append(Placed(step, start_s, end_s))
    return placed, now_s + TAIL_S
