"""Where a required phrase counts: after the opening, before the customer tells why they call."""

import pytest

from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.windows import stretch_of
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.said import Window

TALK = ("A: 您好请讲", "C: 喂", "A: 听得到吗", "C: 我家的宽带坏了", "A: 我查一下", "C: 好", "A: 已经好了")


def turns_in(window, lines=TALK):
    call = CallText(example_turns(lines))
    return stretch_of(window, call, call.agent).turns


@pytest.mark.parametrize(
    ("syllables", "wanted"),
    [(1, (0,)), (2, (0, 2)), (8, (0, 2)), (9, (0, 2, 4)), (10, (0, 2, 4, 6))],
)
def test_until_the_customer_says_so_many_syllables(syllables, wanted):
    assert turns_in(Window(until_customer_says=syllables)) == wanted


def test_what_the_customer_says_before_the_agent_does_not_count():
    lines = ("C: 喂喂喂有人吗", "A: 您好", "C: 喂", "A: 请讲")
    assert turns_in(Window(until_customer_says=2), lines) == (1, 3)


def test_the_window_of_the_opening_and_what_the_customer_says_bound_each_other():
    assert turns_in(Window(until_customer_says=9, first_turns=1)) == (0,)
    assert turns_in(Window(until_customer_says=1, first_turns=3)) == (0,)


@pytest.mark.parametrize(("last", "wanted"), [(1, (6,)), (2, (4, 6)), (3, (2, 4, 6)), (9, (2, 4, 6))])
def test_the_last_turns_without_the_opening(last, wanted):
    assert turns_in(Window(last_turns=last, not_first=True)) == wanted


def test_with_the_opening():
    assert turns_in(Window(last_turns=9)) == (0, 2, 4, 6)


def test_a_call_of_one_turn_has_nothing_but_an_opening():
    assert turns_in(Window(last_turns=2, not_first=True), ("A: 您好", "C: 喂")) == ()


UNKNOWN = CallText(example_turns(TALK), roles_known=False)


def test_without_known_roles_seconds_stand_for_the_last_turns_and_the_first_have_no_end():
    last = Window(last_turns=1, last_unknown_s=0.1)
    assert stretch_of(last, UNKNOWN, UNKNOWN.speech).turns == (6,)
    assert stretch_of(Window(last_turns=1), UNKNOWN, UNKNOWN.speech).turns == (0, 1, 2, 3, 4, 5, 6)
    assert stretch_of(Window(first_turns=2), UNKNOWN, UNKNOWN.speech).turns == (0, 1, 2, 3, 4, 5, 6)


def test_turns_that_are_counted_whoever_speaks_are_counted_without_known_roles_as_well():
    first, last = (
        stretch_of(window, UNKNOWN, UNKNOWN.speech, counted=True)
        for window in (Window(first_turns=2), Window(last_turns=1))
    )
    assert (first.turns, last.turns, last.start_s) == ((0, 1), (6,), float("-inf"))
