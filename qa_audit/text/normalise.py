"""One form for every way the same words can be written, with the way back to the original.

Recognisers and people write the same sentence with full-width or half-width signs, with or without
punctuation, in simplified or traditional script, with digits or numerals. Matching works on the
normalised form; evidence is quoted from the original, so every normalised character knows its place.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

FILLERS = "呃嗯啊哦噢诶欸唔呐"
"""Interjections without meaning; 哎, 喂 and the particles 吗, 呢, 吧 mean something and stay."""

SPELLINGS = dict(zip("0123456789", "零一二三四五六七八九", strict=True)) | {
    "幺": "一",
    "〇": "零",
    "帐": "账",
    "妳": "你",
    "祇": "只",
}
"""One spelling for digits and numerals, for 幺 read for 1, for 账 and 帐, and for what OpenCC leaves."""

SENTENCE_ENDS = "。．！!？?；;…\n"
CLAUSE_ENDS = "，,、：: "

_AS_PARTICLE = re.compile("(?<![显名原卓昭专编合译巨论土遗拙撰])著(?![名作称者书述录])")
"""着 as it is written in Taiwan (等著), which OpenCC leaves for 著名."""
_HALVES = re.compile("[\ud800-\udfff]")
_PERCENT = re.compile(r"(?<!\d点)(\d+(?:点\d+)?)\s*[%％]")
_D = "[0-9０-９]"
_SIGN_IN_NUMBER = re.compile(f"{_D}[.．:：,]{_D}")
_POINT = re.compile(rf"(?<![0-9０-９.．])({_D}+)[.．](?={_D}+(?!{_D}|[.．]{_D}))")
_CLOCK = re.compile(rf"(?<![0-9０-９:：])([0-2０-２]?{_D})[:：](?=[0-5０-５]{_D}(?!{_D}|[:：]{_D}))")
_THOUSANDS = re.compile(rf"(?<={_D}),(?={_D}{{3}}(?!{_D}))")


class _CharacterTable(dict[int, "str | None"]):
    """A `str.translate` table that works out each character once; None drops it."""

    def __init__(self, *, fillers: bool) -> None:
        super().__init__()
        self._dropped = frozenset(FILLERS) if fillers else frozenset()

    def __missing__(self, code: int) -> str | None:
        kept = []
        for character in unicodedata.normalize("NFKC", chr(code)).lower():
            if character in self._dropped or unicodedata.category(character)[0] in "PSZCM":
                continue
            kept.append(SPELLINGS.get(character, character))
        self[code] = "".join(kept) or None
        return self[code]


_TABLES = {True: _CharacterTable(fillers=True), False: _CharacterTable(fillers=False)}

# Neither white space, which may stand between a number and its percent sign, nor in any normalised text.
_TEXT_END, _INSTEAD = "\x01", "\x02"
_CUT = _CharacterTable(fillers=True)
_CUT.update(dict.fromkeys(map(ord, SENTENCE_ENDS), "\n"))
_CUT[ord(_TEXT_END)] = _TEXT_END
_CUT_FINER = _CharacterTable(fillers=True)
_CUT_FINER.update(_CUT)
_CUT_FINER.update(dict.fromkeys(map(ord, CLAUSE_ENDS), "\r"))


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in its normalised form, and the way back to the original."""

    original: str
    text: str
    fillers: bool = True
    """True when fillers were left out too."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Place in `original` of the normalised characters `start` to `end` (end excluded).

        >>> n = normalise("您好,100%的把握。")
        >>> n.text, n.span(2, 6), n.original[slice(*n.span(2, 6))]
        ('您好百分之百的把握', (3, 7), '100%')

        Raises `IndexError` for a span that is empty or not inside `text`.
        """
        if not 0 <= start < end <= len(self.text):
            raise IndexError((start, end, len(self.text)))
        simple = say_signs(to_simplified(self.original))
        if _PERCENT.search(simple):
            places = [place for piece, *place in _pieces(simple, _TABLES[self.fillers]) for _ in piece]
            return places[start][0], places[end - 1][1]
        table = _TABLES[self.fillers]
        done, first = 0, 0
        for place, character in enumerate(simple):
            kept = table[ord(character)]
            if kept:
                if done <= start:
                    first = place
                done += len(kept)
                if done >= end:
                    return first, place + 1
        raise IndexError((start, end, done))


def normalise(text: str, *, fillers: bool = True) -> Normalised:
    """Half-width, simplified, lower case, without punctuation and white space, digits as numerals.

    With `fillers`, interjections such as 呃 and 嗯 are left out as well. 幺 is 一, so that a number read
    aloud and the same number in digits are equal. The point of a decimal and the colon of a time are read.

    >>> normalise("呃,請問您貴姓?").text
    '请问您贵姓'
    >>> normalise("幺三八").text == normalise("138").text == "一三八"
    True
    >>> normalise("9:30后，手续费1.5%").text
    '九点三零后手续费百分之一点五'
    """
    simple = say_signs(to_simplified(text))
    table = _TABLES[fillers]
    if not _PERCENT.search(simple):
        return Normalised(text, simple.translate(table), fillers)
    return Normalised(text, "".join(piece for piece, *_ in _pieces(simple, table)), fillers)


def sentences(texts: Sequence[str]) -> list[list[str]]:
    """The sentences of each text, normalised (fillers left out); none of them empty.

    The sentences of a text together are its `normalise`, cut where a full stop, question mark, exclamation
    mark or semicolon stood.

    >>> sentences(["好的。您看100%的把握?行吗", "。"])
    [['好的', '您看百分之百的把握', '行吗'], []]
    """
    return [[one for one in text.split("\n") if one] for text in _cut(texts, _CUT)]


def clauses(texts: Sequence[str]) -> list[list[list[str]]]:
    """The sentences of each text, each cut further where a comma, colon or space stood; none of them empty.

    >>> clauses(["好的，那您看看。行吗", ""])
    [[['好的', '那您看看'], ['行吗']], []]
    """
    return [
        [cut for one in text.split("\n") if (cut := [part for part in one.split("\r") if part])]
        for text in _cut(texts, _CUT_FINER)
    ]


def _cut(texts: Sequence[str], table: _CharacterTable) -> list[str]:
    """The texts normalised, with what the table puts where they are cut."""
    if not texts:
        return []
    simple = say_signs(to_simplified(_TEXT_END.join(text.replace(_TEXT_END, _INSTEAD) for text in texts)))
    if _PERCENT.search(simple):
        simple = _PERCENT.sub(
            lambda found: (
                "百分之百" if found[1].translate(_TABLES[True]) == "一零零" else f"百分之{found[1]}"
            ),
            simple,
        )
    return simple.translate(table).split(_TEXT_END)


def to_simplified(text: str) -> str:
    """Simplified script, same length; OpenCC is loaded only for text that may hold traditional characters.

    >>> to_simplified("請稍等"), to_simplified("请稍等")
    ('请稍等', '请稍等')
    >>> to_simplified("您別著急"), to_simplified("等著"), to_simplified("著名的")
    ('您别着急', '等着', '著名的')
    """
    if is_simplified(text):
        return text
    # Half of a pair that a broken file left is no text, and OpenCC takes none.
    text = _HALVES.sub("\ufffd", text)
    converted = _converter().convert(text)
    if len(converted) != len(text):
        converted = "".join(_simplified_character(character) for character in text)
    return _AS_PARTICLE.sub("着", converted)


def is_simplified(text: str) -> bool:
    """Whether a text holds nothing that may be traditional: 著 is also written in simplified 著名.

    >>> is_simplified("请稍等"), is_simplified("請稍等"), is_simplified("等著")
    (True, False, False)
    """
    if "著" in text or "藉" in text:
        return False
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def say_signs(text: str) -> str:
    """The text with 点 for the point of a decimal and the colon of a time, same length.

    Dates, versions and addresses (2026.11.30) keep their points, which texts then lack; a comma between
    thousands becomes one that ends no clause.

    >>> say_signs("2.5小时，9:30，1,200元，1.2.3")
    "2点5小时，9点30，1'200元，1.2.3"
    """
    if not _SIGN_IN_NUMBER.search(text):
        return text
    return _THOUSANDS.sub("'", _CLOCK.sub(r"\1点", _POINT.sub(r"\1点", text)))


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _simplified_character(character: str) -> str:
    converted = _converter().convert(character)
    return converted if len(converted) == 1 else character


def _pieces(simple: str, table: _CharacterTable) -> list[tuple[str, int, int]]:
    """Normalised pieces with the original stretch that each came from."""
    pieces: list[tuple[str, int, int]] = []

    def plain(start: int, end: int) -> None:
        for place in range(start, end):
            kept = table[ord(simple[place])]
            if kept:
                pieces.append((kept, place, place + 1))

    done = 0
    for percent in _PERCENT.finditer(simple):
        plain(done, percent.start())
        digits = percent[1].translate(table)
        pieces.append(("百分之" + ("百" if digits == "一零零" else digits), percent.start(), percent.end()))
        done = percent.end()
    plain(done, len(simple))
    return pieces
