"""Transcribing what has no turns yet, each recording whole or not at all, by one worker or several.

The part's key names audio, model and settings, so a finished job is never done twice, also by several runs at
once, and an interrupted run goes on where it stopped. A recording that fails is noted with its reason and the
others go on: one that is unusable at once, any other after `MAX_ATTEMPTS`.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from qa_audit.messages import QaError, say
from qa_audit.progress import hours_bar
from qa_audit.store.parts import part_keys
from qa_audit.transcribe.device import choose_device
from qa_audit.transcribe.engine import check_engine
from qa_audit.transcribe.job import TURNS, Job, Result
from qa_audit.transcribe.job_table import Claim, claim, fail, failures, finish, holding
from qa_audit.transcribe.journal import tell
from qa_audit.transcribe.lengths import length_s
from qa_audit.transcribe.pool import Alone, Pool
from qa_audit.transcribe.ray_crew import RayCrew
from qa_audit.transcribe.worker import load_transcriber
from qa_audit.transcribe.worker_count import THREADS_EACH, cores_here, free_memory_bytes, worker_count

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path
    from typing import Any, Literal

    from sqlalchemy import Engine as Database

    from qa_audit.transcribe.device import Device
    from qa_audit.transcribe.job_table import Holder
    from qa_audit.transcribe.ray_actors import Halves
    from qa_audit.transcribe.settings import TranscribeSettings
    from qa_audit.transcribe.worker import Load

__all__ = ["TURNS", "Job", "TranscribeOutcome", "failures_by_key", "transcribe_pending"]

BATCH = 100
"""So many recordings in order of the calls are handed out longest first, so that workers end together."""

MENDABLE = frozenset(
    {f"audio.{fault}" for fault in ("missing", "folder", "no_permission", "unreadable", "empty")}
    | {"audio.unsupported_codec", "jobs.changed"}
)
"""Failures that end without the content changing: a share that is back, a codec that was installed."""

_LOOK_AHEAD = 100  # candidates of one claim; other runs may have taken the first ones


@dataclass(frozen=True, slots=True)
class TranscribeOutcome:
    """What a run did: counts of recordings, seconds of audio and of work, and what failed."""

    done: int
    kept: int
    audio_s: float
    spent_s: float
    failures: tuple[tuple[str, QaError], ...] = ()
    """(path, error) of every recording that failed, now or before."""
    not_retried: int = 0
    """How many of the failures are from earlier runs and were not tried again."""
    elsewhere: int = 0
    """Recordings that another run works on."""
    workers: int = 0
    """Workers that were at work."""
    device: Device | None = None
    """Where they worked; None when there was nothing to do."""

    @property
    def failed(self) -> bool:
        """True when some recording could not be used."""
        return bool(self.failures)

    def as_json(self) -> dict[str, Any]:
        """For scripts: the counts, and each failure with code and message."""
        return {
            "transcribed": self.done,
            "kept": self.kept,
            "audio_s": round(self.audio_s, 3),
            "spent_s": round(self.spent_s, 3),
            "workers": self.workers,
            "device": self.device,
            "elsewhere": self.elsewhere,
            "not_retried": self.not_retried,
            "failures": [
                {"recording": path, "code": error.code, "message": str(error)}
                for path, error in self.failures
            ],
        }

    def __str__(self) -> str:
        counts = {"done": self.done, "kept": self.kept, "failed": len(self.failures)}
        lines = [say("run.transcribed", **counts, seconds=self.audio_s, spent=self.spent_s)]
        if self.device is not None:
            lines.append("  " + say(f"run.on_{self.device}", workers=self.workers))
        lines += [f"  {error}" for _, error in self.failures]
        if self.not_retried:
            lines.append("  " + say("run.not_retried", count=self.not_retried))
        if self.elsewhere:
            lines.append("  " + say("run.elsewhere", count=self.elsewhere))
        return "\n".join(lines)


def transcribe_pending(
    jobs: Sequence[Job],
    database: Database,
    results: Path,
    settings: TranscribeSettings,
    digest: str,
    *,
    limit: int | None = None,
    workers: int | None = None,
    retry_failed: bool = False,
    load: Load = load_transcriber,
    on: Literal["here", "ray"] = "here",
    halves: Halves | None = None,
) -> TranscribeOutcome:
    """Transcribe the jobs that have no part under `results` yet, at most `limit` of them.

    The model is loaded only when there is work, and must have `digest` (the workspace's fixed one). What
    failed before is tried again with `retry_failed`; else only when its file can be opened now and could not
    be then, and last, so that with a limit every recording gets its turn. `workers` (0: as many as fit) goes
    before the settings' number; `load` makes what transcribes, in each worker. On Ray (see
    `ray_crew`) they are as many as the cluster has room for, and `halves` take the place of `load`.
    Raises `QaError` for what concerns all jobs: no engine, no model, another model than fixed, a full disk.
    """
    started = time.monotonic()
    there = part_keys(results, TURNS)
    pending = [job for job in jobs if job.key not in there]
    kept = len(jobs) - len(pending)
    before = _look_at_failed(pending, database, settings, retry_failed=retry_failed)
    fresh = [job for job in pending if job.key not in before.keys][:limit]
    again = before.again[: None if limit is None else limit - len(fresh)]
    if not fresh and not again:
        return TranscribeOutcome(0, kept, 0.0, 0.0, tuple(before.failures), before.not_retried)

    if on == "here":
        check_engine(settings.engine)
    lengths = {job.key: length_s(job, settings.raw_format_of(job.path.name)) for job in (*fresh, *again)}
    wanted = settings.workers if workers is None else workers
    if not settings.threads:
        settings = settings.model_copy(update={"threads": THREADS_EACH})

    def check(found: str) -> None:
        if found != digest:
            raise QaError("jobs.other_model", model=settings.model, got=found[:12], fixed=digest[:12])

    with holding(database) as holder, hours_bar(say("progress.transcribe"), sum(lengths.values())) as advance:
        if on == "ray":
            crew = RayCrew(min(wanted or len(lengths), len(lengths)), settings, results, check, halves)
        elif (count := workers_for(settings, wanted, len(lengths))) == 1:
            crew = Alone(load, settings, results, check)
        else:
            crew = Pool(count, load, settings, results, check)
        queue = deque([*in_batches(fresh, lengths), *in_batches(again, lengths)])
        with crew:
            run = _Run(database, results, holder, crew, queue, lengths, {job.key for job in again}, advance)
            run.work()
    return TranscribeOutcome(
        run.done,
        kept + run.done_elsewhere,
        run.audio_s,
        time.monotonic() - started,
        (*run.failures, *before.failures),
        before.not_retried,
        len(run.aside),
        crew.size,
        crew.device,
    )


def workers_for(settings: TranscribeSettings, wanted: int, pending: int) -> int:
    """How many workers these settings and this machine call for."""
    on_gpu = choose_device(settings.device, settings.engine) == "cuda"
    return worker_count(wanted, pending, cores=cores_here(), free_bytes=free_memory_bytes(), gpu=on_gpu)


def in_batches(jobs: Sequence[Job], lengths: Mapping[str, float], size: int = BATCH) -> list[Job]:
    """Jobs in their order by batches, longest first within each; the last batch is a full one.

    So the first months are done first, and yet no long recording is left to the end for one worker alone.
    """
    cuts = [0, *range(len(jobs) % size or size, len(jobs) + 1, size)]
    return [
        job
        for start, end in pairwise(cuts)
        for job in sorted(jobs[start:end], key=lambda job: -lengths[job.key])
    ]


def failures_by_key(database: Database) -> dict[str, QaError]:
    """Why recordings could not be transcribed, by the key of the job."""
    return {key: failure.error for key, failure in failures(database).items()}


@dataclass(slots=True)
class _Before:
    """What earlier runs could not transcribe."""

    keys: set[str] = field(default_factory=set)
    again: list[Job] = field(default_factory=list)
    failures: list[tuple[str, QaError]] = field(default_factory=list)
    not_retried: int = 0


def _look_at_failed(
    pending: Sequence[Job], database: Database, settings: TranscribeSettings, *, retry_failed: bool
) -> _Before:
    found = _Before()
    failed = failures(database) if pending else {}
    for job in pending:
        failure = failed.get(job.key)
        if failure is None:
            continue
        found.keys.add(job.key)
        error = failure.error
        mendable = error.code in MENDABLE
        if not retry_failed and mendable:
            error = _still_unusable(job, settings)
        if retry_failed or error is None:
            found.again.append(job)
        else:
            found.failures.append((str(job.path), error))
            found.not_retried += not mendable
    return found


def _still_unusable(job: Job, settings: TranscribeSettings) -> QaError | None:
    """Open a recording that could not be used before; no model is needed to see that it still cannot."""
    from qa_audit.transcribe.audio import open_recording

    try:
        recording = open_recording(job.path, settings.raw_format_of(job.path.name))
    except QaError as error:
        return error
    return None if recording.sha256 == job.sha256 else QaError("jobs.changed", path=job.path)


@dataclass(slots=True)
class _Run:
    """The recordings of one run on their way from the queue to the table."""

    database: Database
    results: Path
    holder: Holder
    crew: Alone | Pool | RayCrew
    queue: deque[Job]
    lengths: Mapping[str, float]
    again: Collection[str]
    advance: Callable[[float], None]
    done: int = 0
    done_elsewhere: int = 0
    audio_s: float = 0.0
    failures: list[tuple[str, QaError]] = field(default_factory=list)
    aside: list[Job] = field(default_factory=list)
    """In the hands of another run when they were to be claimed."""

    def work(self) -> None:
        """Until nothing is left that this run can do."""
        looked_again = False
        while True:
            while self.queue and self.crew.free:
                if self._hand_out().mine:
                    looked_again = False
            if self.queue or self.crew.busy:
                for result in self.crew.results():
                    self._settle(result)
            elif self.aside and not looked_again:
                # What other runs had may be free by now, or its run dead.
                looked_again = True
                self.queue.extend(self.aside)
                self.aside = []
            else:
                return

    def _hand_out(self) -> Claim:
        """Claim as many as workers are free; no lease is held on what has to wait for a worker."""
        window = list(islice(self.queue, _LOOK_AHEAD))
        found = claim(self.database, window, self.crew.free, self.holder, self.results, again=self.again)
        for _ in range(found.looked_at):
            self.queue.popleft()
        for job in found.mine:
            self.crew.give(job)
        self.aside += found.busy
        self.done_elsewhere += len(found.done)
        for job, error in found.failed:
            self.failures.append((str(job.path), error))
        for job in (*found.done, *(job for job, _ in found.failed)):
            self.advance(self.lengths[job.key])
        return found

    def _settle(self, result: Result) -> None:
        job = result.job
        if result.error is None:
            finish(self.database, result, self.holder)
            tell("recording.done", key=job.key, audio_s=result.audio_s, spent_s=round(result.spent_s, 3))
            self.done += 1
            self.audio_s += result.audio_s
        else:
            certain = is_certain(result.error)
            again = fail(self.database, result, result.error, self.holder, certain=certain)
            code = result.error.code
            tell("recording.failed", failed=True, key=job.key, code=code, attempt_again=again)
            if again:
                self.queue.append(job)
                return
            self.failures.append((str(job.path), result.error))
        self.advance(self.lengths[job.key])


def is_certain(error: QaError) -> bool:
    """Whether another attempt would fail the same way: the recording itself is at fault.

    >>> is_certain(QaError("audio.empty", path="a.wav")), is_certain(QaError("transcribe.failed"))
    (True, False)
    """
    return error.code.startswith("audio.") or error.code == "jobs.changed"
