"""Which of two rubrics people agree with, on calls that they heard."""

import polars as pl
import pytest

from qa_audit.estimation.rule_quality import JUDGED
from qa_audit.messages import speaking
from qa_audit.scoring.rubric_diff import RubricDiff, Turned
from qa_audit.shown.rubric_compared import compared, compared_lines

ITEM = "hold"
NAMES = {ITEM: ("等待", "Hold")}


def judged(*persons, item=ITEM):
    """Drawn calls c0, c1 … of which each had the same chance, and what people said of the item."""
    rows = [(f"c{place}", item, "pass", one, 0.5, "first") for place, one in enumerate(persons)]
    return pl.DataFrame(rows, JUDGED, orient="row")


def differing(*pairs, item=ITEM):
    """What two rubrics say of the item on calls c0, c1 …"""
    by_call = {(f"c{place}", item): pair for place, pair in enumerate(pairs)}
    turned = tuple(Turned(call, one, *pair) for (call, one), pair in by_call.items() if pair[0] != pair[1])
    return RubricDiff((), turned, len(pairs), 0, NAMES if turned else {}, by_call)


PERSONS = ("fail", "fail", "pass", "pass", "uncertain")
PAIRS = (("fail", "fail"), ("pass", "fail"), ("fail", "pass"), ("pass", "fail"), ("pass", "fail"))


def test_what_turned_right_and_wrong_is_counted_and_both_have_their_figures():
    [one] = compared(differing(*PAIRS), judged(*PERSONS))
    assert (one.item, one.heard, one.better, one.worse) == (ITEM, 5, 2, 1)
    assert [(row["flags"], row["wrong"], row["faults"], row["missed"]) for row in (one.old, one.new)] == [
        (2, 1, 2, 1),
        (3, 1, 2, 0),
    ]


@pytest.mark.parametrize(
    ("pair", "person", "counted"),
    [
        (("uncertain", "fail"), "fail", (1, 0)),
        (("fail", "uncertain"), "fail", (0, 1)),
        (("fail", "not_applicable"), "pass", (1, 0)),
        (("uncertain", "fail"), "pass", (0, 0)),
        (("pass", "not_applicable"), "pass", (0, 0)),
        ((None, "fail"), "fail", (1, 0)),
    ],
)
def test_what_is_left_to_people_is_neither_right_nor_wrong(pair, person, counted):
    [one] = compared(differing(pair), judged(person))
    assert (one.better, one.worse) == counted


def test_items_that_turn_on_no_heard_call_are_not_compared():
    same = differing(("fail", "fail"), ("pass", "pass"))
    assert compared(same, judged("fail", "pass")) == []
    assert compared_lines(same, judged("fail", "pass")) == []
    unheard = differing(("pass", "fail"))
    assert compared(unheard, judged()) == []
    with speaking("zh"):
        assert compared_lines(unheard, judged()) == [
            "结论会变的项目，没有抽听过的通话可比：哪一份更准，还说不出。"
        ]


def test_the_lines_tell_both_figures_with_intervals_and_how_many_more_to_hear():
    with speaking("zh"):
        told = compared_lines(differing(*PAIRS), judged(*PERSONS))
    assert told == [
        "与人评相比（抽听过的通话，括号里是 95 % 区间）：",
        "  hold 等待：听过 5 通，新标准改对 2、改错 1",
        "    准确率 50%（1% – 99%） → 67%（9% – 99%）",
        "    查全率 50%（1% – 99%） → 100%（16% – 100%）",
        "    离“自动”还要听 先改规则 → 先改规则",
    ]


def test_heard_calls_without_a_transcript_are_told():
    found = differing(*PAIRS)
    with speaking("zh"):
        told = compared_lines(found, judged(*PERSONS, "fail", "pass"))
    assert told[-1] == "2 通抽听过的没有转写，没有计入。"
