import subprocess
import sys
import threading

import pytest

from qa_audit.audit import play_log
from qa_audit.audit.play_log import PlayLog
from qa_audit.audit.plays import plays_frame
from qa_audit.messages import QaError
from qa_audit.store.database import open_database


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def _kept(database):
    return plays_frame(database).select("call_id", "start_s", "end_s", "place").rows()


def test_what_goes_on_is_one_stretch_and_a_jump_begins_another(database):
    log = PlayLog(database, "李敏", "player")
    for call_id, start_s, end_s in (("c1", 0, 2.5), ("c1", 2.5, 8.5), ("c1", 30, 36), ("c2", 36, 40)):
        log.note(call_id, start_s, end_s)
    log.note("c2", 40, 41, "export")
    log.note("c2", 5, 5)
    assert _kept(database) == []
    log.flush()
    assert _kept(database) == [
        ("c1", 0, 8.5, "player"),
        ("c1", 30, 36, "player"),
        ("c2", 36, 40, "player"),
        ("c2", 40, 41, "export"),
    ]
    log.flush()
    assert len(_kept(database)) == 4


def test_what_waits_is_kept_by_itself(database):
    kept = threading.Event()
    log = PlayLog(database, "李敏", "player", wait_s=0.01)
    flush = log.flush

    def flushed():
        flush()
        kept.set()

    log.flush = flushed
    log.note("c1", 0, 2)
    assert kept.wait(30)
    assert _kept(database) == [("c1", 0, 2, "player")]


def test_what_cannot_be_kept_waits_on(database, monkeypatch, caplog):
    def full(*_):
        raise QaError("store.disk_full", path="/w")

    log = PlayLog(database, "李敏", "player")
    log.note("c1", 0, 2)
    with monkeypatch.context() as patched:
        patched.setattr(play_log, "keep_plays", full)
        log.flush()
    assert "could not be kept" in caplog.text
    log.note("c2", 0, 2)
    log.flush()
    assert [one[0] for one in _kept(database)] == ["c1", "c2"]


ENDS = """
import sys
from qa_audit.audit.play_log import PlayLog
from qa_audit.store.database import open_database
PlayLog(open_database(sys.argv[1]), "李敏", "panel").note("c1", 1.0, 3.0)
"""


@pytest.mark.sqlite
def test_nothing_is_lost_when_the_program_ends(database, tmp_path):
    subprocess.run([sys.executable, "-c", ENDS, str(tmp_path / "qa.db")], check=True)
    assert _kept(database) == [("c1", 1.0, 3.0, "panel")]
