"""Phrases made ready for searching, in every way in which texts have their numbers."""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.text.normalise import normalise, to_simplified
from qa_audit.text.numbers import numbers_in
from qa_audit.text.pinyin import sounds_of_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FORMS = 32
"""Forms of one phrase with numbers that are looked for."""


def fold_honorific(text: str) -> str:
    """您 written as 你: inside phrases the two are the same (only two rubric items tell them apart)."""
    return text.replace("您", "你")


class Figure(NamedTuple):
    """A number in a phrase: half-open span of its `plain`."""

    start: int
    end: int
    as_written: bool
    """As its author has it: it may then stand there by sound only, and beside other numerals, which are often
    part of a word or of another number. In other ways 二十 for 20 would be 而是, and part of 一百二十."""


class Phrase(NamedTuple):
    """A phrase made ready for searching."""

    text: str
    """As written by the author."""
    plain: str
    spelt: tuple[str, ...]
    """By sound, in every reading of its characters."""
    numbers: tuple[Figure, ...] = ()
    """Its numbers, of which no syllable may be another."""


@lru_cache(maxsize=8192)
def phrase(text: str) -> Phrase:
    """Make a phrase ready: normalised, 您 as 你, spelt by sound.

    Raises `ValueError` for a phrase without any character that can be matched.
    """
    plain = fold_honorific(normalise(text).text)
    if not plain:
        raise ValueError(text)
    return Phrase(text, plain, sounds_of_phrase(plain))


@lru_cache(maxsize=8192)
def phrase_forms(text: str) -> tuple[Phrase, ...]:
    """A phrase made ready in every way in which texts have its numbers, as `phrase` reads it first.

    >>> [one.plain for one in phrase_forms("24小时内")]
    ['二四小时内', '二十四小时内']

    Raises `ValueError` for a phrase without any character that can be matched.
    """
    simple = to_simplified(text)
    numbers = numbers_in(simple)
    if not numbers:
        return (phrase(text),)
    ends = [0, *(one.end for one in numbers)]
    starts = [*(one.start for one in numbers), len(simple)]
    words = [
        fold_honorific(normalise(simple[end:start]).text) for end, start in zip(ends, starts, strict=True)
    ]
    forms: dict[str, Phrase] = {}
    for ways in _together([one.ways for one in numbers]):
        plain, spans = words[0], []
        for way, number, behind in zip(ways, numbers, words[1:], strict=True):
            spans.append(Figure(len(plain), len(plain) + len(way), way == number.ways[0]))
            plain += way + behind
        forms.setdefault(plain, Phrase(text, plain, sounds_of_phrase(plain), tuple(spans)))
    # What is no number by itself may be one with its neighbours (1点1点1%): then as it is written alone.
    return tuple(forms.values()) if next(iter(forms)) == phrase(text).plain else (phrase(text),)


def _together(each: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The ways of several numbers put together, the usual ones first, no more than `MOST_FORMS`."""
    most = MOST_FORMS if len(each) == 1 else int(MOST_FORMS ** (1 / len(each)))
    if most < 2:
        return [tuple(ways[min(place, len(ways) - 1)] for ways in each) for place in range(2)]
    ranked = itertools.product(*(list(enumerate(ways[:most])) for ways in each))
    return [
        tuple(way for _, way in one) for one in sorted(ranked, key=lambda one: sum(place for place, _ in one))
    ]
