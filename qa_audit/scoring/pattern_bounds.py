"""Regular expressions of users in bounded time.

Most patterns cannot take long: what they repeat is short, and nothing that varies stands inside a repetition.
These run in `re`, as fast as ever. Any other runs in the `regex` library (Apache-2.0 and CNRI, wheels for
all platforms), which can be told to give up. It takes 1.4 times as long as `re`, and 7 times with the limit
(517 patterns over 60 turns), hence not for all. RE2 would need no limit, but knows no look-ahead and
look-behind, which the built-in rubric uses.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from qa_audit.scoring.pattern_cost import counts_too_far, harmless
from qa_audit.scoring.pattern_samples import provoking

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_S = 0.2
"""How long one pattern may take over the text of one call."""
CHECK_LIMIT_S = 0.5
"""How long it may take over a text made to provoke it, when a rubric is checked."""


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
    if harmless(pattern):
        return re.compile(pattern, re.MULTILINE)
    return BoundedPattern(pattern, re.MULTILINE)


@lru_cache(maxsize=1024)
def explodes(pattern: str) -> str | None:
    """A text over which the pattern runs longer than `CHECK_LIMIT_S`, or None when none was found.

    Raises `re.error` for what is no pattern.
    """
    if harmless(pattern) or counts_too_far(pattern):
        return None
    import regex

    compiled = regex.compile(pattern, regex.MULTILINE | regex.VERSION0)
    for text in provoking(pattern):
        try:
            compiled.search(text, timeout=CHECK_LIMIT_S)
        except TimeoutError:
            return text
    return None
