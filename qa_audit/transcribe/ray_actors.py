"""What runs in Ray's processes: readers of recordings, models, and the desk between them and the run.

Ray hands a task again to another process when one died. The desk knows every attempt that was begun, so that
what was in hand then goes home as failed: the run counts the attempt and gives the recording again, as it
does for processes of its own. All data between processes is pickled by them, none comes from outside.
"""

# Ray is not installed where types are checked.
# pyright: reportMissingImports=false

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qa_audit.messages import QaError
from qa_audit.transcribe.job import Job, Result
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.worker import Made, caught, made_of

if TYPE_CHECKING:
    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.recording import Read
    from qa_audit.transcribe.turns import Transcript

READ, DECODE = "read", "decode"
"""The two kinds of work."""
DIED = "Ray"
"""Reason given for a process whose end Ray does not explain."""

Row = dict[str, Any]
"""A batch of one: column `pickled` holds one value."""


class Model(Protocol):
    """The second half of a transcription, with the model in memory."""

    @property
    def digest(self) -> str:
        """Hash of the weights."""
        ...

    def __call__(self, read: Any) -> Transcript:
        """The transcript of what the first half read; raises `QaError` when there can be none."""
        ...


@dataclass(frozen=True, slots=True)
class Halves:
    """A transcription in two: what needs no model, and what does; functions of a module."""

    read: Callable[[Path, TranscribeSettings], Any]
    load: Callable[[TranscribeSettings], Model]


@dataclass(frozen=True, slots=True)
class EngineModel:
    """The engine of the settings, loaded once."""

    engine: Engine
    settings: TranscribeSettings

    @property
    def digest(self) -> str:
        """Hash of the weights."""
        return self.engine.digest

    def __call__(self, read: Read) -> Transcript:
        """See `transcript_of`."""
        from qa_audit.transcribe.recording import transcript_of

        return transcript_of(read, self.engine, self.settings)


def load_model(settings: TranscribeSettings) -> EngineModel:
    """Load the engine of the settings; raises `QaError` as `load_engine` does."""
    from qa_audit.transcribe.engine import load_engine

    return EngineModel(load_engine(settings), settings)


def read_held(path: Path, settings: TranscribeSettings) -> Read:
    """See `read_recording`; all speech in memory."""
    from qa_audit.transcribe.recording import read_recording

    return read_recording(path, settings).held()


ENGINE = Halves(read_held, load_model)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job on its way, told from earlier attempts by its place in the order of all."""

    place: int
    job: Job


@dataclass(frozen=True, slots=True)
class Parted:
    """What reading gave."""

    attempt: Attempt
    read: Any
    """Or the `QaError` why it can't be read."""
    spent_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes home: the result without its part, which the run writes."""

    result: Result
    made: Made | None
    digest: str
    """Of the weights; empty when the model did not load."""
    refused: QaError | None = None
    """What keeps this process, and any other, from working."""


class Desk:
    """Attempts in order of their places, until it is closed; which were begun; how many processes may start.

    `starts` says that by kind of work, for the whole run.
    """

    def __init__(self, starts: Mapping[str, int]) -> None:
        self._starts_left = dict(starts)
        self._attempts: list[Attempt] = []
        self._closed = False
        self._begun: set[tuple[str, int]] = set()
        self._changed = asyncio.Condition()

    async def give(self, job: Job) -> int:
        """Add an attempt; its place."""
        async with self._changed:
            self._attempts.append(Attempt(len(self._attempts), job))
            self._changed.notify_all()
            return len(self._attempts) - 1

    async def close(self) -> None:
        """No more will come."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    async def at(self, place: int) -> Attempt | None:
        """The attempt at a place, as soon as there is one; None when none will come."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._closed or len(self._attempts) > place)
            return self._attempts[place] if len(self._attempts) > place else None

    async def begin(self, kind: str, place: int) -> bool:
        """Whether this work is begun for the first time."""
        if (kind, place) in self._begun:
            return False
        self._begun.add((kind, place))
        return True

    async def start(self, kind: str) -> bool:
        """Whether one more process may start for this work."""
        self._starts_left[kind] -= 1
        return self._starts_left[kind] >= 0


def attempts_of(desk: Any) -> Iterator[Any]:
    """Blocks of one attempt each, the same again when Ray asks again, until the desk is closed."""
    import pyarrow as pa
    import ray

    place = 0
    while (attempt := ray.get(desk.at.remote(place))) is not None:
        yield pa.table({"pickled": pa.array([pickle.dumps(attempt)], pa.large_binary())})
        place += 1


class Reader:
    """Decodes recordings and finds speech in them; needs no model and half a core."""

    def __init__(self, desk: Any, halves: Halves, settings: TranscribeSettings) -> None:
        self._desk, self._halves, self._settings = desk, halves, settings
        _start(desk, READ)

    def __call__(self, row: Row) -> Row:
        """Read one recording."""
        attempt: Attempt = _taken(row)
        started = time.monotonic()
        if _first(self._desk, READ, attempt):
            read = caught(attempt.job, lambda: self._halves.read(attempt.job.path, self._settings))
        else:
            read = QaError("jobs.worker_died", path=str(attempt.job.path), reason=DIED)
        return _handed(Parted(attempt, read, time.monotonic() - started))


class Decoder:
    """Has the model, loaded once; gives transcripts home, the run writes them."""

    def __init__(self, desk: Any, halves: Halves, settings: TranscribeSettings) -> None:
        self._desk = desk
        _start(desk, DECODE)
        self._model: Model | None = None
        self._refused: QaError | None = None
        try:
            self._model = halves.load(settings)
        except QaError as error:
            self._refused = error

    def __call__(self, row: Row) -> Row:
        """Transcribe what was read of one recording."""
        parted: Parted = _taken(row)
        attempt, job, started = parted.attempt, parted.attempt.job, time.monotonic()
        model = self._model
        if model is None:
            return _handed(Answer(Result(job), None, "", self._refused))
        if isinstance(parted.read, QaError):
            made: Made | QaError = parted.read
        elif _first(self._desk, DECODE, attempt):
            made = caught(job, lambda: made_of(job, model(parted.read)))
        else:
            made = QaError("jobs.worker_died", path=str(job.path), reason=DIED)
        spent_s = parted.spent_s + time.monotonic() - started
        if isinstance(made, QaError):
            return _handed(Answer(Result(job, spent_s=spent_s, error=made), None, model.digest))
        return _handed(Answer(Result(job, made.audio_s, spent_s), made, model.digest))


def answers_in(batch: Row) -> list[Answer]:
    """What a batch that came home holds."""
    return [pickle.loads(bytes(one)) for one in batch["pickled"]]


def _start(desk: Any, kind: str) -> None:
    """Raises `RuntimeError` where so many had started that another one would end like them."""
    import ray

    if not ray.get(desk.start.remote(kind)):
        raise RuntimeError(f"processes that {kind} keep dying")


def _first(desk: Any, kind: str, attempt: Attempt) -> bool:
    import ray

    return ray.get(desk.begin.remote(kind, attempt.place))


def _taken(row: Row) -> Any:
    (pickled,) = row["pickled"]
    return pickle.loads(bytes(pickled))


def _handed(value: object) -> Row:
    held = np.empty(1, dtype=object)
    held[0] = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return {"pickled": held}
