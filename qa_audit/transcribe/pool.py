"""Several workers on this machine, each a process with a model of its own; or this process alone.

A worker that dies (killed by the system for memory, crashed in native code) costs the recording it had in
hand and is replaced. Workers are plain programs, not forks and not `multiprocessing` children: a script that
calls `run()` without a `__main__` guard works as well, and nothing of this process's state comes along.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Pipe, wait
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.transcribe.device import choose_device
from qa_audit.transcribe.job import Result
from qa_audit.transcribe.worker import Order, Ready, Refused, transcribe_job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from types import TracebackType
    from typing import Self

    from qa_audit.transcribe.device import Device
    from qa_audit.transcribe.job import Job
    from qa_audit.transcribe.settings import TranscribeSettings
    from qa_audit.transcribe.worker import Load, Transcriber

STOP_S = 5.0
"""How long a worker may take to end itself before it is killed."""
STARTS = 3
"""So many workers in a row may die before they are ready."""

# Under the module's own name, so that both ends of the socket mean the same classes.
_PROGRAM = "from qa_audit.transcribe.worker import main; main()"


class Alone:
    """One worker in this process."""

    def __init__(self, load: Load, settings: TranscribeSettings, results: Path, check: Callable[[str], None]):
        """Load the model; `check` is given its digest and may raise."""
        self._transcriber: Transcriber = load(settings)
        check(self._transcriber.digest)
        self._results = results
        self._given: list[Job] = []
        self.size = 1
        self.device: Device = choose_device(settings.device, settings.engine)

    def __enter__(self) -> Self:
        """Nothing is started."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left."""

    @property
    def free(self) -> int:
        """How many more jobs can be given."""
        return 1 - len(self._given)

    @property
    def busy(self) -> int:
        """How many jobs are in hand."""
        return len(self._given)

    def give(self, job: Job) -> None:
        """Take a job in hand."""
        self._given.append(job)

    def results(self) -> list[Result]:
        """Do what was given; raises `QaError` for what concerns all jobs."""
        done = [transcribe_job(job, self._transcriber, self._results) for job in self._given]
        self._given.clear()
        return done


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    ready: bool = False
    job: Job | None = None
    given_at: float = field(default=0.0)


class Pool:
    """So many worker processes; use it as a context manager, for leaving it ends them."""

    def __init__(
        self,
        size: int,
        load: Load,
        settings: TranscribeSettings,
        results: Path,
        check: Callable[[str], None],
    ) -> None:
        self.size = size
        self.device: Device = choose_device(settings.device, settings.engine)
        self._order = Order(load, settings, results)
        self._check = check
        self._workers: list[_Worker] = []
        self._unstarted = 0  # deaths in a row of workers that were not ready yet

    def __enter__(self) -> Self:
        """Start the workers; they take jobs when they have loaded their model."""
        try:
            for _ in range(self.size):
                self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End the workers, whatever they have in hand."""
        self._stop()

    @property
    def free(self) -> int:
        """How many more jobs can be given now."""
        return sum(worker.ready and worker.job is None for worker in self._workers)

    @property
    def busy(self) -> int:
        """How many jobs are in hand."""
        return sum(worker.job is not None for worker in self._workers)

    def give(self, job: Job) -> None:
        """Give a job to a free worker."""
        worker = next(worker for worker in self._workers if worker.ready and worker.job is None)
        worker.job, worker.given_at = job, time.monotonic()
        with suppress(OSError):  # it has just died; `results` will find that out
            worker.connection.send(job)

    def results(self) -> list[Result]:
        """Wait until some worker has something to say; the results among it, maybe none.

        Raises `QaError` when a worker met what concerns all jobs, or none can be started.
        """
        by_connection = {worker.connection: worker for worker in self._workers}
        heard = (self._hear(by_connection[told]) for told in wait(list(by_connection)))  # pyright: ignore[reportArgumentType]
        return [result for result in heard if result is not None]

    def _hear(self, worker: _Worker) -> Result | None:
        try:
            said = worker.connection.recv()
        except (EOFError, OSError):
            return self._bury(worker)
        if isinstance(said, Refused):
            raise said.error
        if isinstance(said, Ready):
            self._check(said.digest)
            worker.ready = True
            self._unstarted = 0
            return None
        worker.job = None
        return said

    def _bury(self, worker: _Worker) -> Result | None:
        """Take a dead worker's job back and put another worker in its place."""
        worker.connection.close()
        code = worker.process.wait()
        self._workers.remove(worker)
        if not worker.ready:
            self._unstarted += 1
        if self._unstarted < STARTS:
            self._start()
        elif not self._workers:
            raise QaError("jobs.no_worker", tries=STARTS, reason=ending(code))
        if worker.job is None:
            return None
        error = QaError("jobs.worker_died", path=str(worker.job.path), reason=ending(code))
        return Result(worker.job, spent_s=time.monotonic() - worker.given_at, error=error)

    def _start(self) -> None:
        process, ours = started(_PROGRAM, self._order.settings.threads)
        self._workers.append(_Worker(process, ours))
        with suppress(OSError):  # dead already; `results` will find that out
            ours.send(self._order)

    def _stop(self) -> None:
        stop([(worker.process, worker.connection) for worker in self._workers])
        self._workers.clear()


def started(program: str, threads: int) -> tuple[subprocess.Popen[bytes], Connection]:
    """Start a process that runs the Python text `program`, and our end of its socket.

    The descriptor of its own end is the process's one argument; `threads` > 0 limits its CPU threads.
    """
    ours, theirs = Pipe()
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    environment = os.environ | {"PYTHONPATH": path}
    if threads:
        environment["OMP_NUM_THREADS"] = str(threads)
    with theirs:
        process = subprocess.Popen(
            # Not the current folder, which may hold anything: the modules of this process.
            [sys.executable, "-P", "-c", program, str(theirs.fileno())],
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the run's own output may be JSON
            process_group=0,  # Ctrl-C is for the run alone
        )
    return process, ours  # pyright: ignore[reportReturnType]


def stop(crew: Sequence[tuple[subprocess.Popen[bytes], Connection]]) -> None:
    """End processes that `started` gave, whatever they have in hand."""
    for process, _ in crew:
        process.terminate()
    until = time.monotonic() + STOP_S
    for process, connection in crew:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        connection.close()


def ending(code: int) -> str:
    """How a process ended, from its return code as `subprocess` has it.

    >>> ending(-9), ending(1)
    ('SIGKILL', 'exit 1')
    """
    try:
        return signal.Signals(-code).name if code < 0 else f"exit {code}"
    except ValueError:
        return f"signal {-code}"
