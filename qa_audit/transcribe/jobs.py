"""Transcribing what has no turns yet, one recording after the other, each whole or not at all.

The part's key names audio, model and settings, so a finished job is never done twice and an interrupted
run goes on where it stopped. A recording that fails is noted with its reason and the others go on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from qa_audit.messages import QaError, say
from qa_audit.progress import track
from qa_audit.store.database import reading, writing
from qa_audit.store.parts import part_keys, write_part
from qa_audit.store.schema import failed_jobs
from qa_audit.transcribe.frames import turns_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Engine as Database

    from qa_audit.transcribe.settings import TranscribeSettings

TURNS = "turns"
"""Kind of the parts that hold turns."""


@dataclass(frozen=True, slots=True)
class Job:
    """A recording to be transcribed: one content, wherever its files lie."""

    key: str
    sha256: str
    path: Path
    month: str
    """Month folder of the part, "2026-10" or "undated"."""


@dataclass(frozen=True, slots=True)
class TranscribeOutcome:
    """What a run did: counts of recordings, seconds of audio and of work, and what failed."""

    done: int
    kept: int
    audio_s: float
    spent_s: float
    failures: tuple[tuple[str, QaError], ...] = ()
    """(path, error) of every recording that failed."""

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
            "failures": [
                {"recording": path, "code": error.code, "message": str(error)}
                for path, error in self.failures
            ],
        }

    def __str__(self) -> str:
        counts = {"done": self.done, "kept": self.kept, "failed": len(self.failures)}
        lines = [say("run.transcribed", **counts, seconds=self.audio_s, spent=self.spent_s)]
        lines += [f"  {error}" for _, error in self.failures]
        return "\n".join(lines)


def transcribe_pending(
    jobs: Sequence[Job],
    database: Database,
    results: Path,
    settings: TranscribeSettings,
    digest: str,
    *,
    limit: int | None = None,
) -> TranscribeOutcome:
    """Transcribe the jobs that have no part under `results` yet, at most `limit` of them.

    The model is loaded only when there is work, and must have `digest` (the workspace's fixed one).
    Raises `QaError` for what concerns all jobs: no model, another model than fixed, a full disk.
    """
    there = part_keys(results, TURNS)
    pending = [job for job in jobs if job.key not in there]
    kept = len(jobs) - len(pending)
    # What failed before comes last, so that with a limit every recording gets its turn.
    failed_before = failures_by_key(database)
    pending = sorted(pending, key=lambda job: job.key in failed_before)[:limit]
    if not pending:
        return TranscribeOutcome(0, kept, 0.0, 0.0)

    from qa_audit.transcribe.engine import load_engine
    from qa_audit.transcribe.recording import transcribe_recording

    engine = load_engine(settings)
    if engine.digest != digest:
        raise QaError("jobs.other_model", model=settings.model, got=engine.digest[:12], fixed=digest[:12])
    started = time.monotonic()
    audio_s = 0.0
    failures: list[tuple[str, QaError]] = []
    for job in track(pending, label=say("progress.transcribe"), total=len(pending)):
        try:
            transcript = transcribe_recording(job.path, engine, settings)
            if transcript.sha256 != job.sha256:
                raise QaError("jobs.changed", path=job.path)
        except QaError as error:
            failures.append((str(job.path), error))
            _note_failure(database, job, error)
            continue
        write_part(turns_frame(transcript), results, TURNS, job.month, job.key)
        _forget_failure(database, job)
        audio_s += transcript.duration_s
    spent_s = time.monotonic() - started
    return TranscribeOutcome(len(pending) - len(failures), kept, audio_s, spent_s, tuple(failures))


def failures_by_key(database: Database) -> dict[str, QaError]:
    """Why recordings could not be transcribed, by the key of the job."""
    with reading(database) as connection:
        rows = connection.execute(select(failed_jobs)).all()
    return {row.key: QaError(row.code, **row._mapping["values"]) for row in rows}


def _note_failure(database: Database, job: Job, error: QaError) -> None:
    with writing(database) as connection:
        connection.execute(delete(failed_jobs).where(failed_jobs.c.key == job.key))
        connection.execute(
            insert(failed_jobs).values(
                key=job.key,
                sha256=job.sha256,
                code=error.code,
                values={
                    name: value if isinstance(value, int | float) else str(value)
                    for name, value in error.values.items()
                },
                failed_at=datetime.now(UTC).replace(tzinfo=None),
            )
        )


def _forget_failure(database: Database, job: Job) -> None:
    with reading(database) as connection:
        noted = connection.execute(select(failed_jobs.c.key).where(failed_jobs.c.key == job.key)).first()
    if noted is not None:
        with writing(database) as connection:
            connection.execute(delete(failed_jobs).where(failed_jobs.c.key == job.key))
