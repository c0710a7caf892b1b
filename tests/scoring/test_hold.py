"""Waits of more than ten seconds, or that the agent announces: one check with few words, on short calls."""

import pytest

from qa_audit.scoring.checks import Hold
from qa_audit.scoring.conditions.hold import judge_hold
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.hearing import NOTHING_HEARD, Hearing
from qa_audit.scoring.verdicts import Evidence
from qa_audit.transcribe.questions import Question
from tests.scoring.short_calls import READING, answered, case_of, shown

PLEASE, BLUNT, BACK, OTHER = "A: 请稍等", "A: 你等着", "A: 让您久等了", "A: 还有货"
ASKED, FINE, LONG = "C: 还有货吗", "C: 好的", "... 14"


def judged(*lines, poor=(), known=True, channel=None, hearing=NOTHING_HEARD, **changes):
    check = {
        "kind": "hold",
        "announced": {"phrases": ["你等着", "别挂电话"]},
        "courteous": {"phrases": ["请稍等"]},
        "welcome_back": {"phrases": ["让您久等了"]},
        "checking": {"phrases": ["查一下"]},
        "customer_waits": {"phrases": ["我找找"]},
        **changes,
    }
    case = case_of(lines, poor=poor, known=known, channel=channel, hearing=hearing)
    return judge_hold(Hold.model_validate(check), case)


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def waited(seconds, *before, after=(OTHER,), **known):
    """The judgement of a call in which so many seconds lie after these lines, of a second each."""
    timed = [f"{line[0]}@{place}-{place + 1}{line[1:]}" for place, line in enumerate(before)]
    start_s = len(before) + seconds
    later = [
        f"{line[0]}@{start_s + 2 * place}-{start_s + 2 * place + 1}{line[1:]}"
        for place, line in enumerate(after)
    ]
    return judged(*timed, *later, **known)


@pytest.mark.parametrize(
    "lines",
    [(), (OTHER, FINE), (ASKED, LONG, FINE), ("S: 请稍等", FINE), (OTHER, "C: 请稍等"), (FINE, "C: 你等着")],
)
def test_a_call_without_a_wait_of_the_agent_s_has_nothing_to_judge(lines):
    assert judged(*lines) == NOT_APPLICABLE


def test_a_wait_that_is_announced_with_courtesy_passes():
    found = judged(ASKED, PLEASE, OTHER)
    assert (found.verdict, found.share, shown(found)) == ("pass", 1.0, [(1, "请稍等", "exact")])


def test_one_that_is_announced_without_it_is_a_fault_however_short():
    found = judged(ASKED, BLUNT, OTHER)
    assert (found.verdict, found.share, shown(found)) == ("fail", 0.0, [(1, "你等着", "exact")])


def test_the_courtesy_may_stand_anywhere_in_the_same_turn_but_in_no_other():
    assert verdict(ASKED, "A: 你等着，我看看，请稍等") == "pass"
    assert verdict(ASKED, BLUNT, PLEASE) == "fail"
    assert verdict(ASKED, PLEASE, BLUNT) == "fail"


def test_where_some_waits_are_kept_and_some_are_not_half_of_the_points_are_lost():
    found = judged(ASKED, PLEASE, OTHER, BLUNT)
    assert (found.verdict, found.share, shown(found)) == ("fail", 0.5, [(3, "你等着", "exact")])


def test_every_announcement_without_courtesy_is_shown():
    found = judged(BLUNT, FINE, "A: 别挂电话", OTHER)
    assert shown(found) == [(0, "你等着", "exact"), (2, "别挂电话", "exact")]
    assert shown(judged("A: 你等着，别挂电话")) == [(0, "你等着", "exact"), (0, "别挂电话", "exact")]


def test_after_a_long_wait_the_agent_comes_back_with_courtesy():
    found = judged(PLEASE, LONG, BACK)
    assert (found.verdict, found.share) == ("pass", 1.0)
    assert shown(found) == [(0, "请稍等", "exact"), (1, "让您久等了", "exact")]


def test_without_it_half_of_the_points_are_lost_with_the_turn_and_the_silence():
    found = waited(14, PLEASE)
    assert (found.verdict, found.share) == ("fail", 0.5)
    assert found.evidence == (
        Evidence(1, 15.0, 16.0, "让您久等了", "absence"),
        Evidence(None, 1.0, 15.0, "", "measure"),
    )


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(9.375, "pass"), (9.5, "uncertain"), (10.5, "uncertain"), (10.625, "fail"), (100, "fail")],
)
def test_a_wait_near_ten_seconds_cannot_be_told(seconds, wanted):
    assert waited(seconds, PLEASE).verdict == wanted


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(9.375, "not_applicable"), (9.5, "uncertain"), (10.5, "uncertain"), (10.625, "fail")],
)
def test_nor_can_one_that_nobody_announced(seconds, wanted):
    assert waited(seconds, ASKED).verdict == wanted


def test_how_long_is_too_long_is_the_rubric_s():
    assert waited(14, PLEASE, long_s=20).verdict == "pass"
    assert waited(14, PLEASE, long_s=5).verdict == "fail"
    assert waited(8, PLEASE, long_s=5).verdict == "fail"


def test_a_blunt_announcement_and_no_courtesy_after_it_are_two_faults():
    found = judged(BLUNT, LONG, OTHER)
    assert (found.verdict, found.share) == ("fail", 0.0)
    assert shown(found) == [(0, "你等着", "exact"), (1, "让您久等了", "absence"), (None, "", "measure")]


@pytest.mark.parametrize(
    ("between", "wanted"),
    [
        ((), "fail"),
        (("C: 我找找",), "fail"),
        ((FINE, "C: 我找找"), "fail"),
        ((FINE, FINE, "C: 我找找"), "pass"),
    ],
)
def test_a_silence_belongs_to_an_announcement_at_most_two_turns_before(between, wanted):
    assert verdict(PLEASE, *between, LONG, OTHER) == wanted


def test_an_announcement_after_the_silence_is_not_its():
    assert verdict("C: 我找找", LONG, PLEASE) == "pass"


def test_it_is_the_agent_s_first_turn_after_the_wait_that_counts():
    assert verdict(PLEASE, LONG, "C: 喂", BACK) == "pass"
    assert verdict(PLEASE, LONG, OTHER, BACK) == "fail"
    assert verdict(BACK, PLEASE, LONG, OTHER) == "fail"
    assert verdict(PLEASE, LONG, "C: 让您久等了", OTHER) == "fail"


def test_where_the_agent_does_not_come_back_nothing_is_missed():
    assert verdict(PLEASE, LONG, "C: 喂", "C: 人呢") == "pass"


def test_a_customer_who_waits_for_an_answer_is_kept_waiting_by_the_agent():
    found = waited(14, OTHER, ASKED)
    assert (found.verdict, found.share) == ("fail", 0.0)
    assert found.evidence == (
        Evidence(0, 0.0, 1.0, "请稍等", "absence"),
        Evidence(None, 2.0, 16.0, "", "measure"),
    )


def test_it_is_the_agent_s_last_turn_before_the_silence_that_lacks_the_courtesy():
    assert shown(judged(OTHER, FINE, OTHER, ASKED, LONG, OTHER)) == [
        (2, "请稍等", "absence"),
        (None, "", "measure"),
    ]
    assert shown(judged(OTHER, FINE, "A: 我查一下", LONG, OTHER)) == [
        (2, "请稍等", "absence"),
        (None, "", "measure"),
    ]


def test_what_is_missed_is_named_by_the_first_phrase_of_the_rubric_if_any():
    for wording, name in (
        ({"phrases": ["劳您等候", "请您等候"]}, "劳您等候"),
        ({"patterns": ["请.{1,3}等"]}, ""),
    ):
        assert shown(judged(OTHER, ASKED, LONG, OTHER, courteous=wording))[0] == (0, name, "absence")


def test_one_who_was_not_told_to_wait_may_be_thanked_for_it():
    found = judged(ASKED, LONG, BACK)
    assert (found.verdict, found.share) == ("fail", 0.5)
    assert verdict(OTHER, ASKED, LONG, OTHER) == "fail"


def test_a_wait_that_the_customer_asked_for_is_the_customer_s():
    assert judged(OTHER, "C: 我找找", LONG, FINE) == NOT_APPLICABLE
    assert judged(OTHER, "C: 我找找", LONG, OTHER) == NOT_APPLICABLE


def test_so_is_the_time_that_the_customer_takes_to_answer():
    assert judged(FINE, "A: 您的单号呢", LONG, "C: 三五七") == NOT_APPLICABLE
    assert verdict(FINE, "A: 我查一下", LONG, "C: 喂") == "fail"
    assert verdict(FINE, OTHER, LONG, OTHER) == "fail"
    assert verdict(FINE, OTHER, LONG, "?: 喂") == "uncertain"


def test_an_announced_wait_is_the_agent_s_although_the_customer_speaks_next():
    assert verdict(PLEASE, LONG, "C: 喂", OTHER) == "fail"


def test_a_recorded_announcement_begins_a_new_silence():
    lines = PLEASE, "S@10-30: 正在查询"
    assert verdict(*lines, "A@38-39: 还有货") == "pass"
    assert verdict(*lines, "A@44-45: 还有货") == "fail"


def test_a_customer_who_speaks_first_and_waits_has_no_turn_of_the_agent_s_before():
    assert shown(judged(ASKED, LONG, OTHER))[0] == (None, "请稍等", "absence")


def test_in_badly_heard_words_nothing_can_be_missed():
    assert verdict(BLUNT, OTHER, poor=(0,)) == "uncertain"
    assert verdict(BLUNT, OTHER, poor=(1,)) == "fail"
    assert verdict(PLEASE, LONG, OTHER, poor=(1,)) == "uncertain"
    assert verdict(OTHER, ASKED, LONG, OTHER, poor=(0,)) == "uncertain"
    assert verdict(OTHER, ASKED, LONG, OTHER, poor=(1, 2)) == "fail"
    assert verdict(PLEASE, LONG, BACK, poor=(0, 1)) == "pass"


def test_an_announcement_by_tolerance_is_no_fault_for_certain():
    found = judged("A: 你登着", OTHER)
    assert found.verdict == "uncertain"
    assert [(one.turn, one.quote) for one in found.evidence] == [(0, "你登着")]


def test_without_roles_nothing_is_missed_for_certain():
    assert verdict(BLUNT, OTHER, known=False) == "uncertain"
    assert verdict("?: 你等着", OTHER) == "uncertain"
    assert verdict(PLEASE, LONG, OTHER, known=False) == "uncertain"
    assert verdict(PLEASE, LONG, OTHER, "?: 好") == "uncertain"
    assert verdict(PLEASE, LONG, BACK, known=False) == "pass"
    assert judged(OTHER, FINE, known=False) == NOT_APPLICABLE


def test_what_cannot_be_told_is_shown_before_what_was_kept_and_after_the_faults():
    doubt = judged(PLEASE, OTHER, "A: 你登着")
    assert (doubt.verdict, doubt.share) == ("uncertain", 0.0)
    assert [one.turn for one in doubt.evidence] == [2, 0]
    fault = judged("A: 你登着", OTHER, BLUNT)
    assert (fault.verdict, [one.turn for one in fault.evidence]) == ("fail", [2, 0])


def test_one_channel_changes_nothing():
    assert verdict(ASKED, BLUNT, channel=0) == "fail"
    assert verdict(PLEASE, LONG, BACK, channel=0) == "pass"


def test_what_the_text_lacks_is_asked_of_the_audio():
    asking = {"hearing": Hearing(READING)}
    before, after = Question((0,), ("请稍等",)), Question((1,), ("让您久等了",))
    assert judged(BLUNT, **asking).questions == (before,)
    assert judged(PLEASE, LONG, OTHER, **asking).questions == (after,)
    assert judged(BLUNT, LONG, OTHER, **asking).questions == (before, after)
    assert judged(OTHER, ASKED, LONG, OTHER, **asking).questions == (before,)
    assert judged(PLEASE, LONG, BACK, **asking).questions == ()
    assert judged(BLUNT).questions == ()


def test_it_is_asked_as_well_where_it_cannot_be_told():
    found = judged(BLUNT, poor=(0,), hearing=Hearing(READING))
    assert (found.verdict, found.questions) == ("uncertain", (Question((0,), ("请稍等",)),))


@pytest.mark.parametrize(
    ("odds", "wanted", "tiers"),
    [
        (1.0, "pass", ["acoustic"]),
        (0.5, "uncertain", ["exact", "acoustic"]),
        (-0.5, "fail", ["exact", "acoustic"]),
        (-2.0, "fail", ["exact", "acoustic"]),
    ],
)
def test_courtesy_before_a_wait_that_the_text_lacks_is_decided_by_the_audio(odds, wanted, tiers):
    found = judged(BLUNT, hearing=answered(odds, (0,), "请稍等"))
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)
    assert found.questions == ()


@pytest.mark.parametrize(
    ("odds", "wanted", "tiers"),
    [
        (1.0, "pass", ["exact", "acoustic"]),
        (0.5, "uncertain", ["absence", "measure", "acoustic", "exact"]),
        (-2.0, "fail", ["absence", "measure", "acoustic"]),
    ],
)
def test_courtesy_after_one_that_the_text_lacks_is_too(odds, wanted, tiers):
    found = judged(PLEASE, LONG, OTHER, hearing=answered(odds, (1,), "让您久等了"))
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)


def test_a_pass_by_the_audio_still_asks_what_else_is_open():
    found = judged(BLUNT, OTHER, "A: 你登着", hearing=answered(1.0, (0,), "请稍等"))
    assert (found.verdict, found.questions) == ("uncertain", (Question((2,), ("请稍等",)),))


LIKELY = {"phrases": ["劳您稍等片刻"], "said_from": 9, "doubt_from": 5}
MISHEARD = "A: 劳您烧等片克，你等着"


@pytest.mark.parametrize(
    ("likely", "wanted", "tiers"),
    [
        (LIKELY, "pass", ["near"]),
        ({**LIKELY, "said_from": 99}, "uncertain", ["exact"]),
        ({}, "fail", ["exact"]),
    ],
    ids=["likely said", "perhaps said", "not looked for"],
)
def test_courtesy_before_a_wait_may_be_misheard(likely, wanted, tiers):
    found = judged(ASKED, MISHEARD, likely_courteous=likely)
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)


def test_misheard_courtesy_excuses_every_announcement_of_its_turn():
    found = judged(ASKED, MISHEARD + "，别挂电话", likely_courteous=LIKELY)
    assert (found.verdict, [one.tier for one in found.evidence]) == ("pass", ["near"])


def test_courtesy_before_a_silence_that_nobody_announced_may_be_misheard():
    lines = "A: 劳您烧等片克", FINE, LONG, OTHER
    assert verdict(*lines) == "fail"
    assert verdict(*lines, likely_courteous=LIKELY) == "pass"


@pytest.mark.parametrize(("said_from", "wanted"), [(9, "pass"), (99, "uncertain")])
def test_courtesy_after_a_wait_may_be_misheard(said_from, wanted):
    likely = {"phrases": ["感谢您的耐心等待"], "said_from": said_from, "doubt_from": 5}
    lines = PLEASE, LONG, "A: 敢谢您的耐心登待"
    assert verdict(*lines) == "fail"
    assert verdict(*lines, likely_back=likely) == wanted


TASK = {"tasks": {"phrases": ["拔掉电源"]}, "asked_after": {"phrases": ["好了吗"]}}


def test_so_is_the_time_that_a_task_takes_whose_end_the_customer_tells():
    asked = "A: 请拔掉电源"
    assert judged(asked, "C: 好的", LONG, "C: 拔了", **TASK) == NOT_APPLICABLE
    assert verdict(asked, "C: 好的", LONG, "C: 好了吗", **TASK) == "fail"
    assert verdict(asked, "C: 好的", LONG, OTHER, **TASK) == "fail"
    assert verdict(asked, OTHER, "C: 好的", LONG, "C: 拔了", **TASK) == "fail"
    assert verdict(asked, "C: 我想先问一下拔了会不会断网", LONG, "C: 拔了", **TASK) == "fail"
