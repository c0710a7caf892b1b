"""The files of a closed month in a folder, with a list of their hashes that is known by its own."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_audit.closing.filing import Files, json_bytes, read_json
from qa_audit.closing.words_file import UNSEALED, check_words, replaced_hashes
from qa_audit.messages import QaError
from qa_audit.store.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"
FIGURES_FILE = "figures.json"


def sealed(files: Mapping[str, bytes]) -> Files:
    """The files and their manifest: SHA-256 by name. The manifest's own hash is the month's receipt."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    return {**files, MANIFEST: json_bytes({"files": hashes})}


def receipt_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 of the manifest: whoever noted it can tell whether anything was changed since."""
    return hashlib.sha256(files[MANIFEST]).hexdigest()


def check_seal(files: Mapping[str, bytes]) -> None:
    """Refuse files that are not those of their manifest, nor what `ERASED_FILE` says is left of them.

    Raises `QaError` `closing.no_file`, `closing.file_changed`, `closing.file_unknown`, each naming the file,
    and as `words_file.check_words`.
    """
    listed: Any = read_json(files, MANIFEST)
    hashes = listed.get("files") if isinstance(listed, dict) else None
    if not isinstance(hashes, dict):
        raise QaError("closing.bad_file", file=MANIFEST, reason=json.dumps(listed)[:80])
    replaced = replaced_hashes(files)
    for name, sha256 in hashes.items():
        if name not in files:
            raise QaError("closing.no_file", file=name)
        if hashlib.sha256(files[name]).hexdigest() not in (sha256, replaced.get(name)):
            raise QaError("closing.file_changed", file=name)
    for name in sorted(files.keys() - hashes.keys() - {MANIFEST} - UNSEALED):
        raise QaError("closing.file_unknown", file=name)
    check_words(files)


def write_folder(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write the files into a new or empty folder; the paths written.

    Raises `QaError` `closing.folder_used`, and those of `store.files`.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise QaError("closing.folder_used", folder=folder)
    for name, content in files.items():
        write_bytes(folder / name, content)
    return [folder / name for name in files]


def read_folder(folder: Path) -> Files:
    """The files of an export, checked. Raises `QaError` `closing.no_export` and as `check_seal`."""
    if not (folder / MANIFEST).is_file():
        raise QaError("closing.no_export", folder=folder, file=MANIFEST)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    check_seal(files)
    return files
