"""Segments into turns: one speaker's speech until another speaks or 1.5 s pass (rubric_sources)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_audit.transcribe.character_times import starts_ms
from qa_audit.transcribe.cleanup import cleaned
from qa_audit.transcribe.driver import Segment, confidence
from qa_audit.transcribe.turns import Role, Turn

TURN_PAUSE_S = 1.5
# Where it is not known who speaks, people answer after half a second. So that two speakers rarely share a
# turn, it ends there at such a pause, or at any pause after a full sentence.
UNKNOWN_PAUSE_S = 0.7
_SENTENCE_ENDS = ("。", "！", "？", "!", "?")
_ENDS = "。！？!?…，,、；;"
_ADDRESS = frozenset("您你")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A segment with the role of its speaker."""

    role: Role
    segment: Segment


def turns_of(spoken: Sequence[Spoken]) -> tuple[Turn, ...]:
    """Turns in order of their start; those of different speakers may overlap.

    A speaker is a role on a channel. A word of the other party said during one's own speech does not end the
    turn; one said in a pause does. Turns without text after clean-up are left out.
    """
    ordered = sorted(spoken, key=lambda one: (one.segment.start_s, one.segment.channel))
    open_turns: dict[tuple[int, Role], list[Spoken]] = {}
    groups: list[list[Spoken]] = []
    for one in ordered:
        group = open_turns.get(_speaker(one))
        if group is None or not _goes_on(group, one, ordered):
            group = []
            groups.append(group)
            open_turns[_speaker(one)] = group
        group.append(one)
    turns = (_turn(group) for group in groups)
    return tuple(
        sorted((turn for turn in turns if turn is not None), key=lambda turn: (turn.start_s, turn.channel))
    )


def _goes_on(group: Sequence[Spoken], one: Spoken, everyone: Sequence[Spoken]) -> bool:
    last = group[-1]
    pause_s = UNKNOWN_PAUSE_S if one.role == "unknown" else TURN_PAUSE_S
    if one.role == "unknown" and last.segment.raw_text.rstrip().endswith(_SENTENCE_ENDS):
        return False
    if one.segment.start_s - last.segment.end_s >= pause_s:
        return False
    return not any(
        _speaker(other) != _speaker(one)
        and other.segment.start_s < one.segment.start_s
        and other.segment.end_s > last.segment.end_s
        for other in everyone
    )


def _speaker(one: Spoken) -> tuple[int, Role]:
    return one.segment.channel, one.role


def _turn(group: Sequence[Spoken]) -> Turn | None:
    raw = [one.segment.raw_text for one in group]
    texts = [cleaned(text) for text in raw]
    kept = [text for text in texts if text]
    if not kept:
        return None
    pieces = [piece for one, text in zip(group, texts, strict=True) if text for piece in one.segment.pieces]
    heard = [one.segment for one, text in zip(group, texts, strict=True) if text]
    joined, starts = "", list[int]()
    for segment, text in zip(heard, kept, strict=True):
        if joined and joined[-1] not in _ENDS:
            joined += "，"
            starts.append(round(1000 * segment.start_s))
        joined += text
        starts += starts_ms(segment.pieces, text)
    return Turn(
        group[0].role,
        round(heard[0].start_s, 3),
        round(heard[-1].end_s, 3),
        joined,
        confidence(pieces),
        heard[0].channel,
        "".join(raw),
        tuple(
            odds
            for one, text in zip(group, texts, strict=True)
            if text
            for odds in _formal(one.segment, text)
        ),
        char_start_ms=tuple(starts) if len(starts) == len(joined) else (),
    )


def _formal(segment: Segment, text: str) -> list[float | None]:
    """Log-odds of 您 at every 您 and 你 of a segment's cleaned text; all None where clean-up took some out.

    A token may hold 你 after other characters (跟你); of that one nothing is known.
    """
    odds = [
        one.formal if place == 0 else None
        for one in segment.pieces
        for place, char in enumerate(one.text.strip())
        if char in _ADDRESS
    ]
    places = sum(char in _ADDRESS for char in text)
    return odds if len(odds) == places else [None] * places
