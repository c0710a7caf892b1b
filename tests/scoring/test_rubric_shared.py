"""What an item shows of the conditions that all items share."""

import tomllib

import pytest

from qa_audit.messages import speaking
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_shared import shared_conditions, shared_text

RULES = Rubric.model_validate(
    tomllib.loads("""
id = "r"
version = "1.0.0"
name_zh = "标准"
name_en = "r"

[[items]]
id = "rule"
name_zh = "一"
name_en = "one"
source = "s"
weight = 1
applies_when = "要投诉"
check = { kind = "rule", pass_when = "道歉 or 念", conditions = [
  { name = "道歉", kind = "said", phrases = ["抱歉"], where = { after = "要投诉" } },
  { name = "念", kind = "echo", of = "报号" } ] }

[[items]]
id = "manual"
name_zh = "二"
name_en = "two"
source = "s"
weight = 1
not_applicable_when = "忙"
check = { kind = "manual" }

[[items]]
id = "alone"
name_zh = "三"
name_en = "three"
source = "s"
weight = 1
check = { kind = "manual" }

[[conditions]]
name = "报号"
kind = "said"
who = "customer"
entities = ["number"]

[[conditions]]
name = "没人用"
kind = "said"
phrases = ["喂"]

[[conditions]]
name = "要投诉"
kind = "combined"
is = "说投诉 or 忙"

[[conditions]]
name = "说投诉"
kind = "said"
who = "customer"
phrases = ["投诉", "举报"]

[[conditions]]
name = "忙"
kind = "measure"
of = "turns"
at_least = 40
""")
)


@pytest.mark.parametrize(
    ("item", "names"),
    [("rule", ["报号", "要投诉", "说投诉", "忙"]), ("manual", ["忙"]), ("alone", [])],
)
def test_conditions_that_an_item_names_or_that_these_name(item, names):
    assert [one.name for one in shared_conditions(RULES, item)] == names


def test_they_are_shown_in_full():
    with speaking("zh"):
        assert shared_text(RULES, "rule").split("\n") == [
            "用到的公共条件：",
            '  报号：kind = "said"; who = "customer"; entities = ["number"]',
            '  要投诉：kind = "combined"; is = "说投诉 or 忙"',
            '  说投诉：kind = "said"; who = "customer"; phrases = ["投诉", "举报"]',
            '  忙：kind = "measure"; of = "turns"; at_least = 40',
        ]
    with speaking("en"):
        assert shared_text(RULES, "manual").split("\n")[0] == "Shared conditions that it hangs on:"
    assert shared_text(RULES, "alone") == ""
