"""Long numbers in which a recogniser wrote another word for a digit: 一三吧零零一三吧零零零."""

from __future__ import annotations

import re

from qa_audit.retention.said_digits import COUNTED, DIGIT, GAP, count_digits

_FOR_ONE = "妖夭要药医伊"
_HEARD = _FOR_ONE + "灵铃玲吧巴爸溜留起七漆汽酒久救而耳伞舞吴斯"
"""What sounds like a digit and is written for it beside digits."""
_LEAST = 7
_LEAST_BEHIND_WORD = 10
"""The same where only the word before the digits may be one: 流水要6000000."""
_STRING = re.compile(rf"[{_FOR_ONE}{DIGIT}](?:{GAP}[{DIGIT}{_HEARD}])+")
_LOOSE_END = re.compile(rf"(?:{GAP}[{_HEARD}])+$")
_ENDS_SO = re.compile(rf"(?<=[{DIGIT}])[{_FOR_ONE}]$")


def misheard_numbers(text: str) -> list[tuple[int, int]]:
    """Where such numbers are in a text: from, and up to but without.

    As many true digits as a telephone's number has at least, and more of them than of other words, none of
    which stands behind the last digit but one for 幺.

    >>> text = "妖三八灵灵幺三八零零零，对吧"
    >>> [text[start:end] for start, end in misheard_numbers(text)]
    ['妖三八灵灵幺三八零零零']
    """
    found = []
    for one in _STRING.finditer(text):
        start, end = one.span()
        if text[start] in _FOR_ONE and re.match(rf"[{DIGIT}]", text[start + 1 : start + 2]) is None:
            start += 1
        loose = _LOOSE_END.search(text, start, end)
        if loose is not None:
            own = _ENDS_SO.match(text, loose.start(), loose.start() + 1)
            end = loose.start() + (own is not None and not text[end : end + 1].isalnum())
        said = text[start:end]
        digits = count_digits(said)
        others = sum(1 for sign in said if sign in _HEARD)
        least = _LEAST if others > (text[start] in _FOR_ONE) else _LEAST_BEHIND_WORD
        beside = text[start - 1 : start] + text[end : end + 1] if start else text[end : end + 1]
        if digits >= least and 0 < others < digits and not any(sign in COUNTED for sign in beside):
            found.append((start, end))
    return found
