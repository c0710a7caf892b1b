"""What an import changes about the recordings of one folder: worked out first, then written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from qa_audit.calls.recording_names import name_key, stem_of
from qa_audit.calls.recordings import FolderScan, RecordingFile
from qa_audit.store import schema
from qa_audit.store.database import insert_one, rows_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class FilePlan:
    """Changes to the recordings of one folder."""

    folder: Path | None = None
    files: tuple[RecordingFile, ...] = ()
    """All recordings that lie there now."""
    new_recordings: dict[str, int] = field(default_factory=dict)
    """Size in bytes by hash."""
    inserted: tuple[RecordingFile, ...] = ()
    updated: tuple[RecordingFile, ...] = ()
    gone: tuple[str, ...] = ()
    """Paths that are there no more."""
    renamed: int = 0
    """Known contents under a new path, and known paths with new content or back again."""
    unchanged: int = 0


def plan_files(connection: Connection, folder: Path | None, scan: FolderScan) -> FilePlan:
    """Compare what a walk found with what the database has of the same folder."""
    if folder is None:
        return FilePlan()
    table = schema.recording_files
    query = select(table).join(schema.folders).where(schema.folders.c.path == str(folder))
    before = {row.path: row for row in connection.execute(query)}
    hashes = {file.sha256 for file in scan.files}
    sha256 = schema.recordings.c.sha256
    known = {row.sha256 for row in rows_in(connection, select(sha256), sha256, hashes)}
    new = {file.sha256: file.size_bytes for file in scan.files if file.sha256 not in known}
    inserted, updated, renamed, unchanged = [], [], 0, 0
    for file in scan.files:
        former = before.get(file.path)
        if former is None:
            inserted.append(file)
            renamed += file.sha256 not in new
        elif (former.sha256, former.present) != (file.sha256, True):
            updated.append(file)
            renamed += file.sha256 not in new
        else:
            unchanged += 1
            if (former.size_bytes, former.mtime_ns) != (file.size_bytes, file.mtime_ns):
                updated.append(file)
    seen = {file.path for file in scan.files}
    gone = tuple(
        path
        for path, row in before.items()
        if row.present and path not in seen and not _below_any(path, scan.unreadable)
    )
    return FilePlan(folder, scan.files, new, tuple(inserted), tuple(updated), gone, renamed, unchanged)


def _below_any(path: str, unreadable: Iterable[str]) -> bool:
    return any(bad in (".", path) or path.startswith(f"{bad}/") for bad in unreadable)


def write_files(connection: Connection, files: FilePlan, import_id: int | None) -> None:
    """Write a plan; `import_id` may be None only when nothing is new (sizes and times of files)."""
    folder = files.folder
    if folder is None or not (files.inserted or files.updated or files.gone):
        return
    folders, table = schema.folders, schema.recording_files
    folder_id = connection.execute(
        select(folders.c.folder_id).where(folders.c.path == str(folder))
    ).scalar_one_or_none()
    if folder_id is None:
        folder_id = insert_one(connection, insert(folders).values(path=str(folder)))
    if files.new_recordings:
        connection.execute(
            insert(schema.recordings),
            [
                {"sha256": sha256, "size_bytes": size, "added_in": import_id}
                for sha256, size in files.new_recordings.items()
            ],
        )
    if files.inserted:
        connection.execute(insert(table), [_file_values(folder_id, file) for file in files.inserted])
    at_path = (table.c.folder_id == folder_id) & (table.c.path == bindparam("at_path"))
    if files.updated:
        changes = [_file_values(folder_id, file) | {"at_path": file.path} for file in files.updated]
        connection.execute(update(table).where(at_path), changes)
    if files.gone:
        connection.execute(
            update(table).where(at_path).values(present=False), [{"at_path": path} for path in files.gone]
        )


def _file_values(folder_id: int, file: RecordingFile) -> dict[str, object]:
    stem_key = name_key(stem_of(file.path))
    return {**asdict(file), "folder_id": folder_id, "stem_key": stem_key, "present": True}
