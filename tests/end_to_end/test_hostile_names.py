"""Names of files made to lead elsewhere: in a folder of recordings, in a list, on the way to the archive."""

import csv
import hashlib

import pytest

from qa_audit.calls.query import calls_frame, recordings_frame
from qa_audit.messages import QaError
from qa_audit.retention.journal import FileTask
from qa_audit.retention.steps import erase_file, move_file
from qa_audit.workspace import Workspace

OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
LONG = "长" * 83 + ".wav"  # 253 bytes of the 255 that a name may have
NAMES = (
    *(f"a{OVERRIDE}vaw.exe.wav", "CON.wav", "nul.wav", "b\nc.wav", "=1+1.wav", "<b>.wav", "a b'\"$(id).wav"),
    LONG,
)
LISTED = ("../../secret.wav", "/etc/passwd", "..\\..\\secret.wav", "secret.wav\0.wav", "x" * 5000 + ".wav")


@pytest.fixture
def home(tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    for number, name in enumerate(NAMES):
        (recordings / name).write_bytes(b"sound %d" % number)
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret2.wav").write_bytes(b"secret too")
    (recordings / "link.wav").symlink_to(tmp_path / "secret.wav")
    (recordings / "folder").symlink_to(tmp_path / "elsewhere")
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("呼叫流水号", "开始时间", "坐席工号", "录音文件"))
        for number, name in enumerate((*LISTED, *NAMES)):
            rows.writerow((f"c{number}", "2026-01-03 09:00:00", "8001", name))
    return tmp_path


@pytest.fixture
def imported(home):
    made = Workspace.create(home / "ws", recordings=home / "recordings", call_list=home / "list.csv")
    made.import_calls()
    yield made
    made.database.dispose()


def _hashes(folder):
    return {hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.rglob("*") if one.is_file()}


def test_nothing_outside_the_folder_is_taken_in(home, imported):
    known = recordings_frame(imported.database)
    wanted = {hashlib.sha256(b"sound %d" % number).hexdigest() for number in range(len(NAMES))}
    assert set(known["sha256"]) == wanted
    by_name = dict(calls_frame(imported.database).select("call_id", "sha256").iter_rows())
    for number in range(len(LISTED)):
        assert by_name.get(f"c{number}") is None


def test_recordings_with_such_names_go_to_the_archive_and_come_back(home, imported):
    (home / "disk").mkdir()
    before = _hashes(home / "recordings")
    moved = imported.housekeeping.move("主管", to=home / "disk", before="2027-01")
    assert not moved.failed
    assert moved.done == len(NAMES)
    assert all(path.is_relative_to(home / "disk") for path in (home / "disk").rglob("*"))
    assert not imported.housekeeping.restore("主管").failed
    assert _hashes(home / "recordings") == before
    assert (home / "secret.wav").read_bytes() == b"secret"
    assert (home / "elsewhere" / "secret2.wav").read_bytes() == b"secret too"


@pytest.mark.parametrize(
    "path", ["../secret.wav", "/etc/passwd", "folder/secret2.wav", "link.wav", "a/../../secret.wav"]
)
def test_a_path_that_leads_out_is_neither_moved_nor_deleted(home, imported, path):
    (home / "disk").mkdir()
    digest = hashlib.sha256(b"secret").hexdigest()
    task = FileTask(digest, 6, str(home / "recordings"), path, ("c0",), "主管", str(home / "disk"), "期满")
    for act in (move_file, erase_file):
        with pytest.raises(QaError) as error:
            act(imported.database, task)
        assert error.value.code == "calls.path_outside"
    assert (home / "secret.wav").exists()
    assert (home / "elsewhere" / "secret2.wav").exists()
    assert list((home / "disk").iterdir()) == []
