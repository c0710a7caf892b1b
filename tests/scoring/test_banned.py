"""What an agent must never say: one check with few words, a detector of two colours, and short calls."""

from dataclasses import replace

import numpy as np
import pytest

from qa_audit.scoring.checks import Banned
from qa_audit.scoring.conditions.banned import judge_banned
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.hearing import NOTHING_HEARD, Hearing
from qa_audit.scoring.learned.model import Weighed
from qa_audit.transcribe.questions import Question
from tests.scoring.short_calls import READING, answered, case_of, shown

OTHER, HELLO = "A: 明天送到", "C: 你好"


class Colours:
    """Calls sentences with 红 a fault, with 黄 uncertain, and does not even suspect those with 白."""

    sha256 = "0" * 64
    items = ("no_overpromise", "no_blame_shifting")

    def of(self, sentences):
        answers = [1 if "红" in one else 0 if "黄" in one else -2 if "白" in one else -1 for one in sentences]
        return np.array([[-2, answer] for answer in answers], np.int8).reshape(-1, 2)

    def why(self, sentence, item):
        place = max(sentence.find("红"), sentence.find("黄"))
        return [Weighed(place, place + 1, 1.0)]


def judged(
    *lines, poor=(), known=True, channel=None, hearing=NOTHING_HEARD, model=None, answers=None, **changes
):
    check = {
        "kind": "banned",
        "said": {"phrases": ["不归我管", "爱投诉就投诉"]},
        "doubtful": {"phrases": ["没办法"]},
        "abuse": {"phrases": ["神经病"]},
        **changes,
    }
    case = case_of(lines, poor=poor, known=known, channel=channel, detector=model, hearing=hearing)
    if model and answers is None:
        call = case.call
        answers = model.of([call.text[one.start : one.end] for one in call.maybe_agent_sentences])
    return judge_banned(Banned.model_validate(check), replace(case, answers=answers))


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def test_a_call_without_a_banned_phrase_passes_with_all_points():
    found = judged(HELLO, OTHER)
    assert (found.verdict, found.share, found.evidence, found.critical) == ("pass", 1.0, (), False)


@pytest.mark.parametrize("lines", [(), ("C: 神经病", "C: 不归我管"), ("S: 不归我管", HELLO)])
def test_without_words_of_the_agent_it_does_not_apply(lines):
    assert judged(*lines) == NOT_APPLICABLE


def test_every_clear_instance_is_shown_in_the_order_of_the_call():
    found = judged("A: 爱投诉就投诉。不归我管。", HELLO, "A: 神经病。不归我管。")
    assert (found.verdict, found.share) == ("fail", 0.0)
    assert shown(found) == [
        (0, "爱投诉就投诉", "exact"),
        (0, "不归我管", "exact"),
        (2, "神经病", "exact"),
        (2, "不归我管", "exact"),
    ]


def test_only_abuse_is_critical():
    assert judged("A: 不归我管").critical is False
    assert judged("A: 神经病").critical is True
    assert judged("A: 不归我管", OTHER, "A: 神经病").critical is True


def test_abuse_that_is_not_sure_makes_another_fault_not_critical():
    for lines, poor in ((("A: 不归我管", "A: 神经病"), (1,)), (("A: 不归我管", "?: 神经病"), ())):
        found = judged(*lines, poor=poor)
        assert (found.verdict, found.critical) == ("fail", False)
        assert shown(found) == [(0, "不归我管", "exact")]


def test_patterns_are_as_clear_as_phrases():
    found = judged("A: 这不归我们管", said={"patterns": ["不归.{1,3}管"]})
    assert (found.verdict, shown(found)) == ("fail", [(0, "不归我们管", "regex")])


def test_what_others_say_is_no_fault_of_the_agent():
    assert judged(OTHER, "C: 神经病", "C: 没办法", "S: 不归我管").verdict == "pass"


def test_what_may_be_a_fault_is_a_person_s():
    found = judged("A: 没办法", HELLO)
    assert (found.verdict, found.share, shown(found)) == ("uncertain", 0.0, [(0, "没办法", "exact")])


def test_it_is_not_shown_beside_a_fault():
    assert shown(judged("A: 没办法", "A: 不归我管")) == [(1, "不归我管", "exact")]


def test_what_was_heard_poorly_or_by_an_unknown_speaker_is_a_person_s():
    lines = HELLO, "A: 不归我管"
    assert verdict(*lines) == "fail"
    poor = judged(*lines, poor=(1,))
    assert (poor.verdict, shown(poor)) == ("uncertain", [(1, "不归我管", "exact")])
    assert verdict(*lines, poor=(0,)) == "fail"
    assert verdict(HELLO, "?: 不归我管") == "uncertain"
    assert verdict(*lines, known=False) == "uncertain"
    assert verdict(HELLO, "?: 好的", known=False) == "pass"


def test_all_that_cannot_be_told_is_shown_and_abuse_first():
    found = judged("?: 没办法。不归我管。神经病。")
    assert [quote for _, quote, _ in shown(found)] == ["神经病", "不归我管", "没办法"]


def test_one_channel_changes_nothing():
    assert verdict(HELLO, "A: 不归我管", channel=0) == "fail"
    assert verdict("C: 不归我管", OTHER, channel=0) == "pass"


@pytest.mark.parametrize("said", ["我没说不归我管", "我没说没办法", "我没说神经病"])
def test_an_exception_takes_back_all_three(said):
    assert verdict(f"A: {said}") != "pass"
    assert verdict(f"A: {said}", unless=["没说.{2,4}"]) == "pass"


def test_an_exception_takes_back_only_what_it_overlaps():
    found = judged("A: 我没说没办法。不归我管。", unless=["没说.{2,3}"])
    assert shown(found) == [(0, "不归我管", "exact")]
    assert verdict("A: 我没说过，不归我管", unless=["没说"]) == "fail"


SOUNDS = "A: 这步归我馆"


def test_what_only_sounds_like_a_banned_phrase_is_no_fault_without_a_person():
    found = judged(HELLO, SOUNDS)
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "步归我馆", "pinyin")])
    assert verdict("A: 神精病") == "uncertain"


def test_whether_it_was_said_is_asked_of_the_audio_with_the_phrase_that_is_nearest():
    for said, phrase in (("这步归我馆", "不归我管"), ("爱头诉就投素", "爱投诉就投诉"), ("神精病", "神经病")):
        found = judged("C: 爱投诉就投诉，不归我管", f"A: {said}", hearing=Hearing(READING))
        assert (found.verdict, found.questions) == ("uncertain", (Question((1,), (phrase,)),))


def test_what_is_clear_or_doubtful_by_itself_is_not_asked():
    assert judged("A: 不归我管", hearing=Hearing(READING)).questions == ()
    assert judged("A: 没办法", hearing=Hearing(READING)).questions == ()
    assert judged("A: 不归我管", poor=(0,), hearing=Hearing(READING)).questions == ()


def test_without_a_phrase_to_ask_for_nothing_is_asked():
    found = judged("A: 这步归我馆", hearing=Hearing(READING), said={"patterns": ["不归我管"]}, abuse={})
    assert (found.verdict, found.questions) == ("uncertain", ())


@pytest.mark.parametrize(
    ("odds", "wanted", "tiers"),
    [
        (9.0, "uncertain", ["pinyin", "acoustic"]),
        (0.5, "uncertain", ["pinyin", "acoustic"]),
        (-0.5, "uncertain", ["pinyin", "acoustic"]),
        (-2.0, "pass", []),
    ],
)
def test_where_the_audio_lacks_the_phrase_there_is_none_and_else_a_person_decides(odds, wanted, tiers):
    found = judged(HELLO, SOUNDS, hearing=answered(odds, (1,), "不归我管"))
    assert (found.verdict, [one.tier for one in found.evidence]) == (wanted, tiers)
    assert found.questions == ()


def test_the_audio_takes_back_one_instance_and_leaves_the_others():
    found = judged(SOUNDS, "A: 神精病", hearing=answered(-2.0, (0,), "不归我管"))
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "神精病", "pinyin")])
    assert found.questions == (Question((1,), ("神经病",)),)
    assert verdict(SOUNDS, "A: 不归我管", hearing=answered(-2.0, (0,), "不归我管")) == "fail"


def coloured(*lines, **known):
    return judged(*lines, **{"model": Colours(), "detector": "no_blame_shifting", **known})


def test_what_the_detector_calls_a_fault_is_one_but_no_critical_one():
    found = coloured(HELLO, "A: 好的。今天红了。")
    assert (found.verdict, found.critical) == ("fail", False)
    assert shown(found) == [(1, "今天红了", "similar"), (1, "红", "similar")]


def test_where_it_is_uncertain_a_person_decides_and_where_it_is_silent_the_lists():
    found = coloured(HELLO, "A: 今天黄了")
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "今天黄了", "similar"), (1, "黄", "similar")])
    assert coloured(HELLO, OTHER).verdict == "pass"
    assert coloured(HELLO, "A: 不归我管").verdict == "fail"
    assert coloured("A: 今天黄了", "A: 不归我管").verdict == "fail"


def test_a_fault_of_the_lists_in_a_sentence_that_it_does_not_even_suspect_is_a_person_s():
    found = coloured(HELLO, "A: 白天不归我管")
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "不归我管", "exact")])
    assert coloured(HELLO, "A: 白天送到。不归我管。").verdict == "fail"
    assert coloured(HELLO, "A: 不归我管。白天送到。").verdict == "fail"


def test_one_that_it_suspects_is_a_fault_beside_one_that_it_does_not():
    found = coloured("A: 白天不归我管", "A: 不归我管")
    assert (found.verdict, shown(found)) == ("fail", [(1, "不归我管", "exact")])
    found = coloured("A: 白天不归我管", "A: 今天红了")
    assert (found.verdict, [turn for turn, *_ in shown(found)]) == ("fail", [1, 1])


def test_clear_abuse_is_the_lists_alone():
    found = coloured(HELLO, "A: 白天神经病")
    assert (found.verdict, found.critical, shown(found)) == ("fail", True, [(1, "神经病", "exact")])


def test_abuse_that_other_words_hold_is_a_person_s_where_it_suspects_nothing():
    words = {"ambiguous_abuse": {"phrases": ["有病"], "tolerance": "exact"}}
    found = coloured(HELLO, "A: 白天有病历", **words)
    assert (found.verdict, found.critical, shown(found)) == ("uncertain", False, [(1, "有病", "exact")])
    found = coloured(HELLO, "A: 有病", **words)
    assert (found.verdict, found.critical, shown(found)) == ("fail", True, [(1, "有病", "exact")])


def test_a_turn_that_the_lists_show_is_not_shown_again():
    assert shown(coloured("A: 不归我管。今天红了。")) == [(0, "不归我管", "exact")]
    both = coloured("A: 今天红了", "A: 不归我管")
    assert shown(both) == [
        (1, "不归我管", "exact"), (0, "今天红了", "similar"), (0, "红", "similar"),
    ]  # fmt: skip
    assert shown(coloured("A: 没办法。今天黄了。")) == [(0, "没办法", "exact")]


def test_at_most_three_of_its_sentences_are_shown():
    found = coloured("A: 红一。红二。", "A: 红三。", "A: 红四。")
    assert [quote for _, quote, _ in shown(found)] == ["红一", "红", "红二", "红", "红三", "红"]


def test_a_sentence_of_which_every_word_weighs_is_shown_once():
    assert shown(coloured("A: 红")) == [(0, "红", "similar")]


def test_what_it_found_in_words_heard_poorly_or_of_an_unknown_speaker_is_a_person_s():
    assert coloured("A: 今天红了", poor=(0,)).verdict == "uncertain"
    assert coloured("?: 今天红了").verdict == "uncertain"
    assert coloured("A: 今天红了", HELLO, known=False).verdict == "uncertain"
    assert coloured("C: 今天红了", OTHER).verdict == "pass"


def test_its_sentence_with_words_that_only_sound_like_a_banned_phrase_is_a_person_s():
    found = coloured(HELLO, "A: 红了这步归我馆")
    assert (found.verdict, shown(found)) == ("uncertain", [(1, "步归我馆", "pinyin")])
    assert coloured("A: 红了这步归我馆。今天红了。").verdict == "fail"
    assert coloured("A: 红了。这步归我馆。").verdict == "fail"


def test_its_sentence_is_a_person_s_where_the_audio_lacks_the_phrase_too():
    denied = answered(-2.0, (1,), "不归我管")
    assert coloured(HELLO, "A: 红了这步归我馆", hearing=denied).verdict == "uncertain"
    assert coloured(HELLO, "A: 红了。这步归我馆。", hearing=denied).verdict == "fail"
    assert coloured(HELLO, "A: 白了这步归我馆", hearing=denied).verdict == "pass"


def test_a_rubric_that_names_no_detector_asks_none():
    assert coloured("A: 今天红了", detector="").verdict == "pass"
    assert coloured("A: 白天不归我管", detector="").verdict == "fail"


def test_it_is_asked_about_the_item_that_the_rubric_names():
    assert coloured("A: 今天红了", detector="no_overpromise").verdict == "pass"
    assert coloured("A: 不归我管", detector="no_overpromise").verdict == "uncertain"
    assert coloured("A: 今天红了", detector="no_harsh_language").verdict == "pass"
    assert coloured("A: 白天不归我管", detector="no_harsh_language").verdict == "fail"


@pytest.mark.parametrize(
    "known",
    [{"model": None}, {"model": None, "answers": Colours().of(["红"])}, {"answers": Colours().of([])}],
    ids=["no detector", "answers of none", "no sentence read"],
)
def test_without_a_detector_or_its_answers_the_lists_decide(known):
    assert coloured("A: 今天红了", **known).verdict == "pass"
    assert coloured("A: 白天不归我管", **known).verdict == "fail"


def test_each_faulty_sentence_is_one_place_however_many_pieces_show_it():
    lines = ["A: 红的一句", "A: 又一句红的", "A: 红了", "A: 还是红", "A: 不归我管"]
    found = judged(*lines, detector="no_blame_shifting", model=Colours())
    assert found.verdict == "fail"
    assert (found.hits, len(found.evidence)) == (5, 7)
