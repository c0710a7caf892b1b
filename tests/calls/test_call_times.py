from datetime import datetime, timedelta

import pytest

from qa_audit.calls.call_times import CellError, length_to, start_of

START = datetime(2026, 10, 3, 9, 15, 7)


def start(cell, day, clock):
    return start_of(cell, day, clock, "Asia/Shanghai", "ymd")


@pytest.mark.parametrize(
    "cells",
    [
        ("2026-10-03 09:15:07", "", ""),
        ("2026-10-03 09:15:07", "2026-10-01", "08:00"),
        ("09:15:07", "2026-10-03", ""),
        ("1899-12-31 09:15:07", "2026-10-03 00:00:00", ""),
        ("", "2026/10/3", "9:15:07"),
        ("09:15:07", "2026-10-03", "00:00"),
    ],
)
def test_one_start_in_one_cell_or_two(cells):
    assert start(*cells) == START


def test_no_cell_is_no_start_and_a_day_alone_its_midnight():
    assert start("", "", "09:15") is None
    assert start("", "2026-10-03", "") == datetime(2026, 10, 3)


@pytest.mark.parametrize(
    ("cells", "field", "cell"),
    [
        (("09:15:07", "", ""), "start", "09:15:07"),
        (("明天", "2026-10-03", ""), "start", "明天"),
        (("09:15", "昨天", ""), "start_date", "昨天"),
        (("", "2026-10-03", "晚了"), "start_clock", "晚了"),
    ],
)
def test_the_cell_that_is_no_time_is_told(cells, field, cell):
    with pytest.raises(CellError) as raised:
        start(*cells)
    assert (raised.value.field, raised.value.cell) == (field, cell)


@pytest.mark.parametrize(
    ("end", "began", "length"),
    [
        ("2026-10-03 09:17:07", START, timedelta(minutes=2)),
        ("09:17:07", START, timedelta(minutes=2)),
        ("00:01:00", datetime(2026, 10, 31, 23, 59), timedelta(minutes=2)),
        ("09:15:00", START, -timedelta(seconds=7)),
    ],
)
def test_an_end_is_a_moment_or_a_time_of_day(end, began, length):
    assert length_to(end, began, "Asia/Shanghai", "ymd") == length
