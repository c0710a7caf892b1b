"""Silences: 15 seconds at most, 60 after a hold phrase, half a second on either side in doubt."""

from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import DeadAir
from qa_audit.scoring.conditions.dead_air import judge_dead_air, silences
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import Evidence


def call_of(*lines, known=True, **changes):
    return CallText([replace(turn, **changes) for turn in example_turns(lines)], roles_known=known)


def found_in(*lines, min_s=5.0, **known):
    return [tuple(one) for one in silences(call_of(*lines, **known), min_s)]


def judged(*lines, check=None, **known):
    plain = {"kind": "dead_air", "hold": {"phrases": ["请稍等"]}}
    case = Case(call_of(*lines, **known), CallFacts(), 0.4)
    return judge_dead_air(DeadAir.model_validate({**plain, **(check or {})}), case)


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def test_a_silence_lies_between_the_end_of_one_turn_and_the_begin_of_the_next():
    call = call_of("A@0-4: 您好", "C@4.5-6: 你好", "A@13-14: 查到了")
    assert [(*one, one.duration_s) for one in silences(call, 5.0)] == [(1, 2, 6.0, 13.0, 7.0)]


@pytest.mark.parametrize(("start_s", "wanted"), [(8.875, []), (9.0, [(0, 1, 4.0, 9.0)])])
def test_a_silence_as_long_as_the_least_counts(start_s, wanted):
    assert found_in("A@0-4: 您好", f"C@{start_s}-10: 你好") == wanted


def test_all_silences_are_found_whoever_speaks():
    lines = ("A@0-4: 您好", "A@10-11: 喂", "C@17-18: 你好", "C@30-31: 喂", "?@40-41: 喂")
    wanted = [(0, 1, 4.0, 10.0), (1, 2, 11.0, 17.0), (2, 3, 18.0, 30.0), (3, 4, 31.0, 40.0)]
    assert found_in(*lines) == found_in(*lines, known=False) == wanted


def test_before_the_first_turn_and_after_the_last_there_is_no_silence():
    assert found_in() == []
    assert found_in("A@30-31: 您好") == []
    assert found_in("S@0-5: 请您评价", "A@30-31: 您好") == []
    assert found_in("A@0-5: 您好", "S@60-65: 请您评价") == []


def test_while_one_still_speaks_behind_a_shorter_turn_nobody_is_silent():
    lines = ("A@0-20: 我跟您说", "C@2-3: 嗯", "A@21-22: 喂")
    assert found_in(*lines) == []
    assert found_in(*lines[:2], "A@26-27: 喂") == [(0, 2, 20.0, 26.0)]


def test_who_only_hums_is_not_silent():
    assert found_in("A@0-4: 您好", "C@7-8: 嗯", "A@11-12: 喂") == []


def test_of_two_turns_that_end_together_the_later_one_goes_before_the_silence():
    assert found_in("A@0-4: 您好", "C@2-4: 你好", "A@10-11: 喂") == [(1, 2, 4.0, 10.0)]


def test_an_announcement_begins_a_silence_of_its_own():
    lines = ("A@0-4: 您好", "S@6-20: 正在转接")
    assert found_in(*lines, "C@24-25: 喂") == []
    assert found_in(*lines, "C@27-28: 喂") == [(0, 2, 20.0, 27.0)]
    assert found_in(*lines, "C@27-28: 喂", known=False) == [(0, 2, 20.0, 27.0)]


def test_an_announcement_ends_a_silence_that_counts_once_somebody_speaks_again():
    lines = ("A@0-4: 您好", "S@50-52: 正在转接", "S@60-61: 请您评价")
    assert found_in(*lines) == []
    assert found_in(*lines, "C@62-63: 喂") == [(0, 3, 4.0, 50.0), (0, 3, 52.0, 60.0)]
    assert verdict("A@0-4: 您好", "S@50-52: 正在转接", "C@53-54: 喂") == "fail"


def test_an_announcement_during_a_turn_ends_nothing():
    assert found_in("A@0-20: 我跟您说", "S@2-3: 滴", "C@26-27: 喂") == [(0, 2, 20.0, 26.0)]


@pytest.mark.parametrize(
    ("start_s", "wanted"),
    [(6, "pass"), (18.5, "pass"), (18.625, "uncertain"), (19.5, "uncertain"), (19.625, "fail"), (90, "fail")],
)
def test_a_silence_beyond_the_limit_is_a_fault_and_one_near_it_cannot_be_told(start_s, wanted):
    assert verdict("A@0-4: 您好", f"C@{start_s}-99: 喂") == wanted


@pytest.mark.parametrize(
    ("start_s", "wanted"),
    [(34, "pass"), (63.5, "pass"), (63.625, "uncertain"), (64.5, "uncertain"), (64.625, "fail")],
)
def test_after_a_hold_phrase_the_longer_limit_holds(start_s, wanted):
    assert verdict("A@0-4: 请稍等", f"C@{start_s}-99: 喂") == wanted


def test_the_limits_are_those_of_the_rubric():
    check = {"max_s": 4, "max_on_hold_s": 8, "margin_s": 0}
    assert verdict("A@0-4: 您好", "C@8-9: 喂", check=check) == "pass"
    assert verdict("A@0-4: 您好", "C@8.125-9: 喂", check=check) == "fail"
    assert verdict("A@0-4: 请稍等", "C@12-13: 喂", check=check) == "pass"
    assert verdict("A@0-4: 请稍等", "C@12.125-13: 喂", check=check) == "fail"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (("A@0-1: 请稍等", "A@2-3: 我看看"), "pass"),
        (("A@0-1: 请稍等", "C@2-3: 好的"), "pass"),
        (("A@0-1: 请稍等", "C@2-3: 好的", "A@3-4: 嗯"), "pass"),
        (("A@0-1: 请稍等", "C@2-3: 好的", "A@3-4: 余额五十元"), "fail"),
        (("A@0-1: 请稍等", "C@1-2: 好的", "A@2-3: 我看看", "C@3-4: 谢谢"), "fail"),
        (("C@0-1: 请稍等",), "fail"),
        (("A@0-1: 您好", "C@2-3: 请稍等"), "fail"),
        (("S@0-1: 请稍等", "C@2-3: 好的"), "fail"),
        (("?@0-1: 请稍等",), "pass"),
    ],
    ids=[
        "the agent goes on",
        "the customer agrees",
        "two turns before",
        "the wait is over",
        "three turns before",
        "the customer's",
        "the customer's next",
        "an announcement",
        "somebody's",
    ],
)
def test_the_hold_phrase_is_the_agent_s_and_at_most_two_turns_before(before, wanted):
    assert verdict(*before, "A@30-31: 查到了", "C@31-32: 好") == wanted


def test_a_hold_phrase_after_the_silence_excuses_nothing():
    assert verdict("C@0-4: 有货吗", "A@30-31: 请稍等") == "fail"


def test_a_hold_phrase_that_was_heard_poorly_holds_as_well():
    assert verdict("A@0-4: 请烧等", "C@30-31: 喂", confidence=0.1) == "pass"


def test_the_silence_is_the_evidence_and_those_in_doubt_are_not_shown_beside_it():
    lines = ("A@0-4: 您好", "C@19-20: 喂", "A@45-46: 查到了", "C@46-47: 好", "A@70-71: 喂")
    found = judged(*lines)
    assert (found.verdict, found.share) == ("fail", 0.0)
    assert found.evidence == (
        Evidence(None, 20.0, 45.0, "", "measure"),
        Evidence(None, 47.0, 70.0, "", "measure"),
    )
    doubt = judged(*lines[:2])
    assert (doubt.verdict, doubt.evidence) == ("uncertain", (Evidence(None, 4.0, 19.0, "", "measure"),))


def test_a_call_without_silences_has_all_points_and_nothing_to_show():
    found = judged("A@0-4: 您好", "C@5-6: 你好")
    assert (found.verdict, found.share, found.evidence) == ("pass", 1.0, ())


@pytest.mark.parametrize(
    "lines", [(), ("A@0-4: 您好", "A@90-91: 喂"), ("C@0-4: 喂", "C@90-91: 喂"), ("S@0-4: 喂", "S@90-91: 喂")]
)
def test_without_both_of_them_it_does_not_apply(lines):
    assert judged(*lines) == NOT_APPLICABLE


def test_who_speaks_and_on_which_channel_need_not_be_known():
    lines = ("A@0-4: 您好", "C@30-31: 喂")
    assert verdict(*lines, known=False) == verdict(*lines, channel=0) == "fail"
    assert verdict("?@0-4: 您好", "?@8-9: 喂") == "pass"


def test_an_announcement_in_a_wait_is_heard_meanwhile():
    assert verdict("A@0-4: 您好", "S@10-36: 正在转接", "C@40-41: 喂") == "pass"
    assert verdict("A@0-4: 您好", "S@10-36: 正在转接", "C@60-61: 喂") == "fail"
