"""Wordings in one cell of a supervisor's list, taken apart: numbered, quoted, or one a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.blanks import BRACKETS, read_blanks, without_remarks
from qa_audit.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNIT, _PER = "元块角分万次MGT0-9", "月年季日天周次人户笔件条个张分秒小0-9"
_SPLIT = re.compile(
    rf"[\n；;]+|(?<![{_UNIT}])[/／]+|[/／]+(?![/／{_PER}])"
    r"|(?<=[”」』\"])[、，,]\s*(?=[“「『\"])|\s+(?=\d{1,2}[、)）])"
)
_NUMERALS = "一二三四五六七八九十"
_HANZI = f"[{_NUMERALS}]{{1,2}}"
_MARK = (
    rf"[（(](?:(?P<bracket>\d{{1,2}})|(?P<bracket_hanzi>{_HANZI}))[）)]"
    rf"|(?P<plain>\d{{1,2}})(?:[、)）](?![\d{_NUMERALS}])|[.．](?!\d))"
    rf"|(?P<hanzi>{_HANZI})[、)）](?![\d{_NUMERALS}])"
    r"|(?P<letter>[A-Ha-hＡ-Ｈ])[、.．)）:：](?![A-Za-z])"
    r"|(?P<ring>[①-⑳⑴-⒇❶-❿])"
)
_FIRST_MARK = re.compile(rf"\s*(?:{_MARK})\s*")
_NEXT_MARK = re.compile(rf"(?<![\dA-Za-z.．第年月×])(?:{_MARK})|(?P<other_ring>[①-⑳⑴-⒇❶-❿])")
_BULLET = re.compile(r"^\s*(?:[•·●◆■▪★☆→➢✓√]+|[-–—*＊○□](?![-–—*＊○□]))\s*")
_LABEL = re.compile(
    r"^\s*(?:(?:标准|参考|规范|推荐|必说)?(?:话术|用语)|例如|例句|示例|比如|例|如|坐席|客服(?:代表)?|话务员|答)"
    rf"(?:\d{{1,2}}|[{_NUMERALS}])?[：:]\s*"
)
_QUOTED = re.compile(r"[“「『]([^“”「」『』\n]*)[”」』]|\"([^\"\n]*)\"|‘([^‘’\n]*)’")
_BEFORE_QUOTES = re.compile(r"(?:[^：:，,。“”]{0,10}[：:])?[\s、，,]*")
_BETWEEN_QUOTES = re.compile(r"(?:[\s、，,。.！!/／+]|或者?|和|及)*")
_LOOSE_QUOTES = ' \t　“”"「」『』'
_MASK = "□"


class CellWordings(NamedTuple):
    """What a cell asks for."""

    phrases: list[str]
    patterns: list[str]
    told: list[tuple[str, dict[str, object]]]
    """Code and values of what was made of wordings with blanks and remarks."""


def wordings_of_cell(cell: str, *, banned: bool) -> CellWordings:
    """The wordings in a cell, without the numbers that they are listed by, and with what their blanks become.

    >>> wordings_of_cell("1、我不知道\\n2、不归我管、没办法", banned=True).phrases
    ['我不知道', '不归我管', '没办法']
    >>> wordings_of_cell("您好、请讲\\n每月×××元", banned=False)[:2]
    (['您好、请讲'], ['每月.{1,12}元'])
    """
    read = CellWordings([], [], [])
    for written in _wordings(cell, banned=banned):
        reading = read_blanks(written, banned=banned)
        listed = read.patterns if reading.pattern else read.phrases
        if normalise(reading.text).text and reading.text not in listed:
            listed.append(reading.text)
        if reading.code:
            made = {"made": reading.text} if reading.text else {}
            read.told.append((f"wording_{reading.code}", {"written": written, **made}))
    return read


def _wordings(cell: str, *, banned: bool) -> Iterator[str]:
    for piece in _cut(cell, _SPLIT):
        for listed in _listed(piece):
            for one in _unquoted(_LABEL.sub("", listed)):
                for wording in _cut(one, re.compile("、")) if banned else (one,):
                    yield wording.strip()


def _cut(text: str, at: re.Pattern[str]) -> Iterator[str]:
    """The text cut, but not inside brackets."""
    masked = re.sub(BRACKETS, lambda found: _masked(found[0]), text)
    done = 0
    for found in at.finditer(masked):
        yield text[done : found.start()]
        done = found.end()
    yield text[done:]


def _masked(brackets: str) -> str:
    # What is numbered (1) stays, to be cut before the next number.
    return brackets if _FIRST_MARK.fullmatch(brackets) else _MASK * len(brackets)


def _listed(piece: str) -> Iterator[str]:
    """The wordings that one line lists by numbers or letters; the next number, not any, begins the next."""
    rest = _BULLET.sub("", _LABEL.sub("", piece))
    first = _FIRST_MARK.match(rest)
    style, value = _mark(first) if first else ("", 0)
    rest = _BULLET.sub("", rest[first.end() :] if first else rest)
    done = 0
    for found in _NEXT_MARK.finditer(rest):
        next_style, next_value = _mark(found)
        if next_style == "ring" or (next_style, next_value) == (style, value + 1):
            yield rest[done : found.start()]
            style, value, done = next_style, next_value, found.end()
    yield rest[done:]


def _mark(found: re.Match[str]) -> tuple[str, int]:
    """Style and value of a number before a wording."""
    style = (found.lastgroup or "").removeprefix("other_")
    sign = found[found.lastgroup or 0]
    if style in ("plain", "bracket"):
        return style, int(sign)
    if style in ("hanzi", "bracket_hanzi"):
        tens, _, ones = sign.rpartition("十")
        ten = (_NUMERALS.find(tens) + 1 if tens else 1) * 10 if "十" in sign else 0
        return style, ten + _NUMERALS.find(ones) + 1 if ones else ten
    return style, ord(normalise(sign).text[0]) if style == "letter" else 0


def _unquoted(piece: str) -> list[str]:
    """What stands in quotation marks where all else is a label, a remark or what joins them."""
    quoted = list(_QUOTED.finditer(piece))
    if not quoted:
        return [piece.strip(_LOOSE_QUOTES)]
    before, *between = (without_remarks(one) for one in _QUOTED.sub("\n", piece).split("\n"))
    if _BEFORE_QUOTES.fullmatch(before) and all(map(_BETWEEN_QUOTES.fullmatch, between)):
        return [next(one for one in found.groups() if one is not None) for found in quoted]
    return [piece]
