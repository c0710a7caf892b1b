"""What is on the disk, not what is still in memory: the hash of a file read past the system's cache."""

from __future__ import annotations

import hashlib
import mmap
import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK_BYTES = 1 << 20


def sha256_from_disk(path: Path) -> str:
    """SHA-256 of a file that has been synced, in hexadecimal.

    Read with `O_DIRECT` where the file system knows it; else the system is asked to forget its copy first
    (`posix_fadvise`, `DONTNEED`), which it may decline.

    Raises `OSError` when the file cannot be read.
    """
    with suppress(OSError, AttributeError):
        return _direct(path)
    digest = hashlib.sha256()
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := os.read(handle, _CHUNK_BYTES):
            digest.update(chunk)
    finally:
        os.close(handle)
    return digest.hexdigest()


def _direct(path: Path) -> str:
    digest = hashlib.sha256()
    handle = os.open(path, os.O_RDONLY | os.O_DIRECT)
    # O_DIRECT wants memory at a page's edge, which an anonymous mapping has.
    with mmap.mmap(-1, _CHUNK_BYTES) as room:
        try:
            left = os.fstat(handle).st_size
            # Asking once more at an end that is at no block's edge is refused by some file systems.
            while left > 0 and (count := os.readv(handle, [room])):
                digest.update(room[:count])
                left -= count
        finally:
            os.close(handle)
    return digest.hexdigest()
