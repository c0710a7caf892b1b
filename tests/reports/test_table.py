from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.reports.table import DECIMALS, NUMBER_FORMATS, Kind, distinct


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("score", 84.25, "84.3"),
        ("score", 84, "84.0"),
        ("score", 84.95, "85.0"),
        ("points", 0.25, "0.3"),
        ("change", 2.25, "+2.3"),
        ("change", -2.25, "-2.3"),
        ("share", 0.0005, "0.1%"),
        ("share", 1.0, "100.0%"),
        ("figure", 74.96, "74.96"),
        ("figure", 74.996, "75.00"),
        ("correction", 29.415, "+29.42"),
        ("correction", -0.004, "0.00"),
        ("ratio", 2.675, "2.68"),
        ("yuan", 1234567.005, "1,234,567.01"),
        ("yuan", 400.0, "400.00"),
        ("change", 0.0, "0.0"),
        ("change", -0.04, "0.0"),
        ("score", -0.04, "0.0"),
        ("yuan", -0.001, "0.00"),
    ],
)
def test_figures_in_text_are_rounded_half_up_as_people_read_them(kind: Kind, value: float, text: str) -> None:
    assert DECIMALS[kind](value) == text


def test_every_kind_has_a_format_in_a_spreadsheet() -> None:
    assert set(NUMBER_FORMATS) == set(get_args(Kind))


@pytest.mark.parametrize("kind", ["text", "long", "verdict"])
def test_what_is_text_stays_text_in_a_spreadsheet_whatever_it_looks_like(kind: Kind) -> None:
    assert NUMBER_FORMATS[kind] == "@"


def test_a_heading_that_stands_thrice_has_two_numbers() -> None:
    assert distinct(["项目", "项目", "得分", "项目"]) == ["项目", "项目 (2)", "得分", "项目 (3)"]


def test_a_number_is_not_given_that_a_heading_has_by_itself() -> None:
    assert distinct(["a", "a (2)", "a"]) == ["a", "a (2)", "a (3)"]


def test_no_headings_stay_none() -> None:
    assert distinct([]) == []


@given(st.lists(st.text("得分项目", max_size=2), max_size=12))
def test_headings_are_told_apart_and_the_first_of_each_is_left_alone(headings: list[str]) -> None:
    found = distinct(headings)
    assert len(set(found)) == len(found) == len(headings)
    for place, heading in enumerate(headings):
        assert found[place].startswith(heading)
        if heading not in headings[:place]:
            assert found[place] == heading
