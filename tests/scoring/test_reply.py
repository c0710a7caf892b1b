"""A scripted answer to what the customer says: one check with few words, judged on short calls."""

import pytest

from qa_audit.scoring.checks import Reply
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.conditions.reply import judge_reply
from qa_audit.scoring.hearing import NOTHING_HEARD, Hearing
from qa_audit.scoring.verdicts import Evidence
from qa_audit.transcribe.questions import Question
from tests.scoring.short_calls import READING, answered, case_of, shown

THANKS, WELCOME, OTHER = "C: 谢谢", "A: 不客气", "A: 明天送到"


def judged(*lines, poor=(), known=True, channel=None, hearing=NOTHING_HEARD, **changes):
    check = {
        "kind": "reply",
        "to": {"phrases": ["谢谢"]},
        "said": {"phrases": ["不客气"]},
        "said_at_end": {"phrases": ["感谢您的来电"]},
        "after_goodbye": {"phrases": ["再见"]},
        **changes,
    }
    case = case_of(lines, poor=poor, known=known, channel=channel, hearing=hearing)
    return judge_reply(Reply.model_validate(check), case)


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def test_an_occasion_that_is_answered_passes_with_the_answer():
    found = judged("A: 办好了", THANKS, "A: 您不客气")
    assert (found.verdict, found.share, shown(found)) == ("pass", 1.0, [(2, "不客气", "exact")])


def test_an_occasion_that_is_not_answered_is_a_fault_with_where_the_answer_was_missed():
    fault = judged("A: 办好了", THANKS, OTHER, "A: 请稍等")
    assert (fault.verdict, fault.share, shown(fault)) == ("fail", 0.0, [(2, "不客气", "absence")])


def test_an_answer_is_missed_in_the_first_turn_after_the_occasion():
    lines = ("C@0-1: 谢谢", "A@2-4: 明天送到", "A@5-6: 请稍等")
    assert judged(*lines).evidence == (Evidence(1, 2.0, 4.0, "不客气", "absence"),)
    by_pattern = judged(*lines, said={"patterns": ["不(用|客气)"]})
    assert by_pattern.evidence == (Evidence(1, 2.0, 4.0, "", "absence"),)


def test_a_sound_without_words_is_no_answer_and_counts_only_after_the_occasion():
    assert shown(judged(THANKS, "A: 嗯")) == [(1, "不客气", "absence")]
    assert judged("A: 嗯", THANKS) == NOT_APPLICABLE


def test_without_an_occasion_there_is_nothing_to_answer():
    assert judged() == NOT_APPLICABLE
    assert judged(OTHER, "C: 好的", WELCOME) == NOT_APPLICABLE
    assert judged("A: 谢谢", "C: 好的", OTHER) == NOT_APPLICABLE
    assert judged("S: 谢谢", OTHER) == NOT_APPLICABLE


def test_an_occasion_after_which_the_agent_says_nothing_asks_for_nothing():
    assert judged(OTHER, THANKS) == NOT_APPLICABLE
    assert judged(OTHER, THANKS, "C: 喂") == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (("C: 麻烦你了", WELCOME), "pass"),
        ((OTHER, WELCOME), "pass"),
        ((OTHER, "C: 好的", WELCOME), "fail"),
        ((OTHER, "S: 请您评价", WELCOME), "pass"),
    ],
    ids=["the customer goes on", "the agent goes on", "the customer speaks between", "an announcement"],
)
def test_the_answer_comes_before_the_customer_speaks_again(after, wanted):
    assert verdict(THANKS, *after) == wanted


def test_an_answer_before_the_occasion_is_none():
    assert verdict(WELCOME, THANKS, OTHER) == "fail"


def test_two_answers_pass_and_one_of_two_can_not_be_told():
    both = judged(THANKS, WELCOME, THANKS, WELCOME)
    assert (both.verdict, shown(both)) == ("pass", [(1, "不客气", "exact"), (3, "不客气", "exact")])
    one = judged(THANKS, WELCOME, THANKS, OTHER)
    assert (one.verdict, shown(one)) == ("uncertain", [(3, "不客气", "absence"), (1, "不客气", "exact")])
    none = judged(THANKS, OTHER, THANKS, OTHER)
    assert (none.verdict, shown(none)) == ("fail", [(1, "不客气", "absence"), (3, "不客气", "absence")])


def test_thanks_twice_in_one_turn_are_one_occasion():
    assert shown(judged("C: 谢谢，谢谢", WELCOME)) == [(1, "不客气", "exact")]


def test_what_answers_the_last_occasion_answers_no_other():
    close = "A: 感谢您的来电"
    assert verdict(THANKS, close) == "pass"
    assert verdict(THANKS, OTHER, THANKS, close) == "uncertain"
    assert verdict(THANKS, close, THANKS, OTHER) == "fail"
    assert verdict(THANKS, close, said_at_end={}) == "fail"


@pytest.mark.parametrize(("begins_s", "wanted"), [(6, "pass"), (6.1, "fail")])
def test_a_goodbye_that_comes_late_answers_nothing(begins_s, wanted):
    lines = ("C@0-1: 谢谢", "A@2-4: 那就先这样还有别的吗没了", f"A@{begins_s}-9: 感谢您的来电")
    assert verdict(*lines) == wanted


def test_after_the_goodbye_no_answer_is_needed():
    assert judged("A: 再见", THANKS, OTHER) == NOT_APPLICABLE
    assert verdict("A: 再见", THANKS, OTHER, after_goodbye={}) == "fail"
    assert verdict(THANKS, "A: 再见") == "fail"
    assert verdict("C: 再见", THANKS, OTHER) == "fail"
    assert verdict(THANKS, OTHER, "A: 再见", THANKS, OTHER) == "fail"


def test_what_is_missing_in_badly_heard_words_can_not_be_told():
    assert verdict(THANKS, OTHER, poor=(1,)) == "uncertain"
    assert verdict(THANKS, OTHER, "A: 请稍等", poor=(2,)) == "uncertain"
    assert verdict(THANKS, OTHER, "C: 好", "A: 请稍等", poor=(3,)) == "fail"
    assert verdict(THANKS, OTHER, poor=(0,)) == "fail"
    assert verdict(THANKS, WELCOME, poor=(1,)) == "pass"
    assert verdict(THANKS, OTHER, THANKS, OTHER, poor=(1,)) == "uncertain"
    assert verdict(THANKS, OTHER, THANKS, OTHER, poor=(3,)) == "uncertain"


@pytest.mark.parametrize(
    ("until_s", "wanted"),
    [("9", "fail"), ("10", "fail"), ("10.3", "fail"), ("10.31", "pass"), ("14", "pass")],
)
def test_an_answer_that_was_begun_before_the_occasion_and_goes_on_counts(until_s, wanted):
    assert verdict(f"A@8-{until_s}: 您不客气", "C@10-11: 谢谢", "A@15-16: 明天送到") == wanted


def test_an_answer_by_tolerance_passes():
    found = judged(THANKS, "A: 部客气")
    assert (found.verdict, shown(found)) == ("pass", [(1, "部客气", "pinyin")])


def test_on_one_channel_the_answer_may_be_run_into_the_turn_of_its_occasion():
    lines = (OTHER, "C: 谢谢您啊不客气", OTHER)
    assert verdict(*lines, channel=0) == "pass"
    assert verdict(*lines) == "fail"
    assert verdict(OTHER, "C: 您不客气谢谢", OTHER, channel=0) == "fail"
    assert verdict(OTHER, "C: 谢谢您啊", OTHER, channel=0) == "fail"


def test_without_roles_only_an_answer_that_is_there_can_be_told():
    found = judged(THANKS, WELCOME, known=False)
    assert (found.verdict, shown(found)) == ("pass", [(1, "不客气", "exact")])
    missing = judged(THANKS, OTHER, known=False)
    assert (missing.verdict, missing.evidence) == ("uncertain", ())
    assert judged(OTHER, WELCOME, known=False) == NOT_APPLICABLE
    assert verdict(WELCOME, THANKS, OTHER, known=False) == "uncertain"
    assert verdict("?: 谢谢", OTHER) == "uncertain"
    assert judged("S: 谢谢", "?: 好的", known=False) == NOT_APPLICABLE


LIKELY = {"phrases": ["很高兴为您服务"], "said_from": 9, "doubt_from": 5}


@pytest.mark.parametrize(
    ("likely", "wanted", "tiers"),
    [
        (LIKELY, "pass", ["near"]),
        ({**LIKELY, "said_from": 99}, "uncertain", ["near"]),
        ({}, "fail", ["absence"]),
    ],
    ids=["likely said", "perhaps said", "not looked for"],
)
def test_an_answer_may_be_misheard(likely, wanted, tiers):
    found = judged(THANKS, "A: 很高性为您服物", likely=likely)
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)


def test_the_words_themselves_are_shown_before_what_was_likely_said():
    found = judged(THANKS, "A: 很高兴为您服务", WELCOME, likely=LIKELY)
    assert shown(found) == [(2, "不客气", "exact")]


def test_an_answer_that_was_perhaps_said_makes_another_that_was_no_sure_pass():
    likely = {**LIKELY, "said_from": 99}
    assert verdict(THANKS, WELCOME, THANKS, "A: 很高性为您服物", likely=likely) == "uncertain"


def test_an_occasion_may_be_misheard_where_the_text_has_none():
    likely = {"likely_to": {"phrases": ["太感谢了"], "said_from": 9, "doubt_from": 5}}
    assert verdict("C: 太敢谢了", OTHER) == "not_applicable"
    assert verdict("C: 太敢谢了", OTHER, **likely) == "fail"
    assert verdict("C: 太敢谢了", WELCOME, **likely) == "pass"
    assert shown(judged(THANKS, WELCOME, "C: 太敢谢了", OTHER, **likely)) == [(1, "不客气", "exact")]


def test_an_occasion_that_was_perhaps_misheard_is_none():
    likely = {"likely_to": {"phrases": ["太感谢了"], "said_from": 99, "doubt_from": 5}}
    assert verdict("C: 太敢谢了", OTHER, **likely) == "not_applicable"


@pytest.mark.parametrize(("short", "wanted"), [(4, "not_applicable"), (6, "fail")])
def test_an_occasion_is_misheard_only_at_the_end_of_a_turn(short, wanted):
    likely = {"likely_to": {"phrases": ["太感谢了"], "said_from": 9, "doubt_from": 5}, "short": short}
    assert verdict("C: 那我再等两天太敢谢了好的", OTHER, **likely) == wanted


def heard(odds, *turns):
    """What the audio says of the answer in these turns, at these log-odds."""
    return answered(odds, turns, "不客气")


def test_what_the_text_lacks_is_asked_of_the_audio():
    assert judged(THANKS, OTHER, "A: 请稍等", hearing=Hearing(READING)).questions == (
        Question((1, 2), ("不客气",)),
    )
    assert judged(THANKS, WELCOME, hearing=Hearing(READING)).questions == ()
    assert judged(THANKS, OTHER).questions == ()


def test_what_was_only_likely_said_is_asked_of_its_own_turn():
    lines = (THANKS, OTHER, "A: 很高性为您服物")
    assert judged(*lines, likely=LIKELY, hearing=Hearing(READING)).questions == (Question((2,), ("不客气",)),)


@pytest.mark.parametrize(
    ("odds", "wanted", "tiers"),
    [
        (1.0, "pass", ["acoustic"]),
        (0.5, "uncertain", ["acoustic"]),
        (-0.5, "fail", ["absence", "acoustic"]),
        (-2.0, "fail", ["absence", "acoustic"]),
    ],
)
def test_what_the_text_lacks_is_decided_by_the_audio(odds, wanted, tiers):
    found = judged(THANKS, OTHER, hearing=heard(odds, 1))
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)
    assert found.questions == ()


@pytest.mark.parametrize(("odds", "wanted"), [(1.0, "pass"), (0.5, "pass"), (-0.5, "pass"), (-2.0, "fail")])
def test_an_answer_that_was_only_likely_said_may_be_denied_by_the_audio(odds, wanted):
    lines = (THANKS, "A: 很高性为您服物")
    assert verdict(*lines, likely=LIKELY, hearing=heard(odds, 1)) == wanted


def test_an_answer_that_was_perhaps_said_is_decided_by_the_audio():
    doubt = {"likely": {**LIKELY, "said_from": 99}}
    lines = (THANKS, "A: 很高性为您服物")
    assert verdict(*lines, hearing=heard(-0.5, 1), **doubt) == "fail"
    assert verdict(*lines, hearing=heard(1.0, 1), **doubt) == "pass"
