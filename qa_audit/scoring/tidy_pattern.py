"""Patterns as people type them, made to fit the normalised text that they are matched against.

The text has no punctuation and no digits (138 is 一三八), and is simplified. A supervisor who writes
`\\d{11}`, `(办理|查询)` with the signs of a Chinese keyboard, or 請 means what the text has instead.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from qa_audit.text.normalise import SPELLINGS, to_simplified

NUMERALS = "零一二三四五六七八九"
_SYNTAX = str.maketrans("（）｜？＋＊［］｛｝＾＄＼", "()|?+*[]{}^$\\")
_WHOLE = re.compile(r"\{\d*,?\d*\}|\(\?P?[<=!:>]=?!?|\\.|0-9|.", re.DOTALL)


@lru_cache(maxsize=4096)
def tidy_pattern(pattern: str) -> str:
    """The pattern over normalised text: half-width syntax, numerals for digits, simplified, no punctuation.

    >>> tidy_pattern("（請|麻烦）报\\\\d{11}")
    '(请|麻烦)报[零一二三四五六七八九]{11}'
    >>> tidy_pattern("[0-9]+元，谢谢！")
    '[零一二三四五六七八九]+元谢谢'
    """
    simple = to_simplified(pattern).translate(_SYNTAX)
    tidied, in_set = [], False
    for piece in _WHOLE.findall(simple):
        tidied.append(_piece(piece, in_set=in_set))
        if piece == "[":
            in_set = True
        elif piece == "]":
            in_set = False
    return "".join(tidied)


def _piece(piece: str, *, in_set: bool) -> str:
    if piece == "\\d" or (piece == "0-9" and in_set):
        return NUMERALS if in_set else f"[{NUMERALS}]"
    if piece == "0-9":
        return NUMERALS[0] + NUMERALS[9]
    if len(piece) > 1:
        return piece
    if piece in SPELLINGS:
        return SPELLINGS[piece]
    wide = unicodedata.east_asian_width(piece) in "WF" or piece in "“”‘’…—·"
    if wide and unicodedata.category(piece)[0] in "PSZ":
        return ""
    return piece.lower()
