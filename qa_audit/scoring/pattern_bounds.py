"""Regular expressions of users in bounded time.

Most patterns cannot take long: what they repeat is short, and nothing that varies stands inside a repetition.
These run in `re`, as fast as ever. Any other runs in the `regex` library (Apache-2.0 and CNRI, wheels for
all platforms), which can be told to give up. It takes 1.4 times as long as `re`, and 7 times with the limit
(517 patterns over 60 turns), hence not for all. RE2 would need no limit, but knows no look-ahead and
look-behind, which the built-in rubric uses.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from re import _constants as constants  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LIMIT_S = 0.2
"""How long one pattern may take over the text of one call."""
CHECK_LIMIT_S = 0.5
"""How long it may take over a text made to provoke it, when a rubric is checked."""

MOST_WAYS = 1e7
"""Ways of matching at one place up to which a pattern is harmless; a way is a step or a few."""
LONGEST = 60
"""Times that an unbounded repetition is reckoned with whose end is bound to what it repeats."""
MOST_UNBOUNDED, MOST_OF_ANYTHING = 2, 1
"""Unbounded repetitions in a row up to which a pattern is harmless, and such of them as run over anything:
each is tried to the end of the turn from wherever the one before it ends, and the search from everywhere."""
MOST_COUNTED = 10_000
"""What counts inside counts may come to: compiling spells them out, which nothing can interrupt."""
MOST_WORDS_SAID = 20
"""Words of a list, said one after another, that it is reckoned with."""

_MOST_WORDS = 500

_REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)
_POSSESSIVE = getattr(constants, "POSSESSIVE_REPEAT", None)
_ATOMIC = getattr(constants, "ATOMIC_GROUP", None)


class SearchPattern(Protocol):
    """What scoring needs of a compiled pattern."""

    @property
    def pattern(self) -> str:
        """Its text."""
        ...

    def finditer(self, text: str, place: int = 0, end: int = ..., /) -> Iterator[Any]:
        """All matches between two places, left to right."""
        ...

    def search(self, text: str, place: int = 0, /) -> Any:
        """The first match from a place on, or None."""
        ...

    def match(self, text: str, place: int = 0, /) -> Any:
        """The match that begins at a place, or None."""
        ...

    def fullmatch(self, text: str, place: int = 0, end: int = ..., /) -> Any:
        """The match of all that lies between two places, or None."""
        ...


class BoundedPattern:
    """A pattern that gives up: `TimeoutError` after `LIMIT_S` seconds in one call of a method."""

    def __init__(self, pattern: str, flags: int) -> None:
        import regex

        self.pattern = pattern
        self._compiled = regex.compile(pattern, flags & regex.MULTILINE | regex.VERSION0)

    def finditer(self, text: str, place: int = 0, end: int | None = None, /) -> Iterator[Any]:
        """All matches between two places, left to right; the limit holds for them together."""
        last = len(text) if end is None else end
        return iter(list(self._compiled.finditer(text, place, last, timeout=LIMIT_S)))

    def search(self, text: str, place: int = 0, /) -> Any:
        """The first match from a place on, or None."""
        return self._compiled.search(text, place, timeout=LIMIT_S)

    def match(self, text: str, place: int = 0, /) -> Any:
        """The match that begins at a place, or None."""
        return self._compiled.match(text, place, timeout=LIMIT_S)

    def fullmatch(self, text: str, place: int = 0, end: int | None = None, /) -> Any:
        """The match of all that lies between two places, or None."""
        last = len(text) if end is None else end
        return self._compiled.fullmatch(text, place, last, timeout=LIMIT_S)


def bounded(pattern: str) -> SearchPattern:
    """Compile a pattern over many lines so that no text makes it run long.

    >>> type(bounded("请.{0,3}稍等")).__name__, type(bounded("(好|好好)+再见")).__name__
    ('Pattern', 'BoundedPattern')

    Raises `re.error` for what is no pattern.
    """
    if _harmless(pattern):
        return re.compile(pattern, re.MULTILINE)
    return BoundedPattern(pattern, re.MULTILINE)


def _harmless(pattern: str) -> bool:
    if _plain(pattern):
        return True
    parts = parser.parse(pattern, re.MULTILINE)
    return (
        _ways(parts) <= MOST_WAYS
        and _unbounded(parts) <= MOST_UNBOUNDED
        and _unbounded(parts, of_anything=True) <= MOST_OF_ANYTHING
    )


def _plain(pattern: str) -> bool:
    """Whether a pattern is harmless at first sight: few and short repetitions, none of a group."""
    if "*" in pattern or "+" in pattern or "){" in pattern:
        return False
    tried = 2.0 ** pattern.count("?")
    for fewest, most in _RANGE.findall(pattern):
        tried *= int(most or LONGEST) - int(fewest or 0) + 1
    return tried <= 1e5


_RANGE = re.compile(r"\{(\d*),(\d*)\}")


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


@lru_cache(maxsize=1024)
def explodes(pattern: str) -> str | None:
    """A text over which the pattern runs longer than `CHECK_LIMIT_S`, or None when none was found.

    Raises `re.error` for what is no pattern.
    """
    if _harmless(pattern) or counts_too_far(pattern):
        return None
    import regex

    compiled = regex.compile(pattern, regex.MULTILINE | regex.VERSION0)
    for text in provoking(pattern):
        try:
            compiled.search(text, timeout=CHECK_LIMIT_S)
        except TimeoutError:
            return text
    return None


def provoking(pattern: str) -> list[str]:
    """Texts that repeat what a repetition of the pattern matches, and then break off.

    >>> provoking("(ab)+c")[0][:6]
    'ababab'
    """
    texts = []
    for before, body in _repeated(parser.parse(pattern, re.MULTILINE), ""):
        for times in (30, 300):
            unit = _sample(body) or "好"
            texts += [before + unit * times + end for end in ("", "\x00")]
    return texts


def _ways(sequence: Iterable[Any]) -> float:
    product = 1.0
    for kind, value in sequence:
        product = min(product * _ways_of(kind, value), 1e300)
    return product


def _ways_of(kind: Any, value: Any) -> float:  # noqa: PLR0911  a case a kind
    if kind in _REPEATS or kind is _POSSESSIVE:
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
    if kind is constants.SUBPATTERN:
        return _ways(value[-1])
    if kind is _ATOMIC:
        return _ways(value)
    if kind is constants.BRANCH:
        words = _words([(kind, value)])
        # Where no word begins another, at most one of them leads on.
        alone = words is not None and not any(map(_rest, sorted(words), sorted(words)[1:]))
        return 1.0 if alone and words and "" not in words else sum(map(_ways, value[1]))
    if kind in (constants.ASSERT, constants.ASSERT_NOT):
        return _ways(value[1])
    if kind is constants.GROUPREF_EXISTS:
        return sum(_ways(one) for one in value[1:] if one is not None)
    return 1.0


def _unbounded(sequence: Iterable[Any], *, of_anything: bool = False) -> int:
    """How many unbounded repetitions may follow one another, all or only those `of_anything`."""
    count = 0
    for kind, value in sequence:
        if kind in _REPEATS:
            runs_on = value[1] is constants.MAXREPEAT and not (
                of_anything and not _matches_anything(value[2])
            )
            count += runs_on + _unbounded(value[2], of_anything=of_anything)
        else:
            count += max((_unbounded(one, of_anything=of_anything) for one in _inner(kind, value)), default=0)
    return count


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
        if kind in _REPEATS or kind is _POSSESSIVE:
            fewest, most, body = value
            bounded_group = most is not constants.MAXREPEAT and any(_inner(one, what) for one, what in body)
            times = max(1, int(most if bounded_group else fewest))
        largest = max(largest, times * max(map(_counted, _inner(kind, value)), default=1))
    return largest


def _inner(kind: Any, value: Any) -> Sequence[Any]:
    """The sequences that a part holds: what it repeats or groups, its alternatives."""
    if kind in _REPEATS or kind in (_POSSESSIVE, constants.SUBPATTERN):
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
        elif kind in _REPEATS and value[:2] == (0, 1):
            inner = _words(value[2])
            ends = None if inner is None else ["", *inner]
        if ends is None or len(texts) * len(ends) > _MOST_WORDS:
            return None
        texts = [before + end for before in texts for end in ends]
    return texts


def _repeated(sequence: Iterable[Any], before: str) -> Iterator[tuple[str, Any]]:
    """Bodies of repetitions, each with a text that leads up to it."""
    for kind, value in sequence:
        if kind in _REPEATS:
            if value[1] is constants.MAXREPEAT or value[1] > 3:
                yield before, value[2]
            yield from _repeated(value[2], before)
        elif kind is constants.SUBPATTERN:
            yield from _repeated(value[-1], before)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from _repeated(branch, before)
        before += _sample([(kind, value)])


def _sample(sequence: Iterable[Any]) -> str:
    """A text that the parts match, or nearly: look-arounds and anchors are passed over."""
    return "".join(_sample_of(kind, value) for kind, value in sequence)


def _sample_of(kind: Any, value: Any) -> str:
    text = ""
    if kind is constants.LITERAL:
        text = chr(value)
    elif kind in (constants.ANY, constants.NOT_LITERAL):
        text = "好" if value != ord("好") else "a"
    elif kind is constants.IN:
        text = _member(value)
    elif kind in _REPEATS:
        text = _sample(value[2]) * max(1, int(value[0]))
    elif kind is constants.SUBPATTERN:
        text = _sample(value[-1])
    elif kind is constants.BRANCH:
        text = _sample(value[1][0])
    return text


def _member(choices: Any) -> str:
    for kind, value in choices:
        if kind is constants.LITERAL:
            return chr(value)
        if kind is constants.RANGE:
            return chr(value[0])
        if kind is constants.CATEGORY:
            return {constants.CATEGORY_DIGIT: "1", constants.CATEGORY_SPACE: " "}.get(value, "好")
    return "好"
