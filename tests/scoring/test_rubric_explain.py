import tomllib

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_explain import explain
from qa_audit.scoring.rubric_test import typed_call

RULES = Rubric.model_validate(
    tomllib.loads(
        """
id = "mine"
version = "1.0.0"
name_zh = "我"
name_en = "m"
[[conditions]]
name = "要投诉"
kind = "said"
who = "customer"
phrases = ["投诉"]
[[items]]
id = "sorry"
name_zh = "致歉"
name_en = "sorry"
source = "s"
weight = 5
applies_when = "要投诉"
[items.check]
kind = "rule"
pass_when = "及时 and not 顶撞"
[[items.check.conditions]]
name = "及时"
kind = "combined"
is = "致歉"
[[items.check.conditions]]
name = "致歉"
kind = "said"
phrases = ["非常抱歉"]
where = { after = "要投诉" }
[[items.check.conditions]]
name = "顶撞"
kind = "said"
phrases = ["爱投诉就投诉"]
[[items]]
id = "ring"
name_zh = "振铃"
name_en = "ring"
source = "s"
weight = 5
[items.check]
kind = "rule"
pass_when = "快"
[[items.check.conditions]]
name = "快"
kind = "measure"
of = "ring_s"
at_most = 15
"""
    )
)


def explained(item, text, facts=None, rules=RULES):
    return explain(item, typed_call(text), facts or CallFacts(), rules)


def test_each_condition_says_how_sure_it_is_and_where():
    told = explained("sorry", "C: 我要投诉 / A: 爱投诉就投诉")
    assert told.finding.verdict == "fail"
    beliefs = {part.name: (part.belief, [piece.quote for piece in part.evidence]) for part in told.parts}
    assert beliefs == {
        "要投诉": ("yes", ["投诉"]),
        "及时": ("no", []),
        "致歉": ("no", []),
        "顶撞": ("yes", ["爱投诉就投诉"]),
    }
    text = str(told)
    assert "pass_when = 及时 and not 顶撞 → 确定不成立" in text
    assert "爱投诉就投诉  [原词]" in text


def test_what_is_not_sure_says_so():
    told = explained("sorry", "C: 我要投诉 / A: 爱头诉就投诉 / A: 非常抱歉")
    assert told.finding.verdict == "uncertain"
    assert {part.name: part.belief for part in told.parts}["顶撞"] == "likely"
    assert "机器不扣分" in str(told)


def test_an_item_that_does_not_apply_says_why():
    told = explained("sorry", "C: 查话费 / A: 好的")
    assert told.finding.verdict == "not_applicable"
    assert [part.name for part in told.parts] == ["要投诉"]
    assert "适用条件不成立" in str(told)


def test_what_is_not_known_is_not_inferred():
    assert "不推断" in str(explained("ring", "A: 您好"))
    told = explained("ring", "A: 您好", CallFacts(ring_s=20))
    assert (told.finding.verdict, told.parts[0].evidence[0].quote) == ("fail", "ring_s = 20")
    assert told.as_json()["conditions"][0]["belief"] == "no"


def test_what_is_not_known_of_where_an_item_applies_counts_as_not_so_and_is_told():
    hung_up = {"kind": "fact", "name": "客户先挂", "fact": "hangup_by", "is": "customer"}
    table = RULES.model_dump(by_alias=True, exclude_unset=True)
    table["conditions"] = [*table["conditions"], hung_up]
    table["items"][0]["not_applicable_when"] = "客户先挂"
    rules = Rubric.model_validate(table)
    told = explained("sorry", "C: 我要投诉 / A: 好的", rules=rules)
    assert told.finding.verdict == "fail"
    assert told.reasons[1:3] == (
        "not_applicable_when = 客户先挂 → 确定不成立",
        "没有“客户先挂”的数据，在适用条件里按“不是”算。",
    )
    known = explained("sorry", "C: 我要投诉 / A: 好的", CallFacts(hangup_by="agent"), rules)
    assert not any("按“不是”算" in reason for reason in known.reasons)


def test_a_bonus_that_was_not_earned_is_not_called_unknown():
    text = """
id = "mine"
version = "1.0.0"
name_zh = "我"
name_en = "m"
[[items]]
id = "fast"
name_zh = "快"
name_en = "fast"
source = "s"
weight = 5
bonus = true
[items.check]
kind = "rule"
pass_when = "主动 and 快"
[[items.check.conditions]]
name = "主动"
kind = "said"
phrases = ["我帮您一起办"]
[[items.check.conditions]]
name = "快"
kind = "measure"
of = "ring_s"
at_most = 15
"""
    rules = Rubric.model_validate(tomllib.loads(text))
    known = explained("fast", "A: 您好请讲 / C: 好", CallFacts(ring_s=5.0), rules)
    assert known.finding.verdict == "not_applicable"
    assert known.reasons[-1].startswith("加分项没有做到")
    assert not any("缺少所需的数据" in one for one in known.reasons)
    unknown = explained("fast", "A: 您好请讲 / C: 好", None, rules)
    assert any("缺少所需的数据" in one for one in unknown.reasons)


def test_an_ordinary_item_shows_the_wordings_that_were_heard():
    told = explained("closing", "A: 感谢您的来电 / C: 好", rules=load_rubric())
    assert told.finding.verdict == "fail"
    assert "感谢您的来电 · said" in [part.name for part in told.parts]
    assert told.parts[-1].evidence[0].quote == "再见"


def test_a_situation_that_replaces_the_item_is_named():
    told = explained(
        "title", "A: 您好 / C: 喂 / A: 对不起您打错了，这里是物业，请您查证后再拨，再见", rules=load_rubric()
    )
    assert told.finding.verdict == "not_applicable"
    assert "由该情景的话术代替" in str(told)


def test_an_unknown_item_is_refused():
    with pytest.raises(QaError) as caught:
        explained("sory", "A: 您好")
    assert caught.value.values["allowed"] == "sorry, ring"


def test_a_call_without_words_is_refused():
    with pytest.raises(QaError):
        typed_call("  \n ")
