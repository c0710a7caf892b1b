"""Scoring stored turns: what has no findings yet under this rubric, in parts of a few thousand calls.

A finding is known by what it was made from (turns, facts of the call, rubric), so a changed rubric or a
corrected call list makes new findings beside the old ones, and nothing is overwritten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import QaError, say
from qa_audit.progress import track
from qa_audit.scoring.frames import FINDINGS_SCHEMA, findings_frame
from qa_audit.scoring.judge import score_calls
from qa_audit.store.parts import collect_parts, read_part, write_part
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.jobs import TURNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import CallScore
    from qa_audit.transcribe.turns import Transcript

FINDINGS = "findings"
SCORES = "scores"
CALLS_PER_PART = 2_000
"""Bounds the memory of a run; a month of a large centre is a few dozen parts."""

CALLS_AT_ONCE = 32
"""Calls judged together: a sentence detector's fixed cost is shared by them."""

SCORES_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "made_from": pl.String,
        "score": pl.Float64,
        "critical": pl.List(pl.String),
        "uncertain": pl.UInt32,
        "duration_s": pl.Float64,
        "role_confidence": pl.Float64,
    }
)
"""One row a call: its score, and what it was made from."""


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


def score_pending(jobs: Sequence[ScoreJob], results: Path, rubric: Rubric) -> tuple[int, int]:
    """Score the jobs that have no findings under `results` yet: (newly scored, there before).

    A call whose turns turn out to be damaged is left for the next transcription, which makes them again.
    """
    there = set(_scores(results, sorted({job.month for job in jobs}))["made_from"])
    pending = sorted(
        (job for job in jobs if job.made_from not in there), key=lambda job: (job.month, job.call_id)
    )
    bar = track(pending, label=say("progress.score"), total=len(pending))
    batch: list[tuple[ScoreJob, Transcript]] = []
    done = 0
    for job in bar:
        if batch and (batch[0][0].month != job.month or len(batch) == CALLS_PER_PART):
            _write(_scored(batch, rubric), results, rubric)
            batch = []
        try:
            turns = read_part(results, TURNS, job.turns_month, job.turns_key)
        except QaError as error:
            if error.code not in ("store.damaged_part", "store.no_part"):
                raise
            continue
        done += 1
        batch.append((job, transcript_from(turns)))
    if batch:
        _write(_scored(batch, rubric), results, rubric)
    return done, len(jobs) - len(pending)


def scores_of(jobs: Sequence[ScoreJob], results: Path) -> pl.DataFrame:
    """Scores that belong to exactly these jobs, one row a call (`SCORES_SCHEMA`)."""
    return _belonging(_scores(results, sorted({job.month for job in jobs})), jobs)


def findings_of(jobs: Sequence[ScoreJob], results: Path) -> pl.DataFrame:
    """Findings that belong to exactly these jobs, one row a call and item (`FINDINGS_SCHEMA`)."""
    months = sorted({job.month for job in jobs})
    schema = pl.Schema({**FINDINGS_SCHEMA, "made_from": pl.String})
    found = collect_parts(results, FINDINGS, months, schema)
    return _belonging(found, jobs).drop("made_from")


def _belonging(frame: pl.DataFrame, jobs: Sequence[ScoreJob]) -> pl.DataFrame:
    wanted = pl.DataFrame(
        {"call_id": [job.call_id for job in jobs], "made_from": [job.made_from for job in jobs]},
        schema={"call_id": pl.String, "made_from": pl.String},
    )
    # Two runs at the same time may both have written a call; their rows are equal.
    keys = [name for name in ("call_id", "made_from", "kind", "item") if name in frame.columns]
    return frame.join(wanted, on=["call_id", "made_from"], how="semi").unique(keys, maintain_order=True)


def _scores(results: Path, months: Sequence[str]) -> pl.DataFrame:
    return collect_parts(results, SCORES, months, SCORES_SCHEMA)


def _scored(
    batch: Sequence[tuple[ScoreJob, Transcript]], rubric: Rubric
) -> list[tuple[ScoreJob, Transcript, CallScore]]:
    scored = []
    for first in range(0, len(batch), CALLS_AT_ONCE):
        some = batch[first : first + CALLS_AT_ONCE]
        scores = score_calls([(transcript, job.facts) for job, transcript in some], rubric)
        scored += [(*one, score) for one, score in zip(some, scores, strict=True)]
    return scored


def _write(batch: Sequence[tuple[ScoreJob, Transcript, CallScore]], results: Path, rubric: Rubric) -> None:
    """Findings first: the scores say that a call is done. Each names the hashes of rubric and detector."""
    month = batch[0][0].month
    key = hashlib.sha256("\n".join(job.made_from for job, _, _ in batch).encode()).hexdigest()[:16]
    detector = None if rubric.detector is None else rubric.detector.sha256
    findings = pl.concat(
        findings_frame(job.call_id, score).with_columns(made_from=pl.lit(job.made_from))
        for job, _, score in batch
    ).with_columns(rubric=pl.lit(rubric.sha256), detector=pl.lit(detector, pl.String))
    write_part(findings, results, FINDINGS, month, key)
    rows = [
        (
            job.call_id,
            job.made_from,
            score.score,
            list(score.critical),
            sum(finding.verdict == "uncertain" for finding in score.items),
            transcript.duration_s,
            transcript.role_confidence,
        )
        for job, transcript, score in batch
    ]
    write_part(pl.DataFrame(rows, schema=SCORES_SCHEMA, orient="row"), results, SCORES, month, key)
