"""How much two sentences are alike, by their characters and by how they sound; no model is needed."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.text.normalise import normalise
from qa_audit.text.phrases import fold_honorific
from qa_audit.text.pinyin import sound

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRETCH = (1.0, 1.25, 0.8)
"""Lengths of the pieces of a turn that are compared, in lengths of the sentence."""
_SINGLE = 0.5
"""Weight of a character beside that of a pair."""


class Profile(NamedTuple):
    """N-grams of a text, each with its weight, and their length as a vector."""

    grams: Counter[str]
    norm: float


class Piece(NamedTuple):
    """A piece of a line, as a half-open span, and how much it is like the sentence."""

    start: int
    end: int
    likeness: float


def likeness(one: str, other: str) -> float:
    """Cosine of two normalised texts over characters and pairs, half by writing and half by sound, 0 to 1.

    >>> round(likeness("这个套餐多少钱", "这个套餐多少钱"), 2), round(likeness("套餐多少钱", "淘餐多少钱"), 2)
    (1.0, 0.88)
    >>> likeness("套餐多少钱", "您好") == 0
    True
    """
    written = _cosine(_profile(one), _profile(other))
    return (written + _cosine(_profile(sound(one)), _profile(sound(other)))) / 2


def most_alike(sentence: str, line: str, at_least: float) -> Piece | None:
    """The piece of a normalised line that is most like the sentence, when it is so alike; None otherwise."""
    wanted, spelt = plain(sentence), sound(line)
    signs = set(sound(wanted))
    # A piece that lacks most of the sounds cannot come near, so it is not worth the comparison.
    fewest = 0.5 * at_least * len(signs)
    if len(signs.intersection(spelt)) < fewest:
        return None
    pieces = (
        Piece(start, end, likeness(wanted, line[start:end]))
        for start, end in _pieces(wanted, line)
        if len(signs.intersection(spelt[start:end])) >= fewest
    )
    best = max(pieces, key=lambda piece: piece.likeness, default=None)
    return best if best is not None and best.likeness >= at_least else None


@lru_cache(maxsize=4096)
def plain(sentence: str) -> str:
    """A sentence as texts are compared: normalised, 您 as 你."""
    return fold_honorific(normalise(sentence).text)


def _pieces(sentence: str, line: str) -> Iterator[tuple[int, int]]:
    if len(line) <= len(sentence):
        yield 0, len(line)
        return
    step = max(1, len(sentence) // 6)
    for factor in _STRETCH:
        size = min(len(line), max(1, round(len(sentence) * factor)))
        last = len(line) - size
        yield from ((start, start + size) for start in dict.fromkeys((*range(0, last, step), last)))


@lru_cache(maxsize=8192)
def _profile(text: str) -> Profile:
    grams = Counter(text[place : place + 2] for place in range(len(text) - 1))
    weights: Counter[str] = Counter({gram: float(count) for gram, count in grams.items()})  # pyright: ignore
    for sign, count in Counter(text).items():
        weights[sign] += _SINGLE * count  # pyright: ignore[reportArgumentType]
    return Profile(weights, math.sqrt(sum(weight * weight for weight in weights.values())))


def _cosine(one: Profile, other: Profile) -> float:
    if not one.norm or not other.norm:
        return 0.0
    small, large = sorted((one.grams, other.grams), key=len)
    shared = sum(weight * large[gram] for gram, weight in small.items() if gram in large)
    return shared / (one.norm * other.norm)
