"""Lengths of time as call lists write them: seconds, clocks, words, parts of a day."""

from __future__ import annotations

import math
import re

from qa_audit.calls.values import plain

_LONGEST_S = 7 * 24 * 3600.0
_CHINESE_LENGTH = re.compile(
    r"(?:(?P<h>\d+)(?:小时|时|h))?(?:(?P<m>\d+)(?:分钟|分|min|m))?(?:(?P<s>\d+(?:\.\d+)?)(?:秒钟|秒|s|sec))?"
)
_EXCEL_TIME = re.compile(r"1899-12-31[ t]")
_EXCEL_LENGTH = re.compile(r"1900-01-0(?P<days>[1-7])[ t](?P<rest>\d{2}:\d{2}:\d{2}(?:\.\d+)?)", re.ASCII)


def parse_seconds(cell: str, unit_s: float = 1.0) -> float:
    """A length in seconds, 0 to 7 days: 12, 12.5, 12秒, 1分15秒, 0:01:15, 01:15 (minutes and seconds).

    A number alone counts in `unit_s`. Spreadsheets keep lengths as parts of a day: 0.000868056 is 75 s.

    >>> parse_seconds("1分15秒"), parse_seconds("00:01:15"), parse_seconds("12.5"), parse_seconds("5", 60)
    (75.0, 75.0, 12.5, 300.0)
    """
    text = plain(cell).casefold()
    if match := _EXCEL_LENGTH.fullmatch(text):
        text = f"{24 * int(match['days']) + int(match['rest'][:2])}{match['rest'][2:]}"
    text = _EXCEL_TIME.sub("", text).replace(" ", "")
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        part = float(text) * 86_400
        # Nobody times calls to less than a millisecond.
        of_day = unit_s == 1 and re.fullmatch(r"0\.\d{4,}", text) and abs(part - round(part)) < 1e-3
        seconds = float(round(part)) if of_day else float(text) * unit_s
    elif match := re.fullmatch(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)", text, re.ASCII):
        hours, minutes, rest = int(match[1] or 0), int(match[2]), float(match[3])
        if rest >= 60 or (match[1] and minutes >= 60):
            raise ValueError(cell)
        seconds = hours * 3600 + minutes * 60 + rest
    elif text and (match := _CHINESE_LENGTH.fullmatch(text)) and any(match.groups()):
        seconds = int(match["h"] or 0) * 3600 + int(match["m"] or 0) * 60 + float(match["s"] or 0)
    else:
        raise ValueError(cell)
    if not math.isfinite(seconds) or seconds > _LONGEST_S:
        raise ValueError(cell)
    return seconds
