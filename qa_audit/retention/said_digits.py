"""Digits as they are said, written and heard."""

from __future__ import annotations

CAPITALS = "壹贰叁肆伍陆柒捌玖"
DIGIT = "0-9０-９零〇一二三四五六七八九幺两腰洞拐勾" + CAPITALS
"""For a class of a pattern. 腰 is how 幺 is heard; 洞, 拐 and 勾 are said for 0, 7 and 9."""
LAST_OF_IDENTITY = "Xx叉"
TWICE = "双俩"
"""双零 and 俩零 are two of them."""
DIGITS = frozenset("0123456789０１２３４５６７８９" + TWICE + LAST_OF_IDENTITY + DIGIT.partition("９")[2])
GAP = r"[\s\-－‐—–_~，,、.。·…\u200b-\u200f\u2060\ufeff\ufe0f\u20e3]{0,3}"
"""A pause; signs without width, which pages that a number is copied from put between its digits."""
COUNTED = "十百千万亿拾佰仟"
"""With one of these beside it a number is an amount that is read out, not a string of digits."""
_VALUES = str.maketrans(
    "０１２３４５６７８９零〇一二三四五六七八九幺两腰洞拐勾" + CAPITALS,
    "012345678900123456789121079123456789",
)


def count_digits(text: str) -> int:
    """How many of a text's characters are digits.

    >>> count_digits("壹三8，嗯")
    3
    """
    return sum(1 for sign in text if sign in DIGITS)


def as_dialled(text: str) -> str:
    """The digits of a text as they are dialled, without pauses.

    >>> as_dialled("幺零零，八六")
    '10086'
    """
    return "".join(sign for sign in text.translate(_VALUES) if sign.isdecimal())
