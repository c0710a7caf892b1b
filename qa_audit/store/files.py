"""Files that are whole or not there: written beside their place, synced, renamed over it.

A reader never sees half a file, and a killed run leaves at most a temporary file that
`remove_leftovers` knows by its name.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.store.processes import host_name, is_running

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFTOVER_AGE_S = 24 * 3600.0
"""A temporary file of another machine counts as abandoned after this time."""

_NAME_BYTES = 255
_TEMPORARY = re.compile(r"^\..+\.(?P<host>[A-Za-z0-9-]+)\.(?P<pid>\d+)\.[0-9a-f]{8}\.partial$")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_error(path: Path, error: OSError) -> QaError:
    """The message for a failed write: disk full, not allowed, or what the system says.

    >>> write_error(Path("a.txt"), OSError(errno.ENOSPC, "No space left on device")).code
    'store.disk_full'
    """
    if error.errno in _FULL:
        return QaError("store.disk_full", path=path)
    if error.errno in _REFUSED:
        return QaError("store.not_writable", path=path, reason=error.strerror or error)
    return QaError("store.write_failed", path=path, reason=error.strerror or error)


@contextmanager
def replacing(path: str | os.PathLike[str], *, share: bool = True) -> Iterator[Path]:
    """A temporary path in the folder of `path`; when the block ends well it becomes `path`, at once.

    The folder is made when it is missing (`make_folders`). Content and folder are synced, so that after a
    power cut either the old file or the new one is there. When the block or the disk fails, the temporary
    file is removed and `path` stays as it was. In a folder that is shared by a group (set-group-ID) the file
    gets the folder's rights to read and write, unless `share` is off.

    Raises `QaError` `store.disk_full`, `store.not_writable` or `store.write_failed`.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as temporary:
    ...     _ = temporary.write_text("whole")
    >>> [file.name for file in folder.iterdir()]
    ['a.txt']
    """
    target = Path(path)
    temporary = temporary_path(target)
    try:
        make_folders(target.parent)
        yield temporary
        if share:
            _share_as(target.parent, temporary)
        sync(temporary)
        os.replace(temporary, target)  # noqa: PTH105 - the tests cut in between write and rename here
        sync(target.parent)
    except OSError as error:
        raise write_error(target, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def make_folders(folder: Path) -> None:
    """Make a folder and those above it so that none is lost in a power cut.

    Each in one that is shared by a group (set-group-ID) is shared, too. Raises `OSError`.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        _share_as(one.parent, one)
        sync(one.parent)


def _share_as(folder: Path, made: Path) -> None:
    """Give what was made in a folder with set-group-ID the rights of that folder.

    The umask of one of the group would else keep the others from results that all of them need.
    """
    rights = folder.stat().st_mode
    if os.name == "nt" or not rights & stat.S_ISGID:
        return
    own = made.stat().st_mode
    wanted = rights & (0o7777 if stat.S_ISDIR(own) else 0o666)
    if stat.S_IMODE(own) != wanted:
        with suppress(PermissionError):
            made.chmod(wanted)


def temporary_path(target: Path) -> Path:
    """A new name beside `target` that no other process takes, for what becomes `target` when it is whole."""
    mark = f".{host_name()}.{os.getpid()}.{secrets.token_hex(4)}.partial"
    # Of a long name so much that the mark has room: file systems take 255 bytes.
    room = _NAME_BYTES - len(mark.encode()) - 1
    start = os.fsencode(target.name)[:room].decode(errors="ignore")
    return target.with_name(f".{start}{mark}")


def abandoned_paths(target: Path) -> list[Path]:
    """What killed runs left at a `temporary_path` of `target`, as `remove_leftovers` tells it."""
    if not target.parent.is_dir():
        return []
    found = [path for path in target.parent.iterdir() if path.name.startswith(f".{target.name}.")]
    return sorted(path for path in found if _abandoned(path))


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` as the whole content of `path`, or leave `path` as it was (see `replacing`)."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write `text` as UTF-8, line ends as they are (see `replacing`)."""
    write_bytes(path, text.encode("utf-8"))


def remove_leftovers(folder: str | os.PathLike[str]) -> int:
    """Remove temporary files of runs that were killed, in `folder` and below; how many there were.

    A file of a process that still runs on this machine stays, and so does a file younger than
    `LEFTOVER_AGE_S` of another machine.
    """
    removed = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".partial") and _abandoned(file := Path(place, name)):
                with suppress(OSError):
                    file.unlink()
                    removed += 1
    return removed


def _abandoned(file: Path) -> bool:
    match = _TEMPORARY.match(file.name)
    if match is None:
        return False
    with suppress(OSError):
        if time.time() - file.stat().st_mtime > LEFTOVER_AGE_S:
            return True
    return match["host"] == host_name() and not is_running(int(match["pid"]))


def sync(path: Path) -> None:
    """Make a file's content, or the names in a folder, outlast a power cut. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
