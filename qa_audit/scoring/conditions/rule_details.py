"""Details that are said again: a number, an amount, a date or other words, in the ways people say them.

A number is said again when it is said whole, in one turn or piece by piece over several; an amount, a date or
a time when all of it is said, with digits or numerals; of other words so many syllables in a row are enough.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.conditions.rule_entities import ENTITIES
from qa_audit.text.numbers import NUMERALS, has_numeral, read_aloud, stands_alone
from qa_audit.text.phrases import Phrase, phrase_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SYLLABLES = 4
"""So many in a row of other words are enough."""
_PIECE = 2
"""Digits of a number that are said apart from the others, at least."""
_AMOUNT = 8
"""No amount has more digits."""
_COUNTRY = re.compile(f"(零零)?八六(?=一[三四五六七八九][{NUMERALS}]{{9}}$)")
_AREA = re.compile(f"零([一二][{NUMERALS}]|[三四五六七八九][{NUMERALS}]{{2}})(?=[{NUMERALS}]{{7,8}}$)")
_DIGITS = re.compile(f"[{NUMERALS}]{{3,}}[{NUMERALS}x]")
_RUN = re.compile(f"[{NUMERALS}]{{2,}}x?")
_WHOLE = re.compile(
    "|".join(f"(?:{ENTITIES[one]})" for one in ("money", "percent", "date", "time", "duration"))
)
_LIKE = {"元": "元块", "块": "元块", "号": "号日", "日": "号日"}
"""Units that are said for one another."""


class Way(NamedTuple):
    """Words that say a detail again."""

    plain: str
    spelt: str | None = None
    """By sound; None for what must be these words: 二十 by sound is 而是."""
    alone: bool = False
    """It must be no part of a longer number."""


class Place(NamedTuple):
    """Where a detail is said again: half-open span of one of the lines."""

    line: int
    start: int
    end: int


def is_digits(detail: str) -> bool:
    """Whether a detail of a normalised text is a number that is told digit by digit.

    >>> is_digits("一三八零零"), is_digits("三五零元")
    (True, False)
    """
    return _DIGITS.fullmatch(detail) is not None


def digits_again(
    detail: str, spelt: str, lines: Sequence[tuple[str, str]], least: int | None = None
) -> Iterator[Place]:
    """Where a number is said whole, at the end of its last piece; `least`: only so many of its last digits.

    `spelt`, and the second of each line, are by sound; pieces are digits between other words.

    >>> list(digits_again("一三八零零一三八", "？", [("一三八零零", ""), ("对", ""), ("一三八好的", "")]))
    [Place(line=2, start=0, end=3)]
    """
    first, end = _told_once(detail)
    detail, spelt = detail[first:end], spelt[first:end]
    wanted = Way(detail, spelt) if least is None else Way(detail[-least:], spelt[-least:])
    ways, said = (wanted, *(_otherwise(detail) if least is None else ())), 0
    for number, line in enumerate(lines):
        found = next((place for way in ways if (place := place_of(way, *line))), None)
        if found is not None:
            said = 0
            yield Place(number, *found)
            continue
        plain, _ = line
        for run in _RUN.finditer(plain) if least is None else ():
            if len(run[0]) < _PIECE:
                continue
            begin = next((one for one in (said, 0) if detail.startswith(run[0], one)), None)
            said = said if begin is None else begin + len(run[0])
            if said == len(detail):
                said = 0
                yield Place(number, *run.span())


def _told_once(detail: str) -> tuple[int, int]:
    """The part of a number that has to be said: no country code, and once what the customer says twice.

    >>> [_told_once(one) for one in ("八六一三八零零一三八零零零", "一三八零零一三八零零", "一三八零零")]
    [(2, 13), (0, 5), (0, 5)]
    """
    if code := _COUNTRY.match(detail):
        return code.end(), len(detail)
    half = len(detail) // 2
    return (0, half) if half > SYLLABLES and detail == detail[:half] * 2 else (0, len(detail))


def _otherwise(detail: str) -> Iterator[Way]:
    """A number in other words: without its area code, with 叉 for X, as the amount it may be."""
    if area := _AREA.match(detail):
        yield Way(detail[area.end() :])
    if detail.endswith("x"):
        yield Way(f"{detail[:-1]}叉")
    yield from _read_aloud(detail)


def _read_aloud(detail: str) -> Iterator[Way]:
    """A number as an amount is read, if it may be one."""
    if len(detail) <= _AMOUNT and detail[0] != NUMERALS[0] and "x" not in detail:
        value = int("".join(str(NUMERALS.index(one)) for one in detail))
        yield from (Way(one, alone=True) for one in read_aloud(value))


def digits_nearly(detail: str, lines: Sequence[str]) -> Iterator[Place]:
    """Where a number is said with one digit other, missing or too many, as it may have been heard.

    >>> list(digits_nearly("一三八零零", ["号码一三八零二对吗", "一三八九九"]))
    [Place(line=0, start=2, end=7)]
    """
    for number, line in enumerate(lines):
        for run in _RUN.finditer(line):
            if _one_off(detail, run[0]):
                yield Place(number, *run.span())


def _one_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    same = next(
        (at for at, (mine, theirs) in enumerate(zip(short, long, strict=False)) if mine != theirs), None
    )
    if same is None:
        return len(long) - len(short) == 1
    return long[same + 1 :] == short[same + (len(long) == len(short)) :]


@lru_cache(maxsize=1024)
def ways_to_say(detail: str, spelt: str, written: str, least: int | None = None) -> tuple[Way, ...]:
    """What says a detail again that is no mere digits; `written` is the same as the turn has it.

    `least`: syllables in a row that are enough of words other than amounts, dates and times.

    >>> [one.plain for one in ways_to_say("三五零元", "", "350元")][:3]
    ['三五零元', '三五零块', '三五零']
    >>> [one.plain for one in ways_to_say("平江路一八号", "", "平江路18号")][:6]
    ['平江路一八', '江路一八', '路一八号', '平江路十八', '江路十八', '路十八号']
    """
    forms = phrase_forms(written)
    if forms[0].plain != detail:
        forms = (Phrase(written, detail, (spelt,)),)
    whole = _WHOLE.fullmatch(detail) is not None
    found: list[Way] = []
    for form in forms:
        sound = spelt if form.plain == detail else None
        found += _whole(form, sound) if whole else _stretches(form, sound, least or SYLLABLES)
    return tuple(dict.fromkeys(found))


def _whole(form: Phrase, spelt: str | None) -> Iterator[Way]:
    yield Way(form.plain, spelt, alone=True)
    unit = re.search(r"([元块])钱?$|[号日]$", form.plain)
    if unit is None:
        return
    number = form.plain[: unit.start()]
    for other in _LIKE[unit[0][0]].replace(unit[0], ""):
        yield Way(number + other, alone=True)
    if len(number) > 1:
        yield Way(number, alone=True)


def _stretches(form: Phrase, spelt: str | None, least: int) -> Iterator[Way]:
    """Stretches of so many syllables or a few more: none begins or ends inside a number."""
    plain = form.plain
    spans = (*((one.start, one.end) for one in form.numbers), *(one.span() for one in _RUN.finditer(plain)))
    inside = {place for start, end in spans for place in range(start + 1, end)}
    size = min(least, len(plain))
    for start in range(len(plain) - size + 1):
        end = next((one for one in range(start + size, len(plain) + 1) if one not in inside), None)
        if start not in inside and end is not None:
            yield Way(plain[start:end], spelt and spelt[start:end])


def place_of(way: Way, plain: str, spelt: str) -> tuple[int, int] | None:
    """The first place of these words in a line and its spelling by sound."""
    text, wanted = (plain, way.plain) if way.spelt is None else (spelt, way.spelt)
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not way.alone or stands_alone(
            plain, start, end, left=has_numeral(way.plain[0]), right=has_numeral(way.plain[-1])
        ):
            return start, end
        start = text.find(wanted, start + 1)
    return None
