"""The score of a call, by the points of its items."""

import pytest

from qa_audit.scoring.verdicts import VERDICTS, Finding, score_from, score_of


def test_there_are_four_verdicts():
    assert VERDICTS == ("pass", "fail", "not_applicable", "uncertain")


def test_the_score_is_the_share_of_the_points_that_were_earned():
    found = [Finding("a", "pass", 8, 8), Finding("b", "fail", 0, 8), Finding("c", "fail", 3, 4)]
    assert score_of(found) == 55.0
    assert score_of(iter(found)) == 55.0


@pytest.mark.parametrize("verdict", ["uncertain", "not_applicable"])
def test_what_is_not_judged_is_in_neither_sum(verdict):
    others = [Finding("a", "pass", 6, 6), Finding("b", "fail", 0, 2)]
    assert score_of([*others, Finding("c", verdict, 0, 92)]) == 75.0
    assert score_of([*others, Finding("c", verdict, 92, 92)]) == 75.0


@pytest.mark.parametrize(
    "found",
    [[], [Finding("a", "uncertain", 0, 8)], [Finding("a", "not_applicable", 8, 8)]],
    ids=["no items", "uncertain", "not applicable"],
)
def test_nothing_judged_is_no_score(found):
    assert score_of(found) is None
    assert score_of(found, zero_on_critical=False) is None


def test_all_points_lost_is_a_score_of_zero_and_not_none():
    assert score_of([Finding("a", "fail", 0, 8)]) == 0.0


def test_a_critical_fault_zeroes_the_call_unless_that_is_off():
    found = [Finding("a", "pass", 9, 9), Finding("b", "fail", 0, 1, critical=True)]
    assert score_of(found) == 0.0
    assert score_of(found, zero_on_critical=False) == 90.0


def test_a_critical_fault_that_is_left_to_a_person_zeroes_nothing():
    found = [Finding("a", "pass", 9, 9), Finding("b", "uncertain", 0, 1, critical=True)]
    assert score_of(found) == 100.0


def test_points_gained_make_up_for_lost_ones_and_never_lead_above_a_hundred():
    lost = [Finding("a", "pass", 10, 10), Finding("b", "fail", 4, 10)]
    assert score_of([*lost, Finding("c", "pass", 3, 0)]) == 85.0
    assert score_of([*lost, Finding("c", "pass", 6, 0)]) == 100.0
    assert score_of([*lost, Finding("c", "pass", 7, 0)]) == 100.0


def test_points_gained_alone_are_no_score():
    assert score_of([Finding("c", "pass", 5, 0)]) is None


@pytest.mark.parametrize(
    ("points", "most", "zeroed", "wanted"),
    [
        ([8, 4], [8, 8], False, 75.0),
        ([8, 4], [8, 8], True, 0.0),
        ([12], [10], False, 100.0),
        ([0], [10], False, 0.0),
        ([], [], False, None),
        ([], [], True, None),
        ([3], [0], True, 0.0),
        ([0], [0], True, 0.0),
        ([0], [0], False, None),
    ],
)
def test_the_same_from_sums_alone(points, most, zeroed, wanted):
    assert score_from(points, most, zeroed=zeroed) == wanted
    assert score_from(iter(points), iter(most), zeroed=zeroed) == wanted


def test_tenths_of_points_add_up_exactly():
    assert score_from([0.1] * 10, [1.0], zeroed=False) == 100.0
    assert score_from([0.5], [0.1] * 10, zeroed=False) == 50.0
