"""Blanks in wordings: what stands for them, what is left at an end, and what is no blank."""

import pytest

from qa_audit.scoring.blanks import Reading, read_blanks, without_remarks


@pytest.mark.parametrize(
    ("wording", "pattern"),
    [
        ("您好，我是XX号客服代表", "您好我是.{1,12}号客服代表"),
        ("您好，我是xxx，请讲", "您好我是.{1,12}请讲"),
        ("我是Ｘ号客服", "我是.{1,12}号客服"),
        ("每月×××元", "每月.{1,12}元"),
        ("每月×元", "每月.{1,12}元"),
        ("您好，我是___，请讲", "您好我是.{1,12}请讲"),
        ("您好，****号为您服务", "您好.{1,12}号为您服务"),
        ("我是○○○，请讲", "我是.{1,12}请讲"),
        ("您好，我是某某，请讲", "您好我是.{1,12}请讲"),
        ("欢迎致电某公司客服", "欢迎致电.{1,12}公司客服"),
        ("尊敬的（客户姓名）您好", "尊敬的.{1,12}您好"),
        ("尊敬的【客户姓名】您好", "尊敬的.{1,12}您好"),
        ("您好<工号>为您服务", "您好.{1,12}为您服务"),
        ("您好，（报工号），很高兴为您服务", "您好.{1,12}很高兴为您服务"),
        ("您好，【…】公司", "您好.{1,12}公司"),
        ("您好（先生/女士）请讲", "您好.{1,12}请讲"),
        ("我是（XX公司）的客服", "我是.{1,12}的客服"),
        ("我是（姓名），（工号），请讲", "我是.{1,24}请讲"),
        ("我姓（姓氏），工号（工号），请讲", "我姓.{1,12}工号.{1,12}请讲"),
        ("感谢您的来电……再见", "感谢您的来电.{0,12}再见"),
        ("每月XX元，3.5元起，优惠5%", r"每月.{1,12}元3\.5元起优惠5%"),
        ("您好啊，XX啊，请讲", "您好.{1,12}请讲"),
        ("a+b，XX，好", "ab.{1,12}好"),
    ],
)
def test_a_blank_inside_becomes_a_gap_of_a_few_characters(wording, pattern):
    assert read_blanks(wording, banned=False) == Reading(pattern, pattern=True, code="gap")


@pytest.mark.parametrize(
    ("wording", "left"),
    [
        ("您好，我是（姓名）", "您好，我是"),
        ("您好，云翼航空，工号XXXX", "您好，云翼航空，工号"),
        ("__先生", "先生"),
        ("X先生，您好", "先生，您好"),
        ("请稍等（微笑）", "请稍等"),
        ("请稍等（停顿），马上好", "请稍等，马上好"),
        ("好的（核对地址），马上办", "好的，马上办"),
        ("【开头语】您好", "您好"),
    ],
)
def test_a_blank_at_an_end_and_remarks_are_left_out(wording, left):
    assert read_blanks(wording, banned=False) == Reading(left, pattern=False, code="left_out")


@pytest.mark.parametrize(
    "wording",
    [
        *(
            "您好，请讲",
            "在（24小时）内",
            "7×24小时",
            "3×4",
            "按*键",
            "X光片",
            "二〇〇八年",
            "VIP客户",
            "XXL码",
        ),
        *("套餐（一）", "某些业务", "10.5元", "“您好”"),
    ],
)
def test_what_is_no_blank_stays_as_it_is_written(wording):
    assert read_blanks(wording, banned=False) == Reading(wording, pattern=False, code="")


def test_dots_at_an_end_are_signs_like_others():
    assert read_blanks("请稍等……", banned=False) == Reading("请稍等", pattern=False, code="")


def test_words_that_stand_in_brackets_altogether_are_said_unless_they_tell_how():
    assert read_blanks("（您好，请讲）", banned=False) == Reading("您好，请讲", pattern=False, code="")
    assert read_blanks("（微笑）", banned=False) == Reading("", pattern=False, code="too_short")


@pytest.mark.parametrize(
    ("wording", "banned", "read"),
    [
        ("XX", False, ""),
        ("（姓名）好", False, ""),
        ("找XX去", False, "找.{1,12}去"),
        ("找XX去", True, ""),
        ("你他妈XX", True, "你他妈"),
        ("滚（出去）", True, ""),
        ("滚（出去）", False, "滚"),
    ],
)
def test_too_little_beside_a_blank_is_not_looked_for_least_of_all_as_a_fault(wording, banned, read):
    assert read_blanks(wording, banned=banned).text == read


def test_remarks_are_told_from_blanks_and_from_parts_of_the_sentence():
    told = "“请稍等”（微笑）（停顿）“（姓名）”（3天）"
    assert without_remarks(told) == "“请稍等”“（姓名）”（3天）"
