"""Texts made to provoke a regular expression: what it repeats, said over and over, and then broken off."""

from __future__ import annotations

import re
from re import _constants as constants  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any

from qa_audit.scoring.pattern_cost import REPEATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_TURN = 120
"""Characters of a long turn."""


def provoking(pattern: str) -> list[str]:
    """Texts that repeat what a repetition of the pattern matches, and then break off.

    Some are no longer than turns, and have all that the pattern asks for in another line: without it no
    engine would try.

    >>> provoking("(ab)+c")[0][:6], provoking("(ab)+c")[4][-6:]
    ('ababab', 'ab\\nabc')
    """
    parts = parser.parse(pattern, re.MULTILINE)
    texts, elsewhere = [], []
    asked = _sample(parts)
    for before, body in _repeated(parts, ""):
        first, each = _sample(body) or "好", _all_samples(body) or "好"
        texts += [before + first * times + end for times in (30, 300) for end in ("", "\x00")]
        for unit in dict.fromkeys((first, each)):
            said = before + unit * max(2, _TURN // len(unit))
            elsewhere += [f"{said}\n{asked}", f"{asked}\n{said}\x00"]
    return texts + elsewhere


def _repeated(sequence: Iterable[Any], before: str) -> Iterator[tuple[str, Any]]:
    """Bodies of repetitions, each with a text that leads up to it."""
    for kind, value in sequence:
        if kind in REPEATS:
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


def _all_samples(sequence: Iterable[Any]) -> str:
    """What the alternatives of the parts match, one after another."""
    text = ""
    for kind, value in sequence:
        if kind is constants.BRANCH:
            text += "".join(map(_all_samples, value[1]))
        elif kind is constants.SUBPATTERN or kind in REPEATS:
            text += _all_samples(value[-1])
        else:
            text += _sample_of(kind, value)
    return text


def _sample_of(kind: Any, value: Any) -> str:
    text = ""
    if kind is constants.LITERAL:
        text = chr(value)
    elif kind in (constants.ANY, constants.NOT_LITERAL):
        text = "好" if value != ord("好") else "a"
    elif kind is constants.IN:
        text = _member(value)
    elif kind in REPEATS:
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
