"""Kinds of detail that a rule may ask for (`entities`): amounts, times, numbers, names with a title."""

from __future__ import annotations

from qa_audit.text.numbers import NUMERALS

_D = f"[{NUMERALS}]"
_NUMERALS = f"{NUMERALS}十百千万亿两"
_N = f"[{_NUMERALS}]"
_ABOUT = "几?[多来]?"
"""十几, 五百多, 十来."""
_SOME = "几[十百千万]+[多来]?"
_A_LITTLE = (
    f"(?<![{_NUMERALS}午上天晨号日])一点(?!钟|半|整|左右|之前|以前|前|{_N}{{1,3}}分)"
    f"|(?<=[天上号日])一点(?=[也都儿不没])"
)
_NO_HOUR = (
    f"{_D}(?!{_N}|[分刻点])|{_N}+(个?小时|个月|[倍折万亿元块米公千克升度])"
    "|要求|需要|要说|建议|说明|注意|原因|问题|内容|情况|提示|提醒|意见|好处|不同|理由"
)
"""What follows the point of a decimal, or points that are made (两点说明)."""
_OF_DAY = "|".join(f"(?<=[午上天晨号日]{_N * count}点)" for count in (1, 2, 3))
"""Behind 下午, 明天, 十号 it is an hour, whatever follows."""
_MONEY = "块钱?|元钱?|角|毛钱?|分钱|美元|美金|港币|港元|欧元|日元|人民币"
_LASTS = (
    "个?[半多]?(小时|钟头)|个[半多]?(月|工作日|自然日|星期|礼拜)|"
    "工作日|自然日|星期|礼拜|分钟|秒钟?|刻钟|天|周|年(?![级代])"
)
ENTITIES = {
    "number": f"{_D}{{4,}}",
    "mobile_number": f"(?<!{_D})(零?零?八六)?一[三四五六七八九]{_D}{{9}}(?!{_D})",
    "id_card": f"(?<!{_D}){_D}{{17}}[{NUMERALS}x](?!{_D})",
    # 一块 alone is mostly 一块儿, together.
    "money": f"(?!(?<!{_N})一块(?!钱|{_N}))({_N}+(点{_N}+)?{_ABOUT}|{_SOME})({_MONEY})",
    "percent": f"百分之{_N}+点?{_N}*",
    "date": f"({_N}{{2,4}}年)?{_N}{{1,3}}月{_N}{{1,3}}[号日]"
    "|(今|明|后|昨|前)天|(星期|周|礼拜)[一二三四五六日天]",
    # 一点 alone is mostly a little: 快一点, 一点都不.
    "time": f"(上午|下午|晚上|早上|中午)?(?<!百分之)(?<!百分之{_N})(?!{_A_LITTLE})"
    f"{_N}{{1,3}}(点({_OF_DAY}|(?!{_NO_HOUR}))|时(?=整|半(?![会刻晌])|{_N}{{1,3}}分))"
    f"(钟|半|整|[一三]刻|{_N}{{1,3}}分|([二三四五]?十{_D}?|{_D}{{2}})(?!点))?",
    "duration": f"(?<![第{_NUMERALS}])(?!{_D}{{4}}年)(半|俩|{_N}+(点{_N}+)?{_ABOUT}|{_SOME})({_LASTS})",
    "title": "[^你我他她请问位的]?(先生|女士|小姐)",
}
"""Kinds of detail as patterns over normalised text, where digits are numerals."""
