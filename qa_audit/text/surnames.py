"""Surnames, and the pattern of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙段郝孔邵史毛常万顾赖武康贺严钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章"
    "鲁倪庞邢俞翟蓝聂齐向申葛柴伍覃骆关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲靳祁路涂甘裴梅童翁霍游阮尤岳柯牟滕谷舒卜成饶"
    "宁凌盛查单冉鲍华包屈房喻解蒲卫简时连车项闵穆戴司卓古吉缪麦褚娄窦戚岑景党宫费冷晏席米柏宗瞿桂全佟应臧苟邬边卞姬师和"
    "仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池麻苑迟邝艾阳农蒙"
)
"""The usual ones first."""
COMPOUND_SURNAMES = (
    *("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "令狐", "端木"),
    *("南宫", "独孤", "长孙", "宇文", "纳兰", "完颜", "赫连", "呼延", "澹台", "轩辕", "濮阳", "淳于", "申屠"),
    *("钟离", "鲜于", "闾丘", "司空", "拓跋", "万俟", "闻人", "公冶", "宗政", "太叔", "仲孙", "颛孙", "漆雕"),
    *("羊舌", "梁丘", "佟佳", "富察"),
)


def surname_pattern(seldom: str = "", compound: Iterable[str] = ()) -> str:
    """A pattern of one surname, with `seldom` and `compound` ones besides; compound ones are tried first.

    >>> import re
    >>> re.match(surname_pattern(), "欧阳女士")[0], re.match(surname_pattern("兰"), "兰女士")[0]
    ('欧阳', '兰')
    """
    return f"(?:{'|'.join((*COMPOUND_SURNAMES, *compound))}|[{SURNAMES}{seldom}])"
