"""How sure it is that a condition holds, in five steps, and how such answers join.

Two steps each way tell the words themselves from what only sounds like them. So the same hit may earn a pass
where the phrase is asked for, and yet be no automatic fault where it is forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.scoring.verdicts import Evidence


class Belief(IntEnum):
    """From surely not to surely."""

    NO = -2
    HARDLY = -1
    """Not found, but it may have been missed: badly heard, or who speaks is not known."""
    UNKNOWN = 0
    LIKELY = 1
    """Found by tolerance, in badly heard words, or said by one of two unknown speakers."""
    YES = 2

    def __neg__(self) -> Belief:
        """The other way round.

        >>> -Belief.LIKELY
        <Belief.HARDLY: -1>
        """
        return Belief(-int(self))


class Hit(NamedTuple):
    """A place where a condition holds."""

    level: Belief
    """LIKELY, YES, or UNKNOWN for what is too near a limit."""
    turn: int | None
    """None for what is no turn."""
    start: int
    """Half-open span in the joined text of the call; -1 for what is no words."""
    end: int
    start_s: float
    end_s: float
    evidence: Evidence
    element: int = 0
    """Which of the listed phrases, patterns …"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a condition says of a call."""

    belief: Belief
    hits: tuple[Hit, ...] = ()
    absent: Evidence | None = None
    """Where it was looked for in vain."""
    no_data: bool = False
    """Nothing is known that could tell, so nothing is inferred; goes with `UNKNOWN`."""
    late: bool = False
    """A pattern took too long and was given up; goes with `UNKNOWN`."""


def counted(levels: Iterable[Belief], at_least: float, *, missed: bool = False) -> Belief:
    """Whether there are so many; `missed`: some may not have been heard.

    >>> counted([Belief.YES, Belief.LIKELY], 2), counted([Belief.YES], 2)
    (<Belief.LIKELY: 1>, <Belief.NO: -2>)
    >>> counted([Belief.YES], 2, missed=True)
    <Belief.HARDLY: -1>
    """
    known = list(levels)
    for belief in (Belief.YES, Belief.LIKELY, Belief.UNKNOWN):
        if sum(level >= belief for level in known) >= at_least:
            return belief
    return Belief.HARDLY if missed else Belief.NO


def beside(value: float, limit: float, margin: float) -> Belief:
    """Whether a measured value is above a limit, by more than the margin of its measurement.

    >>> beside(10.2, 10, 0.5), beside(11, 10, 0.5), beside(9, 10, 0.5)
    (<Belief.UNKNOWN: 0>, <Belief.YES: 2>, <Belief.NO: -2>)
    """
    if value > limit + margin:
        return Belief.YES
    return Belief.NO if value < limit - margin or not margin else Belief.UNKNOWN


def in_range(value: float, at_least: float | None, at_most: float | None) -> Belief:
    """Whether a value that is known exactly lies between the limits, both included."""
    low = at_least is None or value >= at_least
    return Belief.YES if low and (at_most is None or value <= at_most) else Belief.NO


def all_of(beliefs: Sequence[Belief]) -> Belief:
    """The least sure of them; surely, when there are none."""
    return min(beliefs, default=Belief.YES)


def any_of(beliefs: Sequence[Belief]) -> Belief:
    """The surest of them; surely not, when there are none."""
    return max(beliefs, default=Belief.NO)
