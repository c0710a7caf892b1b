"""Dates of birth, told from other dates by what is said beside them or was asked before."""

from __future__ import annotations

import re

from qa_audit.retention.said_digits import CAPITALS

_NUMERAL = rf"0-9零〇一二三四五六七八九十廿幺两拾{CAPITALS}"
_YEAR = rf"(?:[{_NUMERAL}]{{2,4}}年|大?[去前今]年)"
_MONTH = rf"闰?(?:[{_NUMERAL}]{{1,3}}|正|腊|冬)月份?"
_DAY = rf"初?[{_NUMERAL}]{{1,3}}[日号]?"
_DATE = (
    rf"(?:{_YEAR}[的\s，,]{{0,2}})?{_MONTH}[的\s，,]{{0,2}}(?:{_DAY})?|{_YEAR}"
    r"|(?<!\d)(?:\d{2}|\d{4})(?P<sign>[-./年\s])\d{1,2}(?P=sign)\d{1,2}(?!\d)"
    rf"|[12一二幺][09九零〇][{_NUMERAL}]{{2}}(?:[{_NUMERAL}]{{4}})?(?![{_NUMERAL}个块元])|[{_NUMERAL}]{{6}}(?![{_NUMERAL}块元])"
)
_OF_BIRTH = "(?:生日|出生(?!率)|诞辰|[哪几]年生|生于)"
_ON_IDENTITY = "身份证(?:上面?|里面?)?(?:写?的?|显示的?|登记的?|印的?)(?:日期|年月日?)?(?=[是为\\s])"
_SIGNS = ("生", "诞", "身份证")
"""One of these is in whatever says that a date is one of birth."""
_TOLD = re.compile(rf"(?:{_OF_BIRTH}[^。！？!?]{{0,10}}?|{_ON_IDENTITY}[是为]?\s*)(?P<date>{_DATE})")
_BORN = re.compile(
    rf"(?P<date>{_DATE})(?:的|那天|过|[\s，,]){{0,2}}(?:出生|降生|生的|生人|生日|生(?=$|[^一-鿿]|[啊吧呢嘛]))"
)
_PUT_RIGHT = re.compile(
    rf"[\s，,。]*(?:不是|不对|其实|应该|实际上?|而是|改成|改为|写成了?)(?:[\s，,]*(?:是|应该))*[\s，,]*(?P<date>{_DATE})"
)
"""What a date of birth is in truth, or was taken for."""
_ASKED = re.compile(_OF_BIRTH)
_ANSWER = re.compile(rf"(?:[\s，,。]|[嗯呃啊哦噢对好我的是]|应该是?|就是|[农阴阳公]历)*+(?P<date>{_DATE})")


def birth_dates(text: str) -> list[tuple[int, int]]:
    """Where dates of birth are in a text: from, and up to but without.

    >>> text = "我一九八五年三月十二号生的，十月一号办的卡"
    >>> [text[start:end] for start, end in birth_dates(text)]
    ['一九八五年三月十二号']
    """
    if not any(sign in text for sign in _SIGNS):
        return []
    found = [one.span("date") for form in (_TOLD, _BORN) for one in form.finditer(text)]
    again = (_PUT_RIGHT.match(text, end) for _, end in found)
    return found + [one.span("date") for one in again if one is not None]


def asks_birth_date(text: str) -> bool:
    """Whether what is said next may be a date of birth."""
    return _ASKED.search(text) is not None


def answered_birth_date(text: str) -> tuple[int, int] | None:
    """The date that an answer begins with.

    >>> answered_birth_date("嗯，三月十二")
    (2, 6)
    """
    found = _ANSWER.match(text)
    return None if found is None else found.span("date")
