"""One run of the housekeeping at a time, however many are started; a killed run lets go by itself."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.store.files import write_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE = ".retention.lock"


@contextmanager
def alone(workspace: Path) -> Iterator[None]:
    """Hold the workspace's lock for the block; the system frees it when the process ends, however it ends.

    Raises `QaError` `archive.running` when another process holds it.
    """
    place = workspace / LOCK_FILE
    try:
        # As the umask lets it: whoever else may work in the workspace holds the lock another time.
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise write_error(place, error) from error
    try:
        if not _locked(handle):
            raise QaError("archive.running", workspace=workspace)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # pyright: ignore[reportAttributeAccessIssue]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
