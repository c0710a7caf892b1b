"""The steps that bring a workspace up to date: import, transcribe, score, ask the audio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.rubric_uses import keep_rubric_use
from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame
from qa_audit.listening import ROUNDS
from qa_audit.messages import QaError, say
from qa_audit.outcomes import ImportOutcome, RunOutcome
from qa_audit.pipeline import answer_jobs, transcribe_jobs
from qa_audit.progress import counting
from qa_audit.scoring.batch import FINDINGS, SCORES, ScoreOutcome, score_pending
from qa_audit.scoring.question_parts import QUESTIONS
from qa_audit.store.parts import set_aside_incomplete
from qa_audit.transcribe.answer_parts import AnswerOutcome, answer_pending
from qa_audit.transcribe.jobs import transcribe_pending
from qa_audit.workspace_folder import missing_sources, source_path

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from qa_audit.transcribe.jobs import TranscribeOutcome
    from qa_audit.workspace import Workspace

_TOGETHER = (SCORES, FINDINGS, QUESTIONS)
"""Kinds of parts that are written together, the one that says that a call is scored first."""


def import_sources(
    workspace: Workspace,
    recordings: str | Path | None,
    call_list: str | Path | None,
    roster: str | Path | None,
    *,
    rehash: bool,
) -> ImportOutcome:
    """Take in recordings, call list and roster as `Workspace.import_calls`."""
    noted = workspace.settings.sources
    folder = source_path(workspace.folder, recordings, noted.recordings)
    if folder is None:
        raise QaError("workspace.no_recordings")
    given = {"recordings": recordings, "call_list": call_list, "roster": roster}
    of_settings = {
        name: source_path(workspace.folder, None, getattr(noted, name))
        for name, path in given.items()
        if path is None
    }
    if missing := missing_sources(of_settings):
        shown = "\n".join(f"  {name} = {path}" for name, path in missing.items())
        raise QaError("workspace.noted_missing", settings=workspace.settings_file, missing=shown)
    return ImportOutcome(
        import_calls(
            workspace.database,
            folder,
            call_list=source_path(workspace.folder, call_list, noted.call_list),
            roster=source_path(workspace.folder, roster, noted.roster),
            settings=workspace.settings.calls,
            rehash=rehash,
            progress=counting(say("progress.hash")),
        )
    )


def transcribe_calls(
    workspace: Workspace,
    month: str | None,
    *,
    limit: int | None,
    workers: int | None,
    retry_failed: bool,
    on: Literal["here", "ray"],
) -> TranscribeOutcome:
    """Transcribe recordings that have no turns yet, as `Workspace.transcribe`."""
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    return transcribe_pending(
        transcribe_jobs(calls_frame(workspace.database, month), settings, digest),
        workspace.database,
        workspace.results,
        settings,
        digest,
        limit=limit,
        workers=workers,
        retry_failed=retry_failed,
        on=on,
    )


def score_calls(workspace: Workspace, month: str | None) -> ScoreOutcome:
    """Score calls that have turns but no findings under the present rubric and facts."""
    from qa_audit.scoring.learned.learn import accepted

    set_aside_incomplete(workspace.results, *_TOGETHER)
    known, results = calls_frame(workspace.database, month), workspace.call_results
    jobs = results.score_jobs(known)
    if jobs:
        keep_rubric_use(workspace.database, workspace.rubric, accepted(workspace.folder))
    done, kept = score_pending(jobs, workspace.results, workspace.rubric)
    again = done
    for _ in range(ROUNDS):
        if not again:
            break
        # What was scored just now may ask what its audio has answered before, of another rubric or call.
        again = score_pending(results.score_jobs(known), workspace.results, workspace.rubric)[0]
    transcribed = {job.call_id for job in jobs}
    there = known.filter(pl.col("recording").is_not_null())["call_id"]
    waiting = sum(call_id not in transcribed for call_id in there)
    return ScoreOutcome(done, kept, waiting)


def ask_audio(workspace: Workspace, month: str | None) -> AnswerOutcome:
    """Ask the audio where verdicts hang on words that the text lacks, and score those calls again."""
    outcome = AnswerOutcome()
    known, results = calls_frame(workspace.database, month), workspace.call_results
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    for _ in range(ROUNDS):
        jobs = answer_jobs(known, results.score_jobs(known), results.asked(known))
        failed = dict(outcome.failures)
        jobs = [job for job in jobs if str(job.path) not in failed]
        if not jobs:
            break
        outcome += answer_pending(jobs, workspace.results, settings, digest)
        score_pending(results.score_jobs(known), workspace.results, workspace.rubric)
    return outcome


def run_steps(
    workspace: Workspace,
    month: str | None,
    *,
    limit: int | None,
    workers: int | None,
    retry_failed: bool,
    rehash: bool,
    on: Literal["here", "ray"],
) -> RunOutcome:
    """All steps one after the other, as `Workspace.run`."""
    from qa_audit.months.glance import keep_glances
    from qa_audit.watched import tell_end, watched

    imported = workspace.import_calls(rehash=rehash) if workspace.settings.sources.recordings else None
    if imported is None and calls_frame(workspace.database).is_empty():
        raise QaError("workspace.no_recordings")
    with watched(workspace):
        transcribed = transcribe_calls(
            workspace, month, limit=limit, workers=workers, retry_failed=retry_failed, on=on
        )
        scored = score_calls(workspace, month)
        outcome = RunOutcome(imported, transcribed, scored, ask_audio(workspace, month))
        keep_glances(workspace)
        tell_end(outcome)
    return outcome
