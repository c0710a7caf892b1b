"""How fast the agent speaks, in a band of 2 to 6 syllables a second and at most 2 from the customer."""

from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import SpeechRate
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case
from qa_audit.scoring.conditions.speech_rate import judge_speech_rate
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import Evidence

CHECK = SpeechRate(
    kind="speech_rate", slowest=2, fastest=6, max_difference=2, min_syllables=20, margin=0.5
)  # fmt: skip


def said(who, syllables, spoken_s, start_s=0.0):
    return f"{who}@{start_s}-{start_s + spoken_s}: {'好' * syllables}"


def judged(*lines, known=True, check=CHECK, **changes):
    turns = [replace(turn, **changes) for turn in example_turns(lines)]
    return judge_speech_rate(check, Case(CallText(turns, roles_known=known), CallFacts(), 0.4))


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


@pytest.mark.parametrize(
    ("syllables", "spoken_s", "wanted"),
    [
        (40, 10.0, "pass"),
        (60, 10.0, "pass"),
        (61, 10.0, "uncertain"),
        (65, 10.0, "uncertain"),
        (66, 10.0, "fail"),
        (40, 20.0, "pass"),
        (39, 20.0, "uncertain"),
        (30, 20.0, "uncertain"),
        (29, 20.0, "fail"),
    ],
)
def test_outside_the_band_it_is_a_fault_and_near_its_edge_it_cannot_be_told(syllables, spoken_s, wanted):
    assert verdict(said("A", syllables, spoken_s)) == wanted


@pytest.mark.parametrize(
    ("customers", "wanted"),
    [(40, "pass"), (60, "pass"), (61, "uncertain"), (65, "uncertain"), (66, "fail")],
)
def test_too_far_from_a_faster_customer_is_a_fault_too(customers, wanted):
    assert verdict(said("A", 40, 10.0), said("C", customers, 10.0, 11.0)) == wanted


@pytest.mark.parametrize(
    ("customers", "wanted"),
    [(50, "pass"), (40, "pass"), (39, "uncertain"), (35, "uncertain"), (34, "fail")],
)
def test_too_far_from_a_slower_customer_is_a_fault_too(customers, wanted):
    assert verdict(said("A", 60, 10.0), said("C", customers, 10.0, 11.0)) == wanted


def test_a_customer_of_the_same_rate_excuses_no_haste():
    assert verdict(said("A", 80, 10.0), said("C", 80, 10.0, 11.0)) == "fail"


def test_a_customer_who_says_too_little_is_no_measure():
    assert verdict(said("A", 50, 10.0), said("C", 19, 19.0, 11.0)) == "pass"
    assert verdict(said("A", 50, 10.0), said("C", 20, 20.0, 11.0)) == "fail"


def test_the_evidence_is_the_rate_from_the_first_turn_of_the_agent_to_the_last():
    found = judged(
        said("C", 5, 2.0), said("A", 40, 6.0, 3.0), said("C", 5, 2.0, 10.0), said("A", 5, 4.0, 13.0)
    )
    assert found.verdict == "pass"
    assert found.evidence == (Evidence(None, 3.0, 17.0, "4.5 字/秒", "measure"),)
    assert judged(said("A", 61, 10.0)).evidence == (Evidence(None, 0.0, 10.0, "6.1 字/秒", "measure"),)
    assert judged(said("A", 70, 10.0)).evidence == (Evidence(None, 0.0, 10.0, "7.0 字/秒", "measure"),)


def test_a_pass_has_all_points_and_a_fault_none():
    assert judged(said("A", 40, 10.0)).share == 1.0
    assert judged(said("A", 70, 10.0)).share == 0.0


def test_of_too_few_syllables_nothing_is_said():
    assert judged(said("A", 19, 2.0)) == NOT_APPLICABLE
    assert verdict(said("A", 20, 2.0)) == "fail"


def test_turns_shorter_than_a_second_do_not_count():
    short = [said("A", 30, 0.96875, start_s) for start_s in (20.0, 22.0, 24.0)]
    assert judged(*short) == NOT_APPLICABLE
    assert verdict(said("A", 40, 10.0), *short) == "pass"
    assert verdict(said("A", 30, 1.0, 20.0)) == "fail"


def test_short_turns_of_the_customer_do_not_count_either():
    short = [said("C", 30, 0.96875, start_s) for start_s in (20.0, 22.0)]
    assert verdict(said("A", 40, 10.0), *short) == "pass"


def test_marks_and_spaces_are_no_syllables():
    text = "，".join("好" * 40)
    assert judged(f"A@0-10: {text}。").evidence[0].quote == "4.0 字/秒"


def test_pauses_between_the_turns_make_nobody_slower():
    assert verdict(said("A", 30, 10.0), said("A", 30, 10.0, 100.0)) == "pass"


def test_without_sure_roles_it_cannot_be_told():
    fast = said("A", 70, 10.0)
    assert judged(fast, known=False).verdict == "uncertain"
    assert judged(fast, known=False).evidence == ()
    assert verdict(fast, said("?", 5, 2.0, 12.0)) == "uncertain"
    assert verdict(said("?", 40, 10.0)) == "uncertain"


@pytest.mark.parametrize("lines", [(), (said("C", 40, 10.0),), (said("S", 70, 10.0),)])
def test_a_call_without_words_of_the_agent_has_no_rate(lines):
    assert judged(*lines) == NOT_APPLICABLE


def test_announcements_are_nobody_s_speech():
    assert verdict(said("A", 40, 10.0), said("S", 90, 10.0, 11.0)) == "pass"


def test_neither_one_channel_nor_poor_hearing_changes_a_rate():
    lines = said("A", 70, 10.0), said("C", 50, 10.0, 11.0)
    assert verdict(*lines, channel=0) == verdict(*lines, confidence=0.0) == "fail"


def test_what_the_rubric_does_not_set_is_usual():
    check = SpeechRate(kind="speech_rate")
    assert [verdict(said("A", size, 10.0), check=check) for size in (25, 24, 20)] == [
        "pass", "uncertain", "fail",
    ]  # fmt: skip
    assert [verdict(said("A", size, 10.0), check=check) for size in (65, 66, 70)] == [
        "pass", "uncertain", "fail",
    ]  # fmt: skip
