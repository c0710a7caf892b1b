import subprocess
from pathlib import Path

import pytest

from qa_audit.calls import workbook_sheets
from qa_audit.calls.workbook_sheets import sheets_apart, sheets_of

OLD = (Path(__file__).parent / "data" / "list.xls").read_bytes()
ROWS = [
    ["通话编号", "工号", "开始时间"],
    ["A1", "8001", "2026-10-03 09:15:07"],
    ["A2", "0012", "2026/10/3 9:16"],
]


def test_apart_gives_the_same_as_here():
    assert sheets_of(OLD) == {"清单": ROWS}
    assert sheets_apart(OLD) == {"清单": ROWS}


@pytest.mark.parametrize("read", [sheets_of, sheets_apart])
def test_what_is_no_workbook_is_a_value_error(read):
    with pytest.raises(ValueError, match="file format"):
        read(b"rubbish")


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (subprocess.CalledProcessError(-9, "python"), "exit -9"),
        (subprocess.TimeoutExpired("python", 1), "> 120 s"),
        (OSError("no process"), "no process"),
    ],
)
def test_a_reader_that_dies_or_hangs_is_a_value_error(monkeypatch, failure, reason):
    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(workbook_sheets.subprocess, "run", fail)
    with pytest.raises(ValueError, match=reason):
        sheets_apart(OLD)
