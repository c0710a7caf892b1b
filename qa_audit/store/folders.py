"""Folders that are whole or not there: filled beside their place, then moved to it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.store.files import abandoned_paths, temporary_path, write_error

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def filling(target: Path, mode: int) -> Iterator[Path]:
    """A new folder beside `target`, with the rights `mode`; the block fills it and moves it to `target`.

    Whatever ends the block early, the new folder is removed with what is in it. What killed runs left of the
    same folder is removed first; nothing else that lies beside it.

    Raises `QaError` `store.disk_full`, `store.not_writable` or `store.write_failed`.
    """
    unfinished = temporary_path(target)
    try:
        for path in abandoned_paths(target):
            shutil.rmtree(path, ignore_errors=True)
        unfinished.mkdir(mode=mode, parents=True)
        yield unfinished
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise write_error(target, error) from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def copy_synced(source: Path, target: Path) -> None:
    """Copy a file with its times and rights, until it is on disk; missing folders are their owner's only.

    Raises `QaError` `store.unreadable` for a source that may not be read, `OSError` for all else.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copy2(source, target)
    except PermissionError as error:
        if error.filename is None or Path(error.filename) != source:
            raise
        raise QaError("store.unreadable", path=source, reason=error.strerror or error) from error
    with target.open("rb") as file:
        os.fsync(file.fileno())
