import errno
import multiprocessing
import os
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame
from qa_audit.calls.recordings import sha256_of
from qa_audit.messages import QaError
from qa_audit.retention import archive as archiving
from qa_audit.retention import copying
from qa_audit.retention.alone import alone
from qa_audit.retention.archive import (
    archived,
    erase,
    finish_open,
    move_to_archive,
    restore,
    verify_archive,
)
from qa_audit.retention.journal import journal_frame, open_tasks
from qa_audit.retention.selection import select_older
from tests.retention.killed_run import RUNNING, run

BEFORE = datetime(2026, 9, 1)
# Processes that import nothing anew, and in which no thread has run before.
KILLABLE = multiprocessing.get_context("forkserver")
KILLABLE.set_forkserver_preload(["tests.retention.killed_run"])


def _old(centre, kept=None):
    return select_older(centre.database, BEFORE, kept or {})


def _move(centre, kept=None):
    return move_to_archive(centre.database, _old(centre, kept), centre.archive, "李敏")


def _playable(centre):
    """Every call's recording lies where the database says, whole."""
    calls = calls_frame(centre.database)
    assert calls["recording"].null_count() == 0
    assert [sha256_of(path) for path in calls["recording"]] == calls["sha256"].to_list()
    return calls


def _codes(outcome):
    return [one.code for one in outcome.problems]


def test_old_recordings_lie_in_the_archive_and_still_play(centre):
    outcome = _move(centre)
    assert (outcome.done, outcome.size_bytes, outcome.problems) == (3, 2_100_003, ())
    calls = _playable(centre)
    inside = [Path(path).is_relative_to(centre.archive) for path in calls["recording"]]
    assert inside == [True, True, True, False]
    assert sorted(path.name for path in centre.recordings.rglob("*.wav")) == [
        "8001_20261103090000_13800138000.wav"
    ]
    assert journal_frame(centre.database)["kind"].to_list() == ["copied", "moved"] * 3
    assert _move(centre).done == 0


def test_an_import_afterwards_changes_nothing(centre):
    _move(centre)
    report = import_calls(centre.database, centre.recordings)
    assert not report.changed
    _playable(centre)


def test_what_is_kept_stays_where_it_is(centre):
    call = calls_frame(centre.database)["call_id"][0]
    outcome = _move(centre, {call: ("fault",)})
    assert outcome.done == 2
    calls = _playable(centre)
    assert Path(calls["recording"][0]).is_relative_to(centre.recordings)


def test_restoring_brings_a_call_back_to_its_place(centre):
    before = calls_frame(centre.database)
    _move(centre)
    outcome = restore(centre.database, [before["call_id"][1]], "李敏")
    assert (outcome.done, outcome.problems) == (1, ())
    after = _playable(centre)
    assert after["recording"][1] == before["recording"][1]
    assert restore(centre.database, None, "李敏").done == 2
    assert calls_frame(centre.database)["recording"].to_list() == before["recording"].to_list()
    with pytest.raises(QaError) as error:
        restore(centre.database, ["nobody"], "李敏")
    assert error.value.code == "workspace.unknown_call"


def test_a_check_tells_what_is_gone_and_what_has_changed(centre):
    _move(centre)
    assert verify_archive(centre.database, "李敏").problems == ()
    first, second, _ = (
        Path(folder, path) for folder, path in archived(centre.database)["folder", "path"].rows()
    )
    first.unlink()
    second.write_bytes(b"rotten")
    outcome = verify_archive(centre.database, "李敏")
    assert (outcome.done, _codes(outcome)) == (1, ["archive.source_gone", "archive.changed"])
    assert journal_frame(centre.database)["kind"].to_list()[-6:] == ["sound"] * 3 + ["bad", "bad", "sound"]


def test_a_disk_that_is_not_mounted_is_not_taken_for_the_archive(centre):
    with pytest.raises(QaError) as error:
        move_to_archive(centre.database, _old(centre), centre.home / "nowhere", "李敏")
    assert error.value.code == "archive.target_missing"
    _move(centre, {calls_frame(centre.database)["call_id"][0]: ("hold",)})
    centre.archive.rename(centre.home / "unplugged")
    centre.archive.mkdir()  # the empty mount point
    with pytest.raises(QaError) as error:
        _move(centre)
    assert error.value.code == "archive.other_disk"
    assert _codes(verify_archive(centre.database, "李敏")) == ["archive.other_disk"]
    assert list(centre.archive.iterdir()) == []


@pytest.mark.parametrize("inside", [".", "sub", ".."])
def test_an_archive_among_the_recordings_is_refused(centre, inside):
    target = (centre.recordings / inside).resolve()
    target.mkdir(exist_ok=True)
    with pytest.raises(QaError) as error:
        move_to_archive(centre.database, _old(centre), target, "李敏")
    assert error.value.code == "archive.inside"


def test_a_full_disk_stops_the_run_and_loses_nothing(centre, monkeypatch):
    done = []
    copy = copying._copy

    def full(source, temporary, sha256):
        if done:
            temporary.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        done.append(source)
        return copy(source, temporary, sha256)

    monkeypatch.setattr(copying, "_copy", full)
    outcome = _move(centre)
    assert (outcome.done, _codes(outcome), outcome.left) == (1, ["store.disk_full"], 1)
    assert list(centre.archive.rglob("*.partial")) == []
    _playable(centre)
    monkeypatch.setattr(copying, "_copy", copy)
    assert _move(centre).done == 2
    _playable(centre)


def test_too_small_a_disk_is_said_before_anything_is_moved(centre, monkeypatch):
    usage = type("Usage", (), {"free": 2_100_002})
    monkeypatch.setattr(archiving.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(QaError) as error:
        _move(centre)
    assert error.value.code == "archive.too_small"
    assert journal_frame(centre.database).is_empty()


def test_a_read_only_disk_is_said_and_nothing_is_lost(centre, monkeypatch):
    def refused(self, *_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    _move(centre, dict.fromkeys(calls_frame(centre.database)["call_id"], ("hold",)))
    monkeypatch.setattr(Path, "mkdir", refused)
    outcome = _move(centre)
    assert (outcome.done, _codes(outcome), outcome.left) == (0, ["store.not_writable"], 2)
    _playable(centre)


def test_a_disk_that_gives_back_something_else_gets_no_original_deleted(centre, monkeypatch):
    monkeypatch.setattr(copying, "sha256_from_disk", lambda _: "0" * 64)
    outcome = _move(centre)
    assert _codes(outcome) == ["archive.bad_copy"] * 3
    assert list(centre.archive.rglob("*.wav")) == []
    monkeypatch.undo()
    _playable(centre)


def test_a_file_changed_since_the_import_stays(centre):
    path = next(centre.recordings.rglob("*20260703090000*"))
    path.write_bytes(b"another call")
    outcome = _move(centre)
    assert (outcome.done, _codes(outcome)) == (2, ["archive.changed"])
    assert path.read_bytes() == b"another call"


def test_a_file_written_to_while_it_is_copied_stays(centre, monkeypatch):
    from qa_audit.retention import steps

    path = next(centre.recordings.rglob("*20260703090000*"))
    copy = steps.copy_checked

    def copied(source, target, sha256):
        seen = copy(source, target, sha256)
        if source == path:
            path.write_bytes(b"more")
        return seen

    monkeypatch.setattr(steps, "copy_checked", copied)
    outcome = _move(centre)
    assert (outcome.done, _codes(outcome)) == (2, ["archive.changed"])
    assert path.read_bytes() == b"more"
    _playable(centre)
    assert open_tasks(centre.database) == []


def test_another_file_at_the_target_is_not_overwritten(centre):
    _move(centre, dict.fromkeys(calls_frame(centre.database)["call_id"], ("hold",)))
    selected = _old(centre)
    from qa_audit.retention.place import folder_in

    target = Path(folder_in(centre.archive, selected["folder"][0]), selected["path"][0])
    target.parent.mkdir(parents=True)
    target.write_bytes(b"mine")
    outcome = _move(centre)
    assert (outcome.done, _codes(outcome)) == (2, ["archive.taken"])
    assert target.read_bytes() == b"mine"
    _playable(centre)


def test_a_file_taken_away_before_its_turn_is_told(centre):
    selected = _old(centre)
    Path(selected["folder"][0], selected["path"][0]).unlink()
    outcome = move_to_archive(centre.database, selected, centre.archive, "李敏")
    assert (outcome.done, _codes(outcome)) == (2, ["archive.source_gone"])


@pytest.mark.sqlite
def test_two_runs_at_once_the_second_is_refused(centre):
    with alone(centre.home):
        assert _run(centre, 0) == RUNNING
    with alone(centre.home):
        pass


def test_deleting_keeps_who_when_and_why(centre):
    _move(centre)
    call = calls_frame(centre.database)["call_id"][0]
    outcome = erase(centre.database, _old(centre, {call: ("complaint",)}), "王主任", " 满三个月 ")
    assert (outcome.done, outcome.problems) == (2, ())
    calls = calls_frame(centre.database)
    assert calls["recording"].is_null().to_list() == [False, True, True, False]
    erased = journal_frame(centre.database).filter(pl.col("kind") == "erased")
    assert erased.select("who", "reason").rows() == [("王主任", "满三个月")] * 2
    assert erased["call_ids"].to_list() == [[one] for one in calls["call_id"][1:3]]
    assert (datetime.now(UTC).replace(tzinfo=None) - erased["at"][0]).total_seconds() < 60
    with pytest.raises(QaError) as error:
        erase(centre.database, _old(centre), "王主任", " ")
    assert error.value.code == "retention.no_reason"


def test_a_file_that_somebody_else_deleted_is_on_record_as_gone(centre):
    selected = _old(centre)
    Path(selected["folder"][0], selected["path"][0]).unlink()
    outcome = erase(centre.database, selected, "王主任", "到期")
    assert (outcome.done, outcome.gone, outcome.problems) == (2, 1, ())
    told = journal_frame(centre.database).select("kind", "who", "reason", "path").rows()
    assert told[0] == ("gone", "王主任", "到期", selected["path"][0])
    assert [kind for kind, *_ in told] == ["gone", "erasing", "erased", "erasing", "erased"]
    assert _old(centre).height == 0


def test_files_of_an_archive_or_a_folder_whose_disk_may_be_away_are_not_taken_for_gone(centre):
    _move(centre)
    away = centre.archive.rename(centre.home / "away")
    outcome = erase(centre.database, _old(centre), "王主任", "到期")
    assert (outcome.done, outcome.gone, outcome.left) == (0, 0, 2)
    assert _codes(outcome) == ["archive.other_disk"]
    away.rename(centre.archive)
    restore(centre.database, None, "李敏")
    for name in ("七月", "十一月"):
        shutil.rmtree(centre.recordings / name)
    outcome = erase(centre.database, _old(centre), "王主任", "到期")
    assert (outcome.done, outcome.gone, _codes(outcome)) == (0, 0, ["archive.source_gone"] * 3)
    assert "gone" not in journal_frame(centre.database)["kind"]


def test_a_hold_put_on_after_a_killed_deletion_saves_the_file(centre, monkeypatch):
    from qa_audit.retention import steps

    call = calls_frame(centre.database)["call_id"][0]
    monkeypatch.setattr(steps, "_unlink", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        erase(centre.database, _old(centre), "王主任", "到期")
    monkeypatch.undo()
    assert calls_frame(centre.database)["recording"].null_count() == 1
    assert finish_open(centre.database, {call}).finished == 1
    _playable(centre)
    assert journal_frame(centre.database)["kind"].to_list() == ["erasing", "stayed"]


def _run(centre, step, what="move"):
    """Exit code of a run in a process of its own, killed at `step` (0: never)."""
    process = KILLABLE.Process(target=run, args=(centre.home, centre.archive, step, what))
    process.start()
    process.join()
    return process.exitcode


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_run_killed_at_any_step_loses_no_recording(centre):
    """Every step of moving three files and bringing them back is the last of one run."""
    killed = 0
    for what in ("move", "restore"):
        for step in range(1, 10_000):
            code = _run(centre, step, what)
            _playable(centre)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            killed += 1
            # Back to the start: what was begun is ended, and moved the other way.
            other = "restore" if what == "move" else "move"
            assert _run(centre, 0, other) == 0
            _playable(centre)
            assert open_tasks(centre.database) == []
        # Whole on the other side, and nothing half-made left lying.
        assert list(centre.home.rglob("*.partial")) == []
    assert killed >= 30


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_runs_killed_one_after_another_come_to_the_end(centre):
    for step in (3, 9, 14, 17, 21, 25, 30, 2, 5, 8, 40, 1000):
        _run(centre, step)
        _playable(centre)
    assert archived(centre.database).height == 3
    assert open_tasks(centre.database) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_killed_deletion_deletes_no_more_than_was_decided(centre):
    newest = next((centre.recordings / "十一月").iterdir())
    for step in range(1, 60):
        if _run(centre, step, "erase") == 0:
            break
        assert newest.exists()
    assert list((centre.recordings / "七月").iterdir()) == []
    assert newest.exists()
    erased = journal_frame(centre.database).filter(pl.col("kind") == "erased")
    assert erased["path"].n_unique() == erased.height == 3
