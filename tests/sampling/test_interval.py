import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.sampling.allocation import Share, allocate
from qa_audit.sampling.interval import calls_for, half_width

T_7 = 2.364624251  # 97.5 % point of t with 7 degrees of freedom, as in printed tables
T_27 = 2.051830516


def test_five_points_take_28_calls_and_three_take_69():
    assert [calls_for(aim, 600) for aim in (5, 3)] == [28, 69]
    assert [calls_for(aim, 600, prior_freedom=0) for aim in (5, 3)] == [28, 69]


def test_one_stratum_by_hand():
    error = 13.2 * math.sqrt((1 - 8 / 600) / 8)
    assert half_width([Share("rest", 600, 8)], prior_freedom=0) == pytest.approx(T_7 * error)
    assert half_width([Share("rest", 600, 8)], prior_freedom=20) == pytest.approx(T_27 * error)


def test_strata_by_hand_with_satterthwaite_s_degrees_of_freedom():
    low, others = 0.2**2 * (1 - 3 / 120) / 3, 0.8**2 * (1 - 5 / 480) / 5
    freedom = (low + others) ** 2 / (low**2 / 2 + others**2 / 4)
    assert freedom == pytest.approx(4.763, abs=0.001)
    shares = [Share("flagged", 120, 3), Share("rest", 480, 5)]
    t = half_width(shares, 1, prior_freedom=0) / math.sqrt(low + others)
    # Printed tables have 2.7764 for 4 and 2.5706 for 5 degrees; between them one goes by 1 / degrees.
    assert t == pytest.approx(2.7764 - (2.7764 - 2.5706) * (1 / 4 - 1 / 4.763) / (1 / 4 - 1 / 5), abs=0.003)
    freedom = (low + others) ** 2 / (low**2 / 13 + others**2 / 15)
    assert freedom == pytest.approx(18.0, abs=0.02)
    assert half_width(shares) / 13.2 / math.sqrt(low + others) == pytest.approx(2.1009, abs=0.001)


def test_all_heard_leaves_no_doubt_and_one_of_many_leaves_no_interval():
    assert half_width([Share("rest", 5, 5)]) == 0
    assert half_width([Share("flagged", 1, 1), Share("rest", 9, 9)]) == 0
    assert half_width([Share("rest", 5, 1)]) is None
    assert half_width([]) is None
    # A stratum heard whole adds no doubt.
    both = half_width([Share("flagged", 2, 2), Share("rest", 8, 4)], 1, prior_freedom=0)
    assert both == pytest.approx(0.8 * 3.182446305 * math.sqrt(0.5 / 4))


@given(st.integers(2, 1000), st.integers(2, 60))
def test_more_calls_never_widen_an_unstratified_interval(calls, heard):
    widths = [half_width([Share("rest", calls, min(n, calls))]) for n in (heard, heard + 1)]
    assert widths[1] <= widths[0]
    wanted = half_width(allocate(0, calls, heard, 3))
    assert calls_for(wanted + 1e-9, calls) <= min(heard, calls)
