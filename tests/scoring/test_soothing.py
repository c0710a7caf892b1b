"""An apology after a complaint: one check with few words, judged on short calls."""

import pytest

from qa_audit.scoring.checks import Soothing
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.conditions.soothing import judge_soothing, outburst
from qa_audit.scoring.hearing import NOTHING_HEARD, Hearing
from qa_audit.transcribe.questions import Question
from tests.scoring.short_calls import READING, answered, case_of, shown

HELLO, COMPLAINT, SORRY, OTHER = "A: 您好", "C: 我要投诉", "A: 非常抱歉", "A: 我帮您登记"


def seen(*lines, poor=(), known=True, channel=None, hearing=NOTHING_HEARD, **changes):
    """The check and the case."""
    check = {
        "kind": "soothing",
        "trigger": {"phrases": ["投诉"]},
        "weak_trigger": {"phrases": ["太慢", "弄丢", "耽误"]},
        "said": {"phrases": ["抱歉", "对不起"]},
        **changes,
    }
    case = case_of(lines, poor=poor, known=known, channel=channel, hearing=hearing)
    return Soothing.model_validate(check), case


def judged(*lines, **known):
    return judge_soothing(*seen(*lines, **known))


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def test_words_that_sound_like_many_others_count_as_they_are_written_alone():
    exact = {"said_exactly": {"phrases": ["失职", "道歉"], "tolerance": "exact"}}
    assert verdict(HELLO, COMPLAINT, "A: 是我们失职", **exact) == "pass"
    assert verdict(HELLO, COMPLAINT, "A: 您家一直没人", **exact) == "fail"
    assert verdict(HELLO, COMPLAINT, "A: 您到前台办理", **exact) == "fail"


def complaint(*lines, **known):
    """Turn and words of the outburst."""
    check, case = seen(*lines, **known)
    found = outburst(check, case)
    return found and (found.turn, case.call.plain[found.start : found.end])


def test_a_clear_sign_is_an_outburst():
    assert complaint(HELLO, "C: 你们弄错了，我要投诉") == (1, "投诉")
    assert complaint() is None
    assert complaint(HELLO, "C: 我要报修") is None


def test_one_weak_sign_is_none_and_two_are_one_from_the_first_on():
    assert complaint(HELLO, "C: 太慢了") is None
    assert complaint(HELLO, "C: 太慢了", OTHER, "C: 把我的单子弄丢了") == (1, "太慢")
    assert complaint(HELLO, "C: 太慢了，太慢了") == (1, "太慢")


def test_how_many_weak_signs_it_takes_is_the_rubric_s():
    lines = HELLO, "C: 太慢了", "C: 弄丢了"
    assert complaint(*lines, weak_needed=3) is None
    assert complaint(*lines, "C: 耽误事", weak_needed=3) == (1, "太慢")
    assert complaint(*lines[:2], weak_needed=1) == (1, "太慢")


def test_a_weak_sign_counts_before_a_clear_one_only_with_another():
    assert complaint("C: 太慢了", OTHER, COMPLAINT) == (2, "投诉")
    assert complaint("C: 太慢了", OTHER, COMPLAINT, "C: 弄丢了") == (0, "太慢")
    assert complaint(COMPLAINT, "C: 太慢了", "C: 弄丢了") == (0, "投诉")


def test_only_the_customer_complains():
    assert complaint("A: 您要投诉吗", "C: 不用") is None
    assert complaint("S: 投诉请按一", "C: 你好") is None
    assert complaint("A: 太慢了", "C: 弄丢了") is None
    assert complaint("A: 您要投诉吗", COMPLAINT) == (1, "投诉")
    assert complaint("?: 我要投诉") == (0, "投诉")
    assert complaint("A: 您要投诉吗", known=False) == (0, "投诉")


@pytest.mark.parametrize("lines", [(), (HELLO, "C: 我要报修", SORRY), (HELLO,), ("C: 太慢了", OTHER)])
def test_without_a_complaint_it_does_not_apply(lines):
    assert judged(*lines) == NOT_APPLICABLE


def test_an_apology_after_the_complaint_passes_with_both():
    found = judged(HELLO, COMPLAINT, SORRY)
    assert (found.verdict, found.share) == ("pass", 1.0)
    assert shown(found) == [(1, "投诉", "exact"), (2, "抱歉", "exact")]


def test_without_one_it_is_a_fault_with_where_it_was_missed():
    found = judged(HELLO, COMPLAINT, OTHER, "C: 快点", OTHER)
    assert (found.verdict, found.share) == ("fail", 0.0)
    assert shown(found) == [(1, "投诉", "exact"), (2, "抱歉", "absence")]
    assert [(one.start_s, one.end_s) for one in found.evidence][1] == (2.12, 5.56)


def test_a_wording_of_patterns_alone_is_missed_without_a_name():
    found = judged(COMPLAINT, OTHER, said={"patterns": ["抱歉"]})
    assert (found.verdict, shown(found)) == ("fail", [(0, "投诉", "exact"), (1, "", "absence")])


def test_an_apology_by_tolerance_will_do():
    found = judged(COMPLAINT, "A: 非常报歉")
    assert (found.verdict, shown(found)[1:]) == ("pass", [(1, "报歉", "pinyin")])


@pytest.mark.parametrize(("others", "wanted"), [(0, "pass"), (2, "pass"), (3, "fail")])
def test_it_comes_within_the_next_three_turns_of_the_agent(others, wanted):
    assert verdict(COMPLAINT, *[OTHER] * others, SORRY) == wanted
    assert verdict(COMPLAINT, *[OTHER, "C: 快点", "C: 喂", "S: 滴"] * others, SORRY) == wanted


def test_turns_before_it_use_up_none_of_them():
    assert verdict(*[OTHER, "C: 好的"] * 5, COMPLAINT, OTHER, OTHER, SORRY) == "pass"
    assert verdict("?: 非常抱歉", "?: 我要投诉", "?: 我帮您登记") == "uncertain"


def test_within_how_many_is_the_rubric_s():
    assert verdict(COMPLAINT, OTHER, SORRY, within_turns=1) == "fail"
    assert verdict(COMPLAINT, OTHER, SORRY, within_turns=2) == "pass"


def test_turns_after_them_are_not_looked_at_at_all():
    assert verdict(COMPLAINT, OTHER, OTHER, OTHER, SORRY, poor=(4,)) == "fail"
    found = judged(COMPLAINT, OTHER, OTHER, OTHER, SORRY, hearing=Hearing(READING))
    assert found.questions == (Question((1, 2, 3), ("抱歉", "对不起")),)


def test_an_apology_of_the_customer_s_or_of_an_announcement_is_none():
    assert verdict(COMPLAINT, "C: 抱歉", OTHER) == "fail"
    assert verdict(COMPLAINT, "S: 非常抱歉", OTHER) == "fail"


def test_it_is_the_first_complaint_that_is_answered():
    assert verdict(COMPLAINT, OTHER, OTHER, OTHER, COMPLAINT, SORRY) == "fail"
    assert verdict(COMPLAINT, SORRY, COMPLAINT, OTHER, OTHER, OTHER) == "pass"


def test_an_apology_before_the_complaint_cannot_be_told():
    found = judged(HELLO, "C: 还没送到", SORRY, COMPLAINT, OTHER)
    assert (found.verdict, found.share) == ("uncertain", 0.0)
    assert shown(found) == [(3, "投诉", "exact"), (2, "抱歉", "exact")]


def test_one_in_the_opening_is_none_for_it():
    assert verdict("A: 抱歉让您久等", COMPLAINT, OTHER) == "fail"
    assert verdict("A: 抱歉让您久等", "C: 还没送到", OTHER, COMPLAINT, OTHER) == "fail"
    found = judged("A: 抱歉让您久等", COMPLAINT, OTHER, known=False)
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "投诉", "exact"), (1, "抱歉", "absence")])


def test_where_the_agent_says_nothing_more_it_cannot_be_told():
    found = judged(HELLO, COMPLAINT, "C: 喂", "S: 滴")
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "投诉", "exact")])
    assert verdict(COMPLAINT) == "uncertain"
    assert verdict(HELLO, "C: 还没送到", SORRY, COMPLAINT) == "uncertain"


def test_in_badly_heard_answers_it_cannot_be_missed():
    found = judged(COMPLAINT, OTHER, OTHER, poor=(2,))
    assert (found.verdict, shown(found)) == ("uncertain", [(0, "投诉", "exact"), (1, "抱歉", "absence")])
    assert verdict(COMPLAINT, OTHER, OTHER, poor=(1,)) == "uncertain"
    assert verdict(HELLO, COMPLAINT, OTHER, poor=(0,)) == "fail"
    assert verdict(COMPLAINT, SORRY, poor=(1,)) == "pass"


def test_where_it_is_not_known_who_complained_it_cannot_be_missed():
    found = judged("?: 我要投诉", OTHER)
    assert (found.verdict, shown(found)) == ("uncertain", [(0, "投诉", "exact"), (0, "抱歉", "absence")])
    assert verdict(HELLO, COMPLAINT, OTHER, known=False) == "uncertain"
    assert verdict(HELLO, COMPLAINT, SORRY, known=False) == "pass"


def test_where_roles_are_unknown_the_apology_may_stand_in_the_turn_of_the_complaint():
    assert verdict("?: 我要投诉。非常抱歉") == "pass"
    assert verdict("C: 我要投诉。非常抱歉", OTHER) == "fail"


def test_an_answer_of_somebody_s_counts():
    assert verdict(COMPLAINT, "?: 非常抱歉") == "pass"


def test_one_channel_changes_nothing():
    assert verdict(COMPLAINT, OTHER, channel=0) == "fail"
    assert verdict(COMPLAINT, SORRY, channel=0) == "pass"


def heard(odds, *turns):
    """What the audio says of an apology in these turns, at these log-odds."""
    return answered(odds, turns, "抱歉", "对不起")


def test_what_the_text_lacks_is_asked_of_the_audio():
    asked = (Question((1, 2), ("抱歉", "对不起")),)
    lines = COMPLAINT, OTHER, "C: 快点", OTHER
    found = judged(*lines, hearing=Hearing(READING))
    assert (found.verdict, found.questions) == ("fail", (Question((1, 3), ("抱歉", "对不起")),))
    doubted = judged(COMPLAINT, OTHER, OTHER, poor=(1,), hearing=Hearing(READING))
    assert (doubted.verdict, doubted.questions) == ("uncertain", asked)
    assert judged(*lines).questions == ()


def test_what_is_decided_by_the_text_is_not_asked():
    assert judged(COMPLAINT, SORRY, hearing=Hearing(READING)).questions == ()
    assert judged("C: 喂", SORRY, COMPLAINT, OTHER, hearing=Hearing(READING)).questions == ()
    assert judged(COMPLAINT, hearing=Hearing(READING)).questions == ()


@pytest.mark.parametrize(
    ("odds", "wanted", "tiers"),
    [
        (1.0, "pass", ["exact", "acoustic"]),
        (0.5, "uncertain", ["exact", "absence", "acoustic"]),
        (-0.5, "fail", ["exact", "absence", "acoustic"]),
        (-2.0, "fail", ["exact", "absence", "acoustic"]),
    ],
)
def test_what_the_text_lacks_is_decided_by_the_audio(odds, wanted, tiers):
    found = judged(COMPLAINT, OTHER, hearing=heard(odds, 1))
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)
    assert found.questions == ()


def test_the_audio_may_have_an_apology_in_badly_heard_words():
    assert verdict(COMPLAINT, OTHER, poor=(1,), hearing=heard(1.0, 1)) == "pass"
    assert verdict(COMPLAINT, OTHER, poor=(1,), hearing=heard(-2.0, 1)) == "uncertain"


LIKELY = {"phrases": ["让您受委屈了"], "said_from": 9, "doubt_from": 5}


@pytest.mark.parametrize(
    ("likely", "wanted", "tiers"),
    [
        (LIKELY, "pass", ["exact", "near"]),
        ({**LIKELY, "said_from": 99}, "uncertain", ["exact", "absence"]),
        ({}, "fail", ["exact", "absence"]),
    ],
    ids=["likely said", "perhaps said", "not looked for"],
)
def test_an_apology_may_be_misheard(likely, wanted, tiers):
    found = judged(COMPLAINT, "A: 让您受伟曲了", likely=likely)
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)


def test_a_misheard_apology_outside_the_next_turns_is_none():
    assert verdict(COMPLAINT, *[OTHER] * 3, "A: 让您受伟曲了", likely=LIKELY) == "fail"
    assert verdict(COMPLAINT, "C: 让您受伟曲了", OTHER, likely=LIKELY) == "fail"
