"""Cells of a call list as people and systems write them: times, directions, yes and no.

Each parser takes the cell's text (not empty) and gives the value, or raises `ValueError`; whoever
collects the mistakes knows row and column. Nothing is guessed: what can be read in two ways is refused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from qa_audit.calls.vocabulary import words

if TYPE_CHECKING:
    from qa_audit.calls.facts import Direction, Party

DateOrder = Literal["ymd", "dmy", "mdy"]

_EXCEL_EPOCH = datetime(1899, 12, 30)  # serial 1 is 1900-01-01 and 1900 counts as a leap year, so 61 fits
_EARLIEST, _LATEST = 2000, 2100

INBOUND = words("inbound")
OUTBOUND = words("outbound")
YES = words("yes")
NO = words("no")
AGENT = words("agent")
CUSTOMER = words("customer")
NEW_SYSTEM = words("new_system")
OLD_SYSTEM = words("old_system")
NOTHING = words("nothing")
FOOTER = tuple(words("footer"))
OPEN_END = words("open_end")

_DATE = r"(?P<year>\d{4})(?P<sep>[-/.年])(?P<month>\d{1,2})(?:(?P=sep)|月)(?P<day>\d{1,2})日?"
_DATE_LAST = r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{4})"
_CLOCK = (
    r"(?P<half>上午|下午|中午|晚上|早上|凌晨|am|pm)?\s*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})分?"
    r"(?:(?::|(?<=分))(?P<second_>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?秒?)?\s*(?P<half_after>am|pm)?"
)
_OFFSET = r"\s*(?P<offset>z|utc|gmt|[+-]\d{2}:?\d{2})?"
_WRITTEN = re.compile(rf"{_DATE}(?:(?:[t\s]+|(?<=日)){_CLOCK}{_OFFSET})?", re.ASCII)
_WRITTEN_LAST = re.compile(rf"{_DATE_LAST}(?:(?:[t\s]+|(?<=日)){_CLOCK}{_OFFSET})?", re.ASCII)
_CLOCK_ONLY = re.compile(_CLOCK, re.ASCII)
_DIGITS = re.compile(r"\d{8}|\d{12}|\d{14}|\d{17}", re.ASCII)
_COMPACT = re.compile(rf"(?P<date>\d{{8}})(?:[t\s_-]*(?P<clock>\d{{4}}|\d{{6}}|{_CLOCK}){_OFFSET})", re.ASCII)
_EPOCH = re.compile(r"1(?:\d{9}|\d{12})", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?", re.ASCII)
_MORNING = ("上午", "早上", "凌晨", "am")
_AFTERNOON = ("中午", "下午", "晚上", "pm")
_EXCEL_TIME = re.compile(r"1899-12-31[ t]")
_OPEN_FROM = 2099  # systems that must have an end write the last day of 2099 or of 9999


def plain(cell: str) -> str:
    """A cell's text as it is compared: full-width forms folded, blanks trimmed, invisible characters gone.

    >>> plain("　２０２６／１０／３\\u200b ")
    '2026/10/3'
    """
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    folded = unicodedata.normalize("NFKC", cell)
    return "".join(c for c in folded if c.isspace() or unicodedata.category(c) not in ("Cf", "Cc")).strip()


# The same few texts come again for every call.
@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A text in a form in which width, case and blanks don't matter.

    >>> folded("ＶＩＰ　客户（ 新 ）")
    'vip客户(新)'
    """
    return re.sub(r"\s+", "", plain(text).casefold())


def says_nothing(cell: str) -> bool:
    """Whether a cell is empty, or holds what systems write for an empty one: -, /, 无, NULL, \\N, N/A.

    >>> says_nothing(" -- "), says_nothing("Null"), says_nothing("0")
    (True, True, False)
    """
    text = plain(cell)
    return not text or text.casefold() in NOTHING


def is_footer(cell: str) -> bool:
    """Whether a row's first cell begins a sum or a note below the list: 合计, 小计, 导出时间：….

    >>> is_footer("合 计"), is_footer("导出时间：2026-11-01 09:00"), is_footer("A1")
    (True, True, False)
    """
    return _word(cell).startswith(FOOTER)


def parse_identifier(cell: str) -> str:
    """An id or number as text: `'0012`, `="0012"` and `1001.0` as spreadsheets write them give the digits.

    Raises `ValueError` for a number that a spreadsheet has rounded (1.23457E+17, 1.23457E17).

    >>> parse_identifier('="0012"'), parse_identifier("1001.0"), parse_identifier("'138")
    ('0012', '1001', '138')
    """
    text = plain(cell)
    wrapped = re.fullmatch(r'="(.*)"', text)
    text = (wrapped[1] if wrapped else text.removeprefix("'")).strip()
    # Without a sign, 12E5 may well be an id; with decimals it is none.
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+\d+|\d\.\d+[eE]\d+", text, re.ASCII) or not text:
        raise ValueError(text)
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def seems_rounded(identifier: str) -> bool:
    """Whether an id may be what a spreadsheet left of a longer number: only zeros after the 15th digit.

    >>> seems_rounded("20261101000000000"), seems_rounded("20261101000000001"), seems_rounded("1000")
    (True, False, False)
    """
    return re.fullmatch(r"\d{15}0+", identifier, re.ASCII) is not None


def parse_number(cell: str) -> float:
    """A plain number, with or without commas between thousands; raises `ValueError` for anything beside it.

    >>> parse_number("1,234.5"), parse_number("－３")
    (1234.5, -3.0)
    """
    text = plain(cell)
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,15})(\.\d+)?", text, re.ASCII):
        raise ValueError(cell)
    return float(text.replace(",", ""))


def parse_start(cell: str, zone: str = "Asia/Shanghai", order: DateOrder = "ymd") -> datetime:
    """A point in time as naive local time of `zone`, 2000 to 2099.

    Read are 2026-10-03 09:15:07, 2026/10/3 9:15, 2026年10月3日 下午3点5分, 20261003091507,
    ISO 8601 with offset (converted to `zone`), Excel serials (46298.38549), Unix seconds and
    milliseconds. A date alone is its midnight. 03/10/2026 needs `order` "dmy" or "mdy".

    >>> parse_start("2026/10/3 9:15").isoformat()
    '2026-10-03T09:15:00'
    >>> parse_start("2026-10-03T01:15:07Z").isoformat()
    '2026-10-03T09:15:07'
    >>> parse_start("2026-13-03 9:15")
    Traceback (most recent call last):
    ...
    ValueError: 2026-13-03 9:15
    """
    text = plain(cell).removeprefix("'").casefold()
    found = _start(text, zone, order)
    if found is None or not _EARLIEST <= found.year < _LATEST:
        raise ValueError(cell)
    return found


def _start(text: str, zone: str, order: DateOrder) -> datetime | None:
    try:
        for read in (_from_written, _from_digits, _from_number):
            found = read(text, zone, order)
            if found is not None:
                return found
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _from_written(text: str, zone: str, order: DateOrder) -> datetime | None:
    if match := _WRITTEN.fullmatch(text):
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        return _joined(day, match, zone)
    if order != "ymd" and (match := _WRITTEN_LAST.fullmatch(text)):
        first, second = int(match["first"]), int(match["second"])
        month, of_month = (second, first) if order == "dmy" else (first, second)
        return _joined(date(int(match["year"]), month, of_month), match, zone)
    return None


def _from_digits(text: str, zone: str, _order: DateOrder) -> datetime | None:
    if _DIGITS.fullmatch(text):
        found = datetime.strptime(text[:14], {8: "%Y%m%d", 12: "%Y%m%d%H%M"}.get(len(text), "%Y%m%d%H%M%S"))
        return found + timedelta(milliseconds=int(text[14:] or 0))
    if match := _COMPACT.fullmatch(text):
        day = datetime.strptime(match["date"], "%Y%m%d").date()
        if match["hour"] is not None:
            return _joined(day, match, zone)
        clock = datetime.strptime(match["clock"], "%H%M%S" if len(match["clock"]) == 6 else "%H%M").time()
        return _shifted(datetime.combine(day, clock), match["offset"], zone)
    return None


def _from_number(text: str, zone: str, _order: DateOrder) -> datetime | None:
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, ZoneInfo(zone)).replace(tzinfo=None)
    if _SERIAL.fullmatch(text):
        # Serials carry about 0.1 ms; whole seconds is what was written.
        return _EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86_400))
    return None


def _joined(day: date, match: re.Match[str], zone: str) -> datetime:
    midnight = datetime(day.year, day.month, day.day)
    if match["hour"] is None:
        return midnight
    return _shifted(midnight + _since_midnight(match), match["offset"], zone)


def _since_midnight(match: re.Match[str]) -> timedelta:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second_"] or 0)
    half = match["half"] or match["half_after"]
    # 晚上12点 may be either midnight, 上午15点 is none.
    if (
        (match["half"] and match["half_after"])
        or (half == "晚上" and hour == 12)
        or (half in _MORNING and hour > 12)
    ):
        raise ValueError(match[0])
    if half in _AFTERNOON and hour < 12 and not (half == "中午" and hour >= 10):
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(match[0])
    micros = round(float(f"0.{match['fraction'] or 0}") * 1e6)
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)


def _shifted(local: datetime, offset: str | None, zone: str) -> datetime:
    if not offset:
        return local
    if offset in ("z", "utc", "gmt"):
        shift = timedelta(0)
    else:
        digits = offset[1:].replace(":", "")
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if offset[0] == "-" else 1)
    return local.replace(tzinfo=timezone(shift)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def lacks_order(cell: str) -> bool:
    """Whether a cell is a time whose year stands last, so that only a `DateOrder` tells day from month.

    >>> lacks_order("11/02/2026 9:30"), lacks_order("2026/11/02 9:30"), lacks_order("11/02/26")
    (True, False, False)
    """
    text = plain(cell).removeprefix("'").casefold()
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    return _start(text, "Asia/Shanghai", "ymd") is None and any(
        _start(text, "Asia/Shanghai", order) for order in orders
    )


def parse_date(cell: str, order: DateOrder = "ymd") -> date:
    """A day of any year; a time of day behind it is dropped.

    >>> parse_date("1998年7月1日").isoformat()
    '1998-07-01'
    """
    found = _start(plain(cell).removeprefix("'").casefold(), "Asia/Shanghai", order)
    if found is None:
        raise ValueError(cell)
    return found.date()


def parse_last_day(cell: str, order: DateOrder = "ymd") -> date | None:
    """The last day of something; None where it is open: 至今, 长期, or a year that stands for no end.

    >>> parse_last_day("2026/10/3"), parse_last_day("9999-12-31"), parse_last_day("至今")
    (datetime.date(2026, 10, 3), None, None)
    """
    if _word(cell) in OPEN_END:
        return None
    found = parse_date(cell, order)
    return None if found.year >= _OPEN_FROM else found


def parse_clock(cell: str) -> timedelta:
    """A time of day as the time since midnight: 9:15:07, 下午3:05, or Excel's 1899-12-31 09:15:07.

    >>> parse_clock("下午3:05")
    datetime.timedelta(seconds=54300)
    """
    text = _EXCEL_TIME.sub("", plain(cell).casefold())
    match = _CLOCK_ONLY.fullmatch(text)
    if match is None:
        raise ValueError(cell)
    return _since_midnight(match)


def parse_direction(cell: str) -> Direction:
    """呼入, 来电, inbound … or 呼出, 外呼, outbound ….

    >>> parse_direction("呼入"), parse_direction("Outbound")
    ('inbound', 'outbound')
    """
    return _one_of(cell, ("inbound", INBOUND), ("outbound", OUTBOUND))


def parse_party(cell: str) -> Party:
    """Who hung up: 坐席, 座席, agent … or 客户, 用户, customer …."""
    return _one_of(cell, ("agent", AGENT), ("customer", CUSTOMER))


def parse_flag(cell: str) -> bool:
    """是, true, 1, √ … or 否, false, 0 …."""
    return _one_of(cell, (True, YES), (False, NO))


def parse_system(cell: str) -> str:
    """新系统 is "new", 旧系统 is "old"; another name stays as it is written."""
    word = _word(cell)
    return "new" if word in NEW_SYSTEM else "old" if word in OLD_SYSTEM else plain(cell)


def _word(cell: str) -> str:
    return re.sub(r"[\s_\-]+", "", plain(cell).casefold()).removesuffix(".0")


def _one_of(cell: str, *choices):
    word = _word(cell)
    for value, meaning in choices:
        if word in meaning:
            return value
    raise ValueError(cell)
