"""One file on its way: where the database says it lies, wherever the run before ended."""

import hashlib
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import recordings_frame
from qa_audit.retention.journal import FileTask, journal_frame, open_tasks
from qa_audit.retention.selection import select_older
from qa_audit.retention.steps import erase_file, finish, move_file
from tests.refusal import code_of

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def in_english(monkeypatch):
    monkeypatch.setenv("QA_AUDIT_LANG", "en")


@pytest.fixture
def task(centre):
    """The oldest recording is to be moved into the archive."""
    row = select_older(centre.database, datetime(2026, 9, 1), {}).row(0, named=True)
    own = (row["sha256"], row["size_bytes"], row["folder"], row["path"], tuple(row["call_ids"]))
    return FileTask(*own, "李敏", str(centre.archive / "录音"))


@pytest.fixture
def left(centre, monkeypatch):
    """Cuts a step short before the file is deleted; how far it came, and the task that is left open."""

    def cut(step, task):
        def refuse(*_, **__):
            raise PermissionError(13, "Permission denied")

        with monkeypatch.context() as locked:
            locked.setattr(Path, "unlink", refuse)
            assert code_of(step, centre.database, task) == "archive.cannot_delete"
        (one,) = open_tasks(centre.database)
        return one

    return cut


def lies(centre, task):
    """Folders in which the recording lies, as the database has it; every one of them holds it."""
    files = recordings_frame(centre.database).filter(pl.col("sha256") == task.sha256, "present")
    for folder, path in files.select("folder", "path").iter_rows():
        assert hashlib.sha256(Path(folder, path).read_bytes()).hexdigest() == task.sha256
    return files["folder"].to_list()


def told(centre):
    return journal_frame(centre.database).select("kind", "reason").rows()


def source(task):
    return Path(task.folder, task.path)


def copy(task):
    return Path(task.to_folder, task.path)


def test_a_file_may_be_moved_there_and_back_and_there_again(centre, task):
    folders = [task.folder, task.to_folder]
    for start, end in (folders, folders[::-1], folders):
        own = (task.sha256, task.size_bytes, start, task.path, task.call_ids)
        move_file(centre.database, FileTask(*own, "李敏", end))
        assert lies(centre, task) == [end]
        assert not Path(start, task.path).exists()
    assert open_tasks(centre.database) == []


def test_an_original_that_cannot_be_deleted_stays_and_the_copy_counts(centre, task, left):
    kind, _ = left(move_file, task)
    assert (kind, lies(centre, task)) == ("copied", [task.to_folder])
    assert source(task).exists()


def test_a_move_is_finished_however_often_and_the_copy_stays(centre, task, left):
    kind, open_task = left(move_file, task)
    for _ in range(2):
        finish(centre.database, kind, open_task, ())
        assert lies(centre, task) == [task.to_folder]
        assert not source(task).exists()
    assert open_tasks(centre.database) == []


def test_an_original_deleted_just_before_the_run_was_killed_is_no_fault(centre, task, left):
    kind, open_task = left(move_file, task)
    source(task).unlink()
    finish(centre.database, kind, open_task, ())
    assert told(centre)[-1] == ("moved", None)


def test_an_original_that_an_import_found_again_meanwhile_is_deleted_all_the_same(centre, task, left):
    kind, open_task = left(move_file, task)
    import_calls(centre.database, centre.recordings)
    assert sorted(lies(centre, task)) == sorted([task.folder, task.to_folder])
    finish(centre.database, kind, open_task, ())
    assert lies(centre, task) == [task.to_folder]


@pytest.mark.parametrize("spoilt", [lambda path: path.write_bytes(b"rotten"), Path.unlink])
def test_without_a_whole_copy_the_original_stays_and_counts_again(centre, task, left, spoilt):
    kind, open_task = left(move_file, task)
    spoilt(copy(task))
    finish(centre.database, kind, open_task, ())
    assert lies(centre, task) == [task.folder]
    assert told(centre)[-1] == ("stayed", "the copy is not whole, the original stays")
    assert open_tasks(centre.database) == []


def test_with_neither_copy_nor_original_the_task_stays_open(centre, task, left):
    kind, open_task = left(move_file, task)
    copy(task).write_bytes(b"rotten")
    source(task).unlink()
    assert code_of(finish, centre.database, kind, open_task, ()) == "archive.bad_copy"
    assert open_tasks(centre.database) == [(kind, open_task)]


def test_something_new_in_the_originals_place_is_not_deleted(centre, task, left):
    kind, open_task = left(move_file, task)
    source(task).write_bytes(b"another call")
    finish(centre.database, kind, open_task, ())
    assert source(task).read_bytes() == b"another call"
    assert lies(centre, task) == [task.to_folder]
    assert told(centre)[-1] == ("stayed", "the file at the old place has changed and stays")


def test_a_deletion_is_finished_however_often(centre, task, left):
    kind, open_task = left(erase_file, task)
    assert (kind, lies(centre, task)) == ("erasing", [])
    for _ in range(2):
        finish(centre.database, kind, open_task, {"another call"})
        assert not source(task).exists()
    assert open_tasks(centre.database) == []
    assert told(centre)[-1][0] == "erased"


def test_a_file_that_was_kept_too_late_is_gone_and_that_is_said(centre, task, left):
    kind, open_task = left(erase_file, task)
    source(task).unlink()
    finish(centre.database, kind, open_task, task.call_ids)
    assert told(centre)[-1][0] == "erased"


def test_a_deletion_begun_is_given_up_where_something_else_lies_there_now(centre, task, left):
    kind, open_task = left(erase_file, task)
    source(task).write_bytes(b"another call")
    finish(centre.database, kind, open_task, ())
    assert source(task).read_bytes() == b"another call"
    assert told(centre)[-1] == ("stayed", "the file at the old place has changed and stays")


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (Path.unlink, "archive.source_gone"),
        (lambda path: path.write_bytes(b"another call"), "archive.changed"),
    ],
)
def test_what_is_not_there_or_not_the_same_is_not_erased_and_leaves_no_record(centre, task, done, code):
    done(source(task))
    before = source(task).exists()
    assert code_of(erase_file, centre.database, task) == code
    assert (source(task).exists(), told(centre)) == (before, [])


@pytest.mark.parametrize("step", [move_file, erase_file])
def test_a_path_that_leads_out_of_its_folder_is_refused(centre, task, step):
    outside = centre.home / "qa.txt"
    outside.write_bytes(source(task).read_bytes())
    own = (task.sha256, task.size_bytes, task.folder, "../qa.txt", task.call_ids)
    assert code_of(step, centre.database, FileTask(*own, "李敏", task.to_folder)) == "calls.path_outside"
    assert outside.exists()
    assert told(centre) == []
