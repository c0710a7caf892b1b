from datetime import datetime

import pytest

from qa_audit.calls.call_list import CallRow
from qa_audit.calls.file_names import parse_file_name
from qa_audit.calls.matching import Match, match_recordings, name_key
from qa_audit.calls.recordings import RecordingFile

PATHS = {
    "一班/20261003/A1.wav": "a",
    "二班/20261003/A1.wav": "b",
    "A2.WAV": "c",
    "copies/A2.wav": "c",
    "8001_20261003091507_13800138000.wav": "d",
    "8001_20261003093000_13900139000.wav": "e",
    "caf\u00e9.wav": "f",
}
FILES = [RecordingFile(path, sha256, 1, 1) for path, sha256 in PATHS.items()]
PARTS = {path: parse_file_name(path) for path in PATHS}


def match(tolerance_s=5.0, **row):
    return match_recordings([CallRow(**row)], FILES, PARTS, tolerance_s)[0]


@pytest.mark.parametrize(
    ("recording", "sha256"),
    [
        ("一班/20261003/A1.wav", "a"),
        ("20261003/../二班/20261003/A1.wav", "b"),
        (r"D:\录音\二班\20261003\a1.WAV", "b"),
        (r".\A2.wav", "c"),
        ("A2", "c"),
        ("/old/place/a2.mp3", "c"),
        ("cafe\u0301.wav", "f"),
    ],
)
def test_by_the_name_in_the_list(recording, sha256):
    assert match(call_id="X", recording=recording) == Match(sha256, "name")


def test_two_different_recordings_of_one_name_are_not_guessed():
    found = match(call_id="X", recording="A1.wav")
    assert found == Match(None, "ambiguous", ("一班/20261003/A1.wav", "二班/20261003/A1.wav"))


def test_by_the_call_id_when_the_name_is_not_there():
    assert match(call_id="a2", recording="gone.wav") == Match("c", "call_id")


@pytest.mark.parametrize(
    ("row", "sha256"),
    [
        ({"agent_no": "8001", "start": datetime(2026, 10, 3, 9, 15, 7)}, "d"),
        ({"agent_no": "8001", "start": datetime(2026, 10, 3, 9, 15, 12)}, "d"),
        ({"agent_no": "8001", "start": datetime(2026, 10, 3, 9, 15, 13)}, None),
        ({"agent_no": "8002", "start": datetime(2026, 10, 3, 9, 15, 7)}, None),
        ({"agent_no": "8001", "start": datetime(2026, 10, 3, 9, 15, 7), "customer_no": "013800138000"}, "d"),
        ({"agent_no": "8001", "start": datetime(2026, 10, 3, 9, 15, 7), "customer_no": "13900139000"}, None),
        ({"start": datetime(2026, 10, 3, 9, 15, 7)}, None),
        ({"agent_no": "8001"}, None),
    ],
)
def test_by_agent_and_start_in_the_file_name(row, sha256):
    assert match(call_id="X", **row) == Match(sha256, "agent_start" if sha256 else "none")


def test_the_nearest_start_wins():
    start = datetime(2026, 10, 3, 9, 29, 59)
    assert match(3600, call_id="X", agent_no="8001", start=start) == Match("e", "agent_start")


def test_names_are_compared_without_case_slash_and_form():
    assert name_key("./ＡB\\C.WAV") == "ａb/c.wav"
