"""How probable an agent who says 你 is, by how each place sounds."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.conditions.address import chance_of_at_least, chance_of_informal

WEIGHTS = st.lists(st.floats(-8, 8), min_size=1, max_size=12)


def test_nothing_heard_leaves_what_was_known_before():
    assert chance_of_informal([], 1.9) == pytest.approx(1 / (1 + exp(1.9)))
    assert chance_of_informal([0.0] * 5, 0.0) == pytest.approx(0.5)


def test_one_place_by_hand():
    # An agent who says 你 does so at a quarter of the places or at all, each as likely.
    ratio = ((1 + 0.25 * (exp(3) - 1)) + exp(3)) / 2
    assert chance_of_informal([3.0], log(2)) == pytest.approx(ratio / (ratio + 2))


def test_one_doubtful_place_among_many_clear_ones_is_no_fault():
    assert chance_of_informal([3.0, *[-4.0] * 9], 1.9) < 0.5
    assert chance_of_informal([4.0, 4.0, -3.0], 1.9) > 0.9


@given(WEIGHTS, st.floats(-3, 3))
def test_it_is_a_probability_and_the_order_does_not_matter(weights, odds):
    found = chance_of_informal(weights, odds)
    assert 0 <= found <= 1
    assert chance_of_informal(weights[::-1], odds) == pytest.approx(found)


@given(WEIGHTS, st.floats(0.1, 4), st.floats(-3, 3))
def test_what_sounds_more_like_it_makes_it_more_probable(weights, more, odds):
    louder = [weights[0] + more, *weights[1:]]
    assert chance_of_informal(louder, odds) >= chance_of_informal(weights, odds)
    assert chance_of_informal(weights, odds + more) <= chance_of_informal(weights, odds)


def test_mishearings_by_hand():
    assert chance_of_at_least(1, [0.5, 0.5]) == pytest.approx(0.75)
    assert chance_of_at_least(2, [0.5, 0.5]) == pytest.approx(0.25)
    assert chance_of_at_least(0, [0.1]) == pytest.approx(1.0)
    assert chance_of_at_least(3, [0.1]) == pytest.approx(0.0)
