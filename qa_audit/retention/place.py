"""The archive: a folder on another disk, known again by a mark that lies in it."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from qa_audit.messages import QaError
from qa_audit.store import schema
from qa_audit.store.database import reading, writing
from qa_audit.store.files import write_text
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer
from qa_audit.store.retention_schema import archives

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

MARK_FILE = "qa_audit_archive.txt"


def open_archive(database: Database, folder: str | Path, who: str | None = None) -> Path:
    """The archive in `folder`, which must be there; a folder new to the workspace gets its mark when `who`
    is given.

    Raises `QaError`: `archive.target_missing` (no such folder: the disk is not connected),
    `archive.other_disk` (the folder was the archive before, but the mark that lay in it is not there),
    `archive.inside` (it lies in a folder of recordings, or one lies in it), and those of
    `store.files.replacing` and `store.persons.check_writer`: nothing is written then.
    """
    root = Path(folder).expanduser().absolute()
    if not root.is_dir():
        raise QaError("archive.target_missing", folder=root)
    root = root.resolve()
    table = archives.c
    with reading(database) as connection:
        known = connection.execute(select(table.mark).where(table.path == str(root))).scalar_one_or_none()
        sources = [Path(one) for one in connection.execute(select(schema.folders.c.path)).scalars()]
    for source in sources:
        if root.is_relative_to(source) or (source.is_relative_to(root) and source.parent != root):
            raise QaError("archive.inside", folder=root, recordings=source)
    if known is not None:
        if mark_in(root) != known:
            raise QaError("archive.other_disk", folder=root, file=MARK_FILE)
        return root
    for source in sources:
        if source.parent == root:
            raise QaError("archive.inside", folder=root, recordings=source)
    if who is not None:
        mark = mark_in(root) or uuid.uuid4().hex
        with writing(database) as connection:
            at = stored_moment()
            check_writer(connection, archives, who)
            connection.execute(insert(archives).values(path=str(root), mark=mark, who=who, made_at=at))
            # Before the row is kept, lest an archive be known by a mark that it has not; after whoever may
            # not add it was refused.
            write_text(root / MARK_FILE, mark + "\n")
    return root


def archives_of(database: Database) -> dict[str, str]:
    """The mark of every archive that the workspace ever had, by its folder."""
    with reading(database) as connection:
        return {row.path: row.mark for row in connection.execute(select(archives.c.path, archives.c.mark))}


def mark_in(root: Path) -> str | None:
    """The mark that lies in a folder; None where there is none."""
    try:
        return (root / MARK_FILE).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def folder_in(root: Path, source: str) -> str:
    """Where files of the folder `source` lie in the archive `root`: its name, and eight digits that tell
    it from others of that name.

    >>> folder_in(Path("/mnt/archive"), "/data/录音")
    '/mnt/archive/录音-712494bb'
    """
    digest = hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return str(root / f"{Path(source).name or 'recordings'}-{digest}")


def archive_of(folder: str, known: dict[str, str]) -> str | None:
    """The archive of `known` in which a folder lies; None for a folder of the recorder's."""
    return next((root for root in known if Path(folder).is_relative_to(root)), None)


def is_connected(folder: str, known: dict[str, str]) -> bool:
    """Whether the disk is there on which a folder lies: its archive's mark, or for others anything at all."""
    root = archive_of(folder, known)
    if root is not None:
        return mark_in(Path(root)) == known[root]
    try:
        return any(Path(folder).iterdir())
    except OSError:
        return False


def require_present(folder: str, known: dict[str, str]) -> None:
    """Raise `QaError` `archive.other_disk` where `folder` lies in an archive whose mark is not there."""
    root = archive_of(folder, known)
    if root is not None and mark_in(Path(root)) != known[root]:
        raise QaError("archive.other_disk", folder=root, file=MARK_FILE)
