"""How much a sentence sounds like an agent's or a customer's: scripted phrases, address, what people ask for.

Written from the scripts that centres train and from how people call, in general Chinese; not fitted to
recordings, and never the rubric itself.
"""

from __future__ import annotations

from functools import cache

from qa_audit.text import sound, to_simplified

# Natural logarithms of how many times likelier the words come from an agent.
AGENT_WORDS: dict[str, float] = {
    "为您服务": 3.0, "可以帮您": 3.0, "能帮您": 3.0, "可以帮到": 3.0, "您的来电": 3.0, "来电": 1.0,
    "客服中心": 2.0, "客户服务": 1.5, "客服部": 1.5, "服务中心": 1.5, "客服": 0.7, "工号": 2.0,
    "生活愉快": 3.0, "贵姓": 3.0, "怎么称呼": 2.5, "还有其他": 2.0, "还有什么": 2.0, "久等": 3.0,
    "稍等": 2.0, "请您": 2.0, "麻烦您": 2.0, "请问": 1.0, "帮您": 2.0, "为您": 2.0, "给您": 2.0,
    "跟您": 2.0, "向您": 2.0, "您的": 1.5, "您这": 1.5, "您那": 1.5, "您先": 1.5, "您": 0.8,
    "不客气": 2.0, "不用谢": 1.5, "抱歉": 1.5, "对不起": 1.0, "理解您": 2.0, "先生": 1.2, "女士": 1.2,
    "小姐": 1.2, "核对": 1.5, "核实": 1.5, "登记": 1.2, "查询": 0.8, "我这边": 1.5, "这边": 0.8,
    "对吗": 0.7, "方便": 0.5, "报一下": 1.5, "提供一下": 1.5, "请": 0.6, "确认": 0.8, "感谢": 1.0,
}  # fmt: skip
CUSTOMER_WORDS: dict[str, float] = {
    "我想问": 3.0, "我想咨询": 3.0, "我想": 1.2, "我要": 1.5, "帮我": 2.5, "给我": 1.5, "我家": 2.5,
    "我的": 1.5, "我们家": 2.0, "你们": 2.5, "怎么回事": 1.5, "凭什么": 2.0, "什么时候": 0.7,
    "谢谢": 0.5, "谢谢啊": 2.0, "谢谢你": 2.0, "麻烦你": 2.0, "没有了": 2.5, "没了": 1.5, "我姓": 3.0,
    "喂": 1.5, "知道了": 1.5, "行吧": 1.5, "那行": 1.5, "那好": 0.8, "好吧": 0.8, "怎么还": 1.2,
    "怎么这么": 1.0, "为什么": 0.7, "到底": 0.8, "什么态度": 2.0, "我买": 2.0, "我昨天": 1.5,
    "算了": 1.5, "号码是": 1.0, "账号是": 1.5, "嗯": 0.7, "哦": 0.7,
}  # fmt: skip
# Words of so many characters and more are known by their sound, too: recognition errors keep it.
_BY_SOUND = 3


def leaning(text: str) -> float:
    """Above 0 it sounds like an agent, below like a customer; a longer word counts instead of its parts.

    >>> leaning("请问有什么可以帮您？") > 3, leaning("我想问一下，我家宽带怎么回事") < -3
    (True, True)
    >>> leaning("未您付物"), leaning("星期三")
    (3.0, 0.0)
    """
    text = to_simplified(text)
    heard = sound(text)
    taken = [False] * len(text)
    points = 0.0
    for word, spelt, weight in _words():
        within = heard if len(word) >= _BY_SOUND else text
        at = within.find(spelt)
        while at >= 0:
            span = slice(at, at + len(word))
            if not any(taken[span]):
                points += weight
                taken[span] = [True] * len(word)
            at = within.find(spelt, at + 1)
    return points


@cache
def _words() -> tuple[tuple[str, str, float], ...]:
    """(word, as it is searched, weight for the agent), the longest first."""
    signed = [*AGENT_WORDS.items(), *((word, -weight) for word, weight in CUSTOMER_WORDS.items())]
    return tuple(
        (word, sound(word) if len(word) >= _BY_SOUND else word, weight)
        for word, weight in sorted(signed, key=lambda one: -len(one[0]))
    )
