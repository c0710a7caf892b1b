"""Mail, accounts and number plates, written or as they are read out."""

from __future__ import annotations

import re

from qa_audit.retention.said_digits import DIGIT

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++@[A-Za-z0-9.\-]+(?:[点.][A-Za-z]+)*"
    rf"|(?<![A-Za-z0-9._%+\-点])[A-Za-z0-9._%+\-点{DIGIT}]++\s?(?:艾特|圈[aA]|小老鼠|(?<=\s)[aA][tT]\s)\s?"
    rf"[A-Za-z0-9\-{DIGIT}一-鿿]{{1,12}}?(?:\s?[点.]\s?[A-Za-z]+)+"
)
"""小老鼠 and 圈a are said for @."""
_PLATE = re.compile(
    rf"{_PROVINCE}\s?[A-Za-z](?=(?:[·\s,、\-的A-Za-z]{{0,3}}[{DIGIT}]){{3}})"
    rf"(?:(?:[·\s,、\-的]{{0,2}}[A-Za-z{DIGIT}]){{5,6}}|(?:[·\s,、\-]{{0,2}}[A-Za-z{DIGIT}]){{4}}[学警挂使领港澳])"
    rf"(?![A-Za-z{DIGIT}])"
)
_NETWORK = "(?:(?i:qq)|扣扣|[微威]信|[vV]信|支付宝|抖音|快手|微博|旺旺|淘宝|飞书|钉钉|小红书|闲鱼)"
_NAMED = r"[A-Za-z][A-Za-z0-9_\-.]{3,}[A-Za-z0-9_\-]"
_ACCOUNT = re.compile(
    rf"(?:{_NETWORK}(?:[账帐]?号码?(?:就?[是叫])?|就?[是叫])|(?:[账帐]号|登录名|用户名)[是为]?)[\s,:]{{0,2}}"
    rf"(?P<told>{_NAMED})"
    rf"|{_NETWORK}[\s,:]{{0,2}}(?P<bare>(?=[A-Za-z_\-]{{0,20}}\d)[A-Za-z][A-Za-z0-9_\-]{{5,}})"
)


def contacts(text: str) -> list[tuple[int, int]]:
    """Where they are in a text of half width: from, and up to but without.

    >>> text = "邮箱limei小老鼠一二六点com，抖音号dy_limei，车牌粤B幺二三四五"
    >>> [text[start:end] for start, end in contacts(text)]
    ['limei小老鼠一二六点com', 'dy_limei', '粤B幺二三四五']
    """
    found = [one.span(one.lastgroup or 0) for one in _ACCOUNT.finditer(text)]
    return sorted(found + [one.span() for form in (_MAIL, _PLATE) for one in form.finditer(text)])
