"""Questions of many calls answered by their audio, and the answers stored beside the turns.

An answer is known by the turns and the question, so it is never made twice, whichever rubric asks.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.messages import QaError, say
from qa_audit.progress import counting
from qa_audit.store.parts import collect_parts, read_part, write_part
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.questions import Answer
from qa_audit.transcribe.worker_count import THREADS_EACH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qa_audit.transcribe.questions import Question
    from qa_audit.transcribe.settings import TranscribeSettings

ANSWERS = "answers"
"""Kind of the parts that hold them."""
RECORDINGS_PER_PART = 100
"""What a run that is killed loses at most."""
_NAMES = tuple(field.name for field in fields(Answer))
ANSWERS_SCHEMA = pl.Schema(
    {
        "turns_key": pl.String,
        "question": pl.String,
        "turn": pl.Int32,
        "phrase": pl.String,
        "heard": pl.String,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "syllables": pl.Int32,
        "distance": pl.Float64,
        "gain": pl.Float64,
        "lead": pl.Float64,
    }
)
"""One row a question of a recording (`Answer`); only the first two columns where nothing could be heard."""


@dataclass(frozen=True, slots=True)
class AnswerJob:
    """A recording whose audio is asked."""

    path: Path
    turns_key: str
    turns_month: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """What was asked: recordings and questions, seconds of work, and recordings that could not be used."""

    recordings: int = 0
    questions: int = 0
    spent_s: float = 0.0
    failures: tuple[tuple[str, QaError], ...] = ()
    """(path, error): their verdicts rest on the text alone."""

    def __add__(self, other: AnswerOutcome) -> AnswerOutcome:
        return AnswerOutcome(
            self.recordings + other.recordings,
            self.questions + other.questions,
            self.spent_s + other.spent_s,
            tuple(dict((*self.failures, *other.failures)).items()),
        )

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "recordings": self.recordings,
            "questions": self.questions,
            "spent_s": round(self.spent_s, 3),
            "failures": [
                {"recording": path, "code": error.code, "message": str(error)}
                for path, error in self.failures
            ],
        }

    def __str__(self) -> str:
        counts = {"recordings": self.recordings, "questions": self.questions}
        lines = [say("run.listened", **counts, spent=self.spent_s)]
        return "\n".join([*lines, *(f"  {error}" for _, error in self.failures)])


def answer_pending(
    jobs: Sequence[AnswerJob], results: Path, settings: TranscribeSettings, digest: str
) -> AnswerOutcome:
    """Answer the questions of these jobs and store the answers under `results`; they have none yet.

    The model is loaded only when there is work, and must have `digest`. A recording that cannot be used is
    left out. Raises `QaError` for what concerns all jobs: no model, another model than fixed, a full disk.
    """
    from qa_audit.transcribe.engine import load_engine

    if not jobs:
        return AnswerOutcome()
    started = time.monotonic()
    if not settings.threads:
        settings = settings.model_copy(update={"threads": THREADS_EACH})
    engine = load_engine(settings)
    if engine.digest != digest:
        raise QaError("jobs.other_model", model=settings.model, got=engine.digest[:12], fixed=digest[:12])
    show = counting(say("progress.listen"))
    failures: list[tuple[str, QaError]] = []
    recordings = questions = 0
    ordered = sorted(jobs, key=lambda job: job.turns_month)
    for first in range(0, len(ordered), RECORDINGS_PER_PART):
        frames: dict[str, list[pl.DataFrame]] = {}
        for place, job in enumerate(ordered[first : first + RECORDINGS_PER_PART], first + 1):
            try:
                frames.setdefault(job.turns_month, []).append(_answered(job, results, settings, engine))
                recordings, questions = recordings + 1, questions + len(job.questions)
            except QaError as error:
                failures.append((str(job.path), error))
            show(place, len(ordered))
        for month, each in frames.items():
            _store(pl.concat(each), results, month)
    return AnswerOutcome(recordings, questions, time.monotonic() - started, tuple(failures))


def _answered(job: AnswerJob, results: Path, settings: TranscribeSettings, engine: Any) -> pl.DataFrame:
    from qa_audit.transcribe.answering import answer_questions

    transcript = transcript_from(read_part(results, TURNS, job.turns_month, job.turns_key))
    raw = settings.raw_format_of(job.path.name)
    found = {one.question: one for one in answer_questions(job.path, transcript, job.questions, engine, raw)}
    rows = []
    for question in job.questions:
        answer = found.get(question.id)
        said = {} if answer is None else {name: getattr(answer, name) for name in _NAMES}
        rows.append({"turns_key": job.turns_key, **said, "question": question.id})
    return pl.DataFrame(rows, schema=ANSWERS_SCHEMA)


def _store(frame: pl.DataFrame, results: Path, month: str) -> None:
    known = sorted(set(zip(frame["turns_key"], frame["question"], strict=True)))
    write_part(frame, results, ANSWERS, month, hashlib.sha256(repr(known).encode()).hexdigest()[:16])


def answers_by_turns(results: Path) -> Mapping[str, Mapping[str, Answer | None]]:
    """All answers, by key of the turns and id of the question; None where nothing could be heard."""
    found: dict[str, dict[str, Answer | None]] = {}
    frame = collect_parts(results, ANSWERS, None, ANSWERS_SCHEMA)
    for key, *values in frame.select("turns_key", *_NAMES).iter_rows():
        answer = Answer(*values)
        found.setdefault(key, {})[answer.question] = None if answer.turn is None else answer
    return found
