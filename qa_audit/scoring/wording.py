"""Looking for a wording in a call: phrases and patterns in tiers, less what its exceptions take back."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.call_text import CallText, Form, Match
from qa_audit.scoring.pattern_bounds import SearchPattern, bounded
from qa_audit.scoring.prefilter import key_of, required_words
from qa_audit.text.normalise import normalise
from qa_audit.text.pinyin import sound
from qa_audit.text.search import MIN_NEAR_SYLLABLES, Phrase, fold_honorific, phrase, spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qa_audit.scoring.rubric import Wording
    from qa_audit.scoring.verdicts import Tier

SURE_TIERS: frozenset[str] = frozenset(("exact", "regex"))
"""Tiers that stand for the words themselves, not for something that sounds like them."""


class QuickPattern(NamedTuple):
    """A pattern, and keys of which a text must hold one for it to match (empty: not known)."""

    pattern: SearchPattern
    keys: frozenset[str]

    def may_match(self, form: Form) -> bool:
        """Whether the text holds what the pattern cannot do without."""
        return not self.keys or not self.keys.isdisjoint(form.keys)


class QuickPhrase(NamedTuple):
    """A phrase, and keys of which a text spelt by sound must hold one for it to be found."""

    phrase: Phrase
    keys: frozenset[str]


class _Ready(NamedTuple):
    phrases: tuple[QuickPhrase, ...]
    misheard: tuple[QuickPhrase, ...]
    patterns: tuple[QuickPattern, ...]
    by_sound: tuple[QuickPattern, ...]
    folded: tuple[QuickPattern, ...]
    unless: tuple[QuickPattern, ...]
    unless_by_sound: tuple[QuickPattern, ...]


@lru_cache(maxsize=4096)
def compiled(patterns: tuple[str, ...], *, spelt: str = "") -> tuple[QuickPattern, ...]:
    """Compile patterns over normalised text, each with the words that it cannot do without.

    `spelt` "sound" or "folded" spells them by sound: a pattern's characters then match all homophones.
    """
    # Turns are lines of one text: what a negated set matches must not run into the next turn.
    prepared = [fold_honorific(pattern).replace("[^", "[^\\n") for pattern in patterns]
    if spelt:
        prepared = [sound(pattern, folded=spelt == "folded") for pattern in prepared]
    return tuple(
        QuickPattern(bounded(one), frozenset(map(key_of, required_words(one) or ()))) for one in prepared
    )


@lru_cache(maxsize=4096)
def _ready(wording: Wording) -> _Ready:
    as_patterns = (
        *wording.patterns,
        *(re.escape(fold_honorific(normalise(one).text)) for one in wording.phrases),
    )
    by_sound = wording.patterns_by_sound and wording.tolerance != "exact"
    return _Ready(
        tuple(_quick(phrase(one)) for one in wording.phrases),
        tuple(_quick(phrase(one)) for one in wording.misheard),
        compiled(wording.patterns),
        compiled(wording.patterns, spelt="sound") if by_sound else (),
        compiled(as_patterns, spelt="folded") if wording.folded else (),
        compiled(wording.unless),
        compiled(wording.unless, spelt="sound") if wording.unless else (),
    )


def _quick(one: Phrase) -> QuickPhrase:
    """One syllable off leaves the first or the second half of a phrase as it is, so a key of each will do."""
    usual = one.spelt[0]
    keys = {key_of(form) for form in one.spelt}
    if len(usual) >= MIN_NEAR_SYLLABLES:
        keys.add(key_of(usual[len(usual) // 2 :]))
    return QuickPhrase(one, frozenset(keys))


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
    found = [
        span
        for one, keys in ready.phrases
        if not keys.isdisjoint(call.by_sound.keys)
        for span in spans(one, call.plain, call.spelt, wording.tolerance)
    ]
    yield from (span for span in found if span.tier == "exact")
    yield from _matches(ready.patterns, call.as_written, "regex")
    yield from (span for span in found if span.tier == "pinyin")
    yield from _matches(ready.by_sound, call.by_sound, "pinyin")
    yield from (span for span in found if span.tier == "near")
    for one, keys in ready.misheard:
        if not keys.isdisjoint(call.by_sound.keys):
            for start, end, _ in spans(one, call.plain, call.spelt, "exact"):
                yield start, end, "near"
    if ready.folded:
        yield from _matches(ready.folded, call.folded, "near")


def _matches(patterns: Sequence[QuickPattern], form: Form, tier: Tier) -> Iterator[tuple[int, int, Tier]]:
    for quick in patterns:
        if quick.may_match(form):
            for match in quick.pattern.finditer(form.text):
                if match.end() > match.start():
                    yield match.start(), match.end(), tier


def _taken_back(ready: _Ready, call: CallText, match: Match) -> bool:
    if not ready.unless:
        return False
    if overlapped(ready.unless, call, match):
        return True
    return match.tier not in SURE_TIERS and overlapped(ready.unless_by_sound, call, match, by_sound=True)


def overlapped(
    patterns: Sequence[QuickPattern], call: CallText, found: Match, *, by_sound: bool = False
) -> bool:
    """Whether some match of the patterns in the turn of `found` overlaps it."""
    first, last = call.bounds(found.turn)
    form = call.by_sound if by_sound else call.as_written
    line = form.text[first:last]
    start, end = found.start - first, found.end - first
    for quick in patterns:
        if not quick.may_match(form):
            continue
        place = 0
        while match := quick.pattern.search(line, place):
            if match.start() < end and start < match.end():
                return True
            # A match may hide another that begins inside it, so look again from the next character.
            place = match.start() + 1
    return False
