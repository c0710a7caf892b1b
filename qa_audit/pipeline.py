"""From calls to the work they need: which recordings to transcribe, which calls to score, how far each is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from qa_audit.calls.query import facts_of, month_of
from qa_audit.scoring.batch import ScoreJob
from qa_audit.scoring.frames import findings_key
from qa_audit.scoring.hearing import answers_key
from qa_audit.transcribe.answer_parts import AnswerJob
from qa_audit.transcribe.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from qa_audit.calls.facts import CallFacts, Columns
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.transcribe.questions import Answer, Question
    from qa_audit.transcribe.settings import RawFormat, TranscribeSettings


def turns_key(call: Mapping[str, Any], settings: TranscribeSettings, digest: str) -> str:
    """Key of the turns of a call (a row of `calls_frame`); a headerless file's format is part of it."""
    return turns_key_maker(settings, digest)(call)


def turns_key_maker(settings: TranscribeSettings, digest: str) -> Callable[[Mapping[str, Any]], str]:
    """`turns_key` for many calls: what they have in common is worked out once."""
    makers: dict[RawFormat | None, Callable[[str], str]] = {}

    def key(call: Mapping[str, Any]) -> str:
        name = call["file_name"] if settings.raw_formats else None
        raw = settings.raw_format_of(name) if name else None
        if raw not in makers:
            makers[raw] = settings.key_maker(digest, raw)
        return makers[raw](call["sha256"] or "")

    return key


def transcribe_jobs(calls: pl.DataFrame, settings: TranscribeSettings, digest: str) -> list[Job]:
    """One job a recording that is there, in order of the calls; two calls with one audio share a job.

    `calls` as `calls.query.calls_frame` returns them; `digest` of the model's weights.
    """
    jobs: dict[str, Job] = {}
    key_of = turns_key_maker(settings, digest)
    for row in calls.filter(pl.col("recording").is_not_null()).iter_rows(named=True):
        key = key_of(row)
        if key not in jobs:
            path, month = Path(row["recording"]), month_of(row["start"])
            jobs[key] = Job(key, row["sha256"], path, month, row["listed_duration_s"])
    return list(jobs.values())


def score_jobs(
    calls: pl.DataFrame,
    turns_months: Mapping[str, str],
    settings: TranscribeSettings,
    digest: str,
    rubric: Rubric,
    *,
    asked: Mapping[str, Sequence[Question]] | None = None,
    answers: Mapping[str, Mapping[str, Answer | None]] | None = None,
    columns: Mapping[str, Columns] | None = None,
) -> list[ScoreJob]:
    """One job a call whose turns are there; `turns_months` says in which month folder, by key.

    `asked` as `questions_by_findings`, `answers` as `answers_by_turns`, `columns` as `further_columns` return
    them.
    """
    jobs, rubric_key = [], rubric.key
    for call in keyed_calls(calls, settings, digest, rubric, columns):
        if call.turns_key not in turns_months:
            continue
        said = (answers or {}).get(call.turns_key, {})
        answered = tuple(one for one in (asked or {}).get(call.asked_by, ()) if one.id in said)
        own = {one.id: said[one.id] for one in answered}
        made_from = call.asked_by
        if own:
            key = answers_key(settings.model, own)
            made_from = findings_key(call.turns_key, call.facts, rubric_key, key)
        where = (call.call_id, month_of(call.start), call.turns_key, turns_months[call.turns_key])
        jobs.append(ScoreJob(*where, call.facts, made_from, call.asked_by, own, answered))
    return jobs


class KeyedCall(NamedTuple):
    """A call with a recording, and by which keys its results are known."""

    call_id: str
    start: datetime | None
    turns_key: str
    facts: CallFacts
    """Those alone that the rubric asks: what else the call list says is no part of a key."""
    asked_by: str
    """Key of its findings before anything of its audio was answered."""


def keyed_calls(
    calls: pl.DataFrame,
    settings: TranscribeSettings,
    digest: str,
    rubric: Rubric,
    columns: Mapping[str, Columns] | None = None,
) -> Iterator[KeyedCall]:
    """Those calls (`calls_frame`) that have a recording; `columns` as `further_columns` returns them."""
    key_of, rubric_key, asked_facts = turns_key_maker(settings, digest), rubric.key, rubric.asked_facts
    needed = ["call_id", "sha256", "file_name", "start", "direction", "ring_s", "internal", "hangup_by"]
    needed += sorted(asked_facts.names & {"line", "team"})
    for row in calls.filter(pl.col("sha256").is_not_null()).select(needed).iter_rows(named=True):
        key = key_of(row)
        facts = facts_of(row, asked_facts, columns.get(row["call_id"], ()) if columns else ())
        yield KeyedCall(row["call_id"], row["start"], key, facts, findings_key(key, facts, rubric_key))


def answer_jobs(
    calls: pl.DataFrame, jobs: Sequence[ScoreJob], asked: Mapping[str, Sequence[Question]]
) -> list[AnswerJob]:
    """One job a recording that is there and has questions without an answer; `asked` as for `score_jobs`."""
    there = calls.filter(pl.col("recording").is_not_null())
    paths = dict(there.select("call_id", "recording").iter_rows())
    found: dict[str, tuple[ScoreJob, dict[Question, None]]] = {}
    for job in jobs:
        left = [one for one in asked.get(job.asked_by, ()) if one.id not in job.answers]
        if left and job.call_id in paths:
            found.setdefault(job.turns_key, (job, {}))[1].update(dict.fromkeys(left))
    return [
        AnswerJob(Path(paths[job.call_id]), key, job.turns_month, tuple(questions))
        for key, (job, questions) in found.items()
    ]


def with_scores(
    calls: pl.DataFrame,
    scores: pl.DataFrame,
    failed_keys: Collection[str],
    settings: TranscribeSettings,
    digest: str,
) -> pl.DataFrame:
    """Calls with score, faults, length and how far each is: `status` as in `estimation.frames.STATUSES`.

    `scores` as `scoring.batch.scores_of` returns them; `failed_keys` of recordings that could not be
    transcribed.
    """
    key_of = turns_key_maker(settings, digest)
    failed = [
        row["call_id"]
        for row in (calls.filter(pl.col("sha256").is_not_null()).iter_rows(named=True) if failed_keys else ())
        if key_of(row) in failed_keys
    ]
    status = (
        pl.when(pl.col("made_from").is_not_null())
        .then(pl.lit("scored"))
        .when(pl.col("call_id").is_in(failed))
        .then(pl.lit("failed"))
        .when(pl.col("recording").is_null())
        .then(pl.lit("no_recording"))
        .otherwise(pl.lit("not_transcribed"))
    )
    return (
        calls.join(scores, on="call_id", how="left", maintain_order="left")
        .with_columns(
            status=status,
            critical=pl.col("critical").fill_null([]),
            uncertain=pl.col("uncertain").fill_null(0),
            duration_s=pl.coalesce("duration_s", "listed_duration_s"),
        )
        .drop("made_from")
    )
