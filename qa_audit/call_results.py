"""What machines made of the calls of a workspace: turns, answers of their audio, findings, scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.facts import EVERYTHING_ASKED
from qa_audit.calls.query import calls_frame, facts_of, further_columns, month_of
from qa_audit.messages import QaError
from qa_audit.pipeline import score_jobs, turns_key, with_scores
from qa_audit.scored_calls import ScoredCalls
from qa_audit.scoring.batch import findings_of, scores_of, verdicts_of
from qa_audit.scoring.question_parts import questions_by_findings
from qa_audit.scoring.rubric_diff import KnownCall
from qa_audit.scoring.set_aside import scores_without
from qa_audit.store.parts import UNDATED, has_part, part_months, read_part
from qa_audit.transcribe.answer_parts import answers_by_turns
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.jobs import TURNS, failures_by_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from qa_audit.calls.facts import CallFacts, Columns
    from qa_audit.scoring.batch import ScoreJob
    from qa_audit.transcribe.questions import Answer, Question
    from qa_audit.transcribe.turns import Transcript
    from qa_audit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CallResults:
    """Results of a workspace, looked up by call."""

    workspace: Workspace

    def call(self, call_id: str) -> dict[str, Any]:
        """The row of `calls.query.calls_frame`. Raises `QaError` `workspace.unknown_call`."""
        found = calls_frame(self.workspace.database, call_id=call_id)
        if found.is_empty():
            raise QaError("workspace.unknown_call", call_id=call_id)
        return found.row(0, named=True)

    def scored(self, month: str | None = None, *, aside: Collection[str] | None = None) -> ScoredCalls:
        """Calls (of a month) with score and status, and the jobs that the scores come from.

        In scores the items `aside` count for nothing: by default those that people judge alone in each month.
        """
        known = calls_frame(self.workspace.database, month)
        jobs = self.score_jobs(known)
        return ScoredCalls(self._with_scores(known, jobs, aside), jobs, self.workspace.results)

    def to_audit(self, call_ids: Sequence[str] | None) -> pl.DataFrame:
        """Rows of `Workspace.calls` in the order given; None: scored calls of the newest month, by start.

        Raises `QaError` `workspace.unknown_call`.
        """
        workspace = self.workspace
        if call_ids is None:
            newest = self.scored((workspace.months() or [UNDATED])[-1]).calls
            return newest.filter(pl.col("status") == "scored")
        wanted = pl.DataFrame({"call_id": list(dict.fromkeys(call_ids))}, {"call_id": pl.String})
        known = calls_frame(workspace.database)
        unknown = wanted.join(known, on="call_id", how="anti")
        if not unknown.is_empty():
            raise QaError("workspace.unknown_call", call_id=unknown["call_id"][0])
        known = wanted.join(known, on="call_id", how="left", maintain_order="left")
        return self._with_scores(known, self.score_jobs(known))

    def findings(self, month: str | None = None, *, call_id: str | None = None) -> pl.DataFrame:
        """What the rubric says of the calls of a month, or of one call (`scoring.frames.FINDINGS_SCHEMA`).

        Items that count for nothing in scores are among them.
        """
        known = calls_frame(self.workspace.database, month, call_id=call_id)
        return findings_of(self.score_jobs(known), self.workspace.results)

    def turns(self, call_id: str) -> pl.DataFrame:
        """One row a turn of a call (`transcribe.frames.TURNS_SCHEMA`), in order.

        Raises `QaError` for an unknown call and for one that has not been transcribed.
        """
        return self._turns_of(self.call(call_id)).filter(pl.col("turn").is_not_null())

    def transcript(self, call_id: str) -> tuple[Transcript, CallFacts]:
        """A call's transcript and what the call list says of it; errors as `turns`."""
        call = self.call(call_id)
        columns = further_columns(self.workspace.database, [call_id], EVERYTHING_ASKED)
        facts = facts_of(call, EVERYTHING_ASKED, columns.get(call_id, ()))
        return transcript_from(self._turns_of(call)), facts

    def transcripts(
        self, month: str | None = None, only: Collection[str] | None = None
    ) -> Iterator[KnownCall]:
        """Calls (of a month) that have been transcribed, one by one, with what their audio has answered."""
        results = self.workspace.results
        answered = answers_by_turns(results)
        known = calls_frame(self.workspace.database, month)
        if only is not None:
            known = known.filter(pl.col("call_id").is_in(list(only)))
        jobs = self.score_jobs(known)
        aside = self.workspace.rule_status.aside_in({job.month for job in jobs})
        own = pl.DataFrame({"call_id": [job.call_id for job in jobs]}, {"call_id": pl.String})
        rows = known.join(own, on="call_id", how="semi", maintain_order="left")
        # A rubric to compare with may ask what the present one does not.
        columns = further_columns(self.workspace.database, own["call_id"], EVERYTHING_ASKED)
        for job, row in zip(jobs, rows.iter_rows(named=True), strict=True):
            transcript = transcript_from(read_part(results, TURNS, job.turns_month, job.turns_key))
            facts = facts_of(row, EVERYTHING_ASKED, columns.get(job.call_id, ()))
            said = answered.get(job.turns_key, {})
            yield KnownCall(job.call_id, transcript, facts, said, aside[job.month])

    def answers(self, call_id: str) -> Mapping[str, Answer | None]:
        """What the audio of a call has answered, by the id of the question; errors as `call`."""
        return answers_by_turns(self.workspace.results).get(self._key(self.call(call_id)), {})

    def asked(self, known: pl.DataFrame) -> Mapping[str, Sequence[Question]]:
        """What verdicts on these calls ask of the audio, as `scoring.question_parts` keeps it."""
        months = sorted({month_of(one) for one in known["start"]})
        return questions_by_findings(self.workspace.results, months)

    def score_jobs(self, known: pl.DataFrame) -> list[ScoreJob]:
        """A job for each of these calls that has turns (`pipeline.score_jobs`)."""
        workspace = self.workspace
        settings, digest = workspace.settings.transcribe, workspace.choices.digest
        folders = part_months(workspace.results, TURNS)
        answers = answers_by_turns(workspace.results)
        asked = self.asked(known) if answers else {}
        columns = self.columns(known["call_id"])
        return score_jobs(
            known,
            folders,
            settings,
            digest,
            workspace.rubric,
            asked=asked,
            answers=answers,
            columns=columns,
        )

    def columns(self, call_ids: Iterable[str]) -> Mapping[str, Columns]:
        """Cells of calls in further columns of the call list that the rubric asks, by call."""
        return further_columns(self.workspace.database, call_ids, self.workspace.rubric.asked_facts)

    def _with_scores(
        self, known: pl.DataFrame, jobs: Sequence[ScoreJob], aside: Collection[str] | None = None
    ) -> pl.DataFrame:
        workspace = self.workspace
        scores = self._counted(scores_of(jobs, workspace.results), jobs, aside)
        failed = failures_by_key(workspace.database)
        return with_scores(known, scores, failed, workspace.settings.transcribe, workspace.choices.digest)

    def _counted(
        self, scores: pl.DataFrame, jobs: Sequence[ScoreJob], aside: Collection[str] | None
    ) -> pl.DataFrame:
        """Scores without the items that count for nothing in the month of each call, or without `aside`."""
        workspace = self.workspace
        zero = workspace.rubric.zero_on_critical
        months = sorted({job.month for job in jobs})
        by_month = workspace.rule_status.aside_in(months) if aside is None else dict.fromkeys(months, aside)
        for month, items in by_month.items():
            if items:
                own = [job for job in jobs if job.month == month]
                verdicts = verdicts_of(own, workspace.results)
                scores = scores_without(scores, verdicts, items, zero_on_critical=zero)
        return scores

    def _key(self, call: Mapping[str, Any]) -> str:
        return turns_key(call, self.workspace.settings.transcribe, self.workspace.choices.digest)

    def _turns_of(self, call: Mapping[str, Any]) -> pl.DataFrame:
        """The part with a call's turns; looked for in its own month first, for listing all takes long."""
        results, key, month = self.workspace.results, self._key(call), month_of(call["start"])
        if not has_part(results, TURNS, month, key):
            month = part_months(results, TURNS).get(key)
        if month is None:
            raise QaError("workspace.not_transcribed", call_id=call["call_id"])
        return read_part(results, TURNS, month, key)
