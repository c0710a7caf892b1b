"""What a command did, for people and for scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.messages import say

if TYPE_CHECKING:
    from typing import Any

    from qa_audit.calls.importing import ImportReport
    from qa_audit.scoring.batch import ScoreOutcome
    from qa_audit.transcribe.answer_parts import AnswerOutcome
    from qa_audit.transcribe.jobs import TranscribeOutcome


LISTED = 20
"""So many ids or files of a kind are named in full; the JSON has them all."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, and what a person should look at."""

    report: ImportReport

    @property
    def failed(self) -> bool:
        """True when a row or a file had to be left out."""
        return any(problem.left_out for problem in self.report.problems)

    def as_json(self) -> dict[str, Any]:
        """For scripts: every field of the report, problems in words."""
        fields = {name: getattr(self.report, name) for name in self.report.__dataclass_fields__}
        problems = [
            {
                "code": problem.code,
                "file": problem.file,
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "left_out": problem.left_out,
                "message": problem.text(),
            }
            for problem in self.report.problems
        ]
        return {**fields, "problems": problems}

    def __str__(self) -> str:
        report = self.report
        lines = [
            say(
                "run.imported",
                calls=report.calls_new + report.calls_changed + report.calls_unchanged,
                calls_new=report.calls_new,
                calls_changed=report.calls_changed,
                recordings=report.recordings_new + report.recordings_changed + report.recordings_unchanged,
                recordings_new=report.recordings_new,
            )
        ]
        for name in ("calls_without_recording", "recordings_without_call", "unknown_agents"):
            found = getattr(report, name)
            if found:
                shown = say("run.list_comma").join(found[:LISTED])
                more = say("run.more", count=len(found) - LISTED) if len(found) > LISTED else ""
                lines.append("  " + say(f"run.{name}", count=len(found), shown=shown + more))
        if report.recordings_gone:
            lines.append("  " + say("run.recordings_gone", count=report.recordings_gone))
        lines += [f"  {problem.text()}" for problem in report.problems]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The steps of `run`; no import when the settings name no recordings."""

    imported: ImportOutcome | None
    transcribed: TranscribeOutcome
    scored: ScoreOutcome
    listened: AnswerOutcome | None = None
    """What the audio was asked; None when it was not."""

    @property
    def failed(self) -> bool:
        """True when some recording or row could not be used."""
        return self.transcribed.failed or (self.imported is not None and self.imported.failed)

    def as_json(self) -> dict[str, Any]:
        """For scripts: one object per step."""
        return {
            "import": None if self.imported is None else self.imported.as_json(),
            "transcribe": self.transcribed.as_json(),
            "score": self.scored.as_json(),
            "listen": None if self.listened is None else self.listened.as_json(),
        }

    def __str__(self) -> str:
        asked = self.listened if self.listened is not None and self.listened.questions else None
        steps = (self.imported, self.transcribed, self.scored, asked)
        return "\n".join(str(step) for step in steps if step is not None)
