"""What a customer who was called back said of the service (rubric_sources, 回访: asks whether satisfied)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Satisfaction = Literal["satisfied", "dissatisfied", "not_said", "not_asked"]

_ASKED = re.compile(r"满意|(使用|服务|效果|感觉|用得|用着|处理).{0,8}(怎么样|如何|好吗|可以吗|解决了吗|还行)")
_NO = re.compile(
    r"不(太|大|是很|怎么|算|够)?满意|没(有)?(解决|修好|处理好|人管)|(太|很|非常|比较)(差|失望|糟)|不(怎么样|太好|行)|一般"
)
_YES = re.compile(
    r"满意|(挺|很|蛮|还|都|非常)(好|不错|可以|行)|还行|没(有)?(什么)?(意见|问题)|解决了|^(好的?|可以|嗯好)[，。！]?$"
)
_PUNCTUATION = re.compile(r"[\s，。！？、,.!?]")
_ANSWERS = 2
"""So many turns of the customer after the question may hold the answer."""


def said_satisfaction(turns: Iterable[tuple[str, str]]) -> Satisfaction:
    """What the customer answered to the agent's first question about satisfaction that was answered at all.

    `turns` are role ("agent", "customer", …) and text, in order. The answer is looked for in the next two
    turns of the customer; a dissatisfied word goes before a satisfied one (不满意 holds 满意).

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
            if _NO.search(plain):
                return "dissatisfied"
            if _YES.search(plain):
                return "satisfied"
    return "not_said" if asked else "not_asked"
