"""A wording made ready for being found: its phrases and patterns, and the words that give them away.

A call holds few of the words of a rubric. So all words of all wordings are looked for in one pass
(`vocabulary`), and a phrase or a pattern is only tried where one of its words stands.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from qa_audit.scoring.pattern_bounds import SearchPattern, bounded
from qa_audit.scoring.pattern_numbers import sought_pattern
from qa_audit.scoring.prefilter import key_of, required_sets, stays_in_line
from qa_audit.scoring.tidy_pattern import tidy_pattern
from qa_audit.text.normalise import normalise
from qa_audit.text.phrases import Phrase, fold_honorific, phrase, phrase_forms
from qa_audit.text.pinyin import sound
from qa_audit.text.search import halves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa_audit.scoring.call_text import Form
    from qa_audit.scoring.said import Wording

FormName = Literal["as_written", "by_sound", "folded"]
FORMS: tuple[FormName, ...] = ("as_written", "by_sound", "folded")
HEAD, TAIL = -1, -2
"""Stand for a half of a phrase where else the number of one of its spellings stands."""


class QuickPattern:
    """A pattern, and what is known of texts that it matches."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.words = required_sets(source)
        """Sets of words; a text must hold a word of each."""
        self.keys = frozenset(map(key_of, self.words[0])) if self.words else frozenset[str]()
        """First pairs of words of which a text must hold one (empty: not known)."""
        self.in_line = bool(self.words) and stays_in_line(source)
        """Whether it may be tried on a line alone."""

    @cached_property
    def pattern(self) -> SearchPattern:
        """Compiled when it is first tried: most of a rubric's patterns never are in a small run."""
        return bounded(self.source)

    def may_match(self, form: Form) -> bool:
        """Whether the text holds what the pattern cannot do without."""
        return not self.keys or not self.keys.isdisjoint(form.keys)


# What a needle is for. Plain numbers, for they are looked up for every wording of every call.
PHRASES, MISHEARD, PATTERNS, BY_SOUND, FOLDED, UNLESS, UNLESS_BY_SOUND = range(7)
GROUPS = 7


class Needle(NamedTuple):
    """Words whose places are wanted, for one phrase or pattern of a wording."""

    words: tuple[frozenset[str], ...]
    """For a phrase its spelling alone; for a pattern sets, each of which has a word in every line wanted."""
    form: FormName
    group: int
    """`PHRASES` to `UNLESS_BY_SOUND`."""
    owner: int
    """Which of the phrases, or of the patterns, of that group."""
    spelling: int = 0
    """Which spelling of a phrase, or `HEAD` or `TAIL`."""

    @property
    def by_line(self) -> bool:
        """Whether the line is enough: a pattern is tried on the whole of it."""
        return self.group >= PATTERNS


class Ready(NamedTuple):
    """A wording's phrases and patterns, and its needles in order of groups and owners."""

    phrases: tuple[Phrase, ...]
    misheard: tuple[Phrase, ...]
    patterns: tuple[QuickPattern, ...]
    by_sound: tuple[QuickPattern, ...]
    folded: tuple[QuickPattern, ...]
    unless: tuple[QuickPattern, ...]
    unless_by_sound: tuple[QuickPattern, ...]
    unlike: tuple[QuickPattern, ...]
    """As written; hits by sound are few, so these have no needles."""
    needles: tuple[Needle, ...]
    always: tuple[tuple[int, ...], ...]
    """By group, which patterns must be tried whatever words a call holds."""
    everywhere: bool
    """Whether some of these are no exceptions."""


@lru_cache(maxsize=4096)
def compiled(patterns: tuple[str, ...], *, spelt: str = "") -> tuple[QuickPattern, ...]:
    """Patterns over normalised text, each with the words that it cannot do without.

    `spelt` "sound" or "folded" spells them by sound: a pattern's characters then match all homophones.
    """
    # Turns are lines of one text: what a negated set matches must not run into the next turn.
    # By sound 而是 would be 二十, and folded 四 is 十: numbers stay there as they are written.
    read = tidy_pattern if spelt else sought_pattern
    prepared = [fold_honorific(read(pattern)).replace("[^", "[^\\n") for pattern in patterns]
    if spelt:
        prepared = [sound(pattern, folded=spelt == "folded") for pattern in prepared]
    return tuple(map(QuickPattern, prepared))


def make_ready(wording: Wording) -> Ready:
    """Compile a wording and list its needles."""
    as_patterns = (
        *(wording.patterns if wording.patterns_by_sound else ()),
        *(re.escape(fold_honorific(normalise(one).text)) for one in wording.phrases),
    )
    sounds_too = wording.patterns_by_sound and wording.tolerance != "exact"
    phrases = tuple(form for one in wording.phrases for form in phrase_forms(one))
    misheard = tuple(map(phrase, wording.misheard))
    patterns = compiled(wording.patterns)
    by_sound = compiled(wording.patterns, spelt="sound") if sounds_too else ()
    folded = compiled(as_patterns, spelt="folded") if wording.folded else ()
    unless = compiled(wording.unless)
    unless_by_sound = compiled(wording.unless, spelt="sound")
    needles = (
        *(one for owner, each in enumerate(phrases) for one in _of_phrase(each, owner, wording.tolerance)),
        *(
            Needle((frozenset({each.plain}),), "as_written", MISHEARD, owner)
            for owner, each in enumerate(misheard)
        ),
        *_of_patterns(patterns, "as_written", PATTERNS),
        *_of_patterns(by_sound, "by_sound", BY_SOUND),
        *_of_patterns(folded, "folded", FOLDED),
        *_of_patterns(unless, "as_written", UNLESS),
        *_of_patterns(unless_by_sound, "by_sound", UNLESS_BY_SOUND),
    )
    groups = (patterns, by_sound, folded, unless, unless_by_sound)
    known = {(one.group, one.owner) for one in needles}
    always = tuple(
        tuple(owner for owner in range(len(quick)) if (group, owner) not in known)
        for group, quick in enumerate(((), (), *groups))
    )
    unlike = compiled(wording.unlike)
    return Ready(phrases, misheard, *groups, unlike, needles, always, any(always[:UNLESS]))


def _of_phrase(one: Phrase, owner: int, tolerance: str) -> Iterator[Needle]:
    if tolerance == "exact":
        yield Needle((frozenset({one.plain}),), "as_written", PHRASES, owner)
        return
    for number, form in enumerate(one.spelt):
        yield Needle((frozenset({form}),), "by_sound", PHRASES, owner, number)
    if tolerance == "near" and (both := halves(one)):
        yield Needle((frozenset({both[0]}),), "by_sound", PHRASES, owner, HEAD)
        yield Needle((frozenset({both[1]}),), "by_sound", PHRASES, owner, TAIL)


def _of_patterns(patterns: Sequence[QuickPattern], form: FormName, group: int) -> Iterator[Needle]:
    # An exception is tried on its line alone, whatever it looks for.
    for owner, quick in enumerate(patterns):
        if quick.in_line or (quick.words and group >= UNLESS):
            yield Needle(quick.words, form, group, owner)
