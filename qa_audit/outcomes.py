"""What a command did, for people and for scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from qa_audit.calls.importing import ImportReport
    from qa_audit.scoring.batch import ScoreOutcome
    from qa_audit.transcribe.jobs import TranscribeOutcome


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The three steps of `run`; no import when the settings name no recordings."""

    imported: ImportReport | None
    transcribed: TranscribeOutcome
    scored: ScoreOutcome

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
        }

    def __str__(self) -> str:
        steps = (self.imported, self.transcribed, self.scored)
        return "\n".join(str(step) for step in steps if step is not None)
