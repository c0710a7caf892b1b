"""Backups while people work.

A backup is a folder: the database as it was at one moment (SQLite's online backup), settings, rubric,
glossary, detectors and results, and last `manifest.json` with the SHA-256 of each file and the head of the
chain. A backup that was cut off has no manifest, so nobody takes it for one. `restored` is the way back.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.engine import URL, make_url

from qa_audit.backup_manifest import changed_files, files_below, read_manifest, write_manifest
from qa_audit.messages import QaError, say
from qa_audit.scoring.learned.learn import FOLDER as DETECTORS_FOLDER
from qa_audit.settings import RUBRIC_FILE, SETTINGS_FILE, read_settings
from qa_audit.store.database_errors import told
from qa_audit.store.files import write_text
from qa_audit.store.folders import copy_synced, filling
from qa_audit.transcribe.glossary_file import GLOSSARY_FILE
from qa_audit.workspace_folder import DATABASE_FILE, RESULTS_FOLDER

LAST_BACKUP_FILE = "last_backup.json"
"""In the workspace: when it was backed up last, for `doctor` and metrics."""
_LISTED = 20
_BUSY_MS = 30_000  # how long the copy waits for a writer
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
    at = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    with filling(out, 0o700) as unfinished:
        # The database first: a result made meanwhile is one too many, which harms nothing.
        _copy_database(workspace / DATABASE_FILE, unfinished / DATABASE_FILE)
        sources = [PurePosixPath(name) for name in _FILES if (workspace / name).is_file()]
        sources += [found for name in _FOLDERS for found in files_below(workspace, name)]
        for source in sources:
            with suppress(FileNotFoundError):  # a damaged part may be set aside meanwhile
                copy_synced(workspace / source, unfinished / source)
        manifest = write_manifest(unfinished, at)
        if out.exists():  # another backup was faster
            raise QaError("backup.exists", folder=out)
        unfinished.rename(out)
    with suppress(QaError):  # the backup is there, whether or not that can be noted
        write_text(workspace / LAST_BACKUP_FILE, json.dumps({"made_at": at}) + "\n")
    return _backup(out, manifest)


def last_backup_at(workspace: Path) -> datetime | None:
    """When a workspace was backed up last, UTC; None when it never was, or nobody can tell."""
    try:
        noted = json.loads((workspace / LAST_BACKUP_FILE).read_text(encoding="utf-8"))
        return datetime.fromisoformat(noted["made_at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_backup(folder: Path) -> Backup:
    """A backup whose every file has the hash that its manifest says.

    Raises `QaError`: `backup.not_one`, `backup.damaged`.
    """
    manifest = read_manifest(folder)
    wrong = changed_files(folder, manifest)
    if wrong:
        more = f" … {len(wrong)}" if len(wrong) > _LISTED else ""
        raise QaError("backup.damaged", folder=folder, files=", ".join(wrong[:_LISTED]) + more)
    return _backup(folder, manifest)


def _copy_database(source: Path, target: Path) -> None:
    """One state of the database, in one file; writers of the source are not held up."""
    if not source.is_file():
        raise QaError("store.not_a_database", database=source)
    try:
        with (
            closing(sqlite3.connect(source, timeout=_BUSY_MS / 1000)) as living,
            closing(sqlite3.connect(target)) as copy,
        ):
            living.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        said = told(URL.create("sqlite", database=str(source)), error, _BUSY_MS)
        # SQLite doesn't say which of the two disks it was; that of the copy had to be written.
        at_fault = target if said.code.startswith("store.disk") else source
        raise QaError(said.code, **(said.values | {"database": source, "path": at_fault})) from error


def _backup(folder: Path, manifest: dict[str, Any]) -> Backup:
    size = sum(known["bytes"] for known in manifest["files"].values())
    return Backup(folder, len(manifest["files"]), size, manifest["head"], manifest["made_at"])
