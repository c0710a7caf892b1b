"""Patterns as people type them, made to fit the normalised text that they are matched against.

The text has no punctuation and no digits (138 is 一三八), and is simplified. A supervisor who writes
`\\d{11}`, `(办理|查询)` with the signs of a Chinese keyboard, or 請 means what the text has instead.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from re import _constants as constants  # pyright: ignore[reportAttributeAccessIssue]
from re import _parser as parser  # pyright: ignore[reportAttributeAccessIssue]
from typing import TYPE_CHECKING, Any

from qa_audit.scoring.pattern_cost import REPEATS
from qa_audit.text.normalise import FILLERS, SPELLINGS, to_simplified
from qa_audit.text.numbers import NUMERALS

if TYPE_CHECKING:
    from collections.abc import Iterable

_SYNTAX = str.maketrans("（）｜？＋＊［］｛｝＾＄＼", "()|?+*[]{}^$\\")
PIECES = re.compile(
    r"""
    (?P<head>\(\?(?:P<\w+>|P=\w+\)|P>|\#[^)]*\)|\(\w+\)|[aiLmsux-]+[:：)]|[:：=＝!！>＞]|[<＜][=＝!！]))
    |(?P<count>\{\d*[,，]?\d*\})
    |(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[1-9]\d?|.))
    |(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    |(?P<sign>[|()?*+^$.])
    |(?P<literal>.)
    """,
    re.DOTALL | re.VERBOSE,
)
"""The pieces of a pattern, named by their kind."""
_MEMBER = re.compile(
    r"(\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|.)(?:-(\\u[0-9a-fA-F]{4}|\\.|[^\]]))?",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"[?*+]|\{\d*,?\d*\}")
_GROUPS = ("(", "(?:", ")")
_SIGN = re.compile(r"\\[.．:：]|[．:：]|\[[.．:：\\]+\]")
_GOES_ON = re.compile(rf"(?P<count>[?*+]?)(?:\((?:\?:)?)?(?:\\d|\[[0-9０-９\\d-]+\]|[0-9０-９{NUMERALS}])")
_DIGIT = re.compile(rf"[{NUMERALS}]|\[[{NUMERALS}]+\]")


@lru_cache(maxsize=4096)
def tidy_pattern(pattern: str) -> str:
    """The pattern over normalised text: half-width syntax, numerals for digits, simplified, no punctuation.

    Punctuation stays where leaving it out would change what else is found: as an alternative of its own,
    and in sets. There it never matches.

    >>> tidy_pattern("（請|麻烦）报\\\\d{11}")
    '(请|麻烦)报[零一二三四五六七八九]{11}'
    >>> tidy_pattern("[0-9]+元，谢谢！"), tidy_pattern("1[3-9]\\\\d{9}")
    ('[零一二三四五六七八九]+元谢谢', '一[三四五六七八九][零一二三四五六七八九]{9}')
    """
    pieces: list[str] = []
    dropped = ""
    """Signs left out since the last alternative began, while it has nothing else."""
    after_dropped, broken_at, before = False, 0, 0
    for found in PIECES.finditer(half_width_syntax(pattern)):
        piece, kind = found[0], found.lastgroup or ""
        if after_dropped and (kind == "count" or piece in ("?", "*", "+")):
            dropped += piece if dropped else ""
            broken_at = before if piece[0] in "?*" or piece.startswith("{0") else broken_at
            continue
        after_dropped = False
        if piece in ("%", "％", "\\%") and (start := _number_at(pieces, broken_at)) is not None:
            number = "".join(pieces[start:])
            pieces[start:] = ["百分之", "百" if number == "一零零" else number]
            continue
        tidied = _in_number(pieces, found) or _piece(piece, kind)
        if not tidied:
            dropped += piece if _alternative_is_empty(pieces) else ""
            after_dropped, broken_at, before = True, len(pieces), broken_at
            continue
        if piece in ("|", ")") and _alternative_is_empty(pieces):
            pieces.append(dropped)
        dropped = ""
        pieces.append(tidied)
    if _alternative_is_empty(pieces):
        pieces.append(dropped)
    return "".join(pieces)


def half_width_syntax(pattern: str) -> str:
    """The pattern simplified, and its syntax written as regular expressions have it."""
    return to_simplified(pattern).translate(_SYNTAX)


def missing_filler(pattern: str) -> str:
    """A filler without which the pattern can never match, though texts have none; empty if there is none.

    >>> missing_filler("好啊"), missing_filler("嗯|哦"), missing_filler("好啊?|行")
    ('啊', '嗯', '')

    Raises `re.error` for what is no pattern.
    """
    return _missing(parser.parse(tidy_pattern(pattern), re.MULTILINE))


def _alternative_is_empty(pieces: list[str]) -> bool:
    """Whether the alternative that is being written has nothing to match yet."""
    return not pieces or pieces[-1] == "|" or (pieces[-1].startswith("(") and not pieces[-1].endswith(")"))


def _number_at(pieces: list[str], first: int) -> int | None:
    """Where the number begins that ends the pieces, not before `first`; None where there is none.

    A group of digits is part of it, as that of the places of a decimal, which may lack.
    """
    found, groups, place = None, 0, len(pieces)
    while place > first:
        place -= 1
        piece = pieces[place]
        if piece == ")":
            groups += 1
        elif groups and piece in ("(", "(?:"):
            groups -= 1
            found = found if groups else place
        elif _DIGIT.fullmatch(piece):
            found = found if groups else place
        elif not (_QUANTIFIER.fullmatch(piece) or piece in ("点", "点?") or (groups and piece == "|")):
            break
    return found


def _in_number(pieces: list[str], sign: re.Match[str]) -> str:
    """What a point or colon between digits is in texts: 点 (`say_signs`), or nothing, as in 2026.11.30.

    Empty for any other sign.
    """
    behind = _GOES_ON.match(sign.string, sign.end()) if _SIGN.fullmatch(sign[0]) else None
    before = (one for one in reversed(pieces) if one not in _GROUPS and not _QUANTIFIER.fullmatch(one))
    if behind is None or not _DIGIT.fullmatch(next(before, "")):
        return ""
    return "点" if behind["count"] else "点?"


def _piece(piece: str, kind: str) -> str:
    match kind:
        case "head":
            return piece if piece[2] in "P#(" else unicodedata.normalize("NFKC", piece)
        case "count":
            return unicodedata.normalize("NFKC", piece) if len(piece) > 2 else ""
        case "escape":
            return _escape(piece)
        case "set":
            return _set(piece)
        case "sign":
            return piece
        case _:
            return _literal(piece)


def _escape(piece: str) -> str:
    if piece in ("\\d", "\\D"):
        return f"[{NUMERALS}]" if piece == "\\d" else f"[^{NUMERALS}]"
    if piece == "\\s" or not (piece[1].isalnum() or piece[1] == "_"):
        return _literal(piece[1:]) if piece != "\\s" else ""
    if piece[1].isascii():
        return piece
    return _literal(piece[1:])


def _literal(character: str) -> str:
    """What the text has for a character, empty for punctuation."""
    plain = unicodedata.normalize("NFKC", character).lower()
    return "".join(SPELLINGS.get(one, one) for one in plain if unicodedata.category(one)[0] not in "PSZCM")


def _set(piece: str) -> str:
    """A set of characters, empty if texts have none of them."""
    negated = piece.startswith("[^")
    members, alive = [], negated
    for first, last in _MEMBER.findall(piece[2 if negated else 1 : -1]):
        member = _range(first, last) if last else _set_member(first)
        alive = alive or any(map(_literal, member.replace("\\", "")))
        members.append(member)
    if (
        not negated
        and set(members) & {".", "．"}
        and any(one in NUMERALS for each in members for one in each)
    ):
        members.append("点")
    return f"[{'^' if negated else ''}{''.join(members)}]" if alive else ""


def _set_member(member: str) -> str:
    if member == "\\d":
        return NUMERALS
    return member if len(member) > 1 else _literal(member) or member


def _range(first: str, last: str) -> str:
    ends = [unicodedata.normalize("NFKC", one) for one in (first, last)]
    places = [NUMERALS.find(SPELLINGS.get(one, one)) for one in ends]
    if 0 <= places[0] <= places[1]:
        return NUMERALS[places[0] : places[1] + 1]
    if places[0] > places[1] >= 0:
        return f"{first}-{last}"  # refused, where numerals would take in most characters
    return f"{_set_member(first)}-{_set_member(last)}"


def _missing(sequence: Iterable[Any]) -> str:
    for kind, value in sequence:
        missing = ""
        if kind is constants.LITERAL:
            missing = chr(value) if chr(value) in FILLERS else ""
        elif kind is constants.IN and all(one is constants.LITERAL for one, _ in value):
            each = [chr(code) for _, code in value]
            missing = each[0] if all(one in FILLERS for one in each) else ""
        elif kind is constants.SUBPATTERN:
            missing = _missing(value[-1])
        elif kind is constants.BRANCH:
            each = [_missing(one) for one in value[1]]
            missing = each[0] if all(each) else ""
        elif kind in REPEATS and value[0] > 0:
            missing = _missing(value[2])
        if missing:
            return missing
    return ""
