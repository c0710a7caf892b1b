"""Blanks in a wording of a supervisor's list, filled in call by call: XX号客服, ___元, （姓名）."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from qa_audit.text.normalise import FILLERS, normalise

MOST = 12
"""Characters that a blank may stand for."""
_BLANK = (
    r"(?<![A-Za-z])(?:[XxＸｘ]{2,}|(?<![0-9])[XxＸｘ](?![0-9光]))(?![A-Za-z])"
    r"|[×✕]{2,}|(?<![0-9])[×✕](?![0-9])|[*＊]{2,}|[_＿]+|[○●◯□△]{2,}|(?<![零一二三四五六七八九])〇{2,}"
    r"|某{2,}|某(?=公司|先生|女士|产品|业务|部门|客服)"
)
_DOTS = r"…+|\.{3,}|。{2,}|．{3,}"
BRACKETS = r"[（(【\[［{｛〔<＜]([^（()）【】\[\]［］{}｛｝〔〕<>＜＞\n]{0,30})[）)】\]］}｝〕>＞]"
"""Brackets with what stands in them."""
_FIELD = (
    r"(?:姓名|名字|姓氏|姓|工号|编号|公司(?:名称?)?|企业|单位|品牌|名称|日期|年月日|年|月|日|金额|价格|费用|资费"
    r"|时间|时段|时长|产品|套餐|型号|号码|电话|手机号?码?|卡号|账号|订单号?|单号|地址|部门|业务|称呼|数字|数量"
    r"|内容|问题|原因|城市|地区|网点|门店|航班号?|先生[/／或、]女士(?:[/／或、]小姐)?)"
)
_FIELDS = re.compile(
    rf"(?:自?报出?|说出?|念)?(?:客户|您的)?(?:(?![说讲等听问查核记确登复办重])[一-鿿]){{0,4}}"
    rf"{_FIELD}(?:[/／、和及或与+\-]?{_FIELD})*等?"
)
"""What is to be filled in, or to be told there: （客户姓名）, （报工号）; （核对地址） is neither."""
_EMPTY = re.compile(r"[\s.…．·。?？*＊_＿\-—]*")
_STAYS = re.compile(r"[0-9０-９].*|[一二三四五六七八九十]+")
"""Words in brackets that are part of the sentence: 在（24小时）内."""
_DIRECTION = re.compile("微笑|停顿|稍停|语[气调速]|声音|音量|亲切|热情|情绪|等待|等客户|注")
"""What tells how to speak."""
_PIECES = re.compile(rf"(?P<blank>{_BLANK})|(?P<dots>{_DOTS})|{BRACKETS.replace('([^', '(?P<within>[^')}")
_ANY_BLANK = re.compile(_BLANK)
_IN_NUMBER = re.compile(r"(?<=[0-9])[.:,](?=[0-9])|(?<=[0-9])%")
_EDGES = ' \t　，,、。.；;：:！!？?—-+…“”"「」『』‘’'
_FEWEST = {False: 2, True: 3}
"""Characters that must be left beside a blank, by whether the words are forbidden: 找XX去 forbids much."""


class Gap(NamedTuple):
    """How many characters stand where something is to be filled in."""

    least: int
    most: int


class Reading(NamedTuple):
    """What is looked for of one wording."""

    text: str
    """Empty where too little is left to look for."""
    pattern: bool
    code: str
    """Message that tells what was made of it; empty where it stays as it is written."""


def read_blanks(wording: str, *, banned: bool) -> Reading:
    """A wording with its blanks: a pattern where one stands inside, what is left where one stands at an end.

    >>> read_blanks("您好，我是XX号客服", banned=False).text, read_blanks("我姓（姓氏）", banned=False).text
    ('您好我是.{1,12}号客服', '我姓')
    """
    pieces = _pieces(wording)
    if pieces == [wording]:
        return Reading(wording, pattern=False, code="")
    words = normalise("".join(one for one in pieces if isinstance(one, str))).text
    inner = _inner(pieces)
    has_gap = any(isinstance(one, Gap) for one in inner)
    filled_in = has_gap or any(isinstance(one, Gap) and one.least for one in pieces)
    # What is left of 滚（出去） would forbid 滚动.
    fewest = _FEWEST[banned] if filled_in else 1 + (banned and words != normalise(wording).text)
    if len(words) < fewest:
        signs_alone = not filled_in and not normalise(wording).text
        return Reading("", pattern=False, code="" if signs_alone else "too_short")
    if has_gap:
        return Reading("".join(map(_as_pattern, inner)), pattern=True, code="gap")
    text = "".join(one for one in inner if isinstance(one, str)).strip(_EDGES)
    # Signs are not looked for anyway.
    changed = filled_in or normalise(text).text != normalise(wording).text
    return Reading(text, pattern=False, code="left_out" if changed else "")


def without_remarks(text: str) -> str:
    """The text without brackets whose words are neither to be filled in nor part of the sentence.

    >>> without_remarks("请稍等（微笑），（姓名）")
    '请稍等，（姓名）'
    """
    return re.sub(BRACKETS, lambda found: "" if _is_remark(_within(found[1])) else found[0], text)


def _pieces(wording: str) -> list[str | Gap]:
    """Words and gaps; remarks are left out."""
    pieces: list[str | Gap] = []
    done, words = 0, ""
    for found in _PIECES.finditer(wording):
        words += wording[done : found.start()]
        done = found.end()
        made = _made_of(found, whole=found[0] == wording.strip())
        if isinstance(made, str):
            words += made
        else:
            pieces += [words, made] if words else [made]
            words = ""
    words += wording[done:]
    return [*pieces, words] if words else pieces


def _made_of(found: re.Match[str], *, whole: bool) -> str | Gap:
    if found["blank"]:
        return Gap(1, MOST)
    if found["dots"]:
        return Gap(0, MOST)
    within = _within(found["within"])
    if _is_field(within):
        return Gap(1, MOST)
    if not _is_remark(within):
        return found[0]
    return within if whole and not _DIRECTION.search(within) else ""


def _within(words: str) -> str:
    return re.sub(r"\s", "", words)


def _is_field(within: str) -> bool:
    return bool(_EMPTY.fullmatch(within) or _FIELDS.fullmatch(within) or _ANY_BLANK.search(within))


def _is_remark(within: str) -> bool:
    return not _is_field(within) and not _STAYS.fullmatch(within)


def _inner(pieces: list[str | Gap]) -> list[str | Gap]:
    """Without the gaps at both ends, and with those one that only signs part."""
    inner: list[str | Gap] = []
    for one in pieces:
        if isinstance(one, str):
            if normalise(one).text or not inner:
                inner.append(one)
            continue
        last = inner[-1] if inner else None
        if isinstance(last, Gap):
            inner[-1] = Gap(max(last.least, one.least), min(last.most + one.most, 2 * MOST))
        elif isinstance(last, str) and normalise(last).text:
            inner.append(one)
    while inner and isinstance(inner[-1], Gap):
        inner.pop()
    return inner


def _as_pattern(piece: str | Gap) -> str:
    if isinstance(piece, Gap):
        return f".{{{piece.least},{piece.most}}}"
    plain = unicodedata.normalize("NFKC", piece)
    numbers = {found.start() for found in _IN_NUMBER.finditer(plain)}
    return "".join(
        re.escape(sign)
        for place, sign in enumerate(plain)
        if place in numbers or (unicodedata.category(sign)[0] not in "PSZC" and sign not in FILLERS)
    )
