"""A rubric for people to read: rows of items and sections, and one item in full."""

import tomllib

import pytest

from qa_audit.messages import QaError, speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_table import (
    check_of,
    item_rows,
    item_text,
    scoring_of,
    section_rows,
    wordings_of,
)

RULES = Rubric.model_validate(
    tomllib.loads("""
id = "mine"
version = "1.0.0"
name_zh = "我的"
name_en = "mine"
sections = [{ name = "服务", max_loss = 7.5 }, { name = "技能" }]
[[items]]
id = "sorry"
name_zh = "致歉"
name_en = "Sorry"
source = "规范三"
section = "服务"
weight = 5.0
critical = true
off_per_hit = 2.5
applies_when = "要投诉"
not_applicable_when = "not 致歉"
check = { kind = "rule", pass_when = "致歉", conditions = [
  { name = "要投诉", kind = "said", who = "customer", phrases = ["投诉"] },
  { name = "致歉", kind = "said", phrases = ["抱歉", "对不起"], where = { after = "要投诉", within_s = 2 } },
  { name = "慢", kind = "said", phrases = [{ text = "稍等", tolerance = "exact" }, "等等"] },
  { name = "合", kind = "combined", is = "慢" } ] }
examples = [{ is = "fault", turns = ["C: 我要投诉", "A: 好的"] }, { is = "complies", turns = ["A: 抱歉"] }]
[[items]]
id = "tone"
name_zh = "语气"
name_en = "Tone"
source = "规范四"
section = "服务"
weight = 2.25
check = { kind = "manual" }
[[items]]
id = "extra"
name_zh = "关怀"
name_en = "Care"
source = "规范五"
section = "服务"
weight = 3
bonus = true
check = { kind = "rule", fail_when = "慢", conditions = [{ name = "慢", kind = "said", phrases = ["等等"] }] }
[[items]]
id = "closing"
name_zh = "结束语"
name_en = "Closing"
source = "规范六"
weight = 8
check = { kind = "parts", parts = [
  { name = "再见", said = { phrases = ["再见"], misheard = ["在建"], unless = ["再见面"] } },
  { name = "祝", said = { patterns = ["祝您.{2}"] } } ] }
""")
)
ITEMS = {one.id: one for one in RULES.items}


def test_a_row_an_item_with_points_without_needless_decimals():
    with speaking("en"):
        rows = item_rows(RULES)
    assert [row[:4] for row in rows] == [
        ("服务", "sorry", "Sorry", "5"),
        ("服务", "tone", "Tone", "2.25"),
        ("服务", "extra", "Care", "3"),
        ("", "closing", "Closing", "8"),
    ]
    assert [row[6] for row in rows] == ["规范三", "规范四", "规范五", "规范六"]


def test_names_are_those_of_the_language():
    with speaking("zh"):
        assert [row[2] for row in item_rows(RULES)] == ["致歉", "语气", "关怀", "结束语"]


def test_points_of_a_section_are_those_of_its_items_bonus_apart():
    assert section_rows(RULES) == [("服务", "7.25", "7.5"), ("技能", "0", "")]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("sorry", "points off, 2.5 off each time, critical"),
        ("tone", "points off"),
        ("extra", "points gained"),
    ],
)
def test_how_an_item_scores(item, told):
    with speaking("en"):
        assert scoring_of(ITEMS[item]) == told


@pytest.mark.parametrize(
    ("item", "told"),
    [("sorry", "pass_when 致歉"), ("extra", "fail_when 慢"), ("tone", "by people"), ("closing", "parts")],
)
def test_what_is_checked(item, told):
    with speaking("en"):
        assert check_of(ITEMS[item]) == told


def test_a_rule_in_full_with_its_conditions_as_they_are_written():
    with speaking("en"):
        text = item_text(RULES, "sorry")
    assert text.split("\n") == [
        "item: Sorry (sorry)",
        "section: 服务",
        "points: 5　points off, 2.5 off each time, critical",
        "source: 规范三",
        "applies_when: 要投诉",
        "not_applicable_when: not 致歉",
        "check: pass_when 致歉",
        '  要投诉: kind = "said"; who = "customer"; phrases = ["投诉"]',
        '  致歉: where = { after = "要投诉", within_s = 2 }; kind = "said"; phrases = ["抱歉", "对不起"]',
        '  慢: kind = "said"; phrases = [{ text = "稍等", tolerance = "exact" }, "等等"]',
        '  合: kind = "combined"; is = "慢"',
        "  example 1 (fault): C: 我要投诉 / A: 好的",
        "  example 2 (complies): A: 抱歉",
    ]


def test_what_an_item_lacks_takes_no_line():
    with speaking("zh"):
        assert item_text(RULES, "tone").split("\n") == [
            "项目：语气 (tone)",
            "部分：服务",
            "分值：2.25　扣分",
            "依据：规范四",
            "检查：人工评",
        ]


def test_an_ordinary_check_in_full_with_every_list_of_wordings():
    with speaking("zh"):
        assert item_text(RULES, "closing").split("\n")[-4:] == [
            "  check.parts.0.said.phrases 再见：再见",
            "  check.parts.0.said.misheard 再见：在建",
            "  check.parts.0.said.unless 再见：再见面",
            "  check.parts.1.said.patterns 祝：祝您.{2}",
        ]


def test_an_item_that_the_rubric_lacks_is_refused_with_those_that_it_has():
    with pytest.raises(QaError) as caught:
        item_text(RULES, "sory")
    assert caught.value.code == "scoring.no_item"
    assert caught.value.values == {"item": "sory", "allowed": "sorry, tone, extra, closing"}


def test_wordings_of_a_rule_come_by_place_condition_and_text():
    assert list(wordings_of(ITEMS["sorry"])) == [
        ("check.conditions.0.phrases", "要投诉", ("投诉",)),
        ("check.conditions.1.phrases", "致歉", ("抱歉", "对不起")),
        ("check.conditions.2.phrases", "慢", ("稍等", "等等")),
    ]


def test_an_item_without_words_has_no_wordings():
    assert list(wordings_of(ITEMS["tone"])) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_item_of_the_built_in_rubric_can_be_shown(language):
    rubric = load_rubric()
    with speaking(language):
        shown = [item_text(rubric, item.id) for item in rubric.items]
    assert all(shown)
    assert any("check.to.phrases" in one for one in shown)
