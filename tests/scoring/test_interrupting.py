"""Talking over the customer: twice by more than a second, with half a second on either side in doubt."""

from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import Interrupting
from qa_audit.scoring.conditions.interrupting import judge_interrupting
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import Evidence

OVER = ("C@0-5: 我昨天买的锅把手断了", "A@3-6: 请您说订单号", "C@10-15: 我还没有说完", "A@13-16: 您先说号码")


def judged(*lines, known=True, turns_changed=None, **changes):
    check = {
        "kind": "interrupting",
        "max_overlap_s": 1,
        "margin_s": 0.5,
        "times": 2,
        "backchannel_syllables": 2,
        **changes,
    }
    turns = [replace(turn, **(turns_changed or {})) for turn in example_turns(lines)]
    case = Case(CallText(turns, roles_known=known), CallFacts(), 0.4)
    return judge_interrupting(Interrupting.model_validate(check), case)


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def once(agent, customer="C@2-12: 我昨天买的锅把手断了", **changes):
    """The verdict on one turn of the agent's beside one of the customer's, where once is too often."""
    return verdict(customer, agent, times=1, **changes)


def test_two_long_overlaps_are_a_fault_with_both_turns():
    found = judged(*OVER)
    assert (found.verdict, found.share) == ("fail", 0.0)
    assert found.evidence == (
        Evidence(1, 3.0, 6.0, "请您说订单号", "measure"),
        Evidence(3, 13.0, 16.0, "您先说号码", "measure"),
    )


def test_one_of_them_is_not_often_enough():
    found = judged(*OVER[:3])
    assert (found.verdict, found.share, found.evidence) == ("pass", 1.0, ())
    assert verdict(*OVER, times=3) == "pass"
    assert verdict(*OVER[:3], times=1) == "fail"


@pytest.mark.parametrize(
    ("until_s", "wanted"),
    [(4.5, "pass"), (4.625, "uncertain"), (5.0, "uncertain"), (5.5, "uncertain"), (5.625, "fail")],
)
def test_an_overlap_counts_as_long_as_both_speak(until_s, wanted):
    assert once(f"A@4-{until_s}: 请您说订单号") == wanted
    assert once("A@4-20: 请您说订单号", f"C@2-{until_s}: 我昨天买的锅把手断了") == wanted


def test_one_long_overlap_and_one_in_doubt_cannot_be_told():
    found = judged(*OVER[:3], "A@14-16: 您先说号码")
    assert found.verdict == "uncertain"
    assert [(one.turn, one.quote, one.tier) for one in found.evidence] == [
        (1, "请您说订单号", "measure"),
        (3, "您先说号码", "measure"),
    ]


def test_one_in_doubt_beside_two_long_ones_is_not_shown():
    found = judged(*OVER, "C@20-25: 我的意思是", "A@24-26: 您先说号码")
    assert (found.verdict, [one.turn for one in found.evidence]) == ("fail", [1, 3])


@pytest.mark.parametrize(("text", "wanted"), [("好", "pass"), ("好的。", "pass"), ("好的好", "fail")])
def test_short_acknowledgements_do_not_interrupt(text, wanted):
    assert once(f"A@4-9: {text}") == wanted


def test_turns_that_do_not_overlap_are_not_in_doubt_however_wide_the_margin():
    second, third, last = "A@3-6: 请您说订单号", "C@10-13: 我还没有说完", "A@13-16: 您先说号码"
    after = ("C@0-3: 我昨天买的锅把手断了", second, third, last)
    assert verdict(*after, margin_s=1.5) == "pass"
    near = ("C@0-3.1: 我昨天买的锅把手断了", second, "C@10-13.1: 我还没有说完", last)
    assert verdict(*near, margin_s=1.5) == "uncertain"


def test_how_short_they_are_is_the_rubric_s():
    assert once("A@4-9: 好的好的", backchannel_syllables=4) == "pass"
    assert once("A@4-9: 好", backchannel_syllables=0) == "fail"


def test_who_begins_first_or_together_with_the_customer_does_not_interrupt():
    assert once("A@1-9: 请您说订单号") == "pass"
    assert once("A@2-9: 请您说订单号") == "pass"
    assert once("A@2.125-9: 请您说订单号") == "fail"


def test_who_begins_when_the_customer_is_done_does_not_interrupt():
    assert once("A@12-19: 请您说订单号") == "pass"
    assert once("A@30-39: 请您说订单号") == "pass"


def test_a_customer_who_goes_on_behind_a_short_turn_is_still_speaking():
    lines = ("C@0-20: 我昨天买的锅把手断了", "C@1-3: 喂", "A@5-9: 请您说订单号")
    assert verdict(*lines, times=1) == "fail"


def test_who_is_cut_in_upon_and_goes_on_after_a_breath_does_not_interrupt():
    first, second = "A@0-5: 请您先说号码我给您登记", "C@4-12: 我还没有说完"
    assert verdict(first, second, "A@5.3-9: 请您保持电话畅通", times=1) == "pass"
    # Once, not again and again.
    assert verdict(first, second, "A@5.3-7: 请您保持畅通", "A@7.4-9: 请您保持电话畅通", times=1) == "fail"
    assert verdict("A@0-5: 好的", second, "A@5.3-9: 请您保持电话畅通", times=1) == "fail"
    assert verdict(first, "C@4.8-12: 我还没有说完", "A@5.3-9: 请您保持电话畅通", times=1) == "fail"
    # Begun anew after a pause, or in what the customer had begun before, it is.
    assert verdict(first, second, "A@6-9: 请您保持电话畅通", times=1) == "fail"
    assert verdict("C@0-12: 我还没有说完", "A@3-5: 请您先说", "A@5.3-9: 请您保持电话畅通", times=1) == "fail"


def test_each_turn_is_measured_against_the_customer_s_turns_before_it():
    lines = ("C@0-2: 喂", "A@4-9: 请您说订单号", "C@8-20: 我昨天买的锅把手断了", "A@10-14: 您先说号码")
    found = judged(*lines, times=1)
    assert (found.verdict, [one.turn for one in found.evidence]) == ("fail", [3])


def test_turns_that_were_not_recognised_in_order_are_measured_all_the_same():
    found = judged(OVER[3], OVER[2], OVER[1], OVER[0])
    assert (found.verdict, [one.turn for one in found.evidence]) == ("fail", [0, 2])
    found = judged(OVER[2], OVER[3], "C@0-2: 喂", "A@4-9: 请您说订单号", times=1)
    assert (found.verdict, [one.turn for one in found.evidence]) == ("fail", [1])


def test_on_one_channel_overlaps_are_not_seen():
    for lines in (OVER, ("C@0-2: 喂", "A@4-9: 请您说订单号")):
        found = judged(*lines, turns_changed={"channel": 0})
        assert (found.verdict, found.evidence) == ("uncertain", ())


def test_without_sure_roles_it_does_not_apply():
    assert judged(*OVER, known=False) == NOT_APPLICABLE
    assert judged(*OVER, "?@20-22: 喂") == NOT_APPLICABLE


@pytest.mark.parametrize(
    "lines", [(), ("A@0-5: 您好",), ("C@0-5: 喂",), ("S@0-9: 正在转接", "A@3-7: 请您说订单号")]
)
def test_it_takes_two_to_interrupt(lines):
    assert judged(*lines, times=1) == NOT_APPLICABLE


def test_an_announcement_may_be_talked_over():
    assert once("A@30-39: 请您说订单号", "S@25-50: 正在转接") == "not_applicable"
    assert verdict("C@0-2: 喂", "S@3-20: 正在转接", "A@5-9: 请您说订单号", times=1) == "pass"


def test_how_well_the_words_were_heard_does_not_matter():
    assert verdict(*OVER, turns_changed={"confidence": 0.0}) == "fail"


def test_what_the_rubric_does_not_set_is_usual():
    check = Interrupting(kind="interrupting")
    found = [
        judge_interrupting(check, Case(CallText(example_turns(lines)), CallFacts(), 0.4)).verdict
        for lines in (
            (*OVER[:2], "C@10-15: 我还没有说完", f"A@{start_s}-16: 您先说号码")
            for start_s in (14.6, 14.4, 14.0, 13.8)
        )
    ]
    assert found == ["pass", "uncertain", "uncertain", "fail"]
