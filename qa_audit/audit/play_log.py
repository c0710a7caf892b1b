"""Stretches that are handed out, kept a few at a time: noting one costs the listener nothing.

They wait in memory at most `WAIT_S`; what waits is kept when the log is closed and when the program ends. A
killed program loses what waited.
"""

from __future__ import annotations

import atexit
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa_audit.audit.plays import Play, keep_plays
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

    from qa_audit.audit.plays import Place

WAIT_S = 20.0
GAP_S = 0.5
"""A stretch that begins so close to the end of the one before goes on with it."""

_log = logging.getLogger(__name__)


class PlayLog:
    """The log of one person at one place; may be used from several threads."""

    def __init__(self, database: Database, who: str, place: Place, *, wait_s: float = WAIT_S) -> None:
        self._database = database
        self._who = who
        self._place: Place = place
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._waiting: list[Play] = []
        self._timer: threading.Timer | None = None

    def note(self, call_id: str, start_s: float, end_s: float, place: Place | None = None) -> None:
        """Note that the sound of a call was handed out from `start_s` to `end_s`, if there is any between."""
        if end_s <= start_s:
            return
        one = Play(call_id, self._who, datetime.now(UTC), start_s, end_s, place or self._place)
        with self._lock:
            last = self._waiting[-1] if self._waiting else None
            if last and _goes_on(last, one):
                self._waiting[-1] = replace(last, end_s=end_s)
            else:
                self._waiting.append(one)
            if self._timer is None:
                self._timer = threading.Timer(self._wait_s, self.flush)
                self._timer.daemon = True
                self._timer.start()
                atexit.register(self.flush)

    def flush(self) -> None:
        """Keep what waits; what cannot be kept now (a full disk) waits on and is tried with the next."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            atexit.unregister(self.flush)
        try:
            keep_plays(self._database, waiting)
        except QaError as error:
            _log.warning("%d stretches listened to could not be kept: %s", len(waiting), error)
            with self._lock:
                self._waiting = waiting + self._waiting


def _goes_on(last: Play, one: Play) -> bool:
    same = (last.call_id, last.place) == (one.call_id, one.place)
    return same and abs(one.start_s - last.end_s) <= GAP_S
