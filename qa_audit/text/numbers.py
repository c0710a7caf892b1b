"""Numbers in what is looked for, and the ways in which texts have them.

A normalised text has digits one by one (24 is 二四), and numerals as they were said (二十四, 两百). Whoever
writes either in a phrase or pattern means both, so that each number is looked for in all its ways.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.text.normalise import SPELLINGS, normalise

if TYPE_CHECKING:
    from collections.abc import Callable

NUMERALS = "零一二三四五六七八九"
MOST_WAYS = 16
"""Ways of one number that are looked for, the usual ones first."""

_SIZES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_TOO_MUCH = 10**8
"""From here on nothing is read aloud."""
_ANY = f"{NUMERALS}十百千万亿两"
CODE = 5
"""Digits from which on a number without a measure word is a hotline or code, read digit by digit."""

_LONGEST = 7
"""Digits of a telephone number: so many in a row and more are no part of an amount."""
_WORDS = "一[定下直点般会起样共些]|十分(?!钟)|万一|两边|千万别"
"""What begins as a number does and is none."""
BEGINS = f"(?:(?<![{_ANY}几])(?<![{_ANY}]点)|(?<=[万统第唯周同]一)|(?<=[{NUMERALS}]{{{_LONGEST}}}))"
"""Where a number may begin that is written in another way than its author's: not inside a longer one."""
ENDS = f"(?:(?={_WORDS})|(?![{_ANY}几]|点[{NUMERALS}]|(?<=点)半))"
_BEGINS, _ENDS = re.compile(BEGINS), re.compile(ENDS)

GROUP, OTHER = "(", "\0"
"""Stand for the head of a group and for any other sign where `numbers_in` is given a pattern."""

_D = "[0-9０-９]"
_COUNTED = (
    "小时|钟头|分钟|工作日|自然日|星期|礼拜|"
    "公斤|千克|公里|"
    "[秒天周月年元块角毛分折倍次遍回趟人位件个张台部条家套份期层级度米斤号日岁通项种笔单步句页代盒箱包瓶杯"
    "点升桶辆只片双室房晚本根栋幢所座Gg]"
)
_MEASURE = rf"\(?(?:{_COUNTED})"
"""What a number is followed by that counts something."""
_TIME = (
    rf"\(?(?:个?{OTHER}?(?:小时|钟头|工作日|自然日|星期|礼拜)|个{OTHER}?月|分钟|秒|天(?!两头|到晚)|周|年|元)"
)
"""What must follow a numeral of one character, which else is mostly part of a word."""
_NOT_SCORES = r"(?!\(?分(?!钟))"
"""十分 is very."""
_NO_TWO = re.compile("[月号日级期]")
_JOINT = "[-－—–~～至到]"
_INTEGER = rf"{_D}{{1,3}}(?:,{_D}{{3}})+(?!{_D})|{_D}+"
_DECIMAL = rf"(?:{_D}+[.．点]{_D}+(?!{_D}))"
_ARABIC = rf"(?:{_DECIMAL}|{_INTEGER})"
_CLOCK = rf"(?<!{_D})[0-2０-２]?{_D}[:：][0-5０-５]{_D}(?![:：]?{_D})"
_HOUR = rf"(?:{_D}{{1,2}}|[{NUMERALS}十两]{{1,3}})"
_MINUTE = rf"(?:[0-5０-５]{_D}|[零二三四五]?十[{NUMERALS}]?|[零一二三四五][{NUMERALS}])(?![{_ANY}]|{_D})"
_NO_CLOCK = r"(?!\(?(?:个?小时|个?月|[天年元万折倍米%％]))"
_NUMBER = re.compile(
    rf"(?P<opens>{_CLOCK})(?:{_JOINT}(?P<closes>{_CLOCK}))?"
    rf"|(?P<hour>(?<![{_ANY}〇0-9０-９.．分]){_HOUR})点(?:(?P<round>[半整])|(?P<minute>{_MINUTE}){_NO_CLOCK}(?!分钟)分?)"
    rf"|(?P<code>(?:{_D}+(?:[-－—–/:：.．]{_D}+){{2,}}|{_D}+[:：/]{_D}+)(?:\s*[%％])?)"
    rf"|(?P<first>{_ARABIC}){_JOINT}(?P<last>{_ARABIC})(?!{_D}|[.．]{_D})(?P<shares>\s*[%％])?"
    rf"|(?P<dashed>{_D}+[-－—–]{_D}+(?:\s*[%％])?)"
    rf"|(?P<share>百分之)?(?P<amount>{_ARABIC})(?P<size>[百千万亿](?!分之|[{_ANY}]))?(?P<percent>\s*[%％])?"
    rf"|(?P<numeral>(?<![几数点{_ANY}〇])(?P<of_100>百分之)?"
    rf"[{_ANY}〇]+(?:点[{NUMERALS}〇]+)?(?:[至到][{_ANY}〇]+)?)"
)


class Number(NamedTuple):
    """A number in a text, and the ways in which normalised texts may have it."""

    start: int
    end: int
    ways: tuple[str, ...]
    """As the text itself is normalised first."""


def numbers_in(text: str, then: Callable[[int], str] | None = None) -> list[Number]:
    """The numbers in a simplified text that people write or say in more than one way, or inside longer ones.

    `then` gives what is said after a place; the rest of the text where it is not given.

    >>> [one.ways for one in numbers_in("24小时，二百元")]
    [('二四', '二十四'), ('二百', '二零零', '两百')]
    >>> numbers_in("2小时")[0].ways, numbers_in("95%")[0].ways
    (('二', '两'), ('百分之九五', '百分之九十五'))
    >>> numbers_in("一下，十分，万一，三心二意")
    []
    """
    found: list[Number] = []
    place = 0
    while one := _NUMBER.search(text, place):
        place = one.end()
        number = _number(one, then or (lambda end: text[end:]))
        if number is not None:
            found.append(number)
            place = number.end
    return found


def stands_alone(text: str, start: int, end: int, *, left: bool = True, right: bool = True) -> bool:
    """Whether a number in a normalised text is no part of a longer one, on the sides asked for.

    >>> stands_alone("二四小时", 0, 2), stands_alone("一二四小时", 1, 3), stands_alone("零点五元", 2, 3)
    (True, False, False)
    >>> stands_alone("统一二十四小时", 2, 5), stands_alone("百分之百一定", 0, 4)
    (True, True)
    """
    return (not left or _BEGINS.match(text, start) is not None) and (
        not right or _ENDS.match(text, end) is not None
    )


def has_numeral(text: str) -> bool:
    """Whether something of a number stands in a text.

    >>> has_numeral("十"), has_numeral("天")
    (True, False)
    """
    return any(one in _ANY for one in text)


def _number(found: re.Match[str], then: Callable[[int], str]) -> Number | None:
    text, start, end = found.string, found.start(), found.end()
    if any(found.group("opens", "hour", "code", "dashed")):
        return _made(text, start, end, _times(found))
    if found["first"]:
        first, last = _half_width(found["first"]), _half_width(found["last"])
        if _is_range(first, last):
            share = bool(found["shares"])
            measured = _measured(then(end))
            ways = _range(
                _said(first, measured, share=share), _said(last, measured, share=share), share=share
            )
            return _made(text, start, end, ways)
        if found[0][len(found["first"])] not in "至到":
            return _made(text, start, end, ())
        # Two numbers that are no range: the other is found after this one.
        return _made(text, start, start + len(found["first"]), _said(first, None))
    if found["amount"]:
        return _amount(found, then(end))
    return _numeral(found, then)


def _made(text: str, start: int, end: int, ways: tuple[str, ...]) -> Number:
    as_written = normalise(text[start:end]).text
    return Number(start, end, tuple(dict.fromkeys((as_written, *ways)))[:MOST_WAYS])


def _amount(found: re.Match[str], behind: str) -> Number:
    text, start, end = found.string, found.start(), found.end()
    written, size = _half_width(found["amount"]), found["size"] or ""
    share = bool(found["share"] or found["percent"])
    if size:
        ways = tuple(way + size for way in _said(written, size))
        value = Decimal(written) * _SIZES.get(size, 0)
        if 0 < value < _TOO_MUCH and value == int(value):
            ways += (*_in_digits(str(int(value))), *read_aloud(int(value)))
    else:
        ways = _said(written, _measured(behind), share=share)
    if share:
        ways = tuple(f"百分之{way}" for way in ways)
        if written == "100":
            ways = ("百分之百", *ways, "百分百")
    return _made(text, start, end, ways)


def _numeral(found: re.Match[str], then: Callable[[int], str]) -> Number | None:
    """A number that is written in numerals; None for what is a word or told digit by digit."""
    text, start, end = found.string, found.start(), found.end()
    numeral = found["numeral"].replace("〇", "零").removeprefix("百分之")
    first, joint, last = re.fullmatch("([^至到]*)([至到]?)(.*)", numeral).groups()  # pyright: ignore
    if joint and not found["of_100"] and re.match(_TIME, then(end)):
        low, high = _value(first), _value(last)
        if low is not None and high is not None and low < high:
            digits = _in_digits(f"{low}{high}")
            return _made(text, start, end, (*digits, *_range(_ways(first, low), _ways(last, high))[1:]))
    if joint:
        end = start + len(found["numeral"]) - len(joint + last)
        numeral = first
    whole, point, rest = numeral.partition("点")
    value = _value(whole)
    if value is None:
        return None
    share, behind = bool(found["of_100"]), then(end)
    if point:
        if not (share or re.match(r"\(?(?:个?小时|个?月|[天年元万折倍米])", behind)):
            return None
        read = (*read_aloud(value), "两") if value == 2 else read_aloud(value)
        ways = tuple(f"{one}点{rest}" for one in (*_in_digits(str(value)), *read))
    elif share or re.match(_TIME if whole in "三四五六七八九" else _NOT_SCORES + _MEASURE, behind):
        if whole in "零一二":
            return None
        ways = _ways(whole, value)
    else:
        return None
    if share:
        ways = tuple(f"百分之{way}" for way in ways)
    return _made(text, start, end, ways)


def _measured(behind: str) -> str | None:
    """The measure word behind a number, None where there is none."""
    found = re.match(_MEASURE, behind)
    return found[0].removeprefix(GROUP) if found else None


def _said(written: str, measure: str | None, *, share: bool = False) -> tuple[str, ...]:
    """The ways of a number in digits, `measure` being what it counts."""
    whole, _, rest = written.partition(".")
    digits = (f"{_in_digits(whole)[0]}点{_in_digits(rest)[0]}",) if rest else _in_digits(whole)
    if not whole or (len(whole) > 1 and whole[0] == "0") or len(whole) > 8:
        return digits
    if not rest and len(whole) >= CODE and measure is None and not share:
        return digits
    if not rest and len(whole) == 4 and measure in ("年", "号"):
        return digits
    value = int(whole)
    if value == 10 and not rest and measure == "分":
        return digits  # 十分 is very
    takes_two = value == 2 and not share and (rest or (measure and not _NO_TWO.match(measure)))
    read = (*read_aloud(value), "两") if takes_two else read_aloud(value)
    if rest:
        # 3.15, 6.18: days, which are told without the point.
        days = _in_digits(whole + rest) if measure is None and not share and len(rest) == 2 else ()
        return (*digits, *(f"{one}点{_in_digits(rest)[0]}" for one in read), *days)
    return (*digits, *read)


def _times(found: re.Match[str]) -> tuple[str, ...]:
    """The ways of a time of day, or of a stretch between two; none of a code."""
    if found["hour"]:
        return _clock(found["hour"], found["minute"] or {"半": "30", "整": "00"}[found["round"]])
    ways, closes = (
        _clock(*re.split("[:：]", _half_width(one))) if one else () for one in found.group("opens", "closes")
    )
    if not (ways and closes):
        return ways
    # Of so many together only the usual ones are looked for.
    return _range(*(tuple(one for one in each if one[-1] not in "整分") for each in (ways, closes)))


def _clock(hour: str, minute: str) -> tuple[str, ...]:
    """The ways of a time of day, as texts have it that write it in digits first."""
    hours, minutes = map(_whole, (hour, minute))
    if hours is None or minutes is None or hours > 24 or minutes > 59:
        return ()
    digits = _in_digits(str(hours))[0]
    told = dict.fromkeys((digits, *(("两",) if hours == 2 else ()), read_aloud(hours)[0]))
    if not minutes:
        return (f"{digits}点零零", *(f"{one}点{rest}" for rest in ("", "整") for one in told))
    low = read_aloud(minutes)[0]
    read = dict.fromkeys((_in_digits(f"{minutes:02}")[0], f"零{low}" if minutes < 10 else low))
    rests = (*read, *(f"{one}分" for one in read), *(("半",) if minutes == 30 else ()))
    return tuple(f"{one}点{rest}" for rest in rests for one in told)


def _whole(number: str) -> int | None:
    """The value of a whole number in digits, told one by one or read aloud."""
    plain = normalise(number).text
    if all(one in NUMERALS for one in plain):
        return int("".join(str(NUMERALS.index(one)) for one in plain))
    return _value(plain)


def _ways(numeral: str, value: int) -> tuple[str, ...]:
    """The ways of a number in numerals."""
    return (numeral, *_in_digits(str(value)), *read_aloud(value))


def _in_digits(digits: str) -> tuple[str]:
    return ("".join(SPELLINGS.get(one, one) for one in digits if one.isalnum()),)


def _half_width(digits: str) -> str:
    return unicodedata.normalize("NFKC", digits).replace(",", "").replace("点", ".")


def _is_range(first: str, last: str) -> bool:
    coded = any(len(one.partition(".")[0]) > 4 or re.match("0[0-9]", one) for one in (first, last))
    return not coded and float(first) < float(last)


def _range(first: tuple[str, ...], last: tuple[str, ...], *, share: bool = False) -> tuple[str, ...]:
    """The ways of a range; the first is that of texts in which a dash stood."""
    both = sorted(
        itertools.product(dict.fromkeys(first), dict.fromkeys(last)),
        key=lambda pair: first.index(pair[0]) + last.index(pair[1]),
    )
    if share:
        return tuple(
            f"百分之{one}{joint}{other}" for one, other in both for joint in ("到百分之", "到", "至")
        )
    return (first[0] + last[0], *(f"{one}{joint}{other}" for one, other in both for joint in ("到", "至")))


@lru_cache(maxsize=1024)
def read_aloud(value: int) -> tuple[str, ...]:
    """How people read a whole number below a hundred millions as an amount, the usual ways first.

    >>> read_aloud(12), read_aloud(120)
    (('十二', '一十二'), ('一百二十', '一百二'))
    >>> read_aloud(2002)
    ('两千零二', '二千零二')
    """
    high, low = divmod(value, 10_000)
    full = _below_10_000(low)
    if high:
        full = f"{_below_10_000(high)}万{'零' if 0 < low < 1_000 else ''}{full if low else ''}"
    ways = [full.removeprefix("一"), full] if full.startswith("一十") else [full]
    ways += [re.sub("(?<=[百零])一十", "十", one) for one in ways]
    ways = [way for one in ways for way in _with_twos(one)]
    short = "(?<=百[一二三四五六七八九])十$|(?<=千[一二三四五六七八九])百$|(?<=万[一二三四五六七八九])千$"
    ways += [re.sub(short, "", one) for one in ways]
    return tuple(dict.fromkeys(ways))


def _with_twos(read: str) -> list[str]:
    """A number read aloud with 两, as most say it, and with 二 before each of its sizes."""
    pieces = re.split("(?<!十)二(?=[百千万])", read)
    return [
        pieces[0] + "".join(map("".join, zip(twos, pieces[1:], strict=True)))
        for twos in itertools.product("两二", repeat=len(pieces) - 1)
    ]


def _below_10_000(value: int) -> str:
    if not value:
        return "零"
    read, gap = "", False
    for unit, size in (("千", 1_000), ("百", 100), ("十", 10), ("", 1)):
        digit, value = divmod(value, size)
        if digit:
            read += ("零" if gap else "") + NUMERALS[digit] + unit
        gap = not digit and bool(read)
    return read


def _value(numeral: str) -> int | None:
    """The value of a number read aloud; None for what nobody reads so."""
    total = section = digit = 0
    size = 0
    plain = numeral.replace("两", "二")
    for one in plain:
        if one in NUMERALS:
            digit = NUMERALS.index(one)
            size = 0 if one == "零" else size
        elif one == "万":
            total, section, digit, size = (section + digit) * 10_000, 0, 0, 10_000
        elif one in _SIZES:
            size = _SIZES[one]
            section, digit = section + (digit or 1) * size, 0
        else:
            return None
    value = total + section + digit * (size // 10 if size >= 100 else 1)
    known = value < _TOO_MUCH and plain in {one.replace("两", "二") for one in read_aloud(value)}
    return value if known else None
