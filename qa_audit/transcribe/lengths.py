"""How long a recording is, before it is decoded: for the time left, and for the longest to go first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from qa_audit.transcribe.job import Job
    from qa_audit.transcribe.settings import RawFormat

BYTES_PER_S = 16_000
"""Of two channels of A-law, or one of 16-bit samples, at 8 kHz: what most recorders write."""


def length_s(job: Job, raw: RawFormat | None = None) -> float:
    """Seconds as the call list has them, else by the file's header or size; 0 for a file that is gone."""
    if job.listed_s:
        return job.listed_s
    from qa_audit.transcribe.audio import header_length_s

    try:
        return header_length_s(job.path, raw)
    except QaError:
        return size_length_s(job)


def size_length_s(job: Job) -> float:
    """Seconds by the file's size alone."""
    try:
        return job.path.stat().st_size / BYTES_PER_S
    except OSError:
        return 0.0
