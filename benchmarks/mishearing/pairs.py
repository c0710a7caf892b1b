"""Turns that were said beside what was heard of them, from labelled calls and their transcripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.mishearing.align import align
from qa_audit.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa_audit.transcribe.turns import Transcript

PUNCTUATION = "，。？！、；："
"""Marks that are told apart; others count as none."""
_ONE_MARK = str.maketrans("?!;:,.", "？！；：，。")


@dataclass(frozen=True, slots=True)
class Kept:
    """A text without what normalising drops: its characters, and the mark that follows each ("" for none)."""

    text: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A turn as it was said, and for each of its characters what was written."""

    role: str
    said: Kept
    heard: tuple[str, ...]
    """A character each: "" where it was lost, more than one where something was put in after it."""
    marks: tuple[str | None, ...]
    """Mark written after each; None where a neighbour was lost."""
    before: str
    """What was written before the first."""
    confidence: float | None
    """Lowest of the turns that it was written in; None when all was lost."""
    heard_roles: frozenset[str]
    """Roles of the turns that it was written in."""
    shared: bool
    """Whether one of these holds words of another turn as well."""
    channels: int


def kept(text: str) -> Kept:
    """A text's normalised characters and the marks between them.

    >>> kept("好的,再见。")
    Kept(text='好的再见', marks=('', '，', '', '。'))
    """
    characters: list[str] = []
    marks: list[str] = []
    for character in text:
        becomes = normalise(character).text
        if becomes:
            characters += becomes
            marks += [""] * len(becomes)
        elif marks and not marks[-1] and (mark := character.translate(_ONE_MARK)) in PUNCTUATION:
            marks[-1] = mark
    return Kept("".join(characters), tuple(marks))


def pairs_of(call: Mapping[str, Any], transcript: Transcript) -> list[Pair]:
    """The turns of a labelled call, each with what was heard of it; each channel is aligned as a whole."""
    truth = sorted(call["truth"], key=lambda one: one["start_s"])
    if transcript.channels == 1:
        return list(_channel(truth, transcript, {0, 1}))
    found = []
    for channel in (0, 1):
        said = [one for one in truth if (one["role"] == "customer") == (channel == 1)]
        found += _channel(said, transcript, {channel})
    return found


def _channel(
    truth: Sequence[Mapping[str, Any]], transcript: Transcript, channels: set[int]
) -> Iterator[Pair]:
    said = [kept(one["text"]) for one in truth]
    turns = [one for one in transcript.turns if one.channel in channels]
    written = [kept(one.text) for one in turns]
    owners = [turn for turn, one in enumerate(written) for _ in one.text]
    heard = "".join(one.text for one in written)
    heard_marks = [mark for one in written for mark in one.marks]
    whole = "".join(one.text for one in said)
    places: list[int | None] = [None] * len(whole)
    extra: list[list[int]] = [[] for _ in range(len(whole) + 1)]
    last = 0
    for step in align(whole, heard):
        if step.said is None:
            extra[last].append(step.heard or 0)
        else:
            places[step.said], last = step.heard, step.said + 1
    users: dict[int, set[int]] = {}
    begins = [0]
    for one in said:
        begins.append(begins[-1] + len(one.text))
    for turn, first in enumerate(begins[:-1]):
        for place in places[first : begins[turn + 1]]:
            if place is not None:
                users.setdefault(owners[place], set()).add(turn)
    for turn, one in enumerate(said):
        first, end = begins[turn], begins[turn + 1]
        own = [place for place in places[first:end] if place is not None]
        within = sorted({owners[place] for place in own})
        characters, marks = [], []
        for at in range(first, end):
            place = places[at]
            more = "".join(heard[other] for other in extra[at + 1]) if at + 1 < end else ""
            characters.append(("" if place is None else heard[place]) + more)
            whole_pair = place is not None and (at + 1 >= end or places[at + 1] == place + 1)
            marks.append(heard_marks[place] if place is not None and whole_pair else None)
        yield Pair(
            truth[turn]["role"],
            one,
            tuple(characters),
            tuple(marks),
            "".join(heard[other] for other in extra[first] if owners[other] in within) if first else "",
            min((turns[other].confidence for other in within), default=None),
            frozenset(turns[other].role for other in within),
            any(len(users[other]) > 1 for other in within),
            transcript.channels,
        )
