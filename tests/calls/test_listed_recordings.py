import pytest

from qa_audit.calls.call_list import CallList, CallRow
from qa_audit.calls.listed_recordings import ListedRecordings, find_recordings
from qa_audit.calls.recordings import RecordingFile
from qa_audit.store.database import reading

ROW = CallRow("A1", recording="a1.wav", row=2)
FILES = tuple(
    RecordingFile(path, sha256, 1, 1)
    for path, sha256 in (("a1.wav", "a"), ("一班/b1.wav", "b"), ("二班/b1.wav", "c"))
)


def find(engine, *rows, files=FILES, before=None, spare=()):
    listed = CallList("list.csv", rows, (), spare, frozenset({"call_id", "recording"}))
    with reading(engine) as connection:
        return find_recordings(connection, listed, files, {}, before or {}, tolerance_s=5.0)


def codes(found):
    return [(problem.code, problem.row) for problem in found.problems]


def test_a_row_takes_the_file_that_it_names(engine):
    assert find(engine, ROW) == ListedRecordings(("a",), ())


def test_what_fits_equally_well_is_told_with_its_row(engine):
    found = find(engine, ROW, CallRow("B1", recording="b1.wav", row=3))
    assert (found.hashes, codes(found)) == (("a", None), [("calls.ambiguous_recording", 3)])
    assert found.problems[0].values == {"got": "b1.wav", "candidates": "一班/b1.wav, 二班/b1.wav"}


@pytest.mark.parametrize(
    ("named", "sha256"), [("gone.wav", "z"), ("other.wav", None)], ids=["under this name", "under another"]
)
def test_what_was_found_under_the_same_name_stays_found(engine, named, sha256):
    before = {"G1": {"source": "list", "named_recording": named, "sha256": "z"}}
    row = CallRow("G1", recording="gone.wav", row=3)
    assert find(engine, ROW, row, before=before) == ListedRecordings(("a", sha256), ())


def test_what_was_found_is_given_up_when_it_is_another_rows(engine):
    before = {"G1": {"source": "list", "named_recording": "gone.wav", "sha256": "a"}}
    row = CallRow("G1", recording="gone.wav", row=3)
    assert find(engine, ROW, row, before=before) == ListedRecordings(("a", None), ())


def test_once_it_is_told_that_no_recording_fits(engine):
    rows = (CallRow("X1", recording="x1.wav", row=2), CallRow("X2", recording="x2.wav", row=3))
    assert codes(find(engine, *rows)) == [("calls.no_recording_fits", None)]
    assert codes(find(engine, CallRow("X1", row=2), spare=("文件",))) == [("calls.no_recording_column", None)]
    earlier = {"X0": {"source": "list", "named_recording": "x0.wav", "sha256": "z"}}
    assert codes(find(engine, *rows, before=earlier)) == []
    assert codes(find(engine, *rows, files=())) == []
