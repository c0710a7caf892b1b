import hashlib
import os

import pytest

from qa_audit.calls import recordings
from qa_audit.calls.recordings import RecordingFile, safe_join, scan_recordings, sha256_of
from qa_audit.messages import QaError


def told(scan):
    return [(problem.code.removeprefix("calls."), problem.file) for problem in scan.problems]


def paths(scan):
    return [file.path for file in scan.files]


def test_audio_by_extension_others_counted_hidden_skipped(tmp_path):
    for name in (
        "b.WAV",
        "一班/a.mp3",
        "一班/二/c.V3",
        "读我.txt",
        "list.xlsx",
        ".d.wav",
        "~$e.wav",
        "f.wav.tmp",
        ".git/g.wav",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    scan = scan_recordings(tmp_path)
    assert paths(scan) == ["b.WAV", "一班/a.mp3", "一班/二/c.V3"]
    assert (scan.other_files, scan.hashed, scan.problems) == (2, 3, ())
    assert scan.files[0].sha256 == hashlib.sha256(b"b.WAV").hexdigest()
    assert scan.files[0].size_bytes == 5


def test_a_long_file_is_hashed_in_pieces(tmp_path):
    content = os.urandom(1000) * 3000
    (tmp_path / "a.wav").write_bytes(content)
    assert sha256_of(tmp_path / "a.wav") == hashlib.sha256(content).hexdigest()


def test_unchanged_files_are_not_read_again_unless_asked(tmp_path, monkeypatch):
    (tmp_path / "a.wav").write_bytes(b"1")
    (tmp_path / "b.wav").write_bytes(b"2")
    known = {file.path: file for file in scan_recordings(tmp_path).files}
    (tmp_path / "b.wav").write_bytes(b"22")
    read = []
    monkeypatch.setattr(recordings, "sha256_of", lambda path: read.append(path.name) or "0" * 64)
    assert scan_recordings(tmp_path, known=known).files[0] == known["a.wav"]
    assert read == ["b.wav"]
    read.clear()
    assert scan_recordings(tmp_path, known=known, rehash=True).hashed == 2
    assert read == ["a.wav", "b.wav"]


def test_same_size_but_later_change_is_read_again(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"1")
    known = {file.path: file for file in scan_recordings(tmp_path).files}
    (tmp_path / "a.wav").write_bytes(b"2")
    os.utime(tmp_path / "a.wav", ns=(1, known["a.wav"].mtime_ns + 1))
    assert scan_recordings(tmp_path, known=known).files[0].sha256 == hashlib.sha256(b"2").hexdigest()


def test_empty_and_unreadable_files_are_told_and_the_rest_goes_on(tmp_path, monkeypatch):
    (tmp_path / "a.wav").write_bytes(b"")
    (tmp_path / "b.wav").write_bytes(b"b")
    (tmp_path / "c.wav").write_bytes(b"c")
    real = recordings.sha256_of

    def refusing(path):
        if path.name == "b.wav":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(recordings, "sha256_of", refusing)
    scan = scan_recordings(tmp_path)
    assert paths(scan) == ["c.wav"]
    assert told(scan) == [("recording_empty", "a.wav"), ("recording_unreadable", "b.wav")]
    assert scan.unreadable == ("a.wav", "b.wav")
    assert "Permission denied" in scan.problems[1].text("en")


def test_links_inside_are_followed_loops_end_and_links_outside_are_told(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.wav").write_bytes(b"s")
    root = tmp_path / "录音"
    (root / "十月").mkdir(parents=True)
    (root / "十月" / "a.wav").write_bytes(b"a")
    (root / "十月" / "loop").symlink_to(root)
    (root / "again").symlink_to(root / "十月")
    (root / "copy.wav").symlink_to(root / "十月" / "a.wav")
    (root / "out").symlink_to(outside)
    (root / "out.wav").symlink_to(outside / "secret.wav")
    (root / "broken.wav").symlink_to(root / "gone.wav")
    (root / "self.wav").symlink_to(root / "self.wav")
    scan = scan_recordings(root)
    assert paths(scan) == ["copy.wav", "十月/a.wav"]
    assert sorted(told(scan)) == [
        ("link_outside", "out"),
        ("link_outside", "out.wav"),
        ("recording_unreadable", "broken.wav"),
        ("recording_unreadable", "self.wav"),
    ]


def test_a_name_that_is_no_text_and_a_pipe(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"a")
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\xfe.wav"), "wb") as file:  # noqa: PTH118, PTH123
        file.write(b"x")
    os.mkfifo(tmp_path / "pipe.wav")
    scan = scan_recordings(tmp_path)
    assert paths(scan) == ["a.wav"]
    assert told(scan) == [("recording_name", "??.wav")]
    assert scan.other_files == 1


def test_a_folder_that_is_not_there(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(QaError) as raised:
            scan_recordings(folder)
        assert raised.value.code == "calls.folder_missing"


def test_progress_ends_at_all(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.wav").write_bytes(b"x")
    steps = []
    scan_recordings(tmp_path, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("relative", ["../a.wav", "/etc/passwd", "x/../../a", "a\0b"])
def test_paths_that_lead_out_are_refused(tmp_path, relative):
    with pytest.raises(QaError) as raised:
        safe_join(tmp_path, relative)
    assert raised.value.code == "calls.path_outside"


def test_a_link_that_leads_out_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path)
    with pytest.raises(QaError):
        safe_join(tmp_path / "in", "link/a.wav")
    assert safe_join(tmp_path / "in", "x/a.wav") == tmp_path / "in" / "x" / "a.wav"


def test_records_are_plain_values():
    assert RecordingFile("a.wav", "0" * 64, 1, 2) == RecordingFile("a.wav", "0" * 64, 1, 2)
