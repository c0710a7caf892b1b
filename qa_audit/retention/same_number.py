"""One telephone number in the forms in which lists and people write it."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = re.compile(r"[\s\-－—–.()（）]")
_WRITTEN = re.compile(r"\+?\d+")
_BEFORE = re.compile(r"^\+?(?:(?:00)?86)?0?(?=\d{10,}$)")


def bare_number(number: str) -> str:
    """The digits that tell a number from others: without 86 or +86, and without the 0 of a trunk call.

    What is no number stays, as do short numbers, which may begin with 86.

    >>> [bare_number(one) for one in ("013800138000", "+86 138-0013-8000", "020 8888 6666", "匿名")]
    ['13800138000', '13800138000', '2088886666', '匿名']
    """
    text = _SIGNS.sub("", unicodedata.normalize("NFKC", number))
    return _BEFORE.sub("", text).removeprefix("+") if _WRITTEN.fullmatch(text) else number.strip()
