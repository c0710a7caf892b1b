"""Looking for a wording in a call: phrases and patterns in tiers, less what its exceptions take back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.call_text import CallText, Match
from qa_audit.text.normalise import normalise
from qa_audit.text.pinyin import sound
from qa_audit.text.search import Phrase, fold_honorific, phrase, spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qa_audit.scoring.rubric import Wording
    from qa_audit.scoring.verdicts import Tier

_BACK_REFERENCE = re.compile(r"\\\d|\(\?P=")
SURE_TIERS: frozenset[str] = frozenset(("exact", "regex"))
"""Tiers that stand for the words themselves, not for something that sounds like them."""


class _Ready(NamedTuple):
    phrases: tuple[Phrase, ...]
    misheard: tuple[Phrase, ...]
    patterns: tuple[re.Pattern[str], ...]
    by_sound: tuple[re.Pattern[str], ...]
    folded: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    unless_by_sound: tuple[re.Pattern[str], ...]


def compiled(patterns: Sequence[str], *, spelt: str = "") -> tuple[re.Pattern[str], ...]:
    """Compile patterns over normalised text, joined into one where they allow it.

    `spelt` "sound" or "folded" spells them by sound: a pattern's characters then match all homophones.
    """
    # Turns are lines of one text: what a negated set matches must not run into the next turn.
    prepared = [fold_honorific(pattern).replace("[^", "[^\\n") for pattern in patterns]
    if spelt:
        prepared = [sound(pattern, folded=spelt == "folded") for pattern in prepared]
    alone = [pattern for pattern in prepared if _BACK_REFERENCE.search(pattern)]
    joined = [pattern for pattern in prepared if not _BACK_REFERENCE.search(pattern)]
    if joined:
        alone.append("|".join(f"(?:{pattern})" for pattern in joined))
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in alone)


@lru_cache(maxsize=4096)
def _ready(wording: Wording) -> _Ready:
    as_patterns = [
        *wording.patterns,
        *(re.escape(fold_honorific(normalise(one).text)) for one in wording.phrases),
    ]
    by_sound = wording.patterns_by_sound and wording.tolerance != "exact"
    return _Ready(
        tuple(phrase(one) for one in wording.phrases),
        tuple(phrase(one) for one in wording.misheard),
        compiled(wording.patterns),
        compiled(wording.patterns, spelt="sound") if by_sound else (),
        compiled(as_patterns, spelt="folded") if wording.folded else (),
        compiled(wording.unless),
        compiled(wording.unless, spelt="sound") if wording.unless else (),
    )


def find_all(wording: Wording, call: CallText, turns: Collection[int]) -> list[Match]:
    """Every place of a wording in these turns of a call, strictest tier first; places do not overlap.

    Shape: one `Match` a place. A place that an exception (`unless`) overlaps is left out.
    """
    if wording.empty or not turns:
        return []
    ready = _ready(wording)
    allowed = turns if isinstance(turns, (set, frozenset)) else set(turns)
    found: list[Match] = []
    for start, end, tier in _places(ready, wording, call):
        if any(start < other.end and other.start < end for other in found):
            continue
        turn = call.turn_at(start)
        if call.turn_at(end - 1) != turn:
            continue
        match = Match(turn, start, end, tier)
        if turn in allowed and not _taken_back(ready, call, match):
            found.append(match)
    return found


def find_first(wording: Wording, call: CallText, turns: Collection[int]) -> Match | None:
    """The strictest place of a wording in these turns, or None."""
    found = find_all(wording, call, turns)
    return found[0] if found else None


def _places(ready: _Ready, wording: Wording, call: CallText) -> Iterator[tuple[int, int, Tier]]:
    found = [span for one in ready.phrases for span in spans(one, call.plain, call.spelt, wording.tolerance)]
    yield from (span for span in found if span.tier == "exact")
    yield from _matches(ready.patterns, call.plain, "regex")
    yield from (span for span in found if span.tier == "pinyin")
    yield from _matches(ready.by_sound, call.spelt, "pinyin")
    yield from (span for span in found if span.tier == "near")
    for one in ready.misheard:
        for start, end, _ in spans(one, call.plain, call.spelt, "exact"):
            yield start, end, "near"
    if ready.folded:
        yield from _matches(ready.folded, call.folded, "near")


def _matches(patterns: Sequence[re.Pattern[str]], text: str, tier: Tier) -> Iterator[tuple[int, int, Tier]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield match.start(), match.end(), tier


def _taken_back(ready: _Ready, call: CallText, match: Match) -> bool:
    if not ready.unless:
        return False
    if overlapped(ready.unless, call, match):
        return True
    return match.tier not in SURE_TIERS and overlapped(ready.unless_by_sound, call, match, by_sound=True)


def overlapped(
    patterns: Sequence[re.Pattern[str]], call: CallText, found: Match, *, by_sound: bool = False
) -> bool:
    """Whether some match of the patterns in the turn of `found` overlaps it."""
    first, last = call.bounds(found.turn)
    line = (call.spelt if by_sound else call.plain)[first:last]
    start, end = found.start - first, found.end - first
    for pattern in patterns:
        place = 0
        while match := pattern.search(line, place):
            if match.start() < end and start < match.end():
                return True
            # Joined exceptions may hide one another, so look again from the next character.
            place = match.start() + 1
    return False
