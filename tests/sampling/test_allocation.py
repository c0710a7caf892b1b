from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.sampling.allocation import Share, allocate

THREE = Fraction(3)


def test_eight_of_600_are_three_flagged_and_five_others():
    flagged, rest = allocate(120, 480, 8, THREE)
    assert (flagged, rest) == (Share("flagged", 120, 3), Share("rest", 480, 5))
    assert (flagged.inclusion, rest.inclusion) == (0.025, 5 / 480)


@pytest.mark.parametrize(
    ("flagged", "rest", "wanted", "odds", "shares"),
    [
        (0, 0, 8, 3, []),
        (0, 600, 8, 3, [("rest", 600, 8)]),
        (0, 1, 8, 3, [("rest", 1, 1)]),
        (1, 4, 8, 3, [("flagged", 1, 1), ("rest", 4, 4)]),
        (1, 4, 4, 3, [("flagged", 1, 1), ("rest", 4, 3)]),
        (1, 4, 3, 3, [("flagged", 1, 1), ("rest", 4, 2)]),
        (1, 4, 2, 3, [("all", 5, 2)]),  # two of the rest must be drawn
        (120, 480, 5, 3, [("flagged", 120, 2), ("rest", 480, 3)]),
        (120, 480, 4, 3, [("all", 600, 4)]),  # 2 + 2 would be four times as likely
        (120, 480, 8, 1, [("all", 600, 8)]),
        (120, 480, 20, 1, [("flagged", 120, 4), ("rest", 480, 16)]),
        (120, 480, 600, 3, [("flagged", 120, 120), ("rest", 480, 480)]),
    ],
)
def test_shares(flagged, rest, wanted, odds, shares):
    got = [(one.stratum, one.size, one.drawn) for one in allocate(flagged, rest, wanted, Fraction(odds))]
    assert got == shares


@given(st.integers(0, 300), st.integers(0, 900), st.integers(0, 200), st.fractions(1, 3, max_denominator=10))
def test_bounds_hold(flagged, rest, wanted, odds):
    shares = allocate(flagged, rest, wanted, odds)
    total = flagged + rest
    assert sum(one.drawn for one in shares) == min(wanted, total)
    assert sum(one.size for one in shares) == (total if wanted and total else 0)
    assert all(0 < one.drawn <= one.size for one in shares)
    if len(shares) == 2:
        low, others = shares
        assert (low.size, others.size) == (flagged, rest)
        assert all(one.drawn >= min(2, one.size) for one in shares)
        assert Fraction(low.drawn, low.size) <= odds * Fraction(others.drawn, others.size)
        more = Fraction(low.drawn + 1, low.size) <= odds * Fraction(others.drawn - 1, others.size)
        if low.drawn < low.size and others.drawn - 1 >= min(2, others.size):
            assert not more  # as many flagged ones as can be
