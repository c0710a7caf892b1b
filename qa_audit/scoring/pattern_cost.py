"""What a regular expression may cost: in how many ways it may be tried, counted from its parts."""

from __future__ import annotations

import math
import re
from re import _constants as constants  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_WAYS = 1e7
"""Ways of matching at one place up to which a pattern is harmless; a way is a step or a few."""
LONGEST = 60
"""Times that an unbounded repetition is reckoned with whose end is bound to what it repeats."""
MOST_UNBOUNDED, MOST_OF_ANYTHING = 2, 1
"""Unbounded repetitions in a row up to which a pattern is harmless, and such of them as run over anything:
each is tried to the end of the turn from wherever the one before it ends, and the search from everywhere."""
MOST_WAYS_OF_ANYTHING = 1e5
"""Ways to choose the lengths of bounded repetitions over anything, up to which a pattern is harmless: unlike
words, these can all be tried wherever one looks."""
MOST_COUNTED = 10_000
"""What counts inside counts may come to: compiling spells them out, which nothing can interrupt."""
MOST_WORDS_SAID = 20
"""Words of a list, said one after another, that it is reckoned with."""

_MOST_WORDS = 500
_MOST_TRIED, _MOST_OPTIONAL = 1e5, 17
"""Ways to try a pattern that are harmless at first sight; optional signs come to more from here on."""
_RANGE = re.compile(r"\{(\d*),(\d*)\}")

REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)
_POSSESSIVE = getattr(constants, "POSSESSIVE_REPEAT", None)
_ATOMIC = getattr(constants, "ATOMIC_GROUP", None)


def harmless(pattern: str) -> bool:
    """Whether a pattern is quick over any text, whatever is said.

    >>> harmless("请.{0,3}稍等"), harmless("(好|好好)+再见")
    (True, False)
    """
    if _plain(pattern):
        return True
    parts = parser.parse(pattern, re.MULTILINE)
    return (
        _ways(parts) <= MOST_WAYS
        and _ways_of_anything(parts) <= MOST_WAYS_OF_ANYTHING
        and _unbounded(parts) <= MOST_UNBOUNDED
        and _unbounded(parts, of_anything=True) <= MOST_OF_ANYTHING
    )


def _plain(pattern: str) -> bool:
    """Whether a pattern is harmless at first sight: few and short repetitions, none of a group."""
    if "*" in pattern or "+" in pattern or "){" in pattern:
        return False
    # Those of groups are no signs of repetition.
    tried = 2.0 ** min(pattern.count("?") - pattern.count("(?"), _MOST_OPTIONAL)
    for fewest, most in _RANGE.findall(pattern):
        tried *= int(most or LONGEST) - int(fewest or 0) + 1
    return tried <= _MOST_TRIED


def ways(pattern: str) -> float:
    """In how many ways a pattern may be tried at one place before it fails, at most and roughly.

    A repetition of one character counts its lengths; of what varies, all ways to choose it so often.

    >>> ways("请.{0,3}稍等"), ways("(a+)+b") > 1e50
    (4.0, True)
    """
    return _ways(parser.parse(pattern, re.MULTILINE))


def counts_too_far(pattern: str) -> bool:
    """Whether counts inside counts come to so much that compiling alone takes seconds, or all the memory.

    >>> counts_too_far("((好{1000}){1000})再见"), counts_too_far(".{0,99999}再见")
    (True, False)
    """
    return _counted(parser.parse(pattern, re.MULTILINE)) > MOST_COUNTED


def _ways(sequence: Iterable[Any]) -> float:
    product = 1.0
    for kind, value in sequence:
        product = min(product * _ways_of(kind, value), 1e300)
    return product


def _ways_of(kind: Any, value: Any) -> float:
    if kind in REPEATS or kind is _POSSESSIVE:
        fewest, most, body = value
        words = _words(body)
        # Where the body is a choice of words that form a code, a text can be cut in one way only.
        one_way = words is not None and is_code([word for word in words if word])
        longest = MOST_WORDS_SAID if one_way and max(map(len, words or [""])) > 1 else LONGEST
        most = fewest + longest if most is constants.MAXREPEAT else int(most)
        inner = _ways(body)
        if inner > 1 and not one_way:
            return 1e300 if most * math.log10(inner) > 300 else inner**most
        return float(most - fewest + 1)
    inside = _inner(kind, value)
    if kind is constants.BRANCH:
        words = _words([(kind, value)])
        # Where no word begins another, at most one of them leads on.
        alone = words is not None and not any(map(_rest, sorted(words), sorted(words)[1:]))
        return 1.0 if alone and words and "" not in words else sum(map(_ways, inside))
    return sum(map(_ways, inside)) if inside else 1.0


def _unbounded(sequence: Iterable[Any], *, of_anything: bool = False) -> int:
    """How many unbounded repetitions may follow one another, all or only those `of_anything`."""
    count = 0
    for kind, value in sequence:
        if kind in REPEATS:
            runs_on = value[1] is constants.MAXREPEAT and not (
                of_anything and not _matches_anything(value[2])
            )
            count += runs_on + _unbounded(value[2], of_anything=of_anything)
        else:
            count += max((_unbounded(one, of_anything=of_anything) for one in _inner(kind, value)), default=0)
    return count


def _ways_of_anything(sequence: Iterable[Any]) -> float:
    """In how many ways the lengths of bounded repetitions over anything can be chosen."""
    product = 1.0
    for kind, value in sequence:
        if kind in REPEATS and value[1] is not constants.MAXREPEAT and _matches_anything(value[2]):
            product *= float(value[1] - value[0] + 1)
        else:
            product *= max(map(_ways_of_anything, _inner(kind, value)), default=1.0)
    return product


def _matches_anything(sequence: Iterable[Any]) -> bool:
    """Whether some part matches whatever is said, or all but a few characters."""
    for kind, value in sequence:
        if kind in (constants.ANY, constants.NOT_LITERAL):
            return True
        if kind is constants.IN and any(
            one in (constants.NEGATE, constants.CATEGORY, constants.RANGE) for one, _ in value
        ):
            return True
        if any(map(_matches_anything, _inner(kind, value))):
            return True
    return False


def _counted(sequence: Iterable[Any]) -> int:
    """The largest product of counts inside one another; of one character only what must be there counts."""
    largest = 1
    for kind, value in sequence:
        times = 1
        if kind in REPEATS or kind is _POSSESSIVE:
            fewest, most, body = value
            bounded_group = most is not constants.MAXREPEAT and any(_inner(one, what) for one, what in body)
            times = max(1, int(most if bounded_group else fewest))
        largest = max(largest, times * max(map(_counted, _inner(kind, value)), default=1))
    return largest


def _inner(kind: Any, value: Any) -> Sequence[Any]:
    """The sequences that a part holds: what it repeats or groups, its alternatives."""
    if kind in REPEATS or kind in (_POSSESSIVE, constants.SUBPATTERN):
        return [value[-1]]
    if kind is _ATOMIC:
        return [value]
    if kind in (constants.ASSERT, constants.ASSERT_NOT):
        return [value[1]]
    if kind is constants.BRANCH:
        return value[1]
    if kind is constants.GROUPREF_EXISTS:
        return [one for one in value[1:] if one is not None]
    return []


def is_code(words: Sequence[str]) -> bool:
    """Whether no text can be cut into these words in two ways (Sardinas and Patterson, 1953).

    >>> is_code(["不是", "就", "已经"]), is_code(["早", "就", "早就"]), is_code(["都", "都"])
    (True, False, False)
    """
    known = set(words)
    if len(known) < len(words):
        return False
    pending = {rest for one in known for other in known if one != other and (rest := _rest(one, other))}
    seen: set[str] = set()
    while pending:
        if pending & known:
            return False
        seen |= pending
        after = {_rest(one, left) or _rest(left, one) for left in pending for one in known}
        pending = {rest for rest in after if rest} - seen
    return True


def _rest(start: str, whole: str) -> str:
    return whole[len(start) :] if whole.startswith(start) else ""


def _words(sequence: Iterable[Any]) -> list[str] | None:
    """All texts that the parts match, with repeats, when these are spelt out and not too many."""
    texts = [""]
    for kind, value in sequence:
        ends: list[str] | None = None
        if kind is constants.LITERAL:
            ends = [chr(value)]
        elif kind is constants.IN and all(one is constants.LITERAL for one, _ in value):
            ends = [chr(code) for _, code in value]
        elif kind is constants.SUBPATTERN:
            ends = _words(value[-1])
        elif kind is constants.BRANCH:
            branches = [_words(branch) for branch in value[1]]
            ends = None if None in branches else [word for one in branches for word in one or ()]
        elif kind in REPEATS and value[:2] == (0, 1):
            inner = _words(value[2])
            ends = None if inner is None else ["", *inner]
        if ends is None or len(texts) * len(ends) > _MOST_WORDS:
            return None
        texts = [before + end for before in texts for end in ends]
    return texts
