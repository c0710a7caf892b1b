"""What a text must hold for a regular expression to match: a quick test before the slow one.

A rubric has thousands of alternatives and a call few of their words. So the pairs of characters of a call are
gathered once, and a pattern is tried only when a pair that it cannot do without is among them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from re import _constants as constants  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 200
"""Words that neighbouring parts are multiplied out to."""
MOST_ALTERNATIVES = 2_000
"""Words of all alternatives together; they cost memory, hardly time."""
SETS = 3
"""So many sets of words tell nearly as much as all."""
_LINE_END = ord("\n")
_REPEATS = {
    kind
    for name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
    if (kind := getattr(constants, name, None)) is not None
}


def required_words(pattern: str) -> frozenset[str] | None:
    """Words of which a text must hold at least one for the pattern to match; None when nothing is certain.

    >>> sorted(required_words("(不|没)归(我们)?管"))
    ['不归我们管', '不归管', '没归我们管', '没归管']
    >>> sorted(required_words("(跟|和)我们.{0,3}没关系"))
    ['没关系']
    >>> required_words(".*") is None
    True
    """
    sets = required_sets(pattern)
    return sets[0] if sets else None


def required_sets(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of words such that a text must hold a word of each for the pattern to match, the best set first.

    At most `SETS`; none when nothing is certain.

    >>> [sorted(words) for words in required_sets("(跟|和)我们.{0,3}没关系")]
    [['没关系'], ['和我们', '跟我们']]
    """
    parsed = _parsed(pattern)
    if parsed.state.flags & re.IGNORECASE:
        return ()
    sequence: Any = parsed
    while len(sequence) == 1 and sequence[0][0] is constants.SUBPATTERN:
        sequence = sequence[0][1][-1]
    return tuple(dict.fromkeys(sorted(_candidates(sequence), key=_worth, reverse=True)))[:SETS]


def stays_in_line(pattern: str) -> bool:
    """Whether the pattern does the same to a line alone as to that line among others.

    So it is when nothing in it can match a line end, nor looks for the ends of the whole text.

    >>> stays_in_line("^.{0,2}好$"), stays_in_line("好[^\\n]"), stays_in_line("好[^人]")
    (True, True, False)
    """
    parsed = _parsed(pattern)
    return not parsed.state.flags & re.DOTALL and all(map(_in_line, parsed))


@lru_cache(maxsize=8)
def _parsed(pattern: str) -> Any:
    return parser.parse(pattern, re.MULTILINE)


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
    """The best set among those of the parts."""
    return max(_candidates(sequence), key=_worth, default=None)


def _candidates(sequence: Iterable[Any]) -> list[frozenset[str]]:
    """Sets of words of which a match holds one each; neighbours that are spelt out are joined first."""
    found: list[frozenset[str] | None] = []
    run: frozenset[str] = frozenset({""})
    for part in sequence:
        spelt = _spelt_out(part)
        if spelt is not None and len(spelt) * len(run) <= MOST:
            run = frozenset(before + after for before in run for after in spelt)
            continue
        found.append(run)
        run = spelt if spelt is not None else frozenset({""})
        if spelt is None:
            found.append(_of_part(part))
    found.append(run)
    return [words for words in found if words and "" not in words]


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """What says more: longer words, then fewer."""
    return min(map(len, words)), -len(words)


def _spelt_out(part: Any) -> frozenset[str] | None:
    """All texts that a part can match when these are few, else None."""
    kind, value = part
    texts: frozenset[str] | None = None
    if kind is constants.LITERAL:
        texts = frozenset({chr(value)})
    elif kind is constants.IN and all(one is constants.LITERAL for one, _ in value):
        texts = frozenset(chr(code) for _, code in value)
    elif kind is constants.SUBPATTERN:
        texts = None if value[1] & re.IGNORECASE else _texts(value[-1])
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
        return None if value[1] & re.IGNORECASE else _of_sequence(value[-1])
    if kind is constants.BRANCH:
        return _union(_of_sequence(branch) for branch in value[1])
    if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT) and value[0] > 0:
        texts = _texts(value[2])
        if value[0] > 1 and texts and len(texts) ** 2 <= MOST:
            return frozenset(one + other for one in texts for other in texts)
        return _of_sequence(value[2])
    return None


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    whole: frozenset[str] = frozenset()
    for one in sets:
        if one is None:
            return None
        whole |= one
    return whole if len(whole) <= MOST_ALTERNATIVES else None


def _in_line(part: Any) -> bool:
    kind, value = part
    if kind is constants.LITERAL:
        return value != _LINE_END
    if kind is constants.NOT_LITERAL:
        return value == _LINE_END
    if kind is constants.IN:
        return not _holds_line_end(value)
    if kind is constants.AT:
        return value not in (constants.AT_BEGINNING_STRING, constants.AT_END_STRING)
    bodies = _bodies(kind, value)
    return bodies is not None and all(_in_line(one) for body in bodies for one in body)


def _bodies(kind: Any, value: Any) -> Sequence[Any] | None:
    """The sequences inside a part; None for one that reaches beyond its line, or that is not known."""
    if kind is constants.SUBPATTERN:
        _, added, taken, body = value
        return None if added & (re.DOTALL | re.IGNORECASE) or taken & re.MULTILINE else [body]
    bodies: Sequence[Any] | None = None
    if kind is constants.BRANCH:
        bodies = value[1]
    elif kind in _REPEATS:
        bodies = [value[2]]
    elif kind in (constants.ASSERT, constants.ASSERT_NOT):
        bodies = [value[1]]
    elif kind is constants.GROUPREF_EXISTS:
        bodies = [one for one in value[1:] if one is not None]
    elif kind is getattr(constants, "ATOMIC_GROUP", None):
        bodies = [value]
    elif kind in (constants.ANY, constants.GROUPREF):
        bodies = []
    return bodies


def _holds_line_end(members: Iterable[Any]) -> bool:
    negated = found = False
    for kind, value in members:
        if kind is constants.NEGATE:
            negated = True
        elif kind is constants.LITERAL:
            found = found or value == _LINE_END
        elif kind is constants.RANGE:
            found = found or value[0] <= _LINE_END <= value[1]
        else:  # \s, \W and \D hold it
            found = found or value not in (constants.CATEGORY_DIGIT, constants.CATEGORY_WORD)
    return found != negated
