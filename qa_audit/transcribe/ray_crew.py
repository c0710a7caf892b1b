"""Workers on a Ray cluster, or on this machine under Ray: it reads on CPUs and decodes where the models are.

The run stays where it is: it claims jobs in the table, gives them to the cluster a few ahead, writes the
parts that come home and notes what failed. So any number of machines needs one database and one results
folder, and only recordings have to be at the same path everywhere.
"""

# Ray is not installed where types are checked.
# pyright: reportMissingImports=false

from __future__ import annotations

import importlib.util
import logging
import os
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

from qa_audit.messages import QaError
from qa_audit.store.parts import write_part
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.ray_actors import (
    DECODE,
    ENGINE,
    READ,
    Decoder,
    Desk,
    Halves,
    Reader,
    answers_in,
    attempts_of,
)
from qa_audit.transcribe.worker_count import WORKER_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from qa_audit.transcribe.device import Device
    from qa_audit.transcribe.job import Job, Result
    from qa_audit.transcribe.settings import TranscribeSettings

READER_CPUS = 0.5
"""Readers mostly wait for files; were they given whole cores, models that take all would leave them none."""
READ_SHARE = 8
"""One reader for so many models on CPUs: reading and finding speech is a few hundredths of the work there."""
READERS_A_GPU = 4
AHEAD = 2
"""Jobs given a model before it has finished one: what the readers prepare meanwhile."""
RESTARTS = 20
"""Deaths a process in a run; more have a cause that another start does not mend. Ray itself knows no end."""
STARTS = 3
"""Tries to start Ray here: it gives its own parts 30 s, and a busy machine may need more at first."""
LOOPBACK = "127.0.0.1"
ON_CLUSTERS = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Ray's own variable: with "0" all parts of a Ray started here listen at the loopback address alone."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How a cluster is shared out among readers and models."""

    models: int
    readers: int
    model_cpus: float
    model_gpus: float


def shares(cpus: float, gpus: float, memory_bytes: float, most: int) -> Shares:
    """Models, at most `most`: one a GPU where there are any, else one a core; and their readers.

    Readers always get their share first, so that no model waits for a recording that nobody may read.

    >>> shares(16, 0, 64e9, 500)
    Shares(models=16, readers=2, model_cpus=0.937, model_gpus=0.0)
    >>> shares(16, 2, 64e9, 500)
    Shares(models=2, readers=8, model_cpus=1.0, model_gpus=1.0)
    >>> shares(1, 0, 4e9, 500)
    Shares(models=1, readers=1, model_cpus=0.5, model_gpus=0.0)
    """
    if gpus >= 1:
        models = min(most, floor(gpus))
        model_cpus = min(1.0, cpus / (2 * models))
        readers = max(1, min(READERS_A_GPU * models, floor((cpus - models * model_cpus) / READER_CPUS)))
        return Shares(models, readers, model_cpus, 1.0)
    models = max(1, min(most, floor(cpus), floor(memory_bytes / WORKER_BYTES)))
    readers = max(1, models // READ_SHARE)
    left = (cpus - READER_CPUS * readers) / models
    # Rounded down: a thousandth too much and the last model finds no place.
    return Shares(models, readers, max(0.001, min(1.0, floor(left * 1000) / 1000)), 0.0)


class RayCrew:
    """As `pool.Pool`, on Ray; use it as a context manager, for leaving it ends its processes."""

    def __init__(
        self,
        most: int,
        settings: TranscribeSettings,
        results: Path,
        check: Callable[[str], None],
        halves: Halves | None = None,
    ) -> None:
        """At most `most` models; `check` is given their digest and may raise.

        Raises `QaError` `jobs.no_ray` where Ray is not installed.
        """
        if importlib.util.find_spec("ray") is None:
            raise QaError("jobs.no_ray")
        self._most, self._settings, self._results = most, settings, results
        self._check, self._halves = check, halves or ENGINE
        self._given = 0
        self._own = False
        self._desk: Any = None
        self._answers: Iterator[Any] = iter(())
        self.shares = Shares(0, 0, 0.0, 0.0)

    def __enter__(self) -> Self:
        """Join the cluster of `RAY_ADDRESS`, or else start Ray on this machine; start the processes.

        Raises `QaError` `jobs.ray_listens` where a Ray started here would listen to other machines.
        """
        set_up()
        import ray

        self._own = not ray.is_initialized()
        try:
            if self._own:
                start()
            there = ray.cluster_resources()
            gpus = 0.0 if self._settings.device == "cpu" else there.get("GPU", 0.0)
            self.shares = shares(there.get("CPU", 1.0), gpus, there.get("memory", 0.0), self._most)
            starts = {READ: self.shares.readers, DECODE: self.shares.models}
            starts = {kind: count * (1 + RESTARTS) for kind, count in starts.items()}
            self._desk = ray.remote(Desk).options(num_cpus=0, max_concurrency=1000).remote(starts)
            self._answers = self._flow()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End the processes, whatever they have in hand."""
        self._stop()

    @property
    def size(self) -> int:
        """Models side by side."""
        return self.shares.models

    @property
    def device(self) -> Device:
        """Where they are."""
        return "cuda" if self.shares.model_gpus else "cpu"

    @property
    def free(self) -> int:
        """How many more jobs can be given now."""
        return AHEAD * self.shares.models + self.shares.readers - self._given

    @property
    def busy(self) -> int:
        """How many jobs are in hand."""
        return self._given

    def give(self, job: Job) -> None:
        """Put a job on the desk."""
        import ray

        ray.get(self._desk.give.remote(job))
        self._given += 1

    def results(self) -> list[Result]:
        """Wait until something comes home, and write its part.

        Raises `QaError` for what concerns all jobs, `jobs.ray_failed` when Ray gives up.
        """
        try:
            answers = answers_in(next(self._answers))
        except (KeyboardInterrupt, QaError):
            raise
        except Exception as fault:
            raise _failed(fault) from fault
        for answer in answers:
            if answer.refused is not None:
                raise answer.refused
            self._check(answer.digest)
            if answer.made is not None:
                job = answer.result.job
                write_part(answer.made.frame, self._results, TURNS, job.month, job.key)
        self._given -= len(answers)
        return [answer.result for answer in answers]

    def _flow(self) -> Iterator[Any]:
        """The data set: attempts from the desk, read, decoded, one by one as they are ready."""
        import ray.data
        from ray.data import ActorPoolStrategy, DataContext

        logging.getLogger("ray.data").setLevel(logging.ERROR)  # importing it has set it
        context = DataContext.get_current()
        context.enable_progress_bars = False
        # Every recording goes on as soon as it is ready, instead of waiting until a block is full.
        context.target_max_block_size = context.target_min_block_size = 1
        share = self.shares
        for_all: dict[str, Any] = {
            "batch_size": 1,
            "fn_constructor_args": (self._desk, self._halves, self._settings),
        }
        flow = ray.data.read_datasource(_source(self._desk), override_num_blocks=1, num_cpus=0)
        flow = flow.map_batches(
            Reader, compute=ActorPoolStrategy(size=share.readers), num_cpus=READER_CPUS, **for_all
        )
        flow = flow.map_batches(
            Decoder,
            compute=ActorPoolStrategy(size=share.models, max_tasks_in_flight_per_actor=1),
            num_cpus=share.model_cpus,
            num_gpus=share.model_gpus or None,
            **for_all,
        )
        return iter(flow.iter_batches(batch_size=None, prefetch_batches=0))

    def _stop(self) -> None:
        import ray

        self._answers = iter(())
        if self._desk is not None:
            ray.kill(self._desk)
            self._desk = None
        if self._own and ray.is_initialized():
            ray.shutdown()


def set_up() -> None:
    """Say how Ray shall behave, before it is imported: without a word to anybody, on this machine alone.

    Nobody without the token may talk to it. Where a cluster is joined (`RAY_ADDRESS`), its machines listen to
    each other, so the token is all that keeps others out.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    if not os.environ.get("RAY_ADDRESS"):
        os.environ.setdefault(ON_CLUSTERS, "0")


def start(**options: Any) -> None:
    """Join a cluster, or start Ray on this machine, quiet; `options` are those of `ray.init` here.

    Raises `QaError` `jobs.ray_listens`, `jobs.ray_failed` where Ray does not start.
    """
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**quiet)
        return
    for left in reversed(range(STARTS)):
        try:
            ray.init(address="local", include_dashboard=False, _node_ip_address=LOOPBACK, **quiet, **options)
            break
        except Exception as fault:
            ray.shutdown()
            if not left:
                raise _failed(fault) from fault
    try:
        check_alone(ray.util.get_node_ip_address())
    except QaError:
        ray.shutdown()
        raise


def _failed(fault: Exception) -> QaError:
    return QaError("jobs.ray_failed", reason=f"{type(fault).__name__}: {fault}"[:300])


def check_alone(address: str) -> None:
    """Refuse a Ray of this machine that listens at another address than the loopback one.

    It was imported before `set_up`, or no longer heeds the variable. Raises `QaError` `jobs.ray_listens`.
    """
    if address != LOOPBACK:
        raise QaError("jobs.ray_listens", address=address, variable=ON_CLUSTERS)


def _source(desk: Any) -> Any:
    """The desk as Ray Data reads it."""
    from ray.data import Datasource, ReadTask
    from ray.data.block import BlockMetadata

    class Source(Datasource):
        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[ReadTask]:
            nothing_known = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
            return [ReadTask(lambda: attempts_of(desk), nothing_known)]

        def estimate_inmemory_data_size(self) -> int | None:
            return None

    return Source()
