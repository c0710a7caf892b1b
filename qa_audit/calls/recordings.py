"""The recordings in a folder: which files there are, and the hash that identifies each. No audio is decoded.

The SHA-256 of a file's bytes is the recording's identity: a renamed or copied file is the same
recording. A file whose size and time of change are known already is not hashed again.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qa_audit.calls.problems import Problem
from qa_audit.calls.settings import AUDIO_EXTENSIONS
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_CHUNK_BYTES = 1 << 20
_TEMPORARY_ENDINGS = (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", "~")


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """An audio file and what identifies it."""

    path: str
    """Relative to the folder, with `/` between its parts."""
    sha256: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FolderScan:
    """What a walk through a folder found."""

    files: tuple[RecordingFile, ...]
    """In order of path."""
    problems: tuple[Problem, ...]
    unreadable: tuple[str, ...]
    """Relative paths of files and folders that could not be read: not known to be gone."""
    other_files: int
    """Files that are no recordings by their extension; hidden and temporary ones are not counted."""
    hashed: int
    """How many files had to be read."""


def scan_recordings(
    folder: str | Path,
    *,
    known: Mapping[str, RecordingFile] | None = None,
    extensions: Sequence[str] = AUDIO_EXTENSIONS,
    rehash: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> FolderScan:
    """Walk `folder` and hash its recordings; `known` (by relative path) saves reading unchanged files.

    Links to files and folders are followed as long as they stay inside `folder`; loops end. Unreadable files
    and empty ones are reported, the rest goes on. `progress` is called with files done and files in all.

    Raises `QaError` `calls.folder_missing` or `calls.folder_unreadable`.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.wav").write_bytes(b"RIFF")
    >>> [(file.path, file.size_bytes, file.sha256[:8]) for file in scan_recordings(folder).files]
    [('a.wav', 4, 'a40ff3d5')]
    """
    root = _root(folder)
    walk = _Walk(root, {f".{extension}" for extension in extensions})
    found = sorted(walk.files(root, ""))
    files: list[RecordingFile] = []
    hashed = 0
    for done, (name, path, size, mtime_ns) in enumerate(found):
        if progress:
            progress(done, len(found))
        former = (known or {}).get(name)
        if former and not rehash and (former.size_bytes, former.mtime_ns) == (size, mtime_ns):
            files.append(former)
            continue
        try:
            files.append(RecordingFile(name, sha256_of(Path(path)), size, mtime_ns))
            hashed += 1
        except OSError as error:
            walk.report("calls.recording_unreadable", name, reason=error.strerror or error)
    if progress:
        progress(len(found), len(found))
    return FolderScan(tuple(files), tuple(walk.problems), tuple(walk.unreadable), walk.others, hashed)


def sha256_of(path: str | Path) -> str:
    """SHA-256 of a file's bytes in hexadecimal, read in pieces, so that its length doesn't matter.

    Raises `OSError` when the file cannot be read.
    """
    digest = hashlib.sha256()
    with Path(path).open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def safe_join(folder: str | Path, relative: str) -> Path:
    """`relative` below `folder`; what would lead out of it (`..`, an absolute path, a link) is refused.

    Raises `QaError` `calls.path_outside`.

    >>> safe_join("/data", "../etc/passwd")
    Traceback (most recent call last):
    ...
    qa_audit.messages.QaError: ...
    """
    root = Path(folder)
    pure = PurePosixPath(relative)
    path = root / pure
    if pure.is_absolute() or ".." in pure.parts or "\0" in relative:
        raise QaError("calls.path_outside", path=relative, folder=root)
    if not path.resolve().is_relative_to(root.resolve()):
        raise QaError("calls.path_outside", path=relative, folder=root)
    return path


def _root(folder: str | Path) -> Path:
    root = Path(folder).expanduser()
    try:
        root = root.resolve(strict=True)
        if not root.is_dir():
            raise QaError("calls.folder_missing", path=folder)
        os.scandir(root).close()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise QaError("calls.folder_missing", path=folder) from error
    except (OSError, RuntimeError) as error:
        raise QaError("calls.folder_unreadable", path=folder, reason=error) from error
    return root


class _Walk:
    """One walk: folders are entered once by device and inode, whatever links lead to them."""

    def __init__(self, root: Path, endings: set[str]) -> None:
        self.root = root
        self.endings = endings
        self.problems: list[Problem] = []
        self.unreadable: list[str] = []
        self.others = 0
        self._entered: set[tuple[int, int]] = set()

    def report(self, code: str, name: str, **values: object) -> None:
        # Names may carry bytes that are no text; they are shown, never passed on.
        shown = name.encode("utf-8", "replace").decode("utf-8")
        self.problems.append(Problem(code, shown, values=values, left_out=True))
        self.unreadable.append(name)

    def files(self, folder: Path, relative: str) -> Iterator[tuple[str, str, int, int]]:
        """(relative path, path, size in bytes, time of change in ns) of every recording below `folder`."""
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in self._entered:
                return
            self._entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.report("calls.recording_unreadable", relative or ".", reason=error.strerror or error)
            return
        # Real folders before links to them, so that a recording's path is the plain one.
        for entry in sorted(listed, key=lambda entry: entry.is_symlink()):
            if entry.name.startswith((".", "~$")) or entry.name.lower().endswith(_TEMPORARY_ENDINGS):
                continue
            yield from self._entry(entry, f"{relative}/{entry.name}" if relative else entry.name)

    def _entry(self, entry: os.DirEntry[str], relative: str) -> Iterator[tuple[str, str, int, int]]:
        is_audio = os.path.splitext(entry.name)[1].lower() in self.endings  # noqa: PTH122 - ten times as fast
        try:
            entry.name.encode("utf-8")
            if entry.is_symlink() and not Path(entry.path).resolve(strict=True).is_relative_to(self.root):
                self.report("calls.link_outside", relative, folder=self.root)
                return
            status = entry.stat()
        except UnicodeEncodeError:
            self.report("calls.recording_name", relative)
            return
        except (OSError, RuntimeError) as error:
            if is_audio:
                reason = error.strerror if isinstance(error, OSError) else error
                self.report("calls.recording_unreadable", relative, reason=reason)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self.files(Path(entry.path), relative)
        elif not stat.S_ISREG(status.st_mode) or not is_audio:
            self.others += 1
        elif status.st_size == 0:
            self.report("calls.recording_empty", relative)
        else:
            yield relative, entry.path, status.st_size, status.st_mtime_ns
