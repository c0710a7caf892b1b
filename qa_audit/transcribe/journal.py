"""A log for machines: one JSON object a line, of numbers, codes and hashes, never of names, paths or words.

Modules tell events through `tell`; a program that wants them kept opens a file with `keeping`. What may stand
in a line is listed here, so that nothing personal slips in with a new event.
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING

from qa_audit.store.files import write_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FIELDS = frozenset(
    {"key", "code", "attempt_again", "audio_s", "spent_s", "done", "kept", "failed_recordings", "elsewhere"}
    | {"workers", "device", "scored", "version"}
)
"""`key` is the hash that names a recording's turns, `code` a message's key in the catalogue."""

_log = logging.getLogger("qa_audit.journal")
_log.addHandler(logging.NullHandler())
_log.propagate = False


def tell(event: str, *, failed: bool = False, **fields: object) -> None:
    """Note an event; fields that are not of `FIELDS` are refused.

    >>> tell("recording.done", path="a.wav")
    Traceback (most recent call last):
    ValueError: not for the log: path
    """
    if strange := sorted(set(fields) - FIELDS):
        raise ValueError(f"not for the log: {', '.join(strange)}")
    _log.log(logging.WARNING if failed else logging.INFO, event, extra={"fields": fields})


@contextmanager
def keeping(path: Path | None) -> Iterator[None]:
    """Keep what is told while the block runs at the end of a file; None keeps nothing.

    The file may be moved away at any time (logrotate): the next line begins a new one.
    Raises `QaError` `store.not_writable` and the like when it can't be opened.
    """
    if path is None:
        yield
        return
    try:
        handler = WatchedFileHandler(path, encoding="utf-8")
    except OSError as error:
        raise write_error(path, error) from error
    handler.setFormatter(_Lines())
    with _handled_by(handler):
        yield


@contextmanager
def hearing(hear: Callable[[str], None]) -> Iterator[None]:
    """Call `hear` with the name of each event that is told while the block runs."""
    handler = logging.Handler()
    handler.emit = lambda record: hear(record.getMessage())
    with _handled_by(handler):
        yield


@contextmanager
def _handled_by(handler: logging.Handler) -> Iterator[None]:
    before = _log.level
    _log.setLevel(logging.INFO)
    _log.addHandler(handler)
    try:
        yield
    finally:
        _log.removeHandler(handler)
        _log.setLevel(before)
        handler.close()


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(told | record.__dict__["fields"], ensure_ascii=False)
