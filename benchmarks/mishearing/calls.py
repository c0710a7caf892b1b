"""Labelled calls as a recogniser would hear them, drawn from a model of mishearing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from benchmarks.mishearing.pairs import kept
from qa_audit.transcribe.turns import Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.mishearing.model import Mishearing

SURE_ROLES, DOUBTFUL_ROLES = 1.0, 0.5


def misheard(call: Mapping[str, Any], model: Mishearing, seed: int = 0) -> Transcript:
    """A labelled call with its words misheard; the same seed and call give the same.

    On one channel a turn may run into the next one, with the role of the longer.
    """
    chance = random.Random(f"{seed} {call['id']}")
    drawer, channels = model.drawer(), call["channels"]
    mixed = model.mixed[1]
    turns: list[Turn] = []
    for one in sorted(call["truth"], key=lambda turn: turn["start_s"]):
        drawn = drawer.turn(kept(one["text"]), chance)
        if drawn is None:
            continue
        channel = int(one["role"] == "customer") if channels > 1 else 0
        turn = Turn(one["role"], one["start_s"], one["end_s"], drawn.text, drawn.confidence, channel)
        # A turn that is mixed is so on both sides.
        joins = channels == 1 and turns and chance.random() * 2 * (mixed.total() + 1) < mixed[True]
        turns.append(_joined(turns.pop(), turn) if joins else turn)
    end_s = max(one["end_s"] for one in call["truth"])
    return Transcript(call["id"], end_s + 1.0, channels, "", "", "", tuple(turns), SURE_ROLES)


def _joined(one: Turn, other: Turn) -> Turn:
    longer = max(one, other, key=lambda turn: len(turn.text))
    confidence = min(one.confidence, other.confidence)
    return Turn(longer.role, one.start_s, other.end_s, one.text + other.text, confidence, longer.channel)
