"""Why a pattern is none, told in both languages, with the place in the pattern as its author wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa_audit.messages import say
from qa_audit.scoring.tidy_pattern import PIECES, half_width_syntax

_CODES = {
    "missing ), unterminated": "no_bracket",
    "unbalanced parenthesis": "bracket",
    "unterminated character set": "no_square",
    "nothing to repeat": "nothing",
    "multiple repeat": "multiple",
    "bad character range": "range",
    "min repeat greater": "counts",
    "the repetition number": "large",
    "look-behind requires": "behind",
    "bad escape": "escape",
    "incomplete escape": "escape",
    "unknown extension": "extension",
    "unexpected end of pattern": "extension",
    "invalid group reference": "group",
    "unknown group name": "group",
    "global flags not at": "flags",
}
"""How the reasons of `re` begin, and the message that says the same."""


@dataclass(frozen=True, slots=True)
class PatternFault:
    """Why a text is no pattern, told in the language in which it is read."""

    told: str
    """By `re`, in English."""
    place: int | None = None
    """Character, from 1, at which it is noticed."""

    def __str__(self) -> str:
        code = next((code for start, code in _CODES.items() if self.told.startswith(start)), None)
        reason = self.told if code is None else say(f"scoring.pattern_fault.{code}")
        if self.place is None:
            return reason
        return say("scoring.pattern_fault.at", place=self.place, reason=reason)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def pattern_fault(pattern: str, fault: Exception) -> PatternFault:
    """What a compiler said of the pattern, or better of the pattern as it is written.

    >>> pattern_fault("（好", re.error("missing ), unterminated subpattern")).place
    1
    """
    if isinstance(fault, RecursionError | MemoryError):
        return PatternFault(str(fault) or type(fault).__name__)
    try:
        re.compile(half_width_syntax(pattern), re.MULTILINE)
    except re.error as own:
        return PatternFault(own.msg, None if own.pos is None else own.pos + 1)
    except (OverflowError, RecursionError, MemoryError):
        pass
    return PatternFault(fault.msg if isinstance(fault, re.error) else str(fault))


def open_set(pattern: str) -> PatternFault | None:
    """That a square bracket is never closed; what is made of the pattern would leave it out.

    >>> open_set("您[不没能办理"), open_set("[不没]能"), open_set("[不没]能\\\\[")
    (PatternFault(told='unterminated character set', place=2), None, None)
    """
    for found in PIECES.finditer(half_width_syntax(pattern)):
        if found.lastgroup == "literal" and found[0] == "[":
            return PatternFault("unterminated character set", found.start() + 1)
    return None
