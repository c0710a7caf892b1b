"""Character errors of a transcript, counted alike for everybody: script, punctuation and numbers aside."""

from __future__ import annotations

import re

from qa_audit.text import normalise

_DIGITS = {char: place for place, char in enumerate("零一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
# A number with units (五十九, 一百二十); digits read one by one (零七三幺) stay as they are.
_NUMBER = re.compile(r"[零一二三四五六七八九两十百千]*[十百千][零一二三四五六七八九十百千]*")


def comparable(text: str) -> str:
    """Simplified, without punctuation, blanks and fillers, every number as digits.

    >>> comparable("五十九元") == comparable("59元"), comparable("幺三八") == comparable("138")
    (True, True)
    >>> comparable("一百零五") == comparable("105"), comparable("十号") == comparable("10号")
    (True, True)
    """
    return _NUMBER.sub(lambda found: _digits(found[0]), normalise(text).text)


def _digits(number: str) -> str:
    total, digit = 0, 0
    for char in number.replace("两", "二"):
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    total += digit
    return "".join("零一二三四五六七八九"[int(one)] for one in str(total))


def edit_distance(truth: str, heard: str) -> int:
    """Fewest insertions, deletions and substitutions that turn one text into the other (Levenshtein).

    >>> edit_distance("您好再见", "你好见"), edit_distance("", "好")
    (2, 1)
    """
    row = list(range(len(heard) + 1))
    for place, char in enumerate(truth, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (char != other))
    return row[-1]
