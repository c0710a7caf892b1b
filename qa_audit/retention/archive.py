"""Moving old recordings to an archive, looking whether they are still whole there, bringing them back."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.calls.query import calls_frame, recordings_frame
from qa_audit.messages import QaError, say
from qa_audit.retention.journal import FileTask, journal_frame, new_task, note, open_tasks
from qa_audit.retention.place import (
    archive_of,
    archives_of,
    folder_in,
    is_connected,
    open_archive,
    require_present,
)
from qa_audit.retention.read_back import sha256_from_disk
from qa_audit.retention.selection import SELECTED
from qa_audit.retention.steps import erase_file, finish, is_lost, move_file, note_gone
from qa_audit.store.database import writing
from qa_audit.store.files import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Engine as Database

    Progress = Callable[[int, int], None]

_STOPS = ("store.disk_full", "store.not_writable", "archive.target_missing", "archive.other_disk")
"""What is true of the disk and so of all files that would follow."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What was done to files, and which were left, with the reason."""

    done: int = 0
    size_bytes: int = 0
    finished: int = 0
    """Tasks that an earlier run had begun."""
    problems: tuple[QaError, ...] = ()
    left: int = 0
    """Files not tried, since the disk was full or gone."""
    gone: int = 0
    """Recordings that were to be deleted and were not there any more."""

    @property
    def failed(self) -> bool:
        """Whether some file could not be done."""
        return bool(self.problems)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        problems = [{"code": one.code, "message": str(one)} for one in self.problems]
        counts = ("done", "size_bytes", "finished", "left", "gone")
        return {name: getattr(self, name) for name in counts} | {"problems": problems}

    def __str__(self) -> str:
        lines = [say("archive.done", done=self.done, size=megabytes(self.size_bytes))]
        if self.finished:
            lines.append(say("archive.finished", count=self.finished))
        if self.gone:
            lines.append(say("archive.gone", count=self.gone))
        lines += [f"  {one}" for one in self.problems]
        if self.left:
            lines.append(say("archive.left", count=self.left))
        return "\n".join(lines)


@dataclass(slots=True)
class _Run:
    """Files done one after another; the fault of one is collected, that of the disk ends the run."""

    done: int = 0
    size_bytes: int = 0
    problems: list[QaError] = field(default_factory=list)
    stopped: bool = False

    def each(self, tasks: Iterable[FileTask], step: Callable[[FileTask], None]) -> int:
        """How many were not tried any more."""
        left = 0
        for task in tasks:
            if self.stopped:
                left += 1
                continue
            try:
                step(task)
            except QaError as error:
                self.problems.append(error)
                self.stopped = error.code in _STOPS
            else:
                self.done += 1
                self.size_bytes += task.size_bytes
        return left


def finish_open(database: Database, kept: Collection[str] = frozenset()) -> FileOutcome:
    """Bring what killed runs left to its end (`steps.finish`); the others go on where one cannot be."""
    known, problems, finished = archives_of(database), [], 0
    for kind, task in open_tasks(database):
        try:
            for folder in filter(None, (task.folder, task.to_folder)):
                require_present(folder, known)
            finish(database, kind, task, kept)
            finished += 1
        except QaError as error:
            problems.append(error)
    return FileOutcome(finished=finished, problems=tuple(problems))


def move_to_archive(
    database: Database,
    selected: pl.DataFrame,
    target: str | Path,
    who: str,
    *,
    kept: Collection[str] = frozenset(),
    progress: Progress | None = None,
) -> FileOutcome:
    """Move the files of `selected` (`selection.SELECTED`) that nothing keeps into the archive `target`.

    Those that lie in an archive already are passed over. The caller holds the lock (`alone`). What
    an earlier run left is finished first. `progress` is called with files done and files in all. Raises
    `QaError` as `open_archive`, and `archive.too_small` when the disk has less room than the files need;
    nothing is moved then.
    """
    root = open_archive(database, target, who)
    remove_leftovers(root)
    before = finish_open(database, kept)
    known = archives_of(database)
    tasks = [
        _task(row, who, folder_in(root, row["folder"]))
        for row in selected.filter(pl.col("kept").list.len() == 0).iter_rows(named=True)
        if archive_of(row["folder"], known) is None
    ]
    needed, free = sum(task.size_bytes for task in tasks), shutil.disk_usage(root).free
    if needed > free:
        raise QaError("archive.too_small", folder=root, needed=megabytes(needed), free=megabytes(free))
    return _carry_out(before, tasks, lambda task: move_file(database, task), progress)


def restore(
    database: Database, call_ids: Collection[str] | None, who: str, *, progress: Progress | None = None
) -> FileOutcome:
    """Bring recordings back from the archive to where they lay: of these calls, or all.

    The same steps as on the way there. Raises `QaError` `workspace.unknown_call`.
    """
    before = finish_open(database)
    known = archives_of(database)
    files = archived(database)
    if call_ids is not None:
        strange = sorted(set(call_ids) - set(calls_frame(database)["call_id"]))
        if strange:
            raise QaError("workspace.unknown_call", call_id=strange[0])
        wanted = pl.col("call_ids").list.eval(pl.element().is_in(list(call_ids))).list.any()
        files = files.filter(wanted)
    came_from = _origins(database)
    for folder in sorted(set(came_from.values())):
        remove_leftovers(folder)

    def back(task: FileTask) -> None:
        require_present(task.folder, known)
        if not Path(task.to_folder or "").is_dir():
            raise QaError("archive.target_missing", folder=task.to_folder)
        move_file(database, task)

    tasks = [
        _task(row, who, came_from[row["folder"], row["path"]])
        for row in files.iter_rows(named=True)
        if (row["folder"], row["path"]) in came_from
    ]
    return _carry_out(before, tasks, back, progress)


def verify_archive(database: Database, who: str, *, progress: Progress | None = None) -> FileOutcome:
    """Read every archived file from the disk and compare; what was found is kept.

    Problems: `archive.source_gone`, `archive.changed`, `archive.source_unreadable`, and `archive.other_disk`
    where the disk of an archive is not connected (its files are counted as not tried).
    """
    known = archives_of(database)

    def look(task: FileTask) -> None:
        require_present(task.folder, known)
        path = Path(task.folder, task.path)
        try:
            found = sha256_from_disk(path)
            fault = None if found == task.sha256 else QaError("archive.changed", path=path)
        except FileNotFoundError:
            fault = QaError("archive.source_gone", path=path)
        except OSError as error:
            fault = QaError("archive.source_unreadable", path=path, reason=error.strerror or error)
        checked = replace(task, task=new_task(), reason=None if fault is None else str(fault))
        with writing(database) as connection:
            note(connection, checked, "sound" if fault is None else "bad")
        if fault is not None:
            raise fault

    tasks = [_task(row, who, None) for row in archived(database).iter_rows(named=True)]
    return _carry_out(FileOutcome(), tasks, look, progress)


def erase(
    database: Database,
    selected: pl.DataFrame,
    who: str,
    reason: str,
    *,
    gone: pl.DataFrame | None = None,
    kept: Collection[str] = frozenset(),
    progress: Progress | None = None,
) -> FileOutcome:
    """Delete for good the files of `selected` that nothing keeps, each with a record of who and why.

    What lies in its place no more, and what nothing keeps of `gone` (`selection.select_gone`), is only put on
    record. Raises `QaError` `retention.no_reason`. Files of an archive whose disk is not connected stay, and
    those of a folder that is not there or has nothing in it, as one on such a disk.
    """
    if not reason.strip():
        raise QaError("retention.no_reason")
    before = finish_open(database, kept)
    known = archives_of(database)

    def away(task: FileTask) -> None:
        require_present(task.folder, known)
        erase_file(database, task)

    def free(files: pl.DataFrame) -> list[FileTask]:
        rows = files.filter(pl.col("kept").list.len() == 0).iter_rows(named=True)
        return [_task(row, who, None, reason.strip()) for row in rows]

    tasks = free(selected)
    connected = {one for one in {task.folder for task in tasks} if is_connected(one, known)}
    lost = [task for task in tasks if task.folder in connected and is_lost(task)]
    recorded = [*lost, *free(SELECTED.to_frame() if gone is None else gone)]
    note_gone(database, recorded)
    passed = set(lost)
    done = _carry_out(before, [task for task in tasks if task not in passed], away, progress)
    return replace(done, gone=len(recorded))


def archived(database: Database) -> pl.DataFrame:
    """Files that lie in an archive: `sha256`, `size_bytes`, `folder`, `path`, `call_ids`."""
    known = archives_of(database)
    files = recordings_frame(database).filter("present")
    inside = [archive_of(folder, known) is not None for folder in files["folder"]]
    calls = calls_frame(database).filter(pl.col("sha256").is_not_null())
    ids = calls.group_by("sha256").agg(call_ids=pl.col("call_id").sort())
    return (
        files.filter(pl.Series(inside, dtype=pl.Boolean))
        .join(ids, on="sha256", how="left", maintain_order="left")
        .with_columns(pl.col("call_ids").fill_null([]))
        .select("sha256", "size_bytes", "folder", "path", "call_ids")
    )


def megabytes(size_bytes: int) -> str:
    """A size as people read it.

    >>> megabytes(123_456_789), megabytes(0)
    ('123.5 MB', '0.0 MB')
    """
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.2f} GB"


def _origins(database: Database) -> Mapping[tuple[str, str], str]:
    """From which folder each archived file came, by its folder and path in the archive."""
    moved = journal_frame(database).filter(pl.col("kind") == "copied")
    return {(to, path): folder for to, path, folder in moved.select("to_folder", "path", "folder").rows()}


def _task(row: Mapping[str, Any], who: str, to_folder: str | None, reason: str | None = None) -> FileTask:
    return FileTask(
        row["sha256"],
        row["size_bytes"],
        row["folder"],
        row["path"],
        tuple(row["call_ids"]),
        who,
        to_folder,
        reason,
    )


def _carry_out(
    before: FileOutcome,
    tasks: Sequence[FileTask],
    step: Callable[[FileTask], None],
    progress: Progress | None,
) -> FileOutcome:
    run = _Run()

    def told(task: FileTask) -> None:
        if progress:
            progress(run.done + len(run.problems), len(tasks))
        step(task)

    left = run.each(tasks, told)
    if progress:
        progress(len(tasks), len(tasks))
    problems = (*before.problems, *run.problems)
    return FileOutcome(run.done, run.size_bytes, before.finished, problems, left)
