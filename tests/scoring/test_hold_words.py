"""Courtesy before a wait in words that the rubric does not list as its phrases."""

from dataclasses import replace

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.rubric_test import typed_call
from tests.scoring.test_hold import ASKED, BACK, LONG, OTHER, judged, shown, verdict

BY_SENTENCE = {"courteous": {"patterns": ["请.{0,8}等着"]}}
EXCUSED = {"excused": {"phrases": ["耽误您一会儿"]}}


def test_courtesy_and_wait_must_stand_in_one_sentence():
    assert verdict(ASKED, "A: 请您先等着", OTHER, **BY_SENTENCE) == "pass"
    assert verdict(ASKED, "A: 请您先，你等着", OTHER, **BY_SENTENCE) == "pass"
    assert verdict(ASKED, "A: 请您确认。你等着", OTHER, **BY_SENTENCE) == "fail"


def test_an_excuse_before_a_silence_is_courtesy_and_asks_for_courtesy_after_it():
    excused = "A: 耽误您一会儿"
    found = judged(ASKED, excused, LONG, BACK, **EXCUSED)
    assert (found.verdict, [quote for _, quote, _ in shown(found)]) == (
        "pass",
        ["耽误您一会儿", "让您久等了"],
    )
    assert verdict(ASKED, excused, LONG, OTHER, **EXCUSED) == "fail"
    assert verdict(ASKED, excused, LONG, BACK) == "fail"


def test_where_nobody_falls_silent_it_announces_nothing():
    assert verdict(ASKED, "A: 耽误您一会儿", OTHER, **EXCUSED) == "not_applicable"


def test_curt_words_like_polite_ones_are_a_fault_as_written_and_a_person_s_as_recognised():
    written = typed_call("C: 批了没有？ / A: 稍等哈。 / C: 好。 / A: 批了。")
    turns = tuple(replace(turn, confidence=0.9) for turn in written.turns)
    found = {}
    for name, call in (("written", written), ("recognised", replace(written, turns=turns))):
        items = score_call(call, CallFacts(), load_rubric()).items
        (found[name],) = [item.verdict for item in items if item.id == "hold_courtesy"]
    assert found == {"written": "fail", "recognised": "uncertain"}
