"""Personal data in what was said, found by its form: names, numbers, addresses. Length stays, so times stay.

It finds what looks like personal data, with the words around it, names also by how likely they are
(`person_names`) and where they are known (`known_names`); it misses some, so what leaves the department still
needs a look. Masking a word too much costs little.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa_audit.retention.addresses import addresses
from qa_audit.retention.birth_dates import answered_birth_date, asks_birth_date, birth_dates
from qa_audit.retention.contacts import contacts
from qa_audit.retention.known_names import known_names
from qa_audit.retention.misheard_digits import misheard_numbers
from qa_audit.retention.number_pieces import chains, pieces_of
from qa_audit.retention.other_names import answered_name, asks_name, other_names
from qa_audit.retention.person_names import person_names
from qa_audit.retention.public_numbers import date_at, is_amount, is_service
from qa_audit.retention.said_digits import COUNTED, DIGIT, GAP, TWICE, count_digits
from qa_audit.text.normalise import to_simplified
from qa_audit.text.surnames import surname_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from qa_audit.transcribe.turns import Turn

Kind = Literal["number", "name", "address", "contact", "birth"]
MASK = "*"
LONG_NUMBER = 7
"""Digits in a row, spoken or written, from which on a number may be a telephone's, a card's, an order's."""
SHORT_NUMBER = 4
"""The same right after a word that says whose number it is."""
SHORT_PIECE = 2
"""Digits of a piece of a number within a turn, where nothing but 嗯 or 然后是 is said between the pieces."""
ANSWERED_WITHIN = 2
"""So many turns after a question an answer is looked for."""
SHORT_ANSWERED_WITHIN = 5
"""So many after a question for the end of a number or a code: who is asked goes to look for it."""


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


_ONE = rf"(?:[二三四五六七八两]个|[{TWICE}])?[{DIGIT}]"
"""四个八 is four times 8, 双八 twice."""
_RUN = re.compile(rf"{_ONE}(?:{GAP}{_ONE})*(?:{GAP}[XxＸｘ叉](?![A-Za-z]))?")
_CUE = re.compile(
    r"(?:尾[号数]|(?:QQ|扣扣|微信)[号是]|[前后][四六]位|最后|后面|验证码|校验码|密码|单号|订单|账号|账户|户号|卡号|保单|运单|流水号|手机|电话|号码|身份证|证件"
    r"|护照|通行证|[社医]保卡|军官证|驾驶证|学号|病历号|住院号|准考证|会员号|车牌)"
    r"[^。！？!?]{0,6}$"
)
_LETTERS = 4
"""Letters that papers have before their number."""
_CUE_REACH = 12
"""Characters that such a word and what follows it take at most."""
_ASKED_NUMBER = re.compile(
    "尾号|尾数|[前后][四六]位|验证码|校验码|密码|[单账帐户卡]号|[账帐]户|订单|保单|运单|流水号|手机|电话|号码|身份证|证件"
)
_ASKED_CODE = re.compile(
    "(?:尾号|尾数|[前后][四六]位|验证码|校验码)[^。！？!?]{0,8}(?:多少|什么|几|报|说|发|收到|提供|告诉|念|吗|呢)|(?:报|说|提供|告诉我?|念)一?下?[^。！？!?]{0,10}"
    "(?:尾号|尾数|[前后][四六]位|验证码|校验码)"
)
_ANSWERS_WITH = re.compile(r"(?:[\s，,。]|[嗯呃啊哦噢对好我的是]|应该|就|尾号|后[四六]位)*+")
_COUNTS = re.compile("[年月日点块元个分秒条多天次兆级度岁]")
"""Behind a number that is no answer with a telephone's or a card's end."""
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-]{0,40}\d(?:[A-Za-z\-]{0,40}\d){3})[A-Za-z0-9][A-Za-z0-9\-]{5,}(?![A-Za-z0-9])"
)
_THEN = re.compile(
    r"[\s，,、。…]*(?:(?:然后|接着|再|[后下]面|[后下]边)(?:就)?是?|(?:[这那]个|就是|[嗯呃额啊哦噢唔诶欸哎哈对好吧呀]){1,3})"
    r"[\s，,、。…]*"
)
"""What is said between two pieces of a number, hesitating or by whoever writes it down."""
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


def personal_spans(text: str, names: Iterable[str] = ()) -> tuple[Span, ...]:
    """What looks like personal data, in order and apart from each other; `names` are people known by name.

    >>> [text_of.kind for text_of in personal_spans("我姓王，电话幺三八零零幺三八零零零")]
    ['name', 'number']
    """
    text = _plain(text)
    return _apart(_spans(text, tuple(map(_plain, names)), _strings(text)))


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

    So are numbers that are said piece by piece over several turns, and what answers a question for a number,
    a name or a date of birth.
    """
    known = tuple(map(_plain, names))
    texts = [_plain(turn.text) for turn in turns]
    strings = [_strings(text) for text in texts]
    found = [_spans(text, known, own) for text, own in zip(texts, strings, strict=True)]
    again = known_names(tuple(sorted(_named(texts, found))))
    for place, text in enumerate(texts):
        found[place] += [Span(*one, "name") for one in again.places(text)]
    runs = [own.runs for own in strings]
    codes = [_ASKED_CODE.search(text) is not None for text in texts]
    for chain in chains(texts, pieces_of(texts, [[(run.start, run.end) for run in own] for own in runs])):
        first = chain[0]
        asked_code = first.opens and any(codes[max(0, first.turn - SHORT_ANSWERED_WITHIN) : first.turn])
        if sum(piece.digits for piece in chain) < (SHORT_NUMBER if asked_code else LONG_NUMBER):
            continue
        if not all(is_service(texts[one.turn], one.start, one.end) for one in chain):
            for piece in chain:
                found[piece.turn].append(Span(piece.start, piece.end, "number"))
    asked = [frozenset(form for form in _ASKS if form(text)) for text in texts]
    for place, text in enumerate(texts):
        lately = frozenset().union(*asked[max(0, place - ANSWERED_WITHIN) : place])
        if lately:
            found[place] += _answers(lately, text, runs[place])
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


def _spans(text: str, names: tuple[str, ...], strings: _Strings) -> list[Span]:
    """Of a text as `_plain` makes it."""
    found = [*_numbers(text, strings), *_names(text, names)]
    others: tuple[tuple[Kind, list[tuple[int, int]]], ...] = (
        ("number", misheard_numbers(text)),
        ("address", addresses(text)),
        ("birth", birth_dates(text)),
        ("contact", contacts(text)),
    )
    found += [Span(*one, kind) for kind, places in others for one in places]
    return found


def _asks_number(text: str) -> bool:
    return _ASKED_NUMBER.search(text) is not None


_ASKS = (asks_birth_date, asks_name, _asks_number)


def _answers(asked: frozenset[Callable[[str], bool]], text: str, runs: Sequence[Span]) -> list[Span]:
    """What a turn begins with that answers a question for a number, a name or a date of birth."""
    found: list[Span] = []
    if asks_birth_date in asked and (date := answered_birth_date(text)):
        found.append(Span(*date, "birth"))
    if asks_name in asked and (name := answered_name(text)):
        found.append(Span(*name, "name"))
    if runs and _asks_number in asked:
        first = runs[0]
        if (
            count_digits(text[first.start : first.end]) >= SHORT_NUMBER
            and _ANSWERS_WITH.fullmatch(text, 0, first.start)
            and not _COUNTS.match(text, first.end)
        ):
            found.append(first)
    return found


def _numbers(text: str, strings: _Strings) -> list[Span]:
    runs = strings.runs
    services = frozenset(run for run in runs if is_service(text, run.start, run.end))
    nobodys = (*strings.nobodys, *services)
    found = []
    for run in runs:
        cue = _CUE.search(text, max(0, run.start - _CUE_REACH), run.start)
        least = SHORT_NUMBER if cue else LONG_NUMBER
        if run not in services and count_digits(text[run.start : run.end]) >= least:
            found.append(run)
    codes = (Span(*one.span(), "number") for one in _CODE.finditer(text))
    found += [
        one for one in codes if not any(own.start <= one.start and one.end <= own.end for own in nobodys)
    ]
    found = [Span(_with_letters(text, one.start), one.end, one.kind) for one in found]
    return found + _in_pieces(text, runs, services)


def _with_letters(text: str, start: int) -> int:
    """Where a number begins with the letters right before it: A幺零零三三四五."""
    first = start
    while first > max(0, start - _LETTERS) and text[first - 1].isascii() and text[first - 1].isalpha():
        first -= 1
    return first


def _in_pieces(text: str, runs: Sequence[Span], services: frozenset[Span]) -> list[Span]:
    """Pieces of numbers that are said with 然后是 between them, as long together as a number."""
    chained: list[list[Span]] = []
    counts: list[int] = []
    for run in runs:
        digits = count_digits(text[run.start : run.end])
        if digits < SHORT_PIECE:
            continue
        if chained and _THEN.fullmatch(text, chained[-1][-1].end, run.start):
            chained[-1].append(run)
            counts[-1] += digits
        else:
            chained.append([run])
            counts.append(digits)
    long = (chain for chain, digits in zip(chained, counts, strict=True) if digits >= LONG_NUMBER)
    return [run for chain in long if not services.issuperset(chain) for run in chain]


@dataclass(frozen=True, slots=True)
class _Strings:
    """Strings of digits, spoken or written, pauses in them allowed."""

    runs: list[Span]
    """What may be somebody's number."""
    nobodys: list[Span]
    """Amounts, and dates of these years."""


def _strings(text: str) -> _Strings:
    found, nobodys = [], []
    for one in _RUN.finditer(text):
        run, digits = Span(*one.span(), "number"), count_digits(one[0])
        behind = date_at(text, run.start)
        if behind is not None and count_digits(text[behind : run.end]) < SHORT_NUMBER:
            nobodys.append(run)
        elif digits >= LONG_NUMBER:
            (nobodys if is_amount(text, run.start, run.end) else found).append(run)
        elif not any(
            sign in COUNTED for sign in text[run.start - 1 : run.start] + text[run.end : run.end + 1]
        ):
            found.append(run)
    return _Strings(found, nobodys)


def _names(text: str, names: Iterable[str]) -> list[Span]:
    found = [Span(*one.span("name"), "name") for form in _NAMES for one in form.finditer(text)]
    known = known_names(tuple(names))
    places = (*other_names(text), *person_names(text, known.by_sound), *known.places(text))
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
