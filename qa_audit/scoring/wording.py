"""Looking for a wording in a call: phrases and patterns in tiers, less what its exceptions take back."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.ready import (
    BY_SOUND,
    FOLDED,
    HEAD,
    MISHEARD,
    PATTERNS,
    PHRASES,
    TAIL,
    UNLESS,
    UNLESS_BY_SOUND,
    QuickPattern,
    compiled,
)
from qa_audit.text.search import Places, Taken, add_by_sound, add_near, exact_spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.ready import Ready
    from qa_audit.scoring.said import Wording
    from qa_audit.scoring.verdicts import Tier
    from qa_audit.scoring.vocabulary import Hits
    from qa_audit.text.phrases import Phrase
    from qa_audit.text.search import MatchTier, Span

__all__ = [
    "SURE_TIERS",
    "QuickPattern",
    "compiled",
    "find_all",
    "find_each",
    "find_first",
    "find_in_tiers",
    "overlapped",
]

SURE_TIERS: frozenset[str] = frozenset(("exact", "regex"))
"""Tiers that stand for the words themselves, not for something that sounds like them."""


def find_all(
    wording: Wording, call: CallText, turns: Collection[int], *, in_a_sentence: bool = False
) -> list[Match]:
    """Every place of a wording in these turns of a call, strictest tier first; places do not overlap.

    Shape: one `Match` a place. A place that an exception (`unless`) overlaps is left out, and so is, where
    `in_a_sentence`, one that runs from one of the agent's sentences into another.
    """
    search = _search(wording, call, turns)
    return list(search.found(wording.tolerance, in_a_sentence=in_a_sentence)) if search else []


def find_first(wording: Wording, call: CallText, turns: Collection[int]) -> Match | None:
    """The strictest place of a wording in these turns, or None."""
    search = _search(wording, call, turns)
    return next(search.found(wording.tolerance), None) if search else None


def find_in_tiers(
    wording: Wording, call: CallText, turns: Collection[int], tiers: Collection[str]
) -> list[Match]:
    """The places of `find_all` before the first whose tier is not among these; laxer ones cost nothing."""
    search = _search(wording, call, turns)
    if search is None:
        return []
    return list(takewhile(lambda match: match.tier in tiers, search.found(wording.tolerance)))


def find_each(wording: Wording, call: CallText, turns: Collection[int]) -> Iterator[Match]:
    """The places of `find_all` one by one; laxer ones are looked for only when asked for."""
    search = _search(wording, call, turns)
    return search.found(wording.tolerance) if search else iter(())


def _search(wording: Wording, call: CallText, turns: Collection[int]) -> _Search | None:
    """The search for a wording in these turns; None where nothing of it stands in them, as mostly."""
    if not turns:
        return None
    allowed = call.set_of(turns)
    ready, hits, first = call.hits(wording, allowed)
    if not ready.everywhere:
        begin, end = hits.starts[first], hits.starts[first + UNLESS]
        if begin == end or allowed.isdisjoint(hits.turns[begin:end]):
            return None
    return _Search(ready, call, hits, first, allowed)


class _Search(NamedTuple):
    """The search for one wording in some turns of one call."""

    ready: Ready
    call: CallText
    hits: Hits
    first: int
    """Where the wording's hits are counted from in `hits.starts`."""
    allowed: AbstractSet[int]

    def found(self, tolerance: MatchTier, *, in_a_sentence: bool = False) -> Iterator[Match]:
        """The places one by one: none overlaps one before it, none is taken back by an exception."""
        taken = Taken()
        has_exceptions = bool(self.ready.unless or self.ready.unlike)
        number_at = self.call.sentence_number
        for turn, start, end, tier in self._places(tolerance):
            # One that is left out must not hide a shorter one inside a sentence.
            if in_a_sentence and number_at(start) != number_at(end - 1):
                continue
            if taken.free(start, end) and (tier == "regex" or not self.call.in_a_word(start, end)):
                match = Match(turn, start, end, tier)
                if not (has_exceptions and self._takes_back(match)):
                    taken.take(start, end)
                    yield match

    def _places(self, tolerance: MatchTier) -> Iterator[tuple[int, int, int, Tier]]:
        """Turn, start, end and tier of all places, overlapping ones too, strictest tier first."""
        ready, call, always = self.ready, self.call, self.ready.always
        starts, first = self.hits.starts, self.first
        phrases: list[tuple[Phrase, Places]] = []
        found: list[list[Span]] = []
        if starts[first + PHRASES] < starts[first + PHRASES + 1]:
            phrases = self._phrases(ready.phrases, PHRASES)
            found = [exact_spans(one, call.plain, at) if 0 in at.forms else [] for one, at in phrases]
            yield from self._with_turns(found)
        if starts[first + PATTERNS] < starts[first + PATTERNS + 1] or always[PATTERNS]:
            yield from self._matches(ready.patterns, PATTERNS, call.plain, "regex")
        if tolerance == "exact":
            phrases = []
        if phrases:
            done = [len(spans) for spans in found]
            for (one, at), spans in zip(phrases, found, strict=True):
                add_by_sound(spans, one, call.plain, at)
            yield from self._with_turns(found, done)
        if starts[first + BY_SOUND] < starts[first + BY_SOUND + 1] or always[BY_SOUND]:
            yield from self._matches(ready.by_sound, BY_SOUND, call.spelt, "pinyin")
        if phrases and tolerance == "near":
            done = [len(spans) for spans in found]
            for (one, at), spans in zip(phrases, found, strict=True):
                add_near(spans, one, call.plain, call.spelt, at)
            yield from self._with_turns(found, done)
        if starts[first + MISHEARD] < starts[first + MISHEARD + 1]:
            for one, at in self._phrases(ready.misheard, MISHEARD):
                for start, end, _ in exact_spans(one, call.plain, at):
                    yield call.turn_at(start), start, end, "near"
        if starts[first + FOLDED] < starts[first + FOLDED + 1] or always[FOLDED]:
            yield from self._matches(ready.folded, FOLDED, call.folded.text, "near")

    def _takes_back(self, match: Match) -> bool:
        """Whether an exception overlaps the match; spelt by sound where the match is by sound."""
        for group, patterns in ((UNLESS, self.ready.unless), (UNLESS_BY_SOUND, self.ready.unless_by_sound)):
            by_sound = group == UNLESS_BY_SOUND
            if by_sound and match.tier in SURE_TIERS:
                break
            hits, places = self.hits, self._range(group)
            here = [hits.owners[at] for at in places if hits.turns[at] == match.turn]
            tried = [patterns[owner] for owner in (*here, *self.ready.always[group])]
            text = self.call.spelt if by_sound else self.call.plain
            if tried and _overlap(tried, self.call, match, text):
                return True
        return match.tier not in SURE_TIERS and overlapped(self.ready.unlike, self.call, match)

    def _range(self, group: int) -> range:
        starts, at = self.hits.starts, self.first + group
        return range(starts[at], starts[at + 1])

    def _with_turns(
        self, found: Sequence[Sequence[Span]], done: Sequence[int] | None = None
    ) -> Iterator[tuple[int, int, int, Tier]]:
        for number, spans in enumerate(found):
            for start, end, tier in spans[done[number] :] if done else spans:
                yield self.call.turn_at(start), start, end, tier

    def _phrases(self, phrases: Sequence[Phrase], group: int) -> list[tuple[Phrase, Places]]:
        """The phrases that may stand in these turns, each with the places of its spellings."""
        hits, allowed = self.hits, self.allowed
        by_owner: dict[int, dict[int, list[int]]] = {}
        for at in self._range(group):
            if hits.turns[at] in allowed:
                spellings = by_owner.setdefault(hits.owners[at], {})
                spellings.setdefault(hits.spellings[at], []).append(hits.places[at])
        return [
            (phrases[owner], Places(forms, forms.get(HEAD, ()), forms.get(TAIL, ()), self.call.cuts))
            for owner, forms in by_owner.items()
        ]

    def _matches(
        self, patterns: Sequence[QuickPattern], group: int, text: str, tier: Tier
    ) -> Iterator[tuple[int, int, int, Tier]]:
        hits, allowed, call = self.hits, self.allowed, self.call
        at = self._range(group)
        here = slice(at.start, at.stop)
        tried = zip(hits.owners[here], hits.turns[here], hits.places[here], strict=True)
        if always := self.ready.always[group]:
            tried = sorted([*tried, *((owner, -1, 0) for owner in always)])
        for owner, turn, place in tried:
            if turn in allowed:
                for match in patterns[owner].pattern.finditer(text, place, call.starts[turn + 1] - 1):
                    start, end = match.span()
                    if end > start:
                        yield turn, start, end, tier
            elif turn < 0:
                for match in patterns[owner].pattern.finditer(text):
                    start, end = match.span()
                    where = call.turn_at(start)
                    if end > start and call.turn_at(end - 1) == where and where in allowed:
                        yield where, start, end, tier


def overlapped(
    patterns: Sequence[QuickPattern], call: CallText, found: Match, *, by_sound: bool = False
) -> bool:
    """Whether some match of the patterns in the turn of `found` overlaps it."""
    form = call.line_form(found.turn, by_sound=by_sound)
    tried = [quick for quick in patterns if quick.may_match(form)]
    return bool(tried) and _overlap(tried, call, found, call.spelt if by_sound else call.plain)


def _overlap(patterns: Iterable[QuickPattern], call: CallText, found: Match, text: str) -> bool:
    first, last = call.bounds(found.turn)
    line = text[first:last]
    start, end = found.start - first, found.end - first
    for quick in patterns:
        place = 0
        # Beyond the line's end an exception that matches nothing would match for ever.
        while place <= len(line) and (match := quick.pattern.search(line, place)):
            if match.start() < end and start < match.end():
                return True
            # A match may hide another that begins inside it, so look again from the next character.
            place = match.start() + 1
    return False
