"""Words that say no: one more or less of them and a sentence says the opposite."""

from __future__ import annotations

import re

from qa_audit.text.pinyin import sound

NEGATIONS = frozenset("不没未无勿莫甭")
_SET_WORDS = re.compile(
    "不好意思|对不起|不客气|不用谢|不谢|不过|不仅|不光|不但|不管|不论|不断|差不多|了不起|"
    "([是能要好对行可会有该肯愿敢])不\\1|可不可以|愿不愿意|有没有?|没关系|没事|没问题|"
    "莫非|"
    "无线|无论|未来|未必|勿扰"
)
"""Words that hold such a character and deny nothing, or are one word with it."""


def negations(text: str) -> str:
    """The characters of a normalised text that say no.

    >>> negations("充电宝不能托运"), negations("不好意思，非常抱歉"), negations("您是不是没收到")
    ('不', '', '没')
    """
    if NEGATIONS.isdisjoint(text):
        return ""
    return "".join(one for one in _SET_WORDS.sub("", text) if one in NEGATIONS)


def _characters(text: str) -> int:
    return sum(one in NEGATIONS for one in text)


def says_the_same(wanted: str, heard: str) -> bool:
    """Whether what was heard says no as often as what was wanted; 不 written as 部 counts as heard.

    >>> says_the_same("我们不收手续费", "我们收手续费"), says_the_same("我们不收手续费", "我们部收手续非")
    (False, True)
    >>> says_the_same("我们能免费改签", "我们不能免费改签")
    False
    """
    no = negations(wanted)
    got = negations(heard)
    # Of a word that is misheard the 不 stands alone: 不好意思 as 不好意是.
    if len(no) == len(got) or _characters(wanted) == _characters(heard):
        return True
    if len(got) > len(no):
        return False
    sounds = set(sound(no))
    others = (one for one in heard if one not in NEGATIONS)
    return len(got) + sum(sound(one) in sounds for one in others) >= len(no)
