"""What conditions say of a call, and what they may rely upon."""

from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText, Match
from qa_audit.scoring.conditions.judgement import (
    NOT_APPLICABLE,
    Case,
    Judgement,
    failed,
    passed,
    sure,
    uncertain,
)
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import Evidence
from qa_audit.transcribe.questions import Question

HELLO = Evidence(0, 0.0, 1.0, "您好", "exact")


def case(*heard, known=True):
    """Turns with how well each was heard, judged where 0.4 is well enough."""
    turns = example_turns([line for line, _ in heard])
    turns = [replace(turn, confidence=each) for turn, (_, each) in zip(turns, heard, strict=True)]
    return Case(CallText(turns, roles_known=known), CallFacts(), 0.4)


@pytest.mark.parametrize(
    ("judgement", "wanted"),
    [
        (passed([HELLO]), Judgement("pass", (HELLO,), 1.0, False)),
        (passed(), Judgement("pass", (), 1.0, False)),
        (failed([HELLO]), Judgement("fail", (HELLO,), 0.0, False)),
        (failed(iter([HELLO]), 0.5, critical=True), Judgement("fail", (HELLO,), 0.5, True)),
        (uncertain([HELLO]), Judgement("uncertain", (HELLO,), 0.0, False)),
        (uncertain(), Judgement("uncertain", (), 0.0, False)),
        (NOT_APPLICABLE, Judgement("not_applicable", (), 0.0, False)),
    ],
)
def test_only_a_pass_earns_all_points_and_only_a_fault_is_critical(judgement, wanted):
    assert judgement == wanted
    assert judgement.questions == ()


def test_a_question_is_asked_once_in_the_order_in_which_it_came_up():
    first, second = Question((2,), ("再见",)), Question((0,), ("您好",))
    asked = failed([HELLO], 0.5, critical=True).asking([first, second, first])
    assert asked == Judgement("fail", (HELLO,), 0.5, True, (first, second))


def test_a_judgement_without_questions_stays_as_it_is():
    question = Question((0,), ("您好",))
    assert passed([HELLO]).asking(()) == passed([HELLO])
    assert passed().asking([question]).asking([]).questions == (question,)


def test_a_turn_heard_exactly_well_enough_can_be_relied_upon():
    known = case(("A: 您好", 0.4), ("C: 喂", 0.39), ("A: 请讲", 1.0))
    assert not known.doubtful((0,))
    assert known.doubtful((1,))
    assert known.doubtful((0, 1, 2))
    assert not known.doubtful((0, 2))


def test_nothing_looked_at_leaves_no_doubt():
    assert not case().doubtful(())
    assert not case().mostly_doubtful(())
    assert not case(("A: 您好", 0.1)).doubtful(iter(()))


@pytest.mark.parametrize(
    ("poor", "wanted"), [("请稍等", False), ("请您稍等", True), ("请", False), ("请您稍等我看一下", True)]
)
def test_three_syllables_of_ten_may_be_lost_and_no_more(poor, wanted):
    well = "您好很高兴为您服务"[: 10 - len(poor)] if len(poor) < 8 else "您好"
    assert case((f"A: {well}", 0.9), (f"A: {poor}", 0.2)).mostly_doubtful((0, 1)) is wanted


def test_syllables_count_and_not_turns():
    known = case(("A: 好", 0.1), ("A: 行", 0.1), ("A: 您好很高兴为您服务请讲", 0.9))
    assert not known.mostly_doubtful((0, 1, 2))
    assert known.mostly_doubtful((0, 1))


def test_only_the_turns_asked_for_are_weighed():
    known = case(("A: 您好很高兴为您服务", 0.1), ("A: 请讲", 0.9))
    assert not known.mostly_doubtful((1,))
    assert known.mostly_doubtful((0,))


@pytest.mark.parametrize(
    ("tier", "wanted"),
    [
        ("exact", True),
        ("regex", True),
        ("pinyin", False),
        ("near", False),
        ("similar", False),
        ("acoustic", False),
    ],
)
def test_only_the_words_themselves_are_sure(tier, wanted):
    assert sure(Match(0, 0, 2, tier), case(("A: 您好", 0.9))) is wanted


def test_words_are_sure_only_of_the_speaker_who_is_known_to_say_them():
    place = Match(0, 0, 2, "exact")
    assert sure(place, case(("A: 您好", 0.9)), "agent")
    assert not sure(place, case(("A: 您好", 0.9)), "customer")
    assert sure(place, case(("C: 您好", 0.9)), "customer")
    assert not sure(place, case(("C: 您好", 0.9)))
    assert not sure(place, case(("?: 您好", 0.9)))
    assert not sure(place, case(("A: 您好", 0.9), known=False))


def test_words_heard_badly_are_not_sure():
    assert sure(Match(0, 0, 2, "exact"), case(("A: 您好", 0.4), ("A: 请讲", 0.1)))
    assert not sure(Match(1, 3, 5, "exact"), case(("A: 您好", 0.4), ("A: 请讲", 0.1)))
