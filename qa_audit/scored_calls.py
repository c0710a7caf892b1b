"""Calls with the machine's scores, read once, and the findings and keys that belong to these scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.scoring.batch import findings_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from qa_audit.scoring.batch import ScoreJob

MADE_FROM = pl.Schema({"call_id": pl.String, "turns": pl.String, "findings": pl.String})
"""One row a call that has turns: keys of its turns and of its findings."""


@dataclass(frozen=True, slots=True)
class ScoredCalls:
    """Calls as `Workspace.calls` gives them, and the jobs that they were scored by."""

    calls: pl.DataFrame
    jobs: Sequence[ScoreJob]
    results: Path

    def findings(self, call_ids: Collection[str] | None = None) -> pl.DataFrame:
        """What the rubric says of these calls, or of all (`scoring.frames.FINDINGS_SCHEMA`)."""
        if call_ids is None:
            return findings_of(self.jobs, self.results)
        wanted = set(call_ids)
        return findings_of([job for job in self.jobs if job.call_id in wanted], self.results)

    def made_from(self) -> pl.DataFrame:
        """What each was made from (`MADE_FROM`)."""
        rows = [(job.call_id, job.turns_key, job.made_from) for job in self.jobs]
        return pl.DataFrame(rows, MADE_FROM, orient="row")
