from datetime import datetime

import pytest

from qa_audit.calls.call_changes import plan_calls
from qa_audit.calls.call_list import CallList, CallRow
from qa_audit.calls.file_changes import FilePlan
from qa_audit.calls.recordings import RecordingFile
from qa_audit.calls.settings import CallListSettings
from qa_audit.store.database import reading

FILES = tuple(
    RecordingFile(path, sha256 * 64, 1, 1)
    for path, sha256 in (("a1.wav", "a"), ("8001_20261003091507_13800138000.wav", "b"), ("会议.wav", "c"))
)
ROW = CallRow("A1", recording="a1.wav", agent_no="8001", start=datetime(2026, 10, 3, 9), row=2)
FIELDS = frozenset({"call_id", "recording", "agent_no", "start"})


def plan(engine, rows, files=FILES, **settings):
    call_list = CallList("list.csv", rows, (), (), FIELDS) if rows else None
    with reading(engine) as connection:
        return plan_calls(connection, FilePlan(files=files), call_list, CallListSettings(**settings))


def test_a_list_takes_its_recordings_and_a_telling_name_stands_for_itself(engine):
    found = plan(engine, (ROW,))
    assert [(row["call_id"], row["sha256"][0], row["source"]) for row in found.new] == [
        ("A1", "a", "list"),
        ("8001_20261003091507_13800138000", "b", "file_name"),
    ]
    assert found.unclaimed == ("会议.wav",)
    assert (found.changed, found.unchanged, found.without_recording, found.problems) == ((), 0, (), ())


def test_without_a_list_every_recording_is_a_call(engine):
    found = plan(engine, ())
    assert sorted(row["call_id"] for row in found.new) == ["8001_20261003091507_13800138000", "a1", "会议"]
    assert found.unclaimed == ()


def test_a_copy_of_a_recording_is_no_second_call(engine):
    copy = RecordingFile("z/copy.wav", "a" * 64, 1, 1)
    found = plan(engine, (), files=(FILES[0], copy))
    assert [row["named_recording"] for row in found.new] == ["a1.wav"]


@pytest.mark.parametrize(
    ("tolerance", "calls"), [(0, ["A9", "8001_20261003091507_13800138000"]), (5, ["A9"])]
)
def test_the_tolerance_of_starts_is_a_setting(engine, tolerance, calls):
    row = CallRow("A9", agent_no="8001", start=datetime(2026, 10, 3, 9, 15, 9), row=2)
    found = plan(engine, (row,), files=FILES[1:2], match_tolerance_s=tolerance)
    assert [row["call_id"] for row in found.new] == calls


def test_agents_are_those_of_the_planned_calls(engine):
    assert plan(engine, (ROW,), files=()).agents.rows() == [
        ("A1", "8001", None, None, None, datetime(2026, 10, 3, 9))
    ]


def test_a_list_without_starts_takes_those_of_its_recordings_names(engine):
    row = CallRow("A1", recording="8001_20261003091507_13800138000.wav", row=2)
    call_list = CallList("list.csv", (row,), (), (), frozenset({"call_id", "recording"}))
    with reading(engine) as connection:
        found = plan_calls(connection, FilePlan(files=FILES), call_list, CallListSettings())
    assert [(row["call_id"], row["start"]) for row in found.new] == [("A1", datetime(2026, 10, 3, 9, 15, 7))]
    assert found.dated


def test_a_start_that_the_list_has_a_column_for_is_the_list_s(engine):
    found = plan(engine, (CallRow("A1", recording="8001_20261003091507_13800138000.wav", row=2),))
    assert [row["start"] for row in found.new] == [None]
    assert not found.dated


def test_a_list_of_which_no_call_finds_a_recording_is_told_once(engine):
    rows = (CallRow("X1", row=2), CallRow("X2", row=3))
    (problem,) = plan(engine, rows).problems
    assert (problem.code, problem.left_out, problem.values["got"]) == ("calls.no_recording_column", True, "–")
    assert '[calls.headings] 写 recording = "列名"' in problem.text("zh")
    (problem,) = plan(engine, (CallRow("X1", recording="x1.wav", row=2),)).problems
    assert (problem.code, problem.left_out) == ("calls.no_recording_fits", True)
    assert (problem.values["got"], problem.values["file"]) == ("x1.wav", "a1.wav")
    assert plan(engine, (*rows, ROW)).problems == ()
    assert plan(engine, rows, files=()).problems == ()
