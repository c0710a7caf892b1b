"""How fast this machine transcribes: the workers that a run would start, on one short call, side by side.

Each worker is a process of its own, as in a run, so that its memory and its share of the cores are the true
ones. All begin together, each goes on for some seconds, and the machine's speed is the sum of theirs.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_audit.messages import QaError
from qa_audit.transcribe.pool import ending, started, stop
from qa_audit.transcribe.presets import preset
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.trial_call import TrialCall
from qa_audit.transcribe.worker_count import free_memory_bytes

if TYPE_CHECKING:
    import subprocess

    from qa_audit.transcribe.engine import Engine

LEAST_S = 3.0
"""The call is transcribed again until so much time has passed."""
HOURS_A_DAY = 24.0

Load = Callable[[TranscribeSettings], "Engine"]
"""Makes an engine in the process that will use it; a function of a module, so that a worker finds it."""

_Worker = tuple["subprocess.Popen[bytes]", Connection]
_PROGRAM = "from qa_audit.transcribe.trial import main; main()"


@dataclass(frozen=True, slots=True)
class Speed:
    """What one worker did."""

    passes: int
    """How often it transcribed the call."""
    elapsed_s: float
    memory_bytes: int
    """Of its process at the peak, loading the model included."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What this machine manages with an engine, a model and a preset."""

    engine: str
    model: str
    preset: str
    workers: int
    """So many worked side by side."""
    rtf: float
    """Seconds that one worker takes for a second of speech while the others work, looking for it included."""
    hours_per_day: float
    """Of two-channel calls, all workers together, day and night."""
    memory_bytes: int
    """Of the largest worker."""


def trials_of(
    settings: TranscribeSettings,
    presets: Sequence[str],
    call: TrialCall,
    workers: int,
    load: Load | None = None,
) -> list[Trial]:
    """Try an engine and a model with each preset; raises `QaError` as loading does, or `recommend.died`.

    Presets of another precision have workers of their own, for their model takes other memory.
    """
    found = []
    for _, alike in groupby(presets, lambda name: preset(name, settings.engine).precision):
        names = list(alike)
        chosen = settings.model_copy(update={"preset": names[0]})
        measured = speeds(chosen, names, call, workers, load)
        found += [trial_from(chosen, name, call, one) for name, one in zip(names, measured, strict=True)]
    return found


def trial_from(settings: TranscribeSettings, name: str, call: TrialCall, measured: Sequence[Speed]) -> Trial:
    """One row of what the workers say."""
    rate = sum(one.passes / one.elapsed_s for one in measured)
    return Trial(
        settings.engine,
        settings.model,
        name,
        len(measured),
        rtf=len(measured) / rate / call.speech_s,
        hours_per_day=HOURS_A_DAY * rate * call.duration_s,
        memory_bytes=max(one.memory_bytes for one in measured),
    )


def fitting(workers: int, needed_bytes: int, free_bytes: int | None) -> int:
    """How many of so many workers the memory holds, when one is there already; at least 1.

    >>> fitting(4, 3_000_000_000, 7_000_000_000), fitting(2, 3_000_000_000, None)
    (3, 2)
    """
    if free_bytes is None:
        return workers
    return max(1, min(workers, 1 + free_bytes // needed_bytes))


def speeds(
    settings: TranscribeSettings,
    presets: Sequence[str],
    call: TrialCall,
    workers: int,
    load: Load | None = None,
) -> Iterator[list[Speed]]:
    """What each of the workers did, preset after preset; see `trials_of`.

    There are fewer workers where the memory does not hold so many of this model.
    """
    crew: list[_Worker] = []
    try:
        order = (load, settings, call, presets[0])
        crew.append(started(_PROGRAM, settings.threads))
        _tell(crew[0], order)
        needed = _hear(crew[0], settings)
        for _ in range(1, fitting(workers, needed, free_memory_bytes())):
            crew.append(started(_PROGRAM, settings.threads))
            _tell(crew[-1], order)
        for worker in crew[1:]:
            _hear(worker, settings)
        for name in presets:
            for worker in crew:
                _tell(worker, name)
            yield [_hear(worker, settings) for worker in crew]
    finally:
        stop(crew)


def main() -> None:
    """A worker process; its one argument is the descriptor of the socket that the trial gave it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    connection = Connection(int(sys.argv[1]))
    try:
        load, settings, call, name = connection.recv()
        if load is None:
            from qa_audit.transcribe.engine import load_engine as load
        engine = load(settings)
        _hear_call(engine, settings, call, name)  # warm
        connection.send(peak_bytes())
        while True:
            connection.send(_timed(engine, settings, call, connection.recv()))
    except QaError as error:
        connection.send(error)
    except (EOFError, OSError):
        pass  # the trial is gone


def _timed(engine: Engine, settings: TranscribeSettings, call: TrialCall, name: str) -> Speed:
    passes, since = 0, time.monotonic()
    while passes == 0 or time.monotonic() - since < LEAST_S:
        _hear_call(engine, settings, call, name)
        passes += 1
    return Speed(passes, time.monotonic() - since, peak_bytes())


def _hear_call(engine: Engine, settings: TranscribeSettings, call: TrialCall, name: str) -> None:
    from qa_audit.transcribe.recording import hear

    hear(lambda: iter([call.samples]), 2, engine, settings.speech, preset(name, settings.engine))


def peak_bytes() -> int:
    """The most memory that this process has held since it was started."""
    import resource

    # Not `ru_maxrss` where it can be helped: Linux counts in it what held the process that started this one.
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
        if (held := re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)) is not None:
            return int(held[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _tell(worker: _Worker, what: object) -> None:
    with suppress(OSError):  # it has just died; `_hear` will find that out
        worker[1].send(what)


def _hear(worker: _Worker, settings: TranscribeSettings) -> Any:
    process, connection = worker
    try:
        said = connection.recv()
    except (EOFError, OSError):
        reason = ending(process.wait())
        raise QaError("recommend.died", engine=settings.engine, model=settings.model, reason=reason) from None
    if isinstance(said, QaError):
        raise said
    return said
