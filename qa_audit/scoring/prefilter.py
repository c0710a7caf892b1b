"""What a text must hold for a regular expression to match: a quick test before the slow one.

A rubric has thousands of alternatives and a call few of their words. So the pairs of characters of a call are
gathered once, and a pattern is tried only when a pair that it cannot do without is among them.
"""

from __future__ import annotations

import re
from itertools import pairwise
from re import _constants as constants  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 200
"""Larger sets are hardly quicker than the pattern itself."""


def required_words(pattern: str) -> frozenset[str] | None:
    """Words of which a text must hold at least one for the pattern to match; None when nothing is certain.

    >>> sorted(required_words("(不|没)归(我们)?管"))
    ['不归我们管', '不归管', '没归我们管', '没归管']
    >>> sorted(required_words("(跟|和)我们.{0,3}没关系"))
    ['没关系']
    >>> required_words(".*") is None
    True
    """
    return _of_sequence(parser.parse(pattern, re.MULTILINE))


def keys_of(text: str) -> frozenset[str]:
    """All characters and pairs of neighbouring characters of a text.

    >>> sorted(keys_of("再见"))
    ['再', '再见', '见']
    """
    return frozenset(text) | {one + other for one, other in pairwise(text)}


def key_of(word: str) -> str:
    """The key by which a word is looked for among `keys_of` a text: its first pair, or its only character."""
    return word[:2]


def _of_sequence(sequence: Iterable[Any]) -> frozenset[str] | None:
    """The best set among those of the parts; neighbouring parts that are spelt out are joined first."""
    best: frozenset[str] | None = None
    run: frozenset[str] | None = frozenset({""})
    for part in sequence:
        spelt = _spelt_out(part)
        if spelt is not None and run is not None and len(spelt) * len(run) <= MOST:
            run = frozenset(before + after for before in run for after in spelt)
            continue
        best = _better(best, run)
        run = spelt if spelt is not None else frozenset({""})
        if spelt is None:
            best = _better(best, _of_part(part))
    return _better(best, run)


def _spelt_out(part: Any) -> frozenset[str] | None:
    """All texts that a part can match when these are few, else None."""
    kind, value = part
    texts: frozenset[str] | None = None
    if kind is constants.LITERAL:
        texts = frozenset({chr(value)})
    elif kind is constants.IN and all(one is constants.LITERAL for one, _ in value):
        texts = frozenset(chr(code) for _, code in value)
    elif kind is constants.SUBPATTERN:
        texts = _texts(value[-1])
    elif kind is constants.BRANCH:
        texts = _union(_texts(branch) for branch in value[1])
    elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT) and value[:2] == (0, 1):
        inner = _texts(value[2])
        texts = None if inner is None else inner | {""}
    elif kind in (constants.AT, constants.ASSERT, constants.ASSERT_NOT):
        texts = frozenset({""})
    return texts


def _texts(sequence: Iterable[Any]) -> frozenset[str] | None:
    texts = frozenset({""})
    for part in sequence:
        spelt = _spelt_out(part)
        if spelt is None or len(spelt) * len(texts) > MOST:
            return None
        texts = frozenset(before + after for before in texts for after in spelt)
    return texts


def _of_part(part: Any) -> frozenset[str] | None:
    kind, value = part
    if kind is constants.SUBPATTERN:
        return _of_sequence(value[-1])
    if kind is constants.BRANCH:
        return _union(_of_sequence(branch) for branch in value[1])
    if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT) and value[0] > 0:
        return _of_sequence(value[2])
    return None


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    whole: frozenset[str] = frozenset()
    for one in sets:
        if one is None:
            return None
        whole |= one
    return whole if len(whole) <= MOST else None


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """The set that says more: longer words, then fewer."""
    known = [words for words in (one, other) if words and "" not in words]
    return max(known, key=lambda words: (min(map(len, words)), -len(words)), default=None)
