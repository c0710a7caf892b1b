"""Personal data in what was said, found by its form: names, numbers, addresses. Length stays, so times stay.

It finds what looks like personal data, with the words around it, names also by how likely they are
(`person_names`) and where they are known (`known_names`); it misses some, so what leaves the department still
needs a look. Masking a word too much costs little.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from qa_audit.retention.known_names import known_names
from qa_audit.retention.person_names import person_names
from qa_audit.text.normalise import to_simplified
from qa_audit.text.surnames import surname_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.transcribe.turns import Turn

Kind = Literal["number", "name", "address", "contact"]
MASK = "*"
LONG_NUMBER = 7
"""Digits in a row, spoken or written, from which on a number may be a telephone's, a card's, an order's."""
SHORT_NUMBER = 4
"""The same right after a word that says whose number it is."""
PIECE = 3
"""Digits of a piece of a number that is said over several turns."""
SHORT_PIECE = 2
"""The same of one turn, where nothing but 嗯 or 然后是 is said between the pieces."""
TURNS_BETWEEN = 2
"""So many turns (嗯，对) may lie between two pieces of a number."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text from `start` up to `end`, without it."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a recording in which personal data is said."""

    channel: int
    start_s: float
    end_s: float


_DIGIT = "0-9０-９零〇一二三四五六七八九幺两腰洞拐勾"
"""腰 is how 幺 is heard; 洞, 拐 and 勾 are said for 0, 7 and 9."""
_GAP = r"[\s\-－‐—–_~,，、.。·…\u200b-\u200f\u2060\ufeff\ufe0f\u20e3]{0,3}"
"""A pause; signs without width, which pages that a number is copied from put between its digits."""
_ONE = rf"(?:[二三四五六七八两]个)?[{_DIGIT}]"
"""四个八 is four times 8."""
_DIGITS = frozenset("0123456789０１２３４５６７８９Xx叉" + _DIGIT.partition("９")[2])
"""X stands for the last digit of an identity number."""
_RUN = re.compile(rf"{_ONE}(?:{_GAP}{_ONE})*(?:{_GAP}[XxＸｘ叉](?![A-Za-z]))?")
_COUNTED = "十百千万亿"
"""With one of these beside it a number is an amount that is read out, not a string of digits."""
_CUE = re.compile(
    r"(?:尾[号数]|(?:QQ|扣扣|微信)[号是]|[前后][四六]位|最后|后面|验证码|校验码|密码|单号|订单|账号|账户|户号|卡号|保单|运单|流水号|手机|电话|号码|身份证|证件)"
    r"[^。！？!?]{0,6}$"
)
_CUE_REACH = 12
"""Characters that such a word and what follows it take at most."""
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-]{0,40}\d(?:[A-Za-z\-]{0,40}\d){3})[A-Za-z0-9][A-Za-z0-9\-]{5,}(?![A-Za-z0-9])"
)
_THEN = re.compile(
    r"[\s，,、。…]*(?:(?:然后|接着|再|[后下]面|[后下]边)(?:就)?是?|(?:[这那]个|就是|[嗯呃额啊哦噢唔诶欸哎哈对好吧呀]){1,3})"
    r"[\s，,、。…]*"
)
"""What is said between two pieces of a number, hesitating or by whoever writes it down."""
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_CONTACT = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++@[A-Za-z0-9.\-]+"
    rf"|{_PROVINCE}\s?[A-Za-z](?=(?:[·\s,、A-Za-z]{{0,2}}[{_DIGIT}]){{3}})"
    rf"(?:[·\s,、]{{0,2}}[A-Za-z{_DIGIT}]){{5,6}}(?![A-Za-z{_DIGIT}])"
)
_ACCOUNT = re.compile(
    r"(?:(?:(?i:qq)|扣扣|微信)(?:号码?是?|是)|(?:[账帐]号|登录名|用户名)[是为]?)[\s,:]{0,2}"
    r"(?P<told>[A-Za-z][A-Za-z0-9_\-]{4,})"
    r"|(?:(?i:qq)|扣扣|微信)[\s,:]{0,2}(?P<bare>(?=[A-Za-z_\-]{0,20}\d)[A-Za-z][A-Za-z0-9_\-]{5,})"
)
_SAID_CONTACT = re.compile(
    rf"(?<![A-Za-z0-9._%+\-点])[A-Za-z0-9._%+\-点{_DIGIT}]++(?:艾特|圈[aA])[A-Za-z0-9\-{_DIGIT}]+(?:[点.][A-Za-z]+)+"
)
"""An address of mail as it is read out."""
_CONTACTS = (_CONTACT, _SAID_CONTACT)
_SURNAME = surname_pattern(seldom="兰")
_TITLE = (
    "(?:先生|女士|小姐|太太|师傅|老师|经理|主任|医生|大夫|护士|教授|院长|校长|行长|所长|局长|处长|科长|部长|队长|班长|组长"
    "|店长|会计|律师|警官|同学|同志|阿姨|大爷|大妈|大叔|大姐|大哥|总)"
)
_SAID_AS_NAME = (
    "(?:我叫|名叫|叫做|名字是|名字叫|姓名是|姓名|机主是|户主是|收件人是|收件人|联系人是|联系人|本人是|我是)"
)
_KIN = "(?:老公|老婆|爱人|对象|儿子|女儿|孩子|爸|妈|爸爸|妈妈|父亲|母亲|哥哥?|姐姐?|弟弟?|妹妹?|朋友|同事)"
_AFTER_NAME = "(?=$|[^一-鿿]|的|吧|啊|呀|呢|嘛|您|我|你|电话|手机)"
_NAMES = (
    re.compile(rf"(?P<name>{_SURNAME}[一-鿿]{{0,2}}?){_TITLE}"),
    re.compile(rf"姓(?P<name>{_SURNAME})(?!名)"),
    re.compile(rf"{_KIN}叫[\s，,：:]*(?P<name>{_SURNAME}[一-鿿]{{1,2}}){_AFTER_NAME}"),
    re.compile(rf"{_SAID_AS_NAME}[\s，,：:]*(?P<name>{_SURNAME}[一-鿿]{{1,2}}){_AFTER_NAME}"),
)
# Parts of an address are taken as first found (`(?>`, `++`): 路路路路… must not be tried in every way.
_AND = r"[\s，,、]*+"
_PLACE = (
    "(?>[一-鿿]{1,7}?(?:自治区|特别行政区|省|市|区|县|镇|乡|村|屯|街道|大街|大道|胡同|小区|社区"
    "|花园|家园|公寓|大厦|广场|新村|路|街|巷|弄|里|苑))"
)
_COUNT = r"[0-9０-９零〇一二三四五六七八九十百两幺A-Za-z\-]{1,6}"
_HOUSE = rf"(?>{_COUNT}(?:号楼|号院|号|栋|幢|座|单元|层|楼|室|弄|户|段))"
_ROOM = r"(?:[0-9０-９零〇一二三四五六七八九十幺]{2,5}+(?![年月日点块元个]))?+"
_ADDRESS = re.compile(rf"(?:{_PLACE}{_AND})++(?:{_HOUSE}{_AND})++{_ROOM}|(?:{_PLACE}{_AND}){{2,}}+")
_BUILDING = rf"(?>{_COUNT}(?:号楼|号院|栋|幢|座|单元|室))"
_PART = rf"[A-Za-z0-9]{{1,2}}区{_AND}"
_LIVES = re.compile(
    r"(?:家住在|家住|住在|住|地址是|地址在|寄到|送到|位于)"
    rf"(?P<place>[一-鿿]{{2,10}}?(?:(?:{_PART})?{_BUILDING}{_AND}|{_PART})(?:{_HOUSE}{_AND})+{_ROOM})"
)
"""A place of any name, with two parts of a house behind it or one behind a part of the place."""
_BEFORE_ADDRESS = re.compile(
    r"^.*?(?:家住在|家住|住在|住|这边是|地址是|地址在|地址|寄到|送到|位于|我在|我家在|就在|是在|在)(?=.{2})"
)


def personal_spans(text: str, names: Iterable[str] = ()) -> tuple[Span, ...]:
    """What looks like personal data, in order and apart from each other; `names` are people known by name.

    >>> [text_of.kind for text_of in personal_spans("我姓王，电话幺三八零零幺三八零零零")]
    ['name', 'number']
    """
    text = _plain(text)
    found = [*_numbers(text), *_names(text, map(_plain, names)), *_addresses(text)]
    found += [Span(*one.span(one.lastgroup or 0), "contact") for one in _ACCOUNT.finditer(text)]
    found += [Span(*one.span(), "contact") for form in _CONTACTS for one in form.finditer(text)]
    return _apart(found)


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """The text with `MASK` for every character of personal data; its length stays.

    >>> mask_text("请王小明先生核对一下，手机一三八 零零一三 八零零零对吗？")
    '请***先生核对一下，手机*************对吗？'
    """
    return masked(text, personal_spans(text, names))


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with `MASK` in these spans."""
    signs = list(text)
    for span in spans:
        signs[span.start : span.end] = MASK * (span.end - span.start)
    return "".join(signs)


def spans_of_turns(turns: Sequence[Turn], names: Iterable[str] = ()) -> list[tuple[Span, ...]]:
    """Personal data of each turn: a name found once is masked wherever the call has it again.

    So are numbers that are said piece by piece over several turns.
    """
    known = tuple(names)
    found = [list(personal_spans(turn.text, known)) for turn in turns]
    texts = [_plain(turn.text) for turn in turns]
    again = known_names(tuple(sorted(_named(texts, found))))
    for place, text in enumerate(texts):
        found[place] += [Span(*one, "name") for one in again.places(text)]
    pieces = [
        (place, run)
        for place, text in enumerate(texts)
        for run in _runs(text)
        if _digits(text[run.start : run.end]) >= PIECE
    ]
    chained: list[tuple[int, Span]] = pieces[:1]
    for before, piece in [*pairwise(pieces), (None, None)] if pieces else []:
        if before is not None and piece is not None and piece[0] - before[0] <= TURNS_BETWEEN + 1:
            chained.append(piece)
            continue
        if sum(_digits(texts[place][run.start : run.end]) for place, run in chained) >= LONG_NUMBER:
            for place, run in chained:
                found[place].append(run)
        chained = [] if piece is None else [piece]
    return [_apart(own) for own in found]


def masked_turns(turns: Sequence[Turn], names: Iterable[str] = ()) -> list[str]:
    """The words of each turn, masked."""
    spans = spans_of_turns(turns, names)
    return [masked(turn.text, own) for turn, own in zip(turns, spans, strict=True)]


def stretches_of_turns(turns: Sequence[Turn], names: Iterable[str] = ()) -> list[Stretch]:
    """Where in the recording personal data is said, by the times of the characters (`Turn.at_s`)."""
    spans = spans_of_turns(turns, names)
    return [
        Stretch(turn.channel, turn.at_s(span.start), turn.at_s(span.end))
        for turn, own in zip(turns, spans, strict=True)
        for span in own
    ]


class _Widths(dict[int, int]):
    """A `str.translate` table to half width, and of other digits and letters to the usual ones."""

    def __missing__(self, code: int) -> int:
        usual = unicodedata.normalize("NFKC", chr(code))
        self[code] = ord(usual) if len(usual) == 1 else code
        return self[code]


_WIDTHS = _Widths()


def _plain(text: str) -> str:
    """Half width and simplified, each character in its place."""
    return text if text.isascii() else to_simplified(text.translate(_WIDTHS))


def _numbers(text: str) -> list[Span]:
    found = [Span(*one.span(), "number") for one in _CODE.finditer(text)]
    runs = _runs(text)
    for run in runs:
        cue = _CUE.search(text, max(0, run.start - _CUE_REACH), run.start)
        least = SHORT_NUMBER if cue else LONG_NUMBER
        if _digits(text[run.start : run.end]) >= least:
            found.append(run)
    return found + _in_pieces(text, runs)


def _in_pieces(text: str, runs: Sequence[Span]) -> list[Span]:
    """Pieces of numbers that are said with 然后是 between them, as long together as a number."""
    chains: list[list[Span]] = []
    counts: list[int] = []
    for run in runs:
        digits = _digits(text[run.start : run.end])
        if digits < SHORT_PIECE:
            continue
        if chains and _THEN.fullmatch(text, chains[-1][-1].end, run.start):
            chains[-1].append(run)
            counts[-1] += digits
        else:
            chains.append([run])
            counts.append(digits)
    long = (chain for chain, digits in zip(chains, counts, strict=True) if digits >= LONG_NUMBER)
    return [run for chain in long for run in chain]


def _runs(text: str) -> list[Span]:
    """Strings of digits, spoken or written, pauses in them allowed; no amounts."""
    found = []
    for one in _RUN.finditer(text):
        beside = text[one.start() - 1 : one.start()] + text[one.end() : one.end() + 1]
        if not any(sign in _COUNTED for sign in beside) or _digits(one[0]) >= LONG_NUMBER:
            found.append(Span(*one.span(), "number"))
    return found


def _digits(text: str) -> int:
    return sum(1 for sign in text if sign in _DIGITS)


def _names(text: str, names: Iterable[str]) -> list[Span]:
    found = [Span(*one.span("name"), "name") for form in _NAMES for one in form.finditer(text)]
    known = known_names(tuple(names))
    places = (*person_names(text, known.by_sound), *known.places(text))
    return found + [Span(*one, "name") for one in places]


def _named(texts: Sequence[str], found: Sequence[Iterable[Span]]) -> set[str]:
    """Whole names among what was found, and given names of two characters."""
    whole = {
        text[one.start : one.end]
        for text, own in zip(texts, found, strict=True)
        for one in own
        if one.kind == "name" and one.end - one.start > 1
    }
    return whole | {name[-2:] for name in whole if len(name) in (3, 4)}


def _addresses(text: str) -> list[Span]:
    found = []
    for one in _ADDRESS.finditer(text):
        lead = _BEFORE_ADDRESS.match(one[0])
        found.append(Span(one.start() + (lead.end() if lead else 0), one.end(), "address"))
    return found + [Span(*one.span("place"), "address") for one in _LIVES.finditer(text)]


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap made one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind)
        elif span.start < span.end:
            merged.append(span)
    return tuple(merged)
