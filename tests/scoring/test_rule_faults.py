"""Points off for each place of a fault that is sure, and what a fault shows."""

import tomllib

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import score_call
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.transcribe.turns import Transcript

HEAD = (
    'id = "mine"\nversion = "1.0.0"\nname_zh = "我的"\nname_en = "mine"\n[[items]]\nid = "one"\n'
    'name_zh = "一"\nname_en = "one"\nsource = "s"\nweight = 10\noff_per_hit = 2\n'
    '[items.check]\nkind = "rule"\n'
)
NOT_OURS = 'name = "甲", kind = "said", phrases = ["不归我们管"]'
THANKS = 'name = "谢", kind = "said", who = "customer", phrases = ["谢谢"]'
SORRY = 'name = "歉", kind = "said", phrases = ["抱歉"]'
AFTER_EACH = 'where = { after = "谢", hit = "each", within_turns = 1 }'
ANSWERED = f'name = "甲", kind = "said", phrases = ["不客气"], {AFTER_EACH}'
EVERY = 'name = "甲", kind = "said", phrases = ["您"], every_turn = true'
KEPT = ("C: 谢谢。", "A: 不客气。")
BROKEN = ("C: 谢谢。", "A: 好的，我知道了。")
BLAME = ("A: 这个不归我们管。", "C: 啊")
MADE_GOOD = ("A: 这个不归我们管，抱歉。", "C: 啊")
SORRY_EACH = f'{SORRY}, where = {{ after = "甲", hit = "each", within_turns = 0 }}'


def finding(decides, conditions, *lines):
    listed = ", ".join(f"{{ {one} }}" for one in conditions)
    rules = Rubric.model_validate(tomllib.loads(f"{HEAD}{decides}\nconditions = [{listed}]\n"))
    turns = example_turns(lines)
    call = Transcript("0" * 64, turns[-1].end_s, 2, "e", "m", "p", turns)
    return score_call(call, CallFacts(), rules).items[0]


@pytest.mark.parametrize(
    ("lines", "points", "shown"),
    [
        (BROKEN * 3, 4, [1, 3, 5]),
        ((*KEPT * 4, *BROKEN), 8, [9]),
        (("C: 谢谢。", "C: 谢谢啊。", "A: 好的，我知道了。"), 8, [2]),
    ],
)
def test_each_place_without_what_must_follow_costs_and_is_shown(lines, points, shown):
    found = finding('pass_when = "甲"', [ANSWERED, THANKS], *lines)
    assert (found.verdict, found.points) == ("fail", points)
    assert [(one.turn, one.quote, one.tier) for one in found.evidence] == [
        (turn, "不客气", "absence") for turn in shown
    ]


def test_each_turn_without_what_every_turn_must_have_costs_and_is_shown():
    found = finding('pass_when = "甲"', [EVERY], "A: 您好。", "C: 喂", "A: 什么事", "C: 啊", "A: 说吧")
    assert (found.verdict, found.points) == ("fail", 6)
    assert [(one.turn, one.tier) for one in found.evidence] == [(2, "absence"), (4, "absence")]


@pytest.mark.parametrize(
    ("decides", "conditions", "lines", "points"),
    [
        ('fail_when = "甲"', [NOT_OURS], BLAME, 8),
        ('fail_when = "甲"', [NOT_OURS], BLAME * 3, 4),
        ('fail_when = "甲"', [NOT_OURS], (*BLAME, "A: 不规我们管", "C: 啊", "A: 不龟我们管"), 8),
        ('pass_when = "not 甲"', [NOT_OURS], BLAME * 3, 4),
        ('fail_when = "甲 and 谢"', [NOT_OURS, THANKS], (*BLAME, "C: 谢谢", "A: 好", "C: 谢谢"), 8),
        ('fail_when = "甲 and 谢"', [NOT_OURS, THANKS], (*BLAME * 3, "C: 谢谢"), 4),
        ('fail_when = "甲 and not 歉"', [NOT_OURS, SORRY], BLAME * 2, 6),
        ('fail_when = "甲 and not 歉"', [NOT_OURS, SORRY_EACH], (*MADE_GOOD * 3, *BLAME), 8),
        ('pass_when = "not 甲 or 歉"', [NOT_OURS, SORRY_EACH], (*MADE_GOOD, *BLAME * 2), 6),
        (
            'fail_when = "甲 and not 己"',
            [NOT_OURS, ANSWERED.replace("甲", "己"), THANKS],
            (*BLAME * 2, *BROKEN),
            6,
        ),
        ('fail_when = "甲 or 歉"', [NOT_OURS, SORRY], (*BLAME * 2, "A: 抱歉"), 4),
        ('pass_when = "甲 and 歉"', [NOT_OURS, SORRY], ("A: 好",), 6),
        ('pass_when = "甲 or 歉"', [NOT_OURS, SORRY], ("A: 好",), 8),
        ('pass_when = "乙"', [NOT_OURS, 'name = "乙", kind = "combined", is = "not 甲"'], BLAME * 3, 4),
        ('pass_when = "甲"', [NOT_OURS + ', need = "none"'], BLAME * 3, 4),
        ('pass_when = "甲"', [NOT_OURS + ", times = { at_most = 1 }"], BLAME * 3, 4),
        ('pass_when = "甲"', [NOT_OURS + ", times = { at_least = 4 }"], BLAME * 3, 8),
        (
            'fail_when = "静"',
            ['name = "静", kind = "pause", longer_than_s = 10'],
            ("A: 稍等。", "... 20", "A: 好", "... 9.9", "A: 好"),
            8,
        ),
    ],
)
def test_only_sure_places_of_the_fault_cost(decides, conditions, lines, points):
    found = finding(decides, conditions, *lines)
    assert (found.verdict, found.points) == ("fail", points)
