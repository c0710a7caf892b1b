"""Names that the model cannot know (companies, products, people, numbers), put right after decoding by sound.

The model writes 云岭 as 云领 or 运岭. A run of characters that sounds like a listed term becomes the term;
the raw text stays as the model wrote it. Nothing is put into the prompt, for prompts leak into the output.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.text import readings, to_simplified, toned_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MIN_TONELESS_SYLLABLES = 3
"""From so many syllables on tones may differ; two syllables without tones sound like too much else."""


@dataclass(frozen=True, slots=True)
class Term:
    """A listed term: what to write, and what else recognisers write for it."""

    text: str
    """Simplified, half-width, as it is to be written."""
    misheard: tuple[str, ...] = ()
    """Replaced as they stand, whatever they sound like."""
    line: int = 0
    """Where the file lists it, from 1; no part of what it does."""

    @property
    def syllables(self) -> int:
        """How many of its characters are Chinese ones."""
        return sum(bool(readings(character)) for character in self.text)

    @property
    def toned(self) -> bool:
        """Whether tones must agree."""
        return self.syllables < MIN_TONELESS_SYLLABLES


class Correction(NamedTuple):
    """What was replaced by what."""

    written: str
    term: str


class _Found(NamedTuple):
    start: int
    end: int
    exact: bool
    term: str


@dataclass(frozen=True)
class Glossary:
    """Terms with their index by sound, which is built once.

    >>> Glossary((Term("云岭宽带"), Term("张伟"))).corrected("您好,云领宽代,章伟和张卫。")
    '您好,云岭宽带,张伟和张卫。'
    """

    terms: tuple[Term, ...] = ()

    @property
    def digest(self) -> str:
        """Hash of what the terms do: the same for another order, other comments or other lines. 16 digits."""
        facts = sorted([term.text, *sorted(term.misheard)] for term in self.terms)
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:16]

    def corrected(self, text: str) -> str:
        """The text with every homophone of a term written as the term; see `corrections`."""
        return self.with_corrections(text)[0]

    def with_corrections(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """The corrected text, and what was replaced, in order of place.

        Where places overlap the longest counts, then one that is right already, then the first; so a short
        term is never put inside a longer one.
        """
        if not self.terms:
            return text, ()
        taken: list[_Found] = []
        occupied = bytearray(len(text))
        for found in sorted(
            self._found(text), key=lambda one: (one.start - one.end, not one.exact, one.start, one.term)
        ):
            if not any(occupied[found.start : found.end]):
                occupied[found.start : found.end] = b"\1" * (found.end - found.start)
                if text[found.start : found.end] != found.term:
                    taken.append(found)
        pieces, at = [], 0
        for found in sorted(taken):
            pieces += [text[at : found.start], found.term]
            at = found.end
        made = tuple(Correction(text[one.start : one.end], one.term) for one in sorted(taken))
        return "".join([*pieces, text[at:]]), made

    def _found(self, text: str) -> Iterator[_Found]:
        """Every place that some term or mishearing fits, overlapping ones too."""
        index, size = self.index, len(text)
        sounds = _all_sounds(text)
        for start in range(size - 1):
            for first in sounds[start].toneless:
                following = index.get(first)
                if following is None:
                    continue
                for second in sounds[start + 1].toneless:
                    for entry in following.get(second, ()):
                        end = start + len(entry.sounds)
                        if end <= size and entry.fits(text[start:end], sounds[start:end]):
                            yield _Found(start, end, text[start:end] == entry.term, entry.term)

    @cached_property
    def index(self) -> Mapping[str, Mapping[str, tuple[Entry, ...]]]:
        """Entries by the toneless sounds of their first and second character, in every reading."""
        index: dict[str, dict[str, tuple[Entry, ...]]] = {}
        for term in self.terms:
            entries = [Entry(term.text, term.text, _all_sounds(term.text), term.toned, literal=False)]
            entries += [
                Entry(term.text, one, _all_sounds(one), toned=True, literal=True) for one in term.misheard
            ]
            for entry in entries:
                for first, second in _keys(entry.sounds):
                    following = index.setdefault(first, {})
                    following[second] = (*following.get(second, ()), entry)
        return index


class _Sounds(NamedTuple):
    """Readings of one character; a character without readings stands for itself, in lower case."""

    toneless: frozenset[str]
    toned: frozenset[str]


class Entry(NamedTuple):
    """A form to look for, and the term to write in its place."""

    term: str
    form: str
    sounds: tuple[_Sounds, ...]
    toned: bool
    literal: bool

    def fits(self, text: str, sounds: Sequence[_Sounds]) -> bool:
        """Whether a stretch of the form's length is written or sounds like it."""
        if self.literal or text == self.form:
            return text == self.form
        if self.toned:
            return all(
                not own.toned.isdisjoint(other.toned) for own, other in zip(self.sounds, sounds, strict=True)
            )
        return all(
            not own.toneless.isdisjoint(other.toneless)
            for own, other in zip(self.sounds, sounds, strict=True)
        )


def sound_alike(one: Term, other: Term) -> bool:
    """Whether some text could be meant by both terms.

    >>> sound_alike(Term("张伟"), Term("章伟")), sound_alike(Term("张伟"), Term("张卫"))
    (True, False)
    """
    if len(one.text) != len(other.text):
        return False
    form = Entry(one.text, one.text, _all_sounds(one.text), one.toned or other.toned, literal=False)
    return form.fits(other.text, _all_sounds(other.text))


def may_sound_alike(terms: Iterable[Term]) -> Iterator[tuple[Term, Term]]:
    """Pairs of terms, the later one first, that may sound alike: those whose first two sounds agree."""
    seen: dict[tuple[str, str, int], list[Term]] = {}
    for term in terms:
        before: dict[int, Term] = {}
        for first, second in _keys(_all_sounds(term.text)):
            group = seen.setdefault((first, second, len(term.text)), [])
            before |= {id(other): other for other in group if other is not term}
            group.append(term)
        yield from ((term, other) for other in before.values())


def as_written(text: str) -> str:
    """A term's form: simplified, half-width, without white space at its ends.

    >>> as_written(" 雲嶺５Ｇ ")
    '云岭5G'
    """
    return to_simplified(unicodedata.normalize("NFKC", text).strip())


def _keys(sounds: Sequence[_Sounds]) -> list[tuple[str, str]]:
    return [(first, second) for first in sounds[0].toneless for second in sounds[1].toneless]


@cache
def _sounds(character: str) -> _Sounds:
    plain = readings(character) or (character.lower(),)
    return _Sounds(frozenset(plain), frozenset(toned_readings(character) or plain))


def _all_sounds(text: str) -> tuple[_Sounds, ...]:
    return tuple(map(_sounds, text))
