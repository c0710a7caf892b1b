"""Strings of digits that are nobody's: dates, amounts of money, telephone numbers of public services."""

from __future__ import annotations

import re

from qa_audit.retention.said_digits import as_dialled

_DATE = re.compile(
    r"20[2-9]\d(?P<sign>[-./])(?:0?[1-9]|1[0-2])(?P=sign)(?:0?[1-9]|[12]\d|3[01])(?![\d]|[-./]\d)"
)
"""Of 2020 and later: an earlier one is oftener somebody's date of birth."""
_AMOUNT = re.compile(r"(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.\d{1,2})?")
"""A number of eleven digits may be a telephone's, whatever stands behind it."""
_UNIT = re.compile(
    r"\s?(?:多|余)?(?:元(?!旦)|块|圆|美元|美金|港[元币]|人民币|欧元|日元|积分|[万亿]|[次吨份股](?!数))"
)
_SHORT_SERVICE = re.compile(r"9[56]\d{3}|100(?:[01]\d|50|86|99)|12[13]\d{2}")
_LONG_SERVICE = re.compile(r"[48]00\d{7}")
_GROUPED = re.compile(r"[48]00([- ])(?:\d{3}\1\d{4}|\d{4}\1\d{3})")
_CALLED = re.compile(r"电话|热线|客服|拨|打|致电|来电|[Tt]el")
_OWN = re.compile(
    r"(?:尾[号数]|[前后][四六]位|最后|后面|验证码|校验码|密码|[单账帐户卡保]号|[账帐]户|订单|保单|运单|流水|身份证|证件"
    r"|QQ|扣扣|微信|手机|会员|编号|工单)[^。！？!?]*$"
)
"""After one of these a string of digits is a customer's own."""
_REACH = 12
_LENGTHS = (5, 10)


def date_at(text: str, start: int) -> int | None:
    """Where a date that begins here ends, if one does.

    >>> date_at("2026-10-12下的单", 0), date_at("1985-03-12", 0)
    (10, None)
    """
    found = _DATE.match(text, start)
    return None if found is None else found.end()


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether a string of digits is an amount by what stands behind it.

    >>> is_amount("1250000元", 0, 7), is_amount("13800138000元", 0, 11)
    (True, False)
    """
    return _AMOUNT.fullmatch(text, start, end) is not None and _UNIT.match(text, end) is not None


def is_service(text: str, start: int, end: int) -> bool:
    """Whether a string of digits is the telephone number of a public service.

    >>> is_service("拨打九五五八八", 2, 7), is_service("尾号95588", 2, 7)
    (True, False)
    """
    said, before = text[start:end], max(0, start - _REACH)
    dialled = as_dialled(said)
    if len(dialled) not in _LENGTHS or _OWN.search(text, before, start):
        return False
    called = _CALLED.search(text, before, start) is not None
    if _GROUPED.fullmatch(said) or (called and _LONG_SERVICE.fullmatch(dialled)):
        return True
    return called and _SHORT_SERVICE.fullmatch(dialled) is not None
