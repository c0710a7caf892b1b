"""Words of a call without the customer: names before 先生, 女士 and the like, and numbers.

Meant for what is passed round in a team. It takes out too much rather than too little: what stands before a
form of address is taken for a name where it begins with a surname.
"""

from __future__ import annotations

import re

from qa_audit.messages import say

_TWO = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|东方|南宫|端木|独孤|长孙|宇文"
_ONE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路"
    "游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_ADDRESSES = "先生|女士|小姐|太太|老师|师傅|经理|老板|阿姨|大爷|大姐|大哥|总(?=[，。！？,.!?\\s]|您|你|好|$)"
_NAMED = re.compile(rf"(?:{_TWO}|[{_ONE}])[\u4e00-\u9fff]{{0,2}}?(?={_ADDRESSES})")
_INTRODUCED = re.compile(
    rf"(?<=姓名是|名字是|名字叫|客户叫|用户叫|机主是|户主是)(?:{_TWO}|[{_ONE}])(?:(?![吗呢吧啊的是对])[\u4e00-\u9fff]){{1,2}}"
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
