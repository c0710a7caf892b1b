"""Five steps from surely not to surely, and how answers join."""

import pytest

from qa_audit.scoring.conditions.rule_belief import (
    Belief,
    Hit,
    Outcome,
    all_of,
    any_of,
    beside,
    counted,
    in_range,
)
from qa_audit.scoring.verdicts import Evidence

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES


def test_from_surely_not_to_surely():
    assert sorted([YES, UNKNOWN, NO, LIKELY, HARDLY]) == [NO, HARDLY, UNKNOWN, LIKELY, YES]


@pytest.mark.parametrize(
    ("belief", "other"), [(NO, YES), (HARDLY, LIKELY), (UNKNOWN, UNKNOWN), (LIKELY, HARDLY), (YES, NO)]
)
def test_the_other_way_round_keeps_what_is_not_known(belief, other):
    assert -belief is other


@pytest.mark.parametrize(
    ("levels", "at_least", "wanted"),
    [
        ([], 1, NO),
        ([YES], 1, YES),
        ([LIKELY], 1, LIKELY),
        ([UNKNOWN], 1, UNKNOWN),
        ([YES, YES], 2, YES),
        ([YES, LIKELY], 2, LIKELY),
        ([YES, LIKELY, UNKNOWN], 3, UNKNOWN),
        ([YES, LIKELY, LIKELY], 1, YES),
        ([UNKNOWN, LIKELY, UNKNOWN], 2, UNKNOWN),
        ([YES, YES], 3, NO),
        ([YES, HARDLY, NO], 2, NO),
        ([YES, YES], 1.5, YES),
        ([YES, YES], 2.1, NO),
    ],
)
def test_so_many_are_as_sure_as_the_least_sure_that_is_needed(levels, at_least, wanted):
    assert counted(levels, at_least) is wanted
    assert counted(iter(levels), at_least) is wanted


def test_too_few_are_not_surely_too_few_where_some_may_not_have_been_heard():
    assert counted([], 1, missed=True) is HARDLY
    assert counted([YES, YES], 3, missed=True) is HARDLY


@pytest.mark.parametrize("level", [UNKNOWN, LIKELY, YES])
def test_enough_are_enough_whatever_was_missed(level):
    assert counted([level], 1, missed=True) is level


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (7.0, NO),
        (7.99, NO),
        (8.0, UNKNOWN),
        (9.9, UNKNOWN),
        (10.0, UNKNOWN),
        (12.0, UNKNOWN),
        (12.01, YES),
        (13.0, YES),
    ],
)
def test_within_the_margin_of_a_limit_it_can_not_be_told(value, wanted):
    assert beside(value, 10, 2) is wanted


def test_without_a_margin_only_what_is_above_the_limit_is_above():
    assert beside(10.001, 10, 0) is YES
    assert beside(10, 10, 0) is NO
    assert beside(9.999, 10, 0) is NO


@pytest.mark.parametrize(
    ("at_least", "at_most", "wanted"),
    [
        (None, None, YES),
        (5, None, YES),
        (5.01, None, NO),
        (None, 5, YES),
        (None, 4.99, NO),
        (5, 5, YES),
        (4, 6, YES),
        (6, 9, NO),
        (1, 4, NO),
        (0, None, YES),
        (None, 0, NO),
    ],
)
def test_both_limits_belong_to_the_range(at_least, at_most, wanted):
    assert in_range(5, at_least, at_most) is wanted


def test_a_limit_of_zero_is_a_limit():
    assert in_range(-0.1, 0, None) is NO
    assert in_range(0.1, None, 0) is NO
    assert in_range(0.0, 0, 0) is YES


def test_all_are_as_sure_as_the_least_sure_and_any_as_the_surest():
    assert all_of([YES, LIKELY, HARDLY]) is HARDLY
    assert any_of([NO, HARDLY, LIKELY]) is LIKELY
    assert all_of([UNKNOWN]) is UNKNOWN
    assert any_of([UNKNOWN]) is UNKNOWN


def test_none_at_all_is_surely_all_and_surely_not_any():
    assert all_of([]) is YES
    assert any_of([]) is NO


def test_an_outcome_shows_nothing_and_has_its_data_unless_it_says_so():
    assert Outcome(YES) == Outcome(YES, (), None, no_data=False, late=False)


def test_a_hit_is_of_the_first_that_is_listed_unless_it_says_so():
    said = Evidence(0, 0.0, 1.0, "您好", "exact")
    assert Hit(YES, 0, 0, 2, 0.0, 1.0, said).element == 0
