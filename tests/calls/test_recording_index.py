from datetime import datetime, timedelta

from qa_audit.calls.call_list import CallRow
from qa_audit.calls.file_names import parse_file_name
from qa_audit.calls.recording_index import index_recordings
from qa_audit.calls.recordings import RecordingFile

PATHS = ("一班/A1.wav", "二班/A1.wav", "A2.wav", "8001_20261003091507.wav", "8001_20261003093000.wav")
INDEX = index_recordings(
    [RecordingFile(path, path, 1, 1) for path in PATHS], {path: parse_file_name(path) for path in PATHS}
)


def looked_up(recording):
    named = INDEX.named(recording)
    return [file.path for file in named.files], named.agreed, [file.path for file in named.strange]


def test_a_name_is_found_by_as_much_of_its_path_as_agrees():
    assert looked_up(r"D:\录音\二班\A1.wav") == (["二班/A1.wav"], (2, True), [])
    assert looked_up("A1.wav") == (["一班/A1.wav", "二班/A1.wav"], (1, True), [])
    assert looked_up("一班/A1.mp3") == (["一班/A1.wav"], (2, False), [])
    assert looked_up("三班/A2.wav") == (["A2.wav"], (1, True), [])


def test_a_short_name_in_other_folders_is_told_apart():
    assert looked_up("三班/A1.wav") == ([], (0, False), ["一班/A1.wav", "二班/A1.wav"])
    assert looked_up("三班/A9.wav") == ([], (0, False), [])


def test_a_file_is_named_like_a_call_in_any_folder():
    assert [file.path for file in INDEX.like_id("a1")] == ["一班/A1.wav", "二班/A1.wav"]
    assert list(INDEX.like_id("A9")) == []


def test_files_of_an_agent_are_found_as_far_off_as_is_tolerated():
    row = CallRow("X", agent_no="8001", start=datetime(2026, 10, 3, 9, 15, 10))
    near = INDEX.near(row, timedelta(seconds=3))
    assert [(distance.total_seconds(), file.path) for distance, file in near] == [(3.0, PATHS[3])]
    assert INDEX.near(row, timedelta(seconds=2)) == []
    assert INDEX.near(CallRow("X", agent_no="8002", start=row.start), timedelta(hours=1)) == []
