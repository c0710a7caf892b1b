"""The steps of one file, each of which may be the last of a killed run.

Moving: the copy is made and read back; then, in one transaction, the database knows the copy as the place
of the recording and no longer the original (`copied`); only then the original is deleted (`moved`).
Deleting: the decision is kept (`erasing`), the file deleted, that kept (`erased`). At every moment the
recording lies whole where the database says, and `finish` goes on from wherever a run ended.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from qa_audit.calls.recording_names import name_key, stem_of
from qa_audit.calls.recordings import safe_join
from qa_audit.messages import QaError, say
from qa_audit.retention.copying import copy_checked, same_still
from qa_audit.retention.journal import new_task, note
from qa_audit.retention.read_back import sha256_from_disk
from qa_audit.store import schema
from qa_audit.store.database import insert_one, writing
from qa_audit.store.files import sync

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.retention.copying import Seen
    from qa_audit.retention.journal import FileTask, Kind

_AT_ONCE = 500
"""Records that are kept in one transaction."""


def move_file(database: Database, task: FileTask) -> None:
    """Copy, check, make known, delete the original.

    Raises `QaError` as `copy_checked`, `archive.changed` when somebody wrote to the original meanwhile and
    `archive.cannot_delete` when it cannot be deleted; the original stays then.
    """
    task = replace(task, task=new_task())
    seen = copy_checked(_source(task), _target(task), task.sha256)
    with writing(database) as connection:
        _lies(connection, task, _folder(task), _target(task).stat().st_mtime_ns)
        _gone(connection, task)
        note(connection, task, "copied")
    _delete_original(database, task, seen)


def erase_file(database: Database, task: FileTask) -> None:
    """Delete a recording for good, with a record of who wanted it and why.

    Raises `QaError` `archive.changed` for a file that holds something else, `archive.source_gone` for one
    that is not there, `archive.cannot_delete` for one that cannot be deleted.
    """
    task = replace(task, task=new_task())
    source = _source(task)
    if not source.exists():
        raise QaError("archive.source_gone", path=source)
    if _hash(source) != task.sha256:
        raise QaError("archive.changed", path=source)
    with writing(database) as connection:
        _gone(connection, task)
        note(connection, task, "erasing")
    _unlink(database, task, "erased")


def is_lost(task: FileTask) -> bool:
    """Whether nothing lies in the file's place; what cannot be looked at is not lost."""
    try:
        _source(task).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, QaError):
        return False
    return False


def note_gone(database: Database, tasks: Sequence[FileTask]) -> None:
    """Keep that recordings were to be deleted, by whom and why, and were not there any more."""
    for start in range(0, len(tasks), _AT_ONCE):
        with writing(database) as connection:
            for task in tasks[start : start + _AT_ONCE]:
                _gone(connection, task)
                note(connection, replace(task, task=new_task()), "gone")


def finish(database: Database, kind: Kind, task: FileTask, kept: Collection[str]) -> None:
    """Bring a task that a killed run left at `kind` to its end; safe however often it is called.

    Before an original is deleted its copy is read back again. `kept` are calls whose recording must stay: a
    deletion begun before they were kept is given up. Raises as `move_file` and `erase_file`.
    """
    source = _source(task)
    if kind == "erasing":
        if source.exists() and _hash(source) != task.sha256:
            _leave_to_import(database, task)
        elif source.exists() and not set(task.call_ids).isdisjoint(kept):
            _stay(database, task, "archive.stayed_kept")
        else:
            _unlink(database, task, "erased")
        return
    if _hash(_target(task)) != task.sha256:
        if not source.exists():
            raise QaError("archive.bad_copy", path=_target(task))
        _stay(database, task, "archive.stayed_bad_copy")
    elif source.exists() and _hash(source) != task.sha256:
        _leave_to_import(database, task)
    else:
        _unlink(database, task, "moved")


def _delete_original(database: Database, task: FileTask, seen: Seen) -> None:
    source = _source(task)
    if not same_still(source, seen):
        _leave_to_import(database, task)
        raise QaError("archive.changed", path=source)
    _unlink(database, task, "moved")


def _leave_to_import(database: Database, task: FileTask) -> None:
    """Something new lies there: an import will take it in."""
    with writing(database) as connection:
        note(connection, task, "stayed", reason=say("archive.stayed_changed"))


def _unlink(database: Database, task: FileTask, kind: Kind) -> None:
    source = _source(task)
    try:
        source.unlink(missing_ok=True)
        if source.parent.is_dir():
            sync(source.parent)
    except OSError as error:
        raise QaError("archive.cannot_delete", path=source, reason=error.strerror or error) from error
    with writing(database) as connection:
        _gone(connection, task)  # an import between copy and deletion had found it there again
        note(connection, task, kind)


def _stay(database: Database, task: FileTask, why: str) -> None:
    with writing(database) as connection:
        _set_present(connection, task.folder, task.path, present=True)
        if task.to_folder is not None:
            _set_present(connection, task.to_folder, task.path, present=False)
        note(connection, task, "stayed", reason=say(why))


def _gone(connection: Connection, task: FileTask) -> None:
    _set_present(connection, task.folder, task.path, present=False)


def _set_present(connection: Connection, folder: str, path: str, *, present: bool) -> None:
    files, folders = schema.recording_files, schema.folders
    own = select(folders.c.folder_id).where(folders.c.path == folder).scalar_subquery()
    connection.execute(
        update(files).where(files.c.folder_id == own, files.c.path == path).values(present=present)
    )


def _lies(connection: Connection, task: FileTask, folder: str, mtime_ns: int) -> None:
    """The database knows that the recording lies in `folder` now."""
    files, folders = schema.recording_files, schema.folders
    folder_id = connection.execute(
        select(folders.c.folder_id).where(folders.c.path == folder)
    ).scalar_one_or_none()
    if folder_id is None:
        folder_id = insert_one(connection, insert(folders).values(path=folder))
    values = {
        "stem_key": name_key(stem_of(task.path)),
        "sha256": task.sha256,
        "size_bytes": task.size_bytes,
        "mtime_ns": mtime_ns,
        "present": True,
    }
    at_path = (files.c.folder_id == folder_id) & (files.c.path == task.path)
    if connection.execute(update(files).where(at_path).values(**values)).rowcount == 0:
        connection.execute(insert(files).values(folder_id=folder_id, path=task.path, **values))


def _folder(task: FileTask) -> str:
    assert task.to_folder is not None
    return task.to_folder


def _source(task: FileTask) -> Path:
    return safe_join(task.folder, task.path)


def _target(task: FileTask) -> Path:
    return safe_join(_folder(task), task.path)


def _hash(path: Path) -> str | None:
    try:
        return sha256_from_disk(path)
    except OSError:
        return None
