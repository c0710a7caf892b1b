"""What a customer who was called back said of the service (rubric_sources, 回访: asks whether satisfied)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Satisfaction = Literal["satisfied", "dissatisfied", "not_said", "not_asked"]

_ASKED = re.compile(r"满意|(使用|服务|效果|感觉|用得|用着|处理).{0,8}(怎么样|如何|好吗|可以吗|解决了吗|还行)")
_DEGREE = "(是|算|太|大|怎么|够|很|特别|十分|非常|那么|多|觉得){0,2}"
_NOT_UNSATISFIED = re.compile(r"没(有|什么|啥|有什么|有啥)?不(满意?|好|行|妥)")
_NO = re.compile(
    rf"(?<!好)不{_DEGREE}(满意|好(?!意思)|行|理想|怎么样)|没(有|怎么)?{_DEGREE}满意|[谈说]不上(有?多|很)?(满意|好)"
    r"|没(有)?(解决|修好|处理好|人管)|(太|很|非常|比较|真)(差|失望|糟)|一般(?!都|来说)"
)
_YES = re.compile(
    r"满意|不错|(挺|很|蛮|还|都|非常)(好|可以|行)|没(有)?(什么)?(意见|问题)|解决了"
    r"|^[嗯啊哦对]*(好|行|可以|还行)[的啊呀吧了哈嘞呗]*$"
)
_PUNCTUATION = re.compile(r"[\s，。！？、,.!?]")
_ANSWERS = 2
"""So many turns of the customer after the question may hold the answer."""


def said_satisfaction(turns: Iterable[tuple[str, str]]) -> Satisfaction:
    """What the customer answered to the agent's first question about satisfaction that was answered at all.

    `turns` are role ("agent", "customer", …) and text, in order. The answer is looked for in the next two
    turns of the customer; a dissatisfied word goes before a satisfied one (不满意 holds 满意), and what
    denies it before both (没什么不满意的).

    >>> said_satisfaction([("agent", "请问您对维修还满意吗？"), ("customer", "不满意，又坏了。")])
    'dissatisfied'
    >>> said_satisfaction([("customer", "挺好的")])
    'not_asked'
    """
    asked, left = False, 0
    for role, text in turns:
        plain = _PUNCTUATION.sub("", text)
        if role == "agent" and _ASKED.search(plain):
            asked, left = True, _ANSWERS
        elif role == "customer" and left:
            left -= 1
            if _NOT_UNSATISFIED.search(plain):
                return "satisfied"
            if _NO.search(plain):
                return "dissatisfied"
            if _YES.search(plain):
                return "satisfied"
    return "not_said" if asked else "not_asked"
