"""One who transcribes: takes a job, writes its part, says what came of it. Here or as a process of its own.

A worker process is started by `pool`, which talks to it over one socket. It ignores Ctrl-C, for the run
decides; it ends when it is told to (SIGTERM), or at once when the run's end of the socket closes, which the
system does also for a run that was killed.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from qa_audit.messages import QaError
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.job import TURNS, Job, Result
from qa_audit.transcribe.settings import TranscribeSettings

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.turns import Transcript

Work = TypeVar("Work")

ORPHANED = 3
"""Exit code of a worker whose run is gone."""


class Transcriber(Protocol):
    """Turns one recording after the other into transcripts, with what it needs in memory."""

    @property
    def digest(self) -> str:
        """Hash of the weights."""
        ...

    def __call__(self, path: Path) -> Transcript:
        """The transcript of a recording; raises `QaError` when there can be none."""
        ...


Load = Callable[[TranscribeSettings], Transcriber]
"""Makes a transcriber in the process that will use it; a function of a module, so that a worker finds it."""


@dataclass(frozen=True, slots=True)
class EngineTranscriber:
    """The engine of the settings, loaded once."""

    engine: Engine
    settings: TranscribeSettings

    @property
    def digest(self) -> str:
        """Hash of the weights."""
        return self.engine.digest

    def __call__(self, path: Path) -> Transcript:
        """See `transcribe_recording`."""
        from qa_audit.transcribe.recording import transcribe_recording

        return transcribe_recording(path, self.engine, self.settings)


def load_transcriber(settings: TranscribeSettings) -> EngineTranscriber:
    """Load the engine of the settings; raises `QaError` as `load_engine` does."""
    from qa_audit.transcribe.engine import load_engine

    return EngineTranscriber(load_engine(settings), settings)


def transcribe_job(job: Job, transcriber: Transcriber, results: Path) -> Result:
    """Transcribe one recording and write its part; a fault of the recording is in the result.

    Raises `QaError` `store.…` when the part cannot be written: that would meet every recording.
    """
    started = time.monotonic()
    made = caught(job, lambda: made_of(job, transcriber(job.path)))
    if isinstance(made, QaError):
        return Result(job, spent_s=time.monotonic() - started, error=made)
    write_part(made.frame, results, TURNS, job.month, job.key)
    return Result(job, made.audio_s, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class Made:
    """What a recording became, before it is written."""

    frame: pl.DataFrame
    """As `turns_frame` returns it."""
    audio_s: float


def made_of(job: Job, transcript: Transcript) -> Made:
    """The part of a transcript; raises `QaError` `jobs.changed` when it is not of the job's recording."""
    if transcript.sha256 != job.sha256:
        raise QaError("jobs.changed", path=job.path)
    return Made(turns_frame(transcript), transcript.duration_s)


def caught(job: Job, work: Callable[[], Work]) -> Work | QaError:
    """What `work` returns, or why it can't: any fault concerns this recording alone."""
    try:
        return work()
    except QaError as error:
        return error
    except Exception as fault:
        reason = f"{type(fault).__name__}: {fault}"[:300]
        return QaError("transcribe.failed", path=str(job.path), reason=reason)


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker process is told first."""

    load: Load
    settings: TranscribeSettings
    results: Path


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker process has loaded its model and waits for jobs."""

    digest: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker process cannot go on, nor could any other."""

    error: QaError


def main() -> None:
    """A worker process; its one argument is the descriptor of the socket that the run gave it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    connection = Connection(int(sys.argv[1]))
    received: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, received), daemon=True).start()
    try:
        order: Order = received.get()
        transcriber = order.load(order.settings)
        connection.send(Ready(transcriber.digest))
        while True:
            connection.send(transcribe_job(received.get(), transcriber, order.results))
    except QaError as error:
        # Told to end while it ends already, it would complain of that on the way out.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        connection.send(Refused(error))


def _receive(connection: Connection, received: queue.SimpleQueue) -> None:
    """Pass on what the run says; when it is gone, so is this process, whatever it is doing."""
    while True:
        try:
            received.put(connection.recv())
        except (EOFError, OSError):
            os._exit(ORPHANED)
