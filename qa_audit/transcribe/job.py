"""A recording to be transcribed, and what came of it: the words between a run and its workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.messages import QaError

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
    listed_s: float | None = None
    """Length of the call as the list has it, seconds."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one attempt at a job gave: the part is written when there is no error."""

    job: Job
    audio_s: float = 0.0
    spent_s: float = 0.0
    error: QaError | None = None
