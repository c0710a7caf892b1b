"""What the column 扣分标准 of a supervisor's list says: points off each time, 一票否决, and more in words."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_NUMERALS = "一二三四五六七八九十"
_TIME = "(?:次|处|项|条|个|例)"
_EACH = rf"(?:每(?:出现|发现|违反|发生|有|犯|漏)?[一1]?{_TIME}|(?:出现|发现|违反)[一1]{_TIME})"
_OFF = r"(?:扣除?|减|扣减|[-−–—])"
_POINTS = rf"(?P<{{}}>\d+(?:\.\d+)?|两|[{_NUMERALS}])"
_PER_HIT = re.compile(
    # 每项2分 gives points.
    rf"\(?(?:{_EACH}:?(?:{_OFF}+|(?<!项)(?<!项:)){_POINTS.format('after')}分?"
    rf"|{_OFF}*{_POINTS.format('before')}分?(?:/每?[一1]?|每[一1]?){_TIME})\)?"
)
_CRITICAL = re.compile(
    r"\(?(?:(?:一经发现|发现|出现|违反|触犯|触碰|如有|凡)?(?:[一1]次|者|的)?(?:即|则|直接|实行|属于?|为)*)?"
    r"(?:一票否决|红线|致命)(?:项目?|制|错误|差错|指标)?\)?"
)
_IN_WORDS = re.compile(rf"一票否决|红线|致命|不得分|共\d|以上|{_EACH}|[/／]每?{_TIME}")
_SENTENCES = re.compile(r"([；;。！!\n]+)")
_CLAUSES = re.compile(r"([，,、])")
_EDGES = " \t　\n，,、；;。"


class Deduction(NamedTuple):
    """What a cell says."""

    off_per_hit: float | int | None
    critical: bool
    rest: str
    """Whatever else it says."""
    unclear: bool
    """Whether the rest has points off each time or 一票否决 of only some faults."""


def read_deduction(cell: str) -> Deduction:
    """What a cell says of the whole item; what it says of one fault among several stays in words.

    >>> read_deduction("未报工号，每次扣2分")
    Deduction(off_per_hit=2, critical=False, rest='未报工号', unclear=False)
    >>> read_deduction("语气生硬-2分/次；辱骂客户一票否决").unclear
    True
    """
    sentences = _SENTENCES.split(cell.strip(_EDGES))
    alone = len(sentences) == 1
    points: set[float] = set()
    critical, rest = False, ""
    for sentence in sentences:
        clauses = _CLAUSES.split(sentence)
        read = [(_points(one), bool(_CRITICAL.fullmatch(_plain(one)))) for one in clauses[::2]]
        whole = all(got is not None or veto for got, veto in read)
        kept = ""
        for place, clause in enumerate(clauses):
            got, veto = read[place // 2] if place % 2 == 0 else (None, False)
            if got is not None and (whole or alone):
                points.add(got)
            elif veto and whole:
                critical = True
            else:
                kept += clause
        rest += re.sub(r"([，,、])[，,、]+", r"\1", kept.strip("，,、")) if whole or alone else sentence
    if len(points) > 1:
        return Deduction(None, critical, cell.strip(_EDGES), unclear=True)
    rest = rest.strip(_EDGES)
    if (points or critical) and re.fullmatch(r"\d{1,2}", rest):
        rest = ""  # the number of a line
    return Deduction(next(iter(points), None), critical, rest, unclear=bool(_IN_WORDS.search(_plain(rest))))


def _plain(clause: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", clause))


def _points(clause: str) -> float | int | None:
    """The points off each time, if the clause says nothing else.

    >>> [_points(one) for one in ("-2分/次", "每次扣两分", "每发现一处扣0.5分", "每次0分", "扣2分")]
    [2, 2, 0.5, None, None]
    """
    found = _PER_HIT.fullmatch(_plain(clause))
    if found is None:
        return None
    number = found["after"] or found["before"]
    value = 2.0 if number == "两" else float(_NUMERALS.find(number) + 1 or number)
    return (int(value) if value.is_integer() else value) or None
