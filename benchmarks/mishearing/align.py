"""What was said and what a recogniser wrote, laid beside each other by the sound of their characters."""

from __future__ import annotations

from typing import NamedTuple

from qa_audit.text.nearest import syllable_distance
from qa_audit.text.pinyin import syllables

GAP = 0.8
"""Cost of a character left out or put in; putting one in place of another costs at most 1."""
HOMOPHONE = 0.02
"""Cost of another character of the same sound, so that equal ones go first."""


class Step(NamedTuple):
    """A character that was said and what stands for it; None where it has nothing on the other side."""

    said: int | None
    heard: int | None


def align(said: str, heard: str) -> list[Step]:
    """The cheapest way to turn one normalised text into another (Needleman & Wunsch 1970).

    >>> [(step.said, step.heard) for step in align("请稍等", "请等我")]
    [(0, 0), (1, None), (2, 1), (None, 2)]
    """
    one, other = syllables(said), syllables(heard)
    rows = [[place * GAP for place in range(len(other) + 1)]]
    for place, syllable in enumerate(one):
        before, row = rows[-1], [(place + 1) * GAP]
        for at, written in enumerate(other):
            cost = syllable_distance(syllable, written) + HOMOPHONE * (said[place] != heard[at])
            row.append(min(before[at] + cost, before[at + 1] + GAP, row[at] + GAP))
        rows.append(row)
    steps: list[Step] = []
    place, at = len(one), len(other)
    while place or at:
        here = rows[place][at]
        if place and at:
            cost = syllable_distance(one[place - 1], other[at - 1]) + HOMOPHONE * (
                said[place - 1] != heard[at - 1]
            )
            if abs(here - rows[place - 1][at - 1] - cost) < 1e-9:
                place, at = place - 1, at - 1
                steps.append(Step(place, at))
                continue
        if at and abs(here - rows[place][at - 1] - GAP) < 1e-9:
            at -= 1
            steps.append(Step(None, at))
        else:
            place -= 1
            steps.append(Step(place, None))
    return steps[::-1]
