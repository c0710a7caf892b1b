from datetime import datetime, timedelta

import pytest

from qa_audit.calls.call_list import CallRow
from qa_audit.calls.file_names import NameParts, parse_file_name
from qa_audit.calls.matching import Match, match_recordings
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


def match_all(paths, *rows):
    """`paths`: content by path, or paths that are their own content."""
    contents = paths if isinstance(paths, dict) else {path: path for path in paths}
    files = [RecordingFile(path, sha256, 1, 1) for path, sha256 in contents.items()]
    parts = {path: parse_file_name(path) for path in contents}
    listed = [CallRow(**{"call_id": f"X{number}", **row}) for number, row in enumerate(rows)]
    return match_recordings(listed, files, parts, 5.0)


def at(second, agent_no="8001", **row):
    return {"agent_no": agent_no, "start": datetime(2026, 10, 3, 9, 15, second), **row}


def named(*recordings):
    return [{"recording": recording} for recording in recordings]


DAY_3, DAY_4 = r"D:\rec\20261003\0001.wav", r"D:\rec\20261004\0001.wav"


def test_a_short_name_in_another_folder_is_another_recording():
    path = "20261004/0001.wav"
    other = Match(None, "other_folder", (path,))
    assert match_all([path], *named(DAY_3, DAY_4)) == [other, Match(path, "name")]
    assert match_all([path], *named(DAY_3)) == [other]
    assert match_all([path], *named(r"D:\0001.wav", "0001.wav")) == [Match(path, "name")] * 2


def test_a_long_name_is_the_same_recording_in_any_folder():
    path = "一班/1696300507-000123.wav"
    rows = named("/var/rec/2026-10-03/1696300507-000123.wav", "/old/1696300507-000123.wav")
    assert match_all([path], *rows) == [Match(path, "name")] * 2
    counted = "一班/000000000001.wav"
    assert match_all([counted], *named("二班/000000000001.wav")) == [Match(None, "other_folder", (counted,))]


def test_a_row_whose_folder_is_not_there_is_still_found_by_its_id():
    assert match_all(["20261004/C7.wav"], {"call_id": "C7", "recording": r"E:\20261003\C7.wav"}) == [
        Match("20261004/C7.wav", "call_id")
    ]


def test_the_folder_tells_apart_what_was_saved_in_another_format():
    paths = ["20261003/0001.wav", "20261004/0001.wav"]
    rows = named(r"D:\rec\20261003\0001.v3", r"D:\rec\20261004\0001.v3")
    assert match_all(paths, *rows) == [Match(path, "name") for path in paths]


def test_the_row_that_agrees_with_more_of_the_path_gets_the_file():
    path = "一班/20261003/0001.wav"
    rows = named("二班/20261003/0001.wav", "一班/20261003/0001.wav", "0001.wav")
    assert match_all([path], *rows) == [Match(None, "none"), Match(path, "name"), Match(path, "name")]


def test_a_file_that_two_paths_fit_alike_is_given_to_neither():
    contested = Match(None, "contested", ("0001.wav",))
    assert match_all(["0001.wav"], *named(DAY_3, DAY_4)) == [contested] * 2
    assert match_all(["0001.wav"], *named(DAY_3, DAY_3, "0001.wav")) == [Match("0001.wav", "name")] * 3


def test_files_of_one_content_are_given_to_the_rows_that_name_them():
    paths = {"20261003/0001.wav": "same", "20261004/0001.wav": "same"}
    assert match_all(paths, *named(DAY_3, DAY_4)) == [Match("same", "name")] * 2


def test_the_id_of_a_row_does_not_take_what_another_row_names():
    rows = ({"call_id": "1", "recording": "7.wav"}, {"call_id": "7", "recording": "9.wav"})
    assert match_all(["7.wav"], *rows) == [Match("7.wav", "name"), Match(None, "none")]
    assert match_all(["7.wav"], rows[0], {"call_id": "7"}) == [
        Match("7.wav", "name"),
        Match("7.wav", "call_id"),
    ]


def test_a_file_goes_to_the_row_nearest_in_time():
    path = "8001_20261003091504.wav"
    taken, none = Match(path, "agent_start"), Match(None, "none")
    assert match_all([path], at(0), at(4)) == [none, taken]
    assert match_all([path], at(6), at(3)) == [none, taken]
    assert match_all([path], at(3), at(3)) == [taken, taken]
    assert match_all([path], at(2), at(6)) == [Match(None, "contested", (path,))] * 2


def test_a_row_that_is_not_the_nearest_takes_the_next_file():
    paths = ["8001_20261003091502.wav", "8001_20261003091505.wav"]
    assert match_all(paths, at(0), at(4)) == [Match(path, "agent_start") for path in paths]


def test_a_file_that_a_row_names_is_open_to_no_row_near_it():
    path = "8001_20261003091504.wav"
    rows = (at(4, recording="8001_20261003091500.wav"), at(8, recording=path))
    assert match_all([path], *rows) == [Match(None, "none"), Match(path, "name")]
    copied = {path: "one", f"copy/{path}": "one"}
    assert match_all(copied, at(4), at(8, recording=path)) == [Match(None, "none"), Match("one", "name")]


def test_the_row_tells_which_number_of_a_name_with_two_readings_is_the_agents():
    path = "20261003091504_80001_87654321.wav"
    found = Match(path, "agent_start")
    assert match_all([path], at(4, "80001")) == [found]
    assert match_all([path], at(4, "87654321", customer_no="80001")) == [found]
    assert match_all([path], at(4, "87654321", customer_no="95598")) == [Match(None, "none")]
    assert match_all([path], at(4, "80001"), at(4, "87654321")) == [Match(None, "contested", (path,))] * 2


def test_many_calls_of_one_agent_are_matched_without_comparing_each_with_each():
    class Counted(datetime):
        compared = 0

        def __lt__(self, other):
            Counted.compared += 1
            return super().__lt__(other)

        def __sub__(self, other):
            Counted.compared += 1
            return super().__sub__(other)

    count = 2000
    moments = [Counted(2026, 10, 3) + timedelta(minutes=number) for number in range(count)]
    files = [RecordingFile(f"{number}.wav", f"{number}", 1, 1) for number in range(count)]
    parts = {file.path: NameParts(agent_no="8001", start=moments[int(file.sha256)]) for file in files}
    rows = [CallRow(f"X{number}", agent_no="8001", start=moment) for number, moment in enumerate(moments)]
    assert match_recordings(rows, files, parts, 5.0) == [Match(file.sha256, "agent_start") for file in files]
    assert count < Counted.compared < 50 * count
    Counted.compared = 0
    by_name = [
        CallRow(row.call_id, f"{number}.wav", "8001", start=row.start) for number, row in enumerate(rows)
    ]
    assert {match.how for match in match_recordings(by_name, files, parts, 5.0)} == {"name"}
    assert Counted.compared < 2 * count
