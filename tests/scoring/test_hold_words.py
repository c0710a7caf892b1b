"""Courtesy before a wait in words that the rubric does not list as its phrases."""

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
