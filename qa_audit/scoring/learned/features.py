"""Sentences as hashed n-grams: characters, toneless syllables and word classes, for many sentences at once.

All sentences are one text, a sentence a line. At every character begin up to three n-grams of characters and
three of syllables, and pairs of characters with one to three others between; where a word of `classes.txt`
begins, n-grams of the classes of this word and the next ones, whatever is between. Each is hashed into one
of `BUCKETS`. So a homophone costs the characters' n-grams only, and another company's name not even those of
the classes. (n-grams of four, words of a dictionary, and clusters of words by their meaning were measured too
and added nothing.)
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.text.phrases import fold_honorific
from qa_audit.text.pinyin import sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BITS = 20
BUCKETS = 1 << BITS
NOTHING = BUCKETS
"""Bucket of an n-gram that would run over the end of a sentence: never has a weight."""

LONGEST = 3
CLASS_LONGEST = 3
GAPS = (2, 3, 4)
"""From one character of a pair to the other."""
VERSION = 3
"""Raised with every change to the features or to the score: weights made before fit no more."""

KINDS = 2 * LONGEST + len(GAPS) + CLASS_LONGEST

_RUNS = 2 * LONGEST
_PAIRS = _RUNS + len(GAPS)
_RUN_LEFT = np.array([*[1, *range(1, LONGEST)] * 2, *GAPS])[:, None]
"""Characters that must be left to the next break: n-grams may end on it."""
_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(32 - BITS)
_FOLD = np.uint32(15)
_SOUND, _CLASS, _PAIR = np.uint32(0x10000), np.uint32(0x20000), np.uint32(0x5BD1E995)
"""Keep the kinds apart."""
_END = 255
"""Class of a break."""
_BREAK = ord("\n")
_WORD_BITS = 16
_WORD_SHIFT = np.uint32(32 - _WORD_BITS)
_WORD = 4
"""Longest word of a class, in characters; longer ones are known by their first characters."""

_KEPT = 200_000
"""Characters of a text whose n-grams are kept for the next who asks: 10 MB."""


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
    text = "\n" + "\n".join(sentences) + "\n"
    return _hashed_last(text) if len(text) <= _KEPT else hashed_text(text)


def hashed_text(text: str) -> Hashed:
    """The same for a text with a line break before, between and after the sentences; nobody may change it."""
    codes = np.frombuffer(fold_honorific(text).encode("utf-32-le"), np.uint32)
    size = len(codes)
    breaks = codes == _BREAK
    places = np.flatnonzero(breaks)
    # Characters from each to the next break; 0 at the last one.
    left = np.zeros(size, np.int64)
    left[:-1] = np.repeat(places[1:], np.diff(places)) - np.arange(size - 1)
    mixed = np.zeros((_PAIRS, size), np.uint32)
    first = codes * _MIX
    _runs(first, mixed[:LONGEST])
    _runs((_sounds().take(codes, mode="clip") + _SOUND) * _MIX, mixed[LONGEST:_RUNS])
    stepped = first * _STEP ^ _PAIR
    for row, gap in enumerate(GAPS, _RUNS):
        if size > gap:
            np.bitwise_xor(stepped[:-gap], first[gap:], out=mixed[row, :-gap])
    # A break may stand at either end of an n-gram or pair but never inside.
    valid = left >= _RUN_LEFT
    valid[:_RUNS:LONGEST] &= ~breaks
    buckets = np.full((KINDS, size), NOTHING, np.uint32)
    np.copyto(buckets[:_PAIRS], _bucket(mixed), where=valid)
    _classes(first, breaks, buckets[-CLASS_LONGEST:])
    return Hashed(buckets, np.diff(places).astype(np.int32) - 1, places[:-1] + 1)


@lru_cache(maxsize=1)
def _hashed_last(text: str) -> Hashed:
    """Several detectors read the same sentences one after the other."""
    return hashed_text(text)


def _bucket(mixed: NDArray[np.uint32], shift: np.uint32 = _SHIFT) -> NDArray[np.uint32]:
    spread = (mixed ^ (mixed >> _FOLD)) * _MIX
    return spread >> shift


def _runs(first: NDArray[np.uint32], rows: NDArray[np.uint32]) -> None:
    """Mix 1, 2 … neighbours into the rows, by where they begin."""
    rows[0] = first
    size = len(first)
    for n in range(1, len(rows)):
        if size > n:
            np.bitwise_xor(rows[n - 1, : size - n] * _STEP, first[n:], out=rows[n, : size - n])


def _classes(first: NDArray[np.uint32], breaks: NDArray[np.bool_], rows: NDArray[np.uint32]) -> None:
    """n-grams of successive word classes, at the first word's place; nothing where no word begins."""
    kinds = _kinds(first)
    kinds[breaks] = _END
    at = np.flatnonzero(kinds)
    size = len(at)
    mixed = np.zeros((CLASS_LONGEST, size), np.uint32)
    _runs((kinds[at] + _CLASS) * _MIX, mixed)
    buckets = _bucket(mixed)
    ends = breaks[at]
    rows[0, at] = np.where(ends, NOTHING, buckets[0])
    if size > 1:
        # Two breaks in a row stand for a sentence without a word of a class.
        rows[1, at[:-1]] = np.where(ends[:-1] & ends[1:], NOTHING, buckets[1, :-1])
    if size > 2:
        rows[2, at[:-2]] = np.where(ends[1:-1], NOTHING, buckets[2, :-2])


def _kinds(first: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Class of the longest word that begins at each character; 0 without one, and inside an earlier word."""
    table, keys, values = _lexicon()
    size = len(first)
    kinds = np.zeros(size, np.uint32)
    reach = np.zeros(size, np.int8)
    mixed = first
    for n in range(1, min(_WORD, size) + 1):
        if n > 1:
            mixed = mixed[:-1] * _STEP ^ first[n - 1 :]
        slots = table.take(_bucket(mixed, _WORD_SHIFT))
        hit = np.flatnonzero(slots)
        hit = hit[keys.take(slots[hit]) == mixed[hit]]
        kinds[hit] = values.take(slots[hit])
        reach[hit] = n
    inside = np.zeros(size, bool)
    for back in range(1, min(_WORD, size)):
        inside[back:] |= reach[:-back] > back
    kinds[inside] = 0
    return kinds


@cache
def _lexicon() -> tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint32]]:
    """Bucket of a word → its number; its whole hash; its class. A class that stands earlier keeps a word."""
    words: dict[int, int] = {}
    for number, words_of_class in enumerate(class_words().values(), 1):
        for word in words_of_class:
            words.setdefault(_whole(word[:_WORD]), number)
    hashes = np.array(list(words), np.uint32)
    table = np.zeros(1 << _WORD_BITS, np.uint16)
    slots = _bucket(hashes, _WORD_SHIFT)
    # Of two words in one bucket only the last is known; the corpus was learned from with the same loss.
    table[slots] = np.arange(1, len(hashes) + 1)
    return table, np.append(np.uint32(0), hashes), np.append(0, list(words.values())).astype(np.uint32)


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
