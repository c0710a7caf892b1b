"""Names of people without a word beside them that says so, told from other words by how likely each is.

Of all ways to cut a clause into words and names the likeliest is taken: words by how often they are used,
names by surname, by the characters that given names have and by what stands around them. The tables are in
`name_tables`; a recogniser writes names by sound, so a character also counts for those that sound like it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from qa_audit.text.pinyin import sound
from qa_audit.text.surnames import COMPOUND_SURNAMES, SURNAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

_RECENT = (
    "梓涵欣怡子轩浩宇雨桐诗琪思远俊杰佳宜一诺沐宸奕睿霖瑶茜萱熙煜皓昊晨曦可悦语嫣若彤妍萌薇颖璐蕾媛婷雅琳博泽铭恒辰睿恩"
    "依菲嘉甜潼馨予钰菡苒芷汐玥珺琛淼晗骁烨屹翰骏豪凯栋阔航祺朗逸帆然乐安瑞阳旭钧锴翔"
)
"""Characters of given names of late, which the dictionary's names hardly have."""
_CLAUSE = re.compile(r"[一-鿿]+")
_FOREIGN = re.compile(r"[一-鿿]{2,6}·[一-鿿]{2,6}?(?=[的在说他她您来是那吗呢吧啊]|$|[^一-鿿])")
_NAME, _GIVEN_ONLY, _FAMILIAR, _KNOWN = -4.4, -9.2, -9.0, -9.0
"""Natural logarithms of how often a word is a name, one without surname, a surname with 老, 小, 哥, one of
the names that are known; chosen on the odd turns of `benchmarks/masking_names.txt`."""
_BY_SOUND = math.log(0.02)
_OF_ONE, _OF_TWO = math.log(0.3), math.log(0.7)
"""Given names of one character and of two."""
_HOPELESS = -11.0
"""A character that no likelier reading has would be this rare."""
_NEVER = -14.0
_GRAMMAR = frozenset(
    "的了在是我你您他她它们这那哪个和跟给让把被来去说打接吗呢吧啊不没也就都还要会能可以得着过到从对向问找请叫"
)
"""Characters that stand after a name more often than they sound like a part of one."""
_GRAMMATICAL = -4.0
_TWICE = math.log(0.05)
"""How often the second character of a given name is the first again."""
_SELDOM = frozenset("查关单商白封和时方解应连成车项包盖")
"""Surnames that are far oftener a verb or a part of another word."""
_WORD_OF_CALLS = math.log(2_000)
"""How often a word of `words_of_calls.txt` is counted beside those of the dictionary."""
_COMPOUND = math.log(0.0005)
_LEAST_RECENT = 40
_BEFORE = re.compile(
    "(?:"
    "找|叫|问问?|问一下|让|请|给|跟|和|与|是|代|替|由|被|等|除了|向|据|对|为|找一下|表扬一?下?|投诉|通知|联系|回复|抄送"
    "|转给|交给|转交|换成|发给|写成|登记成|写的?|的|觉得|以为|记得|记成|[们这那]位|同事|司机|医生|护士|老师|师傅|经理|主管"
    "|班长|组长|[主户]|名|人|家长|学生|患者|病人|爱人|老公|老婆|儿子|女儿|爸|妈|哥|姐|弟|妹|孩子|对象|昨天|之前|上次|那个"
    "|哦|嗯|就是|我是|不是|你好|您好|你们"
    ")$"
)
_AFTER = re.compile(
    "说|在|的|他|她|先生|女士|小姐|老师|师傅|经理|医生|主任|同学|小朋友|您|来|去|打|是|昨天|今天|前天|上次|那|呢|吗|吧|啊|和"
    "|跟|给|让|没|也|就|都|已经|了|得|有|要|不|很|把|被|刚|亲|这|还|本人|接|家|处理|负责|报|预约|登记|住|下周|讲|签|取"
    "|可以|咨询|问|骂|转|核实"
)
_TITLE = re.compile(
    "先生|女士|小姐|太太|师傅|老师|经理|主任|医生|大夫|科长|部长"
    "|院长|校长|队长|班长|教授|同学|阿姨|大哥|大姐|叔叔"
)
"""With these it is the surname alone (`masking`)."""
_ALONE, _BESIDE, _BARE = 2.5, 1.5, -2.5
"""What a clause's end or a telling word beside a name adds, and what neither on a side takes away."""


@dataclass(frozen=True, slots=True)
class _Tables:
    words: Mapping[str, float]
    surnames: Mapping[str, float]
    heads: frozenset[str]
    """First characters of surnames of two."""
    one: Mapping[str, float]
    first: Mapping[str, float]
    last: Mapping[str, float]
    rare: float
    """Of a word that is not in the table."""


def person_names(text: str, known: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where names of people are in a text: from, and up to but without.

    `known` are names spelt by sound (`text.sound`), of people who are known by name: they are likelier.

    >>> text = "麻烦转给何伟，高兴的话让陈晓燕回电"
    >>> [text[start:end] for start, end in person_names(text)]
    ['何伟', '陈晓燕']
    """
    found = [one.span() for one in _FOREIGN.finditer(text)] if "·" in text else []
    for clause in _CLAUSE.finditer(text):
        begin = clause.start()
        found += [(begin + start, begin + end) for start, end in _names_in(clause[0], known)]
    return found


def rarity(clause: str) -> tuple[float, bool]:
    """How seldom a clause is by its likeliest words, a character, and whether the whole is one word.

    >>> value, own = rarity("扎西多吉")
    >>> round(value), own
    (8, False)
    """
    tables = _tables()
    words, length = tables.words, len(clause)
    best = [0.0] + [-math.inf] * length
    for start in range(length):
        for end in range(start + 1, min(start + 4, length) + 1):
            use = words.get(clause[start:end], tables.rare if end == start + 1 else -math.inf)
            best[end] = max(best[end], best[start] + use)
    return -best[length] / length, clause in words


@cache
def _tables() -> _Tables:
    folder = resources.files(__package__ or "") / "name_tables"
    uses: dict[str, float] = {}
    for line in (folder / "words.txt").read_text("utf-8").splitlines():
        use, *own = line.split(" ")
        uses.update(dict.fromkeys(own, int(use) / 2 * math.log(2)))
    for word in (folder / "words_of_calls.txt").read_text("utf-8").split():
        uses[word] = max(uses.get(word, 0.0), _WORD_OF_CALLS)
    total = math.log(sum(map(math.exp, uses.values())))
    ranks = {surname: -1.1 * math.log(rank + 6) for rank, surname in enumerate(SURNAMES)}
    share = math.log(sum(map(math.exp, ranks.values())))
    surnames = {one: rank - share - (1.5 if one in _SELDOM else 0) for one, rank in ranks.items()}
    surnames |= dict.fromkeys(COMPOUND_SURNAMES, _COMPOUND)
    _, *rows = (line.split("\t") for line in (folder / "given.tsv").read_text("utf-8").splitlines())
    places = [_given({sign: int(counts[place]) for sign, *counts in rows}) for place in range(3)]
    words = {word: use - total for word, use in uses.items()}
    heads = frozenset(surname[0] for surname in COMPOUND_SURNAMES)
    return _Tables(words, surnames, heads, *places, rare=-total)


def _given(counts: dict[str, int]) -> dict[str, float]:
    """Logarithms of how often a given name has a character at a place, or one that sounds like it."""
    for sign in _RECENT:
        counts[sign] = max(counts.get(sign, 0), _LEAST_RECENT)
    total = sum(counts.values())
    of_sound: dict[str, int] = {}
    for sign, count in counts.items():
        of_sound[sound(sign)] = of_sound.get(sound(sign), 0) + count
    found = {key: _BY_SOUND + math.log(count / total) for key, count in of_sound.items() if count}
    table = _BySound(found)
    for sign, count in counts.items():
        if count:
            table[sign] = math.log(count / total) + (_GRAMMATICAL if sign in _GRAMMAR else 0)
    return table


class _BySound(dict[str, float]):
    """By character; of one that is not there by what sounds like it."""

    def __init__(self, of_sound: Mapping[str, float]) -> None:
        super().__init__()
        self._of_sound = of_sound

    def __missing__(self, sign: str) -> float:
        value = self[sign] = _NEVER if sign in _GRAMMAR else self._of_sound.get(sound(sign), _NEVER)
        return value


@lru_cache(maxsize=1 << 14)
def _names_in(clause: str, known: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Names by the likeliest way to cut a clause; calls say the same clauses again and again."""
    tables = _tables()
    words, rare, length = tables.words, tables.rare, len(clause)
    best = [0.0] + [-math.inf] * length
    came: list[tuple[int, bool]] = [(0, False)] * (length + 1)
    spelt = sound(clause) if known else ""
    for start in range(length):
        here = best[start]
        for end in range(start + 1, min(start + 4, length) + 1):
            use = words.get(clause[start:end])
            if use is None:
                if end > start + 1:
                    continue
                use = rare
            if here + use > best[end]:
                best[end], came[end] = here + use, (start, False)
        for end, value in _candidates(clause, start, tables):
            # Even with the most that stands beside it no better than words are.
            if value + 2 * _ALONE < _HOPELESS * (end - start) or _TITLE.fullmatch(clause, start + 1, end):
                continue
            if here + (value := value + _beside(clause, start, end)) > best[end]:
                best[end], came[end] = here + value, (start, True)
        for end in range(start + 2, min(start + 4, length) + 1) if known else ():
            value = _KNOWN + _beside(clause, start, end) if spelt[start:end] in known else -math.inf
            if here + value > best[end]:
                best[end], came[end] = here + value, (start, True)
    found, end = [], length
    while end:
        start, named = came[end]
        if named:
            found.append((start, end))
        end = start
    return tuple(found[::-1])


def _candidates(clause: str, start: int, tables: _Tables) -> list[tuple[int, float]]:
    """Names that may begin here: up to where, and how likely, whatever stands beside them."""
    length, found = len(clause), []
    head = clause[start]
    for width in (1, 2) if head in tables.heads else (1,):
        surname = tables.surnames.get(clause[start : start + width])
        if surname is None:
            continue
        after = start + width
        if after < length:
            found.append((after + 1, _NAME + surname + _OF_ONE + tables.one[clause[after]]))
        if after + 1 < length:
            given = _pair(clause[after], clause[after + 1], tables)
            found.append((after + 2, _NAME + surname + _OF_TWO + given))
    if start + 1 < length:
        own = clause[start + 1]
        if head in "老小阿":
            if head != "阿" and own in tables.surnames:
                found.append((start + 2, _FAMILIAR + tables.surnames[own]))
            if head != "老":
                found.append((start + 2, _FAMILIAR + tables.one[own]))
        if own in "哥姐叔姨工总嫂伯" and head in tables.surnames:
            found.append((start + 2, _FAMILIAR + tables.surnames[head]))
        found.append((start + 2, _GIVEN_ONLY + _pair(head, own, tables)))
    return found


def _pair(first: str, last: str, tables: _Tables) -> float:
    """How often a given name has these two characters."""
    more = tables.last[last]
    return tables.first[first] + (max(more, _TWICE) if first == last else more)


def _beside(clause: str, start: int, end: int) -> float:
    told_before, told_after = _BEFORE.search(clause, max(0, start - 4), start), _AFTER.match(clause, end)
    before = _ALONE if start == 0 else _BESIDE if told_before else _BARE
    return before + (_ALONE if end == len(clause) else _BESIDE if told_after else _BARE)
