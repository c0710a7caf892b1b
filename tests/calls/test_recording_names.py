import pytest

from qa_audit.calls.recording_names import (
    content_and_name,
    go_together,
    levels_of,
    name_key,
    stem_of,
    tells_alone,
)
from qa_audit.calls.recordings import RecordingFile


@pytest.mark.parametrize(
    ("recording", "stem"),
    [("a.wav", "a"), (r"D:\录音\a.b.wav", "a.b"), ("x/y/无后缀", "无后缀"), ("/", "/")],
)
def test_stems(recording, stem):
    assert stem_of(recording) == stem


def test_names_are_compared_without_case_slash_and_form():
    assert name_key("./ＡB\\C.WAV") == "ａb/c.wav"


def test_a_copy_has_its_content_and_its_name_in_common():
    one, copy = RecordingFile("一班/A1.wav", "a", 1, 1), RecordingFile("old/a1.WAV", "a", 2, 2)
    assert content_and_name(one) == content_and_name(copy) == ("a", "a1.wav")


@pytest.mark.parametrize(
    ("recording", "levels"),
    [
        (r"D:\录音\A1.WAV", ("录音", "a1.wav")),
        ("/rec//20261003/./A1.wav", ("rec", "20261003", "a1.wav")),
        ("d:", ("d:",)),
    ],
)
def test_levels_of_a_path_leave_out_drive_and_detours(recording, levels):
    assert levels_of(recording) == levels


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("rec", "a1.wav"), ("a1.wav",), True),
        (("a1",), ("rec", "a1.wav"), True),
        (("x", "rec", "a1.wav"), ("rec", "a1.wav"), True),
        (("rec", "a1.wav"), ("old", "a1.wav"), False),
        (("rec", "a1.wav"), ("rec", "a1.mp3"), False),
    ],
)
def test_paths_go_together_as_far_as_both_go(one, other, together):
    assert go_together(one, other) is together
    assert go_together(other, one) is together


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        ("1696300507-000123.wav", True),
        ("8001_20261003_091507.wav", True),
        ("000000000001.wav", False),
        ("20261003.wav", False),
    ],
)
def test_only_a_long_number_tells_alone(name, alone):
    assert tells_alone(name) is alone
