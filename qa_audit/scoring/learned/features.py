"""Sentences as hashed n-grams: characters, toneless syllables and word classes, for many sentences at once.

All sentences are one text, a sentence a line. At every character begin up to four n-grams of characters and
four of syllables, and pairs with one to four characters between; where a word of `classes.txt` begins, n-grams
of the classes of this word and the next ones, whatever stands between. Each is hashed into one of `BUCKETS`.
So a homophone costs the characters' n-grams only, and another company's name not even those of the classes.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.text.pinyin import sound
from qa_audit.text.search import fold_honorific

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BITS = 20
BUCKETS = 1 << BITS
NOTHING = BUCKETS
"""Bucket of an n-gram that would run over the end of a sentence: never has a weight."""

LONGEST = 4
SKIPS = (2, 3, 4, 5)
CLASS_LONGEST = 3
VERSION = 1
"""Raised with every change to the features: weights made before fit no more."""

_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(32 - BITS)
_FOLD = np.uint32(15)
_BREAK = ord("\n")
_WORD = 4
"""Longest word of a class, in characters; longer ones are known by their first characters."""


class Hashed(NamedTuple):
    """n-grams of a text of sentences."""

    buckets: NDArray[np.uint32]
    """(kinds, characters): the bucket of each n-gram by the character it begins at; breaks are characters."""
    lengths: NDArray[np.int32]
    """Characters of each sentence."""
    starts: NDArray[np.int64]
    """Where each sentence begins in the text."""


def hashed(sentences: Sequence[str]) -> Hashed:
    """Hash normalised sentences (`qa_audit.text.normalise`), none of them empty.

    The row of a sentence depends on its text alone.

    >>> one, both = hashed(["不归我们管"]), hashed(["再见", "不归我们管"])
    >>> bool((one.buckets[:, :6] == both.buckets[:, 3:9]).all()), both.starts.tolist()
    (True, [1, 4])
    """
    return hashed_text("\n" + "\n".join(sentences) + "\n")


def hashed_text(text: str) -> Hashed:
    """The same for a text with a line break before, between and after the sentences."""
    codes = np.frombuffer(fold_honorific(text).encode("utf-32-le"), np.uint32)
    breaks = codes == _BREAK
    places = np.flatnonzero(breaks)
    rows = [
        *_runs(codes, breaks, np.uint32(1), LONGEST),
        *_runs(_sounds().take(codes, mode="clip"), breaks, np.uint32(2), LONGEST),
        *_skips(codes, places),
        *_classes(codes, breaks),
    ]
    return Hashed(np.stack(rows), np.diff(places).astype(np.int32) - 1, places[:-1] + 1)


def _bucket(mixed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    spread = (mixed ^ (mixed >> _FOLD)) * _MIX
    return spread >> _SHIFT


def _runs(
    codes: NDArray[np.uint32], breaks: NDArray[np.bool_], salt: np.uint32, longest: int
) -> list[NDArray[np.uint32]]:
    """n-grams of 1 to `longest` neighbours; a break may stand at either end of one but never inside."""
    size = len(codes)
    mixed = (codes + salt) * _MIX
    rows = [np.where(breaks, np.uint32(NOTHING), _bucket(mixed))]
    inside = np.zeros(size, bool)
    for n in range(2, longest + 1):
        mixed = mixed[:-1] * _STEP ^ (codes[n - 1 :] + salt) * _MIX
        row = np.full(size, NOTHING, np.uint32)
        if n > 2:
            inside[: size - n + 1] |= breaks[n - 2 : size - 1]
        row[: size - n + 1] = _bucket(mixed)
        row[inside] = NOTHING
        rows.append(row)
    rows[1][breaks & np.append(breaks[1:], True)] = NOTHING
    return rows


def _skips(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> list[NDArray[np.uint32]]:
    """Two characters with one to four between, however many; in one sentence."""
    size = len(codes)
    line = np.zeros(size, np.int32)
    line[places] = 1
    line = np.cumsum(line)
    first = (codes + np.uint32(3)) * _STEP
    second = codes * _MIX
    rows = []
    for apart in SKIPS:
        row = np.full(size, NOTHING, np.uint32)
        if size > apart:
            pairs = _bucket(first[:-apart] ^ second[apart:])
            pairs[(line[:-apart] != line[apart:]) | (codes[:-apart] == _BREAK)] = NOTHING
            row[: size - apart] = pairs
        rows.append(row)
    return rows


def _classes(codes: NDArray[np.uint32], breaks: NDArray[np.bool_]) -> list[NDArray[np.uint32]]:
    """n-grams of successive word classes, at the first word's place; nothing where no word begins."""
    kinds = _kinds(codes)
    kinds[breaks] = 255
    at = np.flatnonzero(kinds)
    short = _runs(kinds[at].astype(np.uint32), breaks[at], np.uint32(4), CLASS_LONGEST)
    rows = []
    for one in short:
        row = np.full(len(codes), NOTHING, np.uint32)
        row[at] = one
        rows.append(row)
    return rows


def _kinds(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Class of the longest word that begins at each character, 0 without one; words do not overlap."""
    table, keys, values = _lexicon()
    size = len(codes)
    kinds = np.zeros(size, np.uint8)
    reach = np.zeros(size, np.int8)
    mixed = codes * _MIX
    for n in range(1, _WORD + 1):
        if n > 1:
            if size < n:
                break
            mixed = mixed[:-1] * _STEP ^ codes[n - 1 :] * _MIX
        slots = table.take(_bucket(mixed))
        hit = np.flatnonzero(slots)
        if len(hit):
            hit = hit[keys[slots[hit]] == mixed[hit]]
            kinds[hit] = values[slots[hit]]
            reach[hit] = n
    free = 0
    for place in np.flatnonzero(kinds).tolist():
        if place < free:
            kinds[place] = 0
        else:
            free = place + int(reach[place])
    return kinds


@cache
def _lexicon() -> tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint8]]:
    """Hash bucket → number of a word; the word's whole hash; its class."""
    words: dict[int, int] = {}
    for number, words_of_class in enumerate(class_words().values(), 1):
        for word in words_of_class:
            for n in range(1, min(len(word), _WORD) + 1):
                if n == min(len(word), _WORD):
                    words.setdefault(_whole(word[:n]), number)
    table = np.zeros(BUCKETS, np.uint16)
    keys = np.zeros(len(words) + 1, np.uint32)
    values = np.zeros(len(words) + 1, np.uint8)
    for place, (key, number) in enumerate(words.items(), 1):
        table[_bucket(np.array([key], np.uint32))[0]] = place
        keys[place], values[place] = key, number
    return table, keys, values


def _whole(word: str) -> int:
    mixed = (ord(word[0]) * int(_MIX)) & 0xFFFFFFFF
    for character in word[1:]:
        mixed = ((mixed * int(_STEP)) & 0xFFFFFFFF) ^ ((ord(character) * int(_MIX)) & 0xFFFFFFFF)
    return mixed


@cache
def class_words() -> dict[str, tuple[str, ...]]:
    """Words by class, as `classes.txt` has them, 您 as 你.

    >>> "厂家" in class_words()["third"]
    True
    """
    found = {}
    text = resources.files(__package__ or "").joinpath("classes.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, words = line.split("\t") if "\t" in line else line.split(" ", 1)
            found[name] = tuple(dict.fromkeys(fold_honorific(words).split()))
    return found


@cache
def _sounds() -> NDArray[np.uint32]:
    """Code of a character → code of the character that stands for its sound; clipped at the last one."""
    everything = "".join(chr(code) for code in range(0xD800))
    spelt = np.frombuffer(sound(everything).encode("utf-32-le"), np.uint32)
    return np.append(spelt, np.uint32(0xD800)).astype(np.uint32)
