"""Words of a call without the customer: names before 先生, 女士 and the like, and numbers.

Meant for what is passed round in a team. It takes out too much rather than too little: what stands before a
form of address is taken for a name where it begins with a surname.
"""

from __future__ import annotations

import re

from qa_audit.messages import say
from qa_audit.text.surnames import surname_pattern

_SURNAME = surname_pattern(seldom="兰明")
_ADDRESSES = "先生|女士|小姐|太太|老师|师傅|经理|老板|阿姨|大爷|大姐|大哥|总(?=[，。！？,.!?\\s]|您|你|好|$)"
_NAMED = re.compile(rf"{_SURNAME}[\u4e00-\u9fff]{{0,2}}?(?={_ADDRESSES})")
_INTRODUCED = re.compile(
    rf"(?<=姓名是|名字是|名字叫|客户叫|用户叫|机主是|户主是){_SURNAME}(?:(?![吗呢吧啊的是对])[\u4e00-\u9fff]){{1,2}}"
)
_NUMBER = re.compile(r"[0-9０-９][0-9０-９ \-]{3,}[0-9０-９]|[零〇一二三四五六七八九幺两]{5,}")


def without_customer(words: str) -> str:
    """`words` with names of customers and long numbers taken out.

    >>> without_customer("王小明先生您好，您的号码是13812345678吗")
    '某先生您好，您的号码是＊吗'
    >>> without_customer("请问是欧阳女士吗，尾号一三五七九"), without_customer("先生，请您稍等3分钟")
    ('请问是某女士吗，尾号＊', '先生，请您稍等3分钟')
    """
    hidden = say("bulletin.customer")
    return _NUMBER.sub("＊", _INTRODUCED.sub(hidden, _NAMED.sub(hidden, words)))
