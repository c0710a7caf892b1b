"""Names of other forms than a usual surname and one or two characters, where a word says that one follows.

Names that are written by sound (阿依古丽, 扎西多吉, 安德烈), seldom surnames, and names in Latin letters.
What stands where a name could is told from words by its characters and by how seldom they make words.
"""

from __future__ import annotations

import re

from qa_audit.retention.person_names import rarity
from qa_audit.text.surnames import surname_pattern

_BY_SOUND = (
    "阿艾安奥敖巴白拜班邦宝保鲍贝本比彼毕边宾波伯勃博卜布才查察朝措楚川次达大戴丹旦道德登邓迪蒂丁顿东杜多朵俄恩尔法凡菲费芬"
    "丰冯佛弗夫福富伏盖甘冈刚高戈哥格葛根贡古顾桂果哈海汉豪赫亨宏洪胡华霍基吉加嘉佳伽贾江杰金津久卡凯坎康柯科可克肯孔库"
    "魁奎昆拉莱赖兰朗劳勒雷蕾里理丽利莉立力连廉列琳林玲留龙娄卢鲁路露伦罗洛吕律马玛迈麦曼毛梅门蒙孟米密敏明摩莫姆木"
    "穆纳娜乃奈南内尼妮年宁努诺欧帕潘庞佩彭皮平珀普齐其琪奇恰强羌乔切钦琴沁青琼曲热仁日荣茹瑞若撒萨塞赛桑瑟森沙莎山珊"
    "尚绍圣史士舒顺朔斯丝思松苏孙索琐塔台太泰坦汤唐陶特腾提甜铁廷汀通图吐托瓦娃万旺威维伟韦温文翁沃乌吾武夏西希"
    "仙向谢辛欣兴雄休雅亚延扬央耶叶伊依宜因英尤约云泽扎詹章珍卓兹孜宗佐姑"
)
"""Characters by which foreign names and those of Tibetans, Uyghurs, Kazakhs and Mongols are written."""
_SURNAME = surname_pattern(seldom="兰")
_WHOSE = "机主|户主|收件人|收货人|寄件人|联系人|投保人|被保险?人|持卡人|开户人|受益人|乘机人"
_KIN = "老公|老婆|爱人|对象|儿子|女儿|孩子|爸|妈|父亲|母亲|哥|姐|弟|妹|朋友|同事"
_SAYS_NAME = (
    f"(?:我叫|名叫|叫做|(?:(?:{_WHOSE})的?)?(?:姓名|名字|户名|[本全]名)(?:呢|就)?(?:是叫?|叫|为|写的?是?)?"
    f"|(?:{_WHOSE})(?:呢|就)?(?:是叫?|叫|为)?|本人是|(?:{_KIN})是?叫)"
)
_END = "(?=$|[^一-鿿A-Za-z·]|的|吧|啊|呀|呢|嘛|哈|您|我|你|他|她|电话|手机|先生|女士|小姐|那|这)"
_SAID = re.compile(rf"{_SAYS_NAME}[\s，,：:]{{0,2}}(?P<name>[一-鿿]{{2,8}}?){_END}")
_SAID_WEAKLY = re.compile(
    rf"(?:我是|是叫|请问是)(?P<name>[{_BY_SOUND}]{{3,8}}?)(?=$|[^一-鿿·]|先生|女士|小姐|吗|吧|啊)"
)
_LATIN_WORD = r"[A-Za-z][A-Za-z'’\-]+"
_LATIN = re.compile(
    rf"(?:{_SAYS_NAME}[\s，,：:]{{0,2}}(?P<name>{_LATIN_WORD}(?:[\s.]{_LATIN_WORD}){{0,3}})"
    rf"|(?:我是)\s?(?P<own>[A-Z][a-z]+(?:\s[A-Z][a-z]+){{0,3}})(?=$|[^一-鿿A-Za-z0-9]))(?![A-Za-z0-9])"
)
_LETTER = re.compile("[A-Za-z]")
_TITLES = ("先生", "女士", "小姐")
_TITLED = re.compile(rf"(?P<name>[{_BY_SOUND}]{{3,8}}?)(?:{'|'.join(_TITLES)})")
_SURNAMED = re.compile(
    r"(?:免贵姓|(?<=[我他她本都也还])姓|(?<![贵同老百尊是])姓)(?P<name>[^\W名啥氏吗咯噻里嘛吧呢啊呀么的不也是在有就都这那哪哈哦了好写改])(?<=[一-鿿])(?=$|[^一-鿿]|的|啊|吧|呀|呢|嘛|那)"
)
_NEVER_IN = re.compile(
    "[们的了吗呢什么谁怎这那哪没不别就都也还要跟给被把让去来到说过着得很就错姓您我你他她它人]"
)
_COMMON = 10.0
"""How seldom, as a natural logarithm, characters by which names are written by sound must be together."""
_SELDOM = 8.0
"""The same a character, where others are among them, which are fewer."""
_SELDOM_IN_PASSING = 6.0
"""The same a character, where hardly a word says that a name follows: 我是白金卡会员."""
_ASKED = re.compile("姓名|名字|(?:怎么|如何|怎样)称呼|称呼您|叫什么|贵姓|尊姓|姓什么|哪位|全名")
_LEAD = r"(?:[\s，,。]|[嗯呃啊哦噢对好诶哎]|免贵|是|叫|我叫|我是|姓)*+"
_ANSWER = re.compile(
    rf"{_LEAD}(?:(?P<name>[一-鿿]{{2,8}}?){_END}|(?P<latin>{_LATIN_WORD}(?:\s{_LATIN_WORD}){{0,3}})(?=$|[^A-Za-z0-9]))"
)
_ANSWER_SURNAME = re.compile(rf"{_LEAD}(?P<name>{_SURNAME})(?=$|[^一-鿿])")


def other_names(text: str) -> list[tuple[int, int]]:
    """Where such names are in a text: from, and up to but without.

    >>> text = "我叫扎西多吉，户主是阿依古丽，我叫你们经理来"
    >>> [text[start:end] for start, end in other_names(text)]
    ['扎西多吉', '阿依古丽']
    """
    found = [one.span("name") for one in _SURNAMED.finditer(text)] if "姓" in text else []
    if _LETTER.search(text):
        found += [one.span(one.lastgroup or 0) for one in _LATIN.finditer(text)]
    found += [one.span("name") for one in _SAID.finditer(text) if _like_name(one["name"])]
    titled = (_TITLED,) if any(title in text for title in _TITLES) else ()
    for form in (_SAID_WEAKLY, *titled):
        own = ((one.span("name"), one["name"]) for one in form.finditer(text))
        found += [span for span, name in own if _like_name(name) and rarity(name)[0] > _SELDOM_IN_PASSING]
    return found


def asks_name(text: str) -> bool:
    """Whether what is said next may be a name."""
    return _ASKED.search(text) is not None


def answered_name(text: str) -> tuple[int, int] | None:
    """The name that an answer begins with.

    >>> answered_name("嗯，其其格"), answered_name("免贵郝"), answered_name("等一下")
    ((2, 5), (2, 3), None)
    """
    if found := _ANSWER_SURNAME.match(text):
        return found.span("name")
    found = _ANSWER.match(text)
    if found is None or (found["name"] and not _like_name(found["name"])):
        return None
    return found.span(found.lastgroup or 0)


def _like_name(name: str) -> bool:
    if _NEVER_IN.search(name):
        return False
    seldom, word = rarity(name)
    by_sound = sum(1 for sign in name if sign in _SIGNS)
    if by_sound == len(name):
        return seldom * len(name) > _COMMON
    return not word and len(name) > 2 and 2 * by_sound > len(name) and seldom > _SELDOM


_SIGNS = frozenset(_BY_SOUND)
