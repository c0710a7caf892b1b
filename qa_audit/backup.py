"""Backups while people work, and the way back.

A backup is a folder: the database as it was at one moment (SQLite's online backup), settings, rubric,
glossary, detectors and results, and last `manifest.json` with the SHA-256 of each file and the head of the
chain. A backup that was cut off has no manifest, so nobody takes it for one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.engine import make_url

from qa_audit import __version__
from qa_audit.messages import QaError, say
from qa_audit.scoring.learned.learn import FOLDER as DETECTORS_FOLDER
from qa_audit.settings import RUBRIC_FILE, SETTINGS_FILE, read_settings
from qa_audit.store.chain import head_in, parse_head
from qa_audit.store.database import open_database, reading
from qa_audit.store.files import abandoned_paths, temporary_path, write_error, write_text
from qa_audit.transcribe.glossary_file import GLOSSARY_FILE
from qa_audit.verified import Verified, verify_workspace
from qa_audit.workspace_folder import DATABASE_FILE, RESULTS_FOLDER

MANIFEST = "manifest.json"
LAST_BACKUP_FILE = "last_backup.json"
"""In the workspace: when it was backed up last, for `doctor` and metrics."""
_FORMAT = 1
_LISTED = 20
_CHUNK = 1 << 20
_FILES = (SETTINGS_FILE, RUBRIC_FILE, GLOSSARY_FILE)
_FOLDERS = (RESULTS_FOLDER, DETECTORS_FOLDER)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, or that a workspace was restored from."""

    folder: Path
    files: int
    size_bytes: int
    head: str
    """Of the chain, `store.chain.Head` as text."""
    made_at: str
    """UTC, ISO 8601."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "folder": str(self.folder),
            "files": self.files,
            "bytes": self.size_bytes,
            "head": self.head,
            "made_at": self.made_at,
        }

    def __str__(self) -> str:
        size = f"{self.size_bytes / 1e6:.1f}"
        return say("backup.made", folder=self.folder, files=self.files, megabytes=size, head=self.head)


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace that was brought back."""

    workspace: Path
    backup: Backup
    moved_to: Path | None
    """Where the workspace that stood there before lies now."""
    verified: Verified

    @property
    def failed(self) -> bool:
        """True when what was restored is not as it must be."""
        return self.verified.failed

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "workspace": str(self.workspace),
            "backup": self.backup.as_json(),
            "moved_to": None if self.moved_to is None else str(self.moved_to),
            "verified": self.verified.as_json(),
        }

    def __str__(self) -> str:
        values = {"workspace": self.workspace, "made_at": self.backup.made_at}
        lines = [say("backup.restored", **values), str(self.verified)]
        if self.moved_to is not None:
            lines.insert(1, say("backup.moved", folder=self.moved_to))
        return "\n".join(lines)


def back_up(workspace: Path, out: Path, *, now: datetime | None = None) -> Backup:
    """Copy a workspace into the new folder `out` while others go on working in it.

    Recordings are not part of it. Raises `QaError`: `workspace.not_found`, `backup.postgres` where the
    database is no file of the workspace, `backup.exists`, `store.disk_full`, `store.not_writable`,
    `store.write_failed`, `store.not_a_database`.
    """
    if not (workspace / SETTINGS_FILE).is_file():
        raise QaError("workspace.not_found", folder=workspace)
    url = read_settings(workspace / SETTINGS_FILE).database.url
    if url is not None:
        raise QaError("backup.postgres", database=make_url(url).database)
    if out.exists():
        raise QaError("backup.exists", folder=out)
    unfinished = temporary_path(out)
    at = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    try:
        _remove_abandoned(out)
        unfinished.mkdir(mode=0o700, parents=True)
        # The database first: a result made meanwhile is one too many, which harms nothing.
        _copy_database(workspace / DATABASE_FILE, unfinished / DATABASE_FILE)
        sources = [PurePosixPath(name) for name in _FILES if (workspace / name).is_file()]
        sources += [found for name in _FOLDERS for found in _below(workspace, name)]
        for source in sources:
            with suppress(FileNotFoundError):  # a damaged part may be set aside meanwhile
                _copy(workspace / source, unfinished / source)
        manifest = _manifest(unfinished, at)
        write_text(unfinished / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        if out.exists():  # another backup was faster
            raise QaError("backup.exists", folder=out)
        unfinished.rename(out)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise write_error(out, error) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    with suppress(QaError):  # the backup is there, whether or not that can be noted
        write_text(workspace / LAST_BACKUP_FILE, json.dumps({"made_at": at}) + "\n")
    return _backup(out, manifest)


def last_backup_at(workspace: Path) -> datetime | None:
    """When a workspace was backed up last, UTC; None when it never was, or nobody can tell."""
    try:
        told = json.loads((workspace / LAST_BACKUP_FILE).read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["made_at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_backup(folder: Path) -> Backup:
    """A backup whose every file has the hash that its manifest says.

    Raises `QaError`: `backup.not_one`, `backup.damaged`.
    """
    manifest = _read_manifest(folder)
    wrong = [name for name, known in manifest["files"].items() if not _is_as(folder / name, known)]
    if wrong:
        more = f" … {len(wrong)}" if len(wrong) > _LISTED else ""
        raise QaError("backup.damaged", folder=folder, files=", ".join(wrong[:_LISTED]) + more)
    return _backup(folder, manifest)


def restore(folder: Path, workspace: Path, *, replace: bool = False, now: datetime | None = None) -> Restored:
    """Make the workspace of a backup at `workspace`, and verify it.

    What stands there is never written over: without `replace` it is refused, with it moved aside. Who may
    open what stood there may open what takes its place; where nothing stood, the umask decides for the group
    and others are kept out.

    Raises `QaError`: `backup.not_one`, `backup.damaged`, `backup.in_the_way`, `backup.not_put_back`, and
    those of a failed write.
    """
    backup = read_backup(folder)
    occupied = workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir()))
    if occupied and not replace:
        raise QaError("backup.in_the_way", folder=workspace)
    at = (now or datetime.now(UTC)).astimezone(UTC)
    former = workspace if workspace.is_dir() else None
    unfinished = temporary_path(workspace)
    moved_to = None
    try:
        _remove_abandoned(workspace)
        unfinished.mkdir(mode=0o770 if former is None else 0o700, parents=True)
        for name in _read_manifest(folder)["files"]:
            _copy(folder / name, unfinished / name)
        _open_as(unfinished, former)
        if occupied:
            moved_to = workspace.with_name(f"{workspace.name}.before-{at:%Y%m%dT%H%M%SZ}")
            _exchange(workspace, unfinished, moved_to)
        else:
            if workspace.exists():
                workspace.rmdir()
            unfinished.rename(workspace)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise write_error(workspace, error) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    database = open_database(workspace / DATABASE_FILE)
    try:
        verified = verify_workspace(database, workspace / RESULTS_FOLDER, [parse_head(backup.head)])
    finally:
        database.dispose()
    return Restored(workspace, backup, moved_to, verified)


def _copy_database(source: Path, target: Path) -> None:
    """One state of the database, in one file; writers of the source are not held up."""
    if not source.is_file():
        raise QaError("store.not_a_database", database=source)
    try:
        with (
            closing(sqlite3.connect(source, timeout=30)) as living,
            closing(sqlite3.connect(target)) as copy,
        ):
            living.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if "full" in str(error):
            raise QaError("store.disk_full", path=target) from error
        raise QaError("store.database_error", database=source, reason=error) from error


def _manifest(folder: Path, made_at: str) -> dict[str, Any]:
    database = open_database(folder / DATABASE_FILE)
    try:
        with reading(database) as connection:
            head = str(head_in(connection))
    finally:
        database.dispose()
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # opening it made it WAL again
    files = {str(name): _known(folder / name) for name in _below(folder, "")}
    return {"format": _FORMAT, "made_at": made_at, "version": __version__, "head": head, "files": files}


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
        safe = all(_stays_inside(name) for name in files)
        if manifest["format"] != _FORMAT or not safe or {DATABASE_FILE, SETTINGS_FILE} - set(files):
            raise ValueError
        parse_head(manifest["head"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, QaError) as error:
        raise QaError("backup.not_one", folder=folder) from error
    return manifest


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


def _backup(folder: Path, manifest: dict[str, Any]) -> Backup:
    size = sum(known["bytes"] for known in manifest["files"].values())
    return Backup(folder, len(manifest["files"]), size, manifest["head"], manifest["made_at"])


def _below(root: Path, name: str) -> list[PurePosixPath]:
    """Files in a folder of `root` and below, relative to `root`; no links, no files half-written."""
    found = []
    for place, folders, names in os.walk(root / name):
        folders.sort()
        for one in sorted(names):
            path = Path(place, one)
            if not path.is_symlink() and not one.endswith((".partial", ".damaged", "-wal", "-shm")):
                found.append(PurePosixPath(path.relative_to(root).as_posix()))
    return found


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy2(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _remove_abandoned(target: Path) -> None:
    """Remove what killed runs left of the same folder; nothing else that lies beside it."""
    for path in abandoned_paths(target):
        shutil.rmtree(path, ignore_errors=True)


def _exchange(workspace: Path, unfinished: Path, moved_to: Path) -> None:
    """Move the workspace aside and what was restored to its place, or leave the workspace where it was."""
    workspace.rename(moved_to)
    try:
        unfinished.rename(workspace)
    except OSError as error:
        try:
            moved_to.rename(workspace)
        except OSError:
            reason = error.strerror or error
            raise QaError(
                "backup.not_put_back", workspace=workspace, folder=moved_to, reason=reason
            ) from error
        raise


def _open_as(made: Path, former: Path | None) -> None:
    """Rights and group as those of what is replaced; of what is new, those of the folder it lies in."""
    for path in (made, *sorted(made.rglob("*"))):
        replaced = None if former is None else former / path.relative_to(made)
        if replaced is not None and replaced.exists():
            _set_rights(path, replaced.stat(), 0o7777)
        elif path != made:
            _set_rights(path, path.parent.stat(), 0o7777 if path.is_dir() else 0o666)


def _set_rights(path: Path, like: os.stat_result, mask: int) -> None:
    mode = like.st_mode & mask
    if os.name != "nt":
        try:
            os.chown(path, like.st_uid if os.geteuid() == 0 else -1, like.st_gid)
        except PermissionError:
            # Whoever restores is not in that group: their own group was never meant to read it.
            mode &= ~(stat.S_IRWXG | stat.S_ISGID)
    path.chmod(mode)


def _known(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _is_as(path: Path, known: dict[str, Any]) -> bool:
    try:
        return not path.is_symlink() and _known(path) == known
    except OSError:
        return False
