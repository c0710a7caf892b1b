"""The manifest of a backup: the SHA-256 of each file and the head of the chain."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any

from qa_audit import __version__
from qa_audit.messages import QaError
from qa_audit.settings import SETTINGS_FILE
from qa_audit.store.chain import head_in, parse_head
from qa_audit.store.database import open_database, reading
from qa_audit.store.files import write_text
from qa_audit.workspace_folder import DATABASE_FILE

MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK = 1 << 20


def write_manifest(folder: Path, made_at: str) -> dict[str, Any]:
    """Write what lies in the folder of a backup, and return it; last, for it says that all is there."""
    head = _head_of(folder / DATABASE_FILE)
    files = {str(name): _known(folder / name) for name in files_below(folder, "")}
    manifest = {"format": _FORMAT, "made_at": made_at, "version": __version__, "head": head, "files": files}
    write_text(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup, whose names lead nowhere else. Raises `QaError` `backup.not_one`."""
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


def changed_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Files that are not as the manifest says, or not there."""
    return [name for name, known in manifest["files"].items() if not _is_as(folder / name, known)]


def files_below(root: Path, name: str) -> list[PurePosixPath]:
    """Files in a folder of `root` and below, relative to `root`; no links, no files half-written."""
    found = []
    for place, folders, names in os.walk(root / name):
        folders.sort()
        for one in sorted(names):
            path = Path(place, one)
            if not path.is_symlink() and not one.endswith((".partial", ".damaged", "-wal", "-shm")):
                found.append(PurePosixPath(path.relative_to(root).as_posix()))
    return found


def _head_of(file: Path) -> str:
    database = open_database(file)
    try:
        with reading(database) as connection:
            head = str(head_in(connection))
    finally:
        database.dispose()
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # opening it made it WAL again
    return head


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


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
