"""Addresses in what was said: parts of places one behind the other, and parts of a house."""

from __future__ import annotations

import re

# Parts of an address are taken as first found (`(?>`, `++`): 路路路路… must not be tried in every way.
_AND = r"[\s，,、]*+"
_PLACE = (
    "(?>[一-鿿]{1,7}?(?:自治区|特别行政区|省|市|区|县|镇|乡|村|屯|街道|大街|大道|胡同|小区|社区"
    "|花园|家园|公寓|大厦|广场|新村|路|街|巷|弄|里|苑))"
)
_COUNT = r"[0-9０-９零〇一二三四五六七八九十百两幺A-Za-z\-]{1,6}"
_HOUSE = rf"(?>{_COUNT}(?:号楼|号院|号|栋|幢|座|单元|层|楼|室|弄|户|段|床))"
_ROOM_NO = r"[0-9０-９零〇一二三四五六七八九十幺]{2,5}+(?![年月日点块元个])"
_ROOM = rf"(?:{_ROOM_NO})?+"
_ADDRESS = re.compile(rf"(?:{_PLACE}{_AND})++(?:{_HOUSE}{_AND})++{_ROOM}|(?:{_PLACE}{_AND}){{2,}}+")
_BUILDING = rf"(?>{_COUNT}(?:号楼|号院|栋|幢|座|单元|室))"
_PART = rf"[A-Za-z0-9]{{1,2}}区{_AND}"
_LIVES = re.compile(
    r"(?:家住在|家住|住在|住|地址是|地址在|寄到|送到|位于)"
    rf"(?P<place>[一-鿿]{{2,10}}?(?:(?:{_PART})?{_BUILDING}{_AND}|{_PART})(?:{_HOUSE}{_AND})+{_ROOM})"
)
"""A place of any name, with two parts of a house behind it or one behind a part of the place."""
_HOUSES = re.compile(
    rf"(?:{_PART})?(?:(?:{_HOUSE}{_AND}){{2,}}+{_ROOM}|{_BUILDING}{_AND}(?=\w{{3}}){_ROOM_NO})"
)
_OF_BUILDING = re.compile("号楼|号院|栋|幢|单元|室|床")
"""One of these is among the parts of a house where no place stands before them: 一号二号 are days."""
_PLATED = re.compile(r"[一-鿿]{2,8}\s?\d{1,2}-\d{1,3}-\d{2,4}(?![\d\-])")
"""万科城市花园12-3-501."""
_VILLAGE = re.compile(r"[一-鿿]{1,5}?[村庄屯湾寨坝][零〇一二三四五六七八九十两\d]{1,3}[组队社](?!长|员)")
_CROSSING = re.compile(r"[一-鿿]{1,4}?[路街道][和与跟][一-鿿]{1,4}?[路街道]的?(?:交叉口|路口|交界|交汇处?)")
_FORMS = (_ADDRESS, _PLATED, _VILLAGE, _CROSSING)
_BEFORE_ADDRESS = re.compile(
    r"^.*?(?:家住在|家住|住在|住|这边是|地址是|地址在|地址|寄到|送到|位于|我在|我家在|家在|就在|是在|在|快递放|放到?|[寄送])(?=.{2})"
)
_NAME_BEFORE = re.compile(
    r"(?:家住在|家住|住在|住|这边是|地址是|地址在|地址|寄到|送到|位于|我家在|家在|在|我家|[寄送放])(?P<place>[一-鿿A-Za-z0-9]{2,12})$"
)
"""What a house is called that has parts behind it, said after a word that an address follows."""
_REACH = 18


def addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses are in a text: from, and up to but without.

    >>> text = "寄翠湖天地六号楼1802，李家庄村五组，一号二号都行"
    >>> [text[start:end] for start, end in addresses(text)]
    ['翠湖天地六号楼1802', '李家庄村五组']
    """
    found = []
    for form in _FORMS:
        for one in form.finditer(text):
            lead = _BEFORE_ADDRESS.match(one[0])
            found.append((one.start() + (lead.end() if lead else 0), one.end()))
    for one in _HOUSES.finditer(text):
        if _OF_BUILDING.search(one[0]):
            named = _NAME_BEFORE.search(text, max(0, one.start() - _REACH), one.start())
            found.append((named.start("place") if named else one.start(), one.end()))
    found += [one.span("place") for one in _LIVES.finditer(text)]
    return sorted(
        one
        for one in set(found)
        if not any(two != one and two[0] <= one[0] and one[1] <= two[1] for two in found)
    )
