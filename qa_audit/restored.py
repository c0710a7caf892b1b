"""The way back from a backup (`backup`): a workspace made anew, verified, and opened to whom it was open."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_audit.backup import Backup, read_backup
from qa_audit.backup_manifest import read_manifest
from qa_audit.messages import QaError, say
from qa_audit.store.chain import parse_head
from qa_audit.store.database import open_database
from qa_audit.store.folders import copy_synced, filling
from qa_audit.verified import Verified, verify_workspace
from qa_audit.workspace_folder import DATABASE_FILE, RESULTS_FOLDER


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


def restore(folder: Path, workspace: Path, *, replace: bool = False, now: datetime | None = None) -> Restored:
    """Make the workspace of a backup at `workspace`, and verify it.

    What stands there is never written over: without `replace` it is refused, with it moved aside. Who may
    open what stood there may open what takes its place; where nothing stood, the umask decides for the group
    and others are kept out. A link is followed: whoever knows the workspace by its own path gets the
    restored one.

    Raises `QaError`: `backup.not_one`, `backup.damaged`, `backup.in_the_way`, `backup.not_put_back`, and
    those of a failed write.
    """
    backup = read_backup(folder)
    if workspace.is_symlink():
        workspace = workspace.resolve()
    occupied = workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir()))
    if occupied and not replace:
        raise QaError("backup.in_the_way", folder=workspace)
    at = (now or datetime.now(UTC)).astimezone(UTC)
    former = workspace if workspace.is_dir() else None
    moved_to = None
    with filling(workspace, 0o770 if former is None else 0o700) as unfinished:
        for name in read_manifest(folder)["files"]:
            copy_synced(folder / name, unfinished / name)
        _open_as(unfinished, former)
        if occupied:
            moved_to = workspace.with_name(f"{workspace.name}.before-{at:%Y%m%dT%H%M%SZ}")
            _exchange(workspace, unfinished, moved_to)
        else:
            if workspace.exists():
                workspace.rmdir()
            unfinished.rename(workspace)
    database = open_database(workspace / DATABASE_FILE)
    try:
        verified = verify_workspace(database, workspace / RESULTS_FOLDER, [parse_head(backup.head)])
    finally:
        database.dispose()
    return Restored(workspace, backup, moved_to, verified)


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
