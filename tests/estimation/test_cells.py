import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.estimation.cells import Cell, cells_of, mean_of, square_sum
from qa_audit.estimation.heard import checked_frame, heard_calls
from tests.estimation.made_month import audits_of, frame_of

FRAME = frame_of(
    ("c4", "1002", "rest", 90.0),
    ("c3", "1001", "rest", 60.0),
    ("c2", "1001", "flagged", 40.0),
    ("c1", "1001", "rest", 80.0),
    ("c0", "1001", "rest", 70.0),
)


def cells(frame: pl.DataFrame = FRAME, **scores: float | None) -> list[Cell]:
    checked = checked_frame(frame)
    return cells_of(checked, heard_calls(checked, audits_of(scores, frame)))


def test_cells_come_by_agent_and_stratum_with_all_their_calls() -> None:
    found = [(one.agent, one.stratum, one.calls, one.machine_sum) for one in cells(c2=50.0)]
    assert found == [("1001", "flagged", 1, 40.0), ("1001", "rest", 3, 210.0), ("1002", "rest", 1, 90.0)]


def test_scores_of_both_stand_in_order_of_call_ids() -> None:
    rest = cells(c3=66.0, c0=75.0)[1]
    assert (rest.machine, rest.person) == ((70.0, 60.0), (75.0, 66.0))
    assert (rest.heard, rest.inspectors) == (2, ("赵", "赵"))
    assert rest.probability == 2 / 3


def test_where_nobody_listened_there_are_no_scores_and_no_probability() -> None:
    other = cells(c3=66.0)[2]
    assert (other.heard, other.machine, other.person, other.inspectors) == (0, (), (), ())
    assert math.isnan(other.probability)


def test_an_inspector_without_a_name_has_an_empty_one() -> None:
    audits = audits_of({"c4": 80.0}, FRAME).with_columns(inspector=pl.lit(None, pl.String))
    checked = checked_frame(FRAME)
    assert cells_of(checked, heard_calls(checked, audits))[2].inspectors == ("",)


def test_the_recogniser_s_confidence_is_that_of_all_the_agent_s_calls() -> None:
    sure = {"c0": 0.9, "c1": None, "c2": 0.3, "c3": 0.6, "c4": None}
    frame = FRAME.with_columns(confidence=pl.col("call_id").replace_strict(sure, return_dtype=pl.Float64))
    flagged, rest, other = cells(frame)
    assert flagged.confidence == rest.confidence == pytest.approx(0.6)
    assert math.isnan(other.confidence)


def test_a_month_without_calls_has_no_cells() -> None:
    assert cells(FRAME.clear()) == []


@pytest.mark.parametrize(("slope", "left"), [(0.0, [75.0, 66.0]), (1.0, [5.0, 6.0]), (0.5, [40.0, 36.0])])
def test_residuals_are_what_the_machine_does_not_explain(slope: float, left: list[float]) -> None:
    assert cells(c3=66.0, c0=75.0)[1].residuals(slope) == left


def test_small_numbers_are_not_lost_between_large_ones() -> None:
    assert mean_of([1e16, 1.0, -1e16]) == 1 / 3


def test_squares_are_taken_about_the_mean() -> None:
    assert square_sum([2.0, 4.0, 9.0]) == 26.0  # 9 + 1 + 16
    assert square_sum([7.0]) == 0.0


_SCORES = st.lists(st.floats(0, 100), min_size=1, max_size=12)


@given(_SCORES, st.randoms(use_true_random=False))
def test_the_order_changes_no_digit(scores: list[float], chance) -> None:
    other = list(scores)
    chance.shuffle(other)
    assert mean_of(other) == mean_of(scores)
    assert square_sum(other) == square_sum(scores)


@given(_SCORES)
def test_a_mean_lies_between_its_values_and_no_square_is_negative(scores: list[float]) -> None:
    assert min(scores) <= mean_of(scores) + 1e-12
    assert mean_of(scores) <= max(scores) + 1e-12
    assert square_sum(scores) >= 0
