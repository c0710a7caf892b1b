"""Which part of a call a window takes in: turns, and the seconds that bound it inside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.wording import find_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.scoring.call_text import CallText, Match
    from qa_audit.scoring.said import Window, Wording

FAREWELL = frozenset("好的嗯再见拜行啊哎那谢对是您你不客气用早晚安")
"""Characters of turns that only exchange farewells; they don't use up a window at the end of a call."""


class Stretch(NamedTuple):
    """The part of a call that a window takes in."""

    turns: tuple[int, ...]
    start_s: float = -math.inf
    end_s: float = math.inf
    """Words that begin outside these seconds of the recording are not in it."""


def stretch_of(
    window: Window, call: CallText, turns: Sequence[int], *, counted: bool | None = None
) -> Stretch:
    """The part of these turns that the window takes in.

    `counted`: whether turns can be counted; None: where roles are known. Else a turn may hold the speech of
    both: `last_unknown_s` seconds before the end of speech stand for the last turns, and the first turn is
    bounded by `first_s` alone.
    """
    counted = call.roles_known if counted is None else counted
    kept, start_s, end_s = tuple(turns), -math.inf, math.inf
    if window.until_customer_says is not None:
        kept = _until_customer(call, kept, window.until_customer_says)
    if window.first_s is not None:
        kept, end_s = _first_seconds(call, kept, window.first_s)
    if window.first_turns is not None and counted:
        kept = kept[: window.first_turns]
    if window.last_turns is not None:
        if counted:
            kept = _last(call, kept[1:] if window.not_first else kept, window.last_turns)
        elif kept:
            start_s = max(call.turns[turn].end_s for turn in kept) - window.last_unknown_s
            kept = tuple(turn for turn in kept if call.turns[turn].end_s > start_s)
    return Stretch(kept, start_s, end_s)


def find_in(wording: Wording, call: CallText, stretch: Stretch) -> Match | None:
    """The strictest place of a wording that begins inside the stretch, or None."""
    for match in find_each(wording, call, stretch.turns):
        if stretch.start_s <= call.seconds(match.turn, match.start) <= stretch.end_s:
            return match
    return None


def _first_seconds(call: CallText, turns: Sequence[int], first_s: float) -> tuple[tuple[int, ...], float]:
    """The turns in which the first seconds of speech lie, and the moment at which these are over."""
    left_s = first_s
    for place, turn in enumerate(turns):
        duration_s = call.turns[turn].end_s - call.turns[turn].start_s
        if duration_s >= left_s:
            return tuple(turns[: place + 1]), call.turns[turn].start_s + left_s
        left_s -= duration_s
    return tuple(turns), math.inf


def _until_customer(call: CallText, turns: Sequence[int], syllables: int) -> tuple[int, ...]:
    """The first turns, up to where the customer has said so much since the agent began."""
    said = 0
    for place, turn in enumerate(turns[1:], 1):
        between = range(turns[place - 1] + 1, turn)
        said += sum(len(call.lines[one]) for one in between if call.roles[one] == "customer")
        if said >= syllables:
            return tuple(turns[:place])
    return tuple(turns)


def _last(call: CallText, turns: Sequence[int], count: int) -> tuple[int, ...]:
    """The last turns, counting only those that say more than a farewell, and what comes after them."""
    counted = 0
    first = len(turns)
    for place in range(len(turns) - 1, -1, -1):
        if counted == count:
            break
        first = place
        counted += not FAREWELL.issuperset(call.lines[turns[place]])
    return tuple(turns[first:])
