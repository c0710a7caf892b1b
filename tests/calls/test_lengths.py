import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.calls.lengths import parse_seconds

NEAR_VALID = st.text(alphabet="0123456789-:. 时分秒smh", max_size=30)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("12", 12.0),
        ("12.5", 12.5),
        ("0", 0.0),
        ("12秒", 12.0),
        ("12s", 12.0),
        ("1分15秒", 75.0),
        ("1小时2分3秒", 3723.0),
        ("2分钟", 120.0),
        ("00:12", 12.0),
        ("01:15", 75.0),
        ("0:01:15", 75.0),
        ("00:01:15.5", 75.5),
        ("1899-12-31 00:01:15", 75.0),
        ("1900-01-01 00:00:00", 86_400.0),
        ("1900-01-01 01:00:00", 90_000.0),
        ("1900-01-07 00:00:00", 604_800.0),
        ("0.00005787", 5.0),
        ("0.003472222", 300.0),
        ("0.015625", 1350.0),
        ("0.5", 0.5),
        ("0.1234", 0.1234),
    ],
)
def test_lengths_of_time(cell, seconds):
    assert parse_seconds(cell) == seconds


@pytest.mark.parametrize(
    "cell",
    ["-1", "abc", "", "1:75", "1:60:00", "1e3", "nan", "inf", "99999999", "秒", "½", "1900-01-08 00:00:00"],
)
def test_what_is_no_length_is_refused(cell):
    with pytest.raises(ValueError, match=r".*"):
        parse_seconds(cell)


@pytest.mark.parametrize(
    ("cell", "unit_s", "seconds"),
    [
        ("5", 60.0, 300.0),
        ("75000", 0.001, 75.0),
        ("0.5", 60.0, 30.0),
        ("0:01:15", 60.0, 75.0),
        ("12秒", 60.0, 12.0),
    ],
)
def test_a_number_alone_counts_in_the_unit_of_its_column(cell, unit_s, seconds):
    assert parse_seconds(cell, unit_s) == seconds


@given(cell=st.one_of(st.text(max_size=40), NEAR_VALID))
def test_a_length_is_a_value_or_a_value_error(cell):
    with contextlib.suppress(ValueError):
        parse_seconds(cell)
