"""Scoring stored turns: what has no findings yet under this rubric, in parts of a few thousand calls.

A finding is known by what it was made from (turns, facts of the call, rubric), so a changed rubric or a
corrected call list makes new findings beside the old ones, and nothing is overwritten.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import say
from qa_audit.progress import counting
from qa_audit.scoring.frames import FINDINGS_SCHEMA, findings_of_calls
from qa_audit.scoring.judge import score_calls
from qa_audit.scoring.learned.semantic import SemanticDetector
from qa_audit.scoring.question_parts import QUESTIONS, questions_frame
from qa_audit.scoring.reading_parts import READINGS, readings_frame, readings_of
from qa_audit.scoring.workers import score_chunks
from qa_audit.store.parts import collect_parts, read_parts, write_part
from qa_audit.transcribe.frames import TURNS_SCHEMA, transcripts_from
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.worker_count import cores_here
from qa_audit.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.learned.readings import Readings
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import CallScore
    from qa_audit.transcribe.questions import Answer, Question
    from qa_audit.transcribe.turns import Transcript

FINDINGS = "findings"
SCORES = "scores"
CALLS_PER_PART = 2_000
"""Bounds the memory of a run; a month of a large centre is a few dozen parts."""
CALLS_AT_ONCE = 64
"""Calls read and made ready together: more is hardly quicker and takes more memory."""
CALLS_PER_WORKER = 1_000
"""A worker process takes about half a second to start; it is worth that for so many calls."""

SCORES_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "made_from": pl.String,
        "score": pl.Float64,
        "critical": pl.List(pl.String),
        "uncertain": pl.UInt32,
        "duration_s": pl.Float64,
        "role_confidence": pl.Float64,
        "confidence": pl.Float64,
    }
)
"""One row a call: its score, and what it was made from; `confidence` is the recogniser's mean over the
agent's characters, 0 to 1, null where the agent said nothing and in parts written before it was kept."""


@dataclass(frozen=True, slots=True)
class ScoreJob:
    """A transcribed call to be scored."""

    call_id: str
    month: str
    turns_key: str
    turns_month: str
    facts: CallFacts
    made_from: str
    """`findings_key` of the call: names its findings."""
    asked_by: str = ""
    """The same before anything was answered: names its questions."""
    answers: Mapping[str, Answer | None] = field(default_factory=dict)
    """What its audio has answered, by the id of the question."""
    answered: Sequence[Question] = ()
    """These questions: kept with those that are still open, for a call is looked up in its month alone."""


@dataclass(frozen=True, slots=True)
class ScoreOutcome:
    """Counts of calls: newly scored, scored before, and without turns yet."""

    done: int
    kept: int
    waiting: int

    failed = False

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {"scored": self.done, "kept": self.kept, "waiting": self.waiting}

    def __str__(self) -> str:
        return say("run.scored", done=self.done, kept=self.kept, waiting=self.waiting)


def score_pending(
    jobs: Sequence[ScoreJob], results: Path, rubric: Rubric, *, workers: int = 0
) -> tuple[int, int]:
    """Score the jobs that have no findings under `results` yet: (newly scored, there before).

    `workers` processes side by side; 0 is one a core where there is enough to do. A call whose turns turn out
    to be damaged is left for the next transcription, which makes them again.
    """
    # Two calls may be made from the same, and scores are looked for in the month of their call alone.
    there = {
        (month, *row)
        for month in {job.month for job in jobs}
        for row in _scores(results, [month]).select("call_id", "made_from").iter_rows()
    }
    pending = sorted(
        (job for job in jobs if (job.month, job.call_id, job.made_from) not in there),
        key=lambda job: (job.month, job.call_id),
    )
    show = counting(say("progress.score"))
    workers = min(workers or cores_here(), max(1, len(pending) // CALLS_PER_WORKER))
    chunks = list(chunks_of(pending, workers))
    done = seen = 0
    for chunk, scored in score_chunks(chunks, results, rubric, workers):
        done += scored
        seen += len(chunk)
        show(seen, len(pending))
    return done, len(jobs) - len(pending)


def chunks_of(pending: Sequence[ScoreJob], workers: int) -> Iterator[Sequence[ScoreJob]]:
    """The jobs a part at a time: of one month each, about as many for every worker."""
    for _, each in groupby(pending, key=lambda job: job.month):
        month = list(each)
        count = -(-len(month) // CALLS_PER_PART)
        if len(month) >= workers * CALLS_PER_WORKER:
            count = workers * -(-count // workers)
        size = -(-len(month) // count)
        for first in range(0, len(month), size):
            yield month[first : first + size]


def score_chunk(jobs: Sequence[ScoreJob], results: Path, rubric: Rubric) -> int:
    """Score jobs of one month and write them as one part; how many had turns.

    Findings and questions are written first: the scores say that a call is done.
    """
    findings, scores, done, asked = [], [], [], []
    month, detector, acts = jobs[0].month, rubric.detector, rubric.acts
    readings: dict[str, Readings] = {}
    if isinstance(detector, SemanticDetector):
        known = readings[detector.reader_sha256] = readings_of(results, month, detector.reader_sha256)
        detector = replace(detector, readings=known)
        rubric = rubric.with_detector(detector)
    if acts is not None:
        known = readings[acts.reader_sha256] = readings_of(results, month, acts.reader_sha256)
        rubric = rubric.with_acts(replace(acts, readings=known))
    with uncollected():
        for first in range(0, len(jobs), CALLS_AT_ONCE):
            ready = _transcripts(jobs[first : first + CALLS_AT_ONCE], results)
            calls = [(transcript, job.facts) for job, transcript in ready]
            judged = score_calls(calls, rubric, [job.answers for job, _ in ready])
            findings.append(findings_of_calls(zip((job.call_id for job, _ in ready), judged, strict=True)))
            for (job, transcript), score in zip(ready, judged, strict=True):
                done.append((job, len(score.items) + len(score.situations)))
                scores.append(_score_row(job, transcript, score))
                asked.append((job.asked_by, (*job.answered, *score.questions)))
    if not done:
        return 0
    there, counts = zip(*done, strict=True)
    keys = [job.made_from for job in there]
    key = hashlib.sha256("\n".join(f"{job.call_id}\t{job.made_from}" for job in there).encode()).hexdigest()[
        :16
    ]
    made_from = pl.select(pl.Series(keys).repeat_by(pl.Series(counts)).explode()).to_series()
    read = [readings_frame(made, reader) for reader, made in readings.items() if made.made]
    if read:
        write_part(pl.concat(read), results, READINGS, month, key)
    common = {
        "rubric": pl.lit(rubric.sha256),
        "detector": pl.lit(None if detector is None else detector.sha256, pl.String),
        "made_from": made_from,
    }
    write_part(pl.concat(findings).with_columns(**common), results, FINDINGS, month, key)
    if not (questions := questions_frame(asked)).is_empty():
        write_part(questions, results, QUESTIONS, month, key)
    write_part(pl.DataFrame(scores, schema=SCORES_SCHEMA, orient="row"), results, SCORES, month, key)
    return len(done)


def _transcripts(jobs: Sequence[ScoreJob], results: Path) -> list[tuple[ScoreJob, Transcript]]:
    """The jobs that have turns, with their transcripts."""
    places = list(dict.fromkeys((job.turns_month, job.turns_key) for job in jobs))
    frame, heights = read_parts(results, TURNS, places, TURNS_SCHEMA, same="sha256")
    there = [place for place, height in zip(places, heights, strict=True) if height]
    found = dict(zip(there, transcripts_from(frame, [height for height in heights if height]), strict=True))
    each = ((job, found.get((job.turns_month, job.turns_key))) for job in jobs)
    return [(job, transcript) for job, transcript in each if transcript is not None]


def _score_row(job: ScoreJob, transcript: Transcript, score: CallScore) -> tuple[Any, ...]:
    return (
        job.call_id,
        job.made_from,
        score.score,
        list(score.critical),
        sum(finding.verdict == "uncertain" for finding in score.items),
        transcript.duration_s,
        transcript.role_confidence,
        _confidence(transcript),
    )


def _confidence(transcript: Transcript) -> float | None:
    said = [(len(turn.text), turn.confidence) for turn in transcript.turns if turn.role == "agent"]
    characters = sum(length for length, _ in said)
    return math.fsum(length * sure for length, sure in said) / characters if characters else None


def scores_of(jobs: Sequence[ScoreJob], results: Path) -> pl.DataFrame:
    """Scores that belong to exactly these jobs, one row a call (`SCORES_SCHEMA`)."""
    return _belonging(_scores(results, sorted({job.month for job in jobs})), _made_from(jobs))


def findings_of(jobs: Sequence[ScoreJob], results: Path) -> pl.DataFrame:
    """Findings that belong to exactly these jobs, one row a call and item (`FINDINGS_SCHEMA`)."""
    return kept_findings(results, sorted({job.month for job in jobs}), _made_from(jobs))


def verdicts_of(jobs: Sequence[ScoreJob], results: Path) -> pl.DataFrame:
    """The same without `evidence`, which is most of it."""
    schema = pl.Schema({name: kind for name, kind in FINDINGS_SCHEMA.items() if name != "evidence"})
    return kept_findings(results, sorted({job.month for job in jobs}), _made_from(jobs), schema)


def kept_findings(
    results: Path, months: Sequence[str], made_from: pl.DataFrame, schema: pl.Schema = FINDINGS_SCHEMA
) -> pl.DataFrame:
    """Findings of these months that are known by `made_from` (with `call_id`), as far as they are there.

    `schema` names the columns wanted.
    """
    # Of a few calls only their rows are read: evidence is most of a part.
    own = made_from["made_from"].to_list() if made_from.height <= CALLS_PER_PART else None
    where = None if own is None else pl.col("made_from").is_in(own)
    read = pl.Schema({**schema, "made_from": pl.String})
    found = collect_parts(results, FINDINGS, months, read, where=where)
    return _belonging(found, made_from).drop("made_from")


def _made_from(jobs: Sequence[ScoreJob]) -> pl.DataFrame:
    return pl.DataFrame(
        {"call_id": [job.call_id for job in jobs], "made_from": [job.made_from for job in jobs]},
        schema={"call_id": pl.String, "made_from": pl.String},
    )


def _belonging(frame: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    # Two runs at the same time may both have written a call; their rows are equal.
    keys = [name for name in ("call_id", "made_from", "kind", "item") if name in frame.columns]
    # By keys alone: evidence is most of a month's memory and is copied only where rows have to go.
    rows = frame.select(keys).with_row_index("row").join(wanted, on=["call_id", "made_from"], how="semi")
    if rows.select(pl.struct(keys).hash().n_unique()).item() < rows.height:
        rows = rows.unique(keys, keep="first", maintain_order=True)
    return frame if rows.height == frame.height else frame[rows["row"].sort()]


def _scores(results: Path, months: Sequence[str]) -> pl.DataFrame:
    return collect_parts(results, SCORES, months, SCORES_SCHEMA)
