"""How much room a text takes in a cell: Excel does not grow merged cells by itself."""

from __future__ import annotations

import math
import unicodedata

_LINE_POINTS = 16.0


def columns_of(text: str) -> int:
    """Width in digits, Excel's unit of column width: a Chinese character takes two.

    >>> columns_of("得分 A"), columns_of("，")
    (6, 2)
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def height_for(text: str, width: float) -> float:
    """Height in points of `text` at 10 points, wrapped in a cell of `width` digits.

    >>> height_for("得分", 20), height_for("得" * 25, 20)
    (16.0, 48.0)
    """
    # Excel's unit is a digit at 11 points.
    width *= 1.05
    lines = sum(max(1, math.ceil(columns_of(line) / width)) for line in text.splitlines() or [""])
    return lines * _LINE_POINTS
