"""Which turns of a call a window takes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.rubric import Window

FAREWELL = frozenset("好的嗯再见拜行啊哎那谢对是您你不客气用早晚安")
"""Characters of turns that only exchange farewells; they don't use up a window at the end of a call."""


def turns_in(window: Window, call: CallText, turns: Sequence[int]) -> tuple[int, ...]:
    """The turns among `turns` that the window takes in, in order.

    `first_s` counts seconds of speech in these turns; a turn that begins before the limit is in.
    """
    kept = tuple(turns)
    if window.first_s is not None:
        spoken_s = 0.0
        within = []
        for turn in kept:
            if spoken_s >= window.first_s:
                break
            within.append(turn)
            spoken_s += call.turns[turn].end_s - call.turns[turn].start_s
        kept = tuple(within)
    if window.first_turns is not None:
        kept = kept[: window.first_turns]
    if window.last_turns is not None:
        kept = _last(call, kept, window.last_turns)
    return kept


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
