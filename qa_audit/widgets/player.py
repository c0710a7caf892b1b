"""The player: one widget in which a call is heard, judged and handed in, then the next one.

Python's half answers requests of the browser's half (js/src), one message each. It keeps no state but the
sound of the open call: what is decided lies in the desk's event log, where an inspector was in the browser.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import anywidget
import traitlets

from qa_audit.messages import QaError, catalogue, language, say
from qa_audit.widgets.keys import key_map
from qa_audit.widgets.peaks import BINS_PER_S, peaks_of
from qa_audit.widgets.sound import PieceMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qa_audit.audit.desk import Desk
    from qa_audit.audit.play_log import PlayLog
    from qa_audit.audit.queue import QueueEntry
    from qa_audit.transcribe.audio import Recording
    from qa_audit.widgets.peaks import PeakReader

STATIC = Path(__file__).parent / "static"
FIRST_PIECE_S = 2.5
"""Sent with the call itself, so that it plays at once."""
FIRST_PEAKS_S, PEAKS_S = 0.05, 0.1
"""Seconds of work for peaks before other requests get their turn."""
_BESIDE = ("peaks", "sound")
"""Requests that take long enough to make a verdict wait for them."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CallSound:
    """Where the sound of a call is, and who is heard on which channel."""

    recording: Recording
    lanes: tuple[str, ...]
    """Role of each channel: agent, customer, or both for a single one."""


class Sounds(Protocol):
    """Finds the sound of a call."""

    def __call__(self, call_id: str) -> CallSound:
        """Raises `QaError` when there is none."""
        ...


@dataclass(slots=True)
class _Open:
    """The call whose sound is being sent."""

    call_id: str
    peaks: PeakReader
    pieces: PieceMaker

    @classmethod
    def of(cls, call_id: str, recording: Recording) -> _Open:
        return cls(call_id, peaks_of(recording), PieceMaker(recording))


class Player(anywidget.AnyWidget):
    """Player of the calls on a desk. `options` are those of `player_options`."""

    _esm = STATIC / "player.js"
    _css = STATIC / "player.css"

    who = traitlets.Unicode().tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)
    """Names desk and inspector: under it the browser remembers where they were and what is not saved yet."""
    words = traitlets.Dict().tag(sync=True)
    """All that people read, by key, in one language."""
    options = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        desk: Desk,
        sounds: Sounds,
        *,
        place: str = "",
        options: Mapping[str, Any] | None = None,
        plays: PlayLog | None = None,
        ahead: Callable[[str], object] | None = None,
    ):
        """`ahead` is told of each call that is opened, beside: what makes handing it in quick."""
        super().__init__(
            who=desk.who,
            place=f"{place}|{desk.who}",
            words=player_words(),
            options=dict(options or player_options()),
        )
        self._desk = desk
        self._sounds = sounds
        self._plays = plays
        self._ahead = ahead
        self._opened: _Open | None = None
        self._answers = {
            "queue": self._queue,
            "open": self._open,
            "sheet": self._sheet,
            "act": self._act,
            "peaks": self._peaks,
            "sound": self._sound,
        }
        # One thread: pieces and peaks are made one after the other, while verdicts are saved beside it.
        self._maker = ThreadPoolExecutor(1, "qa-audit-sound")
        self._scorer = ThreadPoolExecutor(1, "qa-audit-score")
        self._scoring: Future[object] | None = None
        self.on_msg(self._receive)

    def close(self) -> None:
        """Take the widget away; its sound with it."""
        for threads in (self._maker, self._scorer):
            threads.shutdown(wait=False, cancel_futures=True)
        self._opened = None
        if self._plays is not None:
            self._plays.flush()
        super().close()

    def _receive(self, _widget: Any, content: dict[str, Any], _buffers: list[bytes]) -> None:
        """Answer a request: `{"ask", "id", …}` with `{"id", …}`, faults of any kind as `{"id", "error"}`."""
        if content.get("ask") not in _BESIDE:
            self.send(*self.answer(content))
            return
        # The kernel's loop goes on with other messages meanwhile, and sends the answer itself.
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        made = loop.run_in_executor(self._maker, lambda: context.run(self.answer, content))
        made.add_done_callback(lambda done: done.cancelled() or self.send(*done.result()))

    def answer(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to a request and the bytes that go with it."""
        number = content.get("id")
        try:
            values, buffers = self._answers[content["ask"]](content)
        except QaError as error:
            # What the store says may pass: a lock is given back, a disk emptied. A refusal stays one.
            again = error.code.startswith("store.")
            return {"id": number, "error": {"code": error.code, "text": str(error), "again": again}}, []
        except OSError as error:
            text = say("player.failed", reason=error.strerror or str(error))
            return {"id": number, "error": {"code": "os", "text": text, "again": True}}, []
        except Exception as error:
            # The browser is told in every case: whoever waits for an answer must not wait for ever.
            _log.exception("player request failed")
            text = say("player.failed", reason=f"{type(error).__name__}: {error}")
            return {"id": number, "error": {"code": "fault", "text": text, "again": False}}, []
        return {"id": number, **values}, buffers

    def _queue(self, _content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        entries = self._desk.queue()
        return {"queue": [_entry(one, self._desk.skip_stays(one.call_id)) for one in entries]}, []

    def _open(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The call, the first of its peaks, and the sound from `at_s` on; a call without sound says why."""
        call_id = str(content["call_id"])
        call = self._desk.open(call_id)
        sound, buffers = self._first_sound(call_id, float(content.get("at_s", 0.0)))
        self._look_ahead(call_id)
        return {"call": call, "sound": sound}, buffers

    def _look_ahead(self, call_id: str) -> None:
        """Nothing of it goes to the browser; a call that was left before its turn came needs it no more."""
        if self._ahead is None:
            return
        if self._scoring is not None:
            self._scoring.cancel()
        self._scoring = self._scorer.submit(self._ahead, call_id)

    def _first_sound(self, call_id: str, at_s: float) -> tuple[dict[str, Any], list[bytes]]:
        self._opened = None
        try:
            sound = self._sounds(call_id)
            opened = _Open.of(call_id, sound.recording)
            peaks, lanes = self._next_peaks(opened, FIRST_PEAKS_S)
            piece, data = self._piece(opened, at_s, FIRST_PIECE_S)
        except (QaError, OSError) as error:
            return {"error": str(error)}, []
        self._opened = opened
        told = {
            "duration_s": sound.recording.duration_s,
            "lanes": list(sound.lanes),
            "bins_per_s": BINS_PER_S,
            "peaks": peaks,
            "piece": piece,
        }
        return told, [lanes, data]

    def _sheet(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        return self._desk.sheet(str(content["call_id"])), []

    def _act(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The sheet as it is then; after a skip the queue as well, in which another call may have come."""
        action = content["action"]
        done = self._desk.act(
            str(content["call_id"]), action, content.get("revision"), uuid=content.get("uuid")
        )
        queue = self._queue(content)[0] if action["kind"] == "skip" else {}
        return {"call_id": content["call_id"], **done, **queue}, []

    def _peaks(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        peaks, lanes = self._next_peaks(self._open_call(content), PEAKS_S)
        return {"peaks": peaks}, [lanes]

    def _sound(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        start_s = float(content["start_s"])
        piece, data = self._piece(self._open_call(content), start_s, float(content["end_s"]) - start_s)
        return {"piece": piece}, [data]

    def _open_call(self, content: Mapping[str, Any]) -> _Open:
        """The open call; asked for another one (a second tab, a restarted kernel) that one is opened."""
        call_id = str(content["call_id"])
        if self._opened is None or self._opened.call_id != call_id:
            self._opened = _Open.of(call_id, self._sounds(call_id).recording)
        return self._opened

    @staticmethod
    def _next_peaks(opened: _Open, budget_s: float) -> tuple[dict[str, Any], bytes]:
        peaks = opened.peaks.read(budget_s)
        told = {"first": peaks.first_bin, "gains_db": list(peaks.gains_db), "done": peaks.done}
        return told, peaks.lanes.tobytes()

    def _piece(self, opened: _Open, start_s: float, length_s: float) -> tuple[dict[str, Any], bytes]:
        piece = opened.pieces.piece(start_s, start_s + length_s)
        if self._plays is not None:
            self._plays.note(opened.call_id, piece.start_s, piece.end_s)
        return {"start_s": piece.start_s, "end_s": piece.end_s, "offset_s": piece.offset_s}, piece.data


def player_words() -> dict[str, str]:
    """All texts of the player in the language in force, by key: `player.…`, verdicts, roles, reasons."""
    wanted = ("player.", "verdict.", "role.", "sampling.reason.")
    spoken = language()
    return {key: text[spoken] for key, text in catalogue().items() if key.startswith(wanted)}


def player_options(
    *,
    keys: Mapping[str, str | Sequence[str]] | None = None,
    reaction_s: float = 0.6,
    jump_s: float = 3.0,
    long_jump_s: float = 15.0,
    nudge_s: float = 0.2,
) -> dict[str, Any]:
    """How the player behaves, as its browser half reads it.

    `keys` gives actions other keys (`keys.key_map`); `reaction_s` passes between hearing a fault and pressing
    its key, and is taken off; `jump_s` and `long_jump_s` are skipped by the arrow keys, `nudge_s` moves the
    ends of a fault. Raises `QaError` for values out of range.
    """
    seconds = {"reaction_s": reaction_s, "jump_s": jump_s, "long_jump_s": long_jump_s, "nudge_s": nudge_s}
    for name, value in seconds.items():
        if not 0 <= value <= 60:
            raise QaError("player.bad_seconds", name=name, got=value)
    return {"keys": key_map(keys), **seconds}


def _entry(one: QueueEntry, skip_stays: bool) -> dict[str, Any]:
    return {
        "call_id": one.call_id,
        "state": one.state,
        "start": one.start and one.start.isoformat(timespec="minutes"),
        "agent": one.agent,
        "duration_s": one.duration_s,
        "skip_stays": skip_stays,
    }
