"""A copy of which nobody need doubt: written beside its place, synced, read back, compared, renamed."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from qa_audit.messages import QaError
from qa_audit.retention.read_back import sha256_from_disk
from qa_audit.store.files import replacing, sync, write_error

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Seen:
    """By what a file is known to be the same one that was read before."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Seen:
        """What `stat` says of it."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def copy_checked(source: Path, target: Path, sha256: str) -> Seen:
    """Copy `source` to `target`; both hold content `sha256` then, the copy by what the disk gives back.

    A target that holds it already is taken as it is. The folders of the target are made, and synced up to
    the first that was there. Time of change and rights are kept. Returns how the source looked while it was
    read.

    Raises `QaError`: `archive.source_gone`, `archive.changed` (the source holds something else, or changed
    while it was read), `archive.taken` (something else lies at the target), `archive.bad_copy` (the disk
    gives back something else), and those of `store.files.replacing`. Nothing is left at the target then.
    """
    if target.exists():
        if _hash(target) != sha256:
            raise QaError("archive.taken", path=target)
        _sync_whole(target)
        return _seen_whole(source, sha256)
    with replacing(target, share=False) as temporary:
        seen = _copy(source, temporary, sha256)
        if sha256_from_disk(temporary) != sha256:
            raise QaError("archive.bad_copy", path=target)
    return seen


def same_still(source: Path, seen: Seen) -> bool:
    """Whether nobody has written to, replaced or removed `source` since."""
    try:
        return Seen.of(source.stat()) == seen
    except OSError:
        return False


def _seen_whole(source: Path, sha256: str) -> Seen:
    try:
        with source.open("rb", buffering=0) as file:
            seen = Seen.of(os.fstat(file.fileno()))
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            unchanged = Seen.of(os.fstat(file.fileno())) == seen
    except OSError as error:
        raise _source_error(source, error) from error
    if digest != sha256 or not unchanged:
        raise QaError("archive.changed", path=source)
    return seen


def _copy(source: Path, temporary: Path, sha256: str) -> Seen:
    digest = hashlib.sha256()
    try:
        file = source.open("rb", buffering=0)
    except OSError as error:
        raise _source_error(source, error) from error
    with file, temporary.open("wb", buffering=0) as copy:
        seen = Seen.of(os.fstat(file.fileno()))
        while chunk := _read(file, source):
            digest.update(chunk)
            left = memoryview(chunk)
            while left:
                left = left[copy.write(left) :]
        status = os.fstat(file.fileno())
        shutil.copystat(source, temporary)
        os.fsync(copy.fileno())
    if digest.hexdigest() != sha256 or Seen.of(status) != seen:
        raise QaError("archive.changed", path=source)
    return seen


def _read(file: object, source: Path) -> bytes:
    try:
        return file.read(_CHUNK_BYTES)  # pyright: ignore[reportAttributeAccessIssue]
    except OSError as error:
        raise _source_error(source, error) from error


def _source_error(source: Path, error: OSError) -> QaError:
    if isinstance(error, FileNotFoundError):
        return QaError("archive.source_gone", path=source)
    return QaError("archive.source_unreadable", path=source, reason=error.strerror or error)


def _sync_whole(target: Path) -> None:
    """A copy that a killed run left may be in memory only."""
    try:
        sync(target)
        sync(target.parent)
    except OSError as error:
        raise write_error(target, error) from error


def _hash(path: Path) -> str | None:
    try:
        return sha256_from_disk(path)
    except OSError:
        return None
