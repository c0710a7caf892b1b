"""Places in calls that appeals and complaints point at: their sound is kept as that of faults is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.appeal import appeals_of
from qa_audit.audit.complaints import complaints_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine as Database

LENGTH_S = 10.0
"""How much is kept from such a place on; what comes before it is the clip's margin."""

MOMENTS = pl.Schema({"fault": pl.String, "call_id": pl.String, "start_s": pl.Float64, "end_s": pl.Float64})
"""One row a place, as `audit.clips.keep_clips` takes them; `fault` names what points at it."""


def disputed_moments(database: Database) -> pl.DataFrame:
    """Places of all appeals and complaints (`MOMENTS`).

    A settled verdict names a call and an item only: its places are those of the fault or appeal it settled.
    """
    rows = [(name, call, at_s, at_s + LENGTH_S) for name, call, at_s in _places(database)]
    return pl.DataFrame(rows, MOMENTS, orient="row").unique(maintain_order=True)


def _places(database: Database) -> Iterator[tuple[str, str, float]]:
    for appeal in appeals_of(database):
        for at_s in (appeal.at_s, *(step.at_s for step in appeal.steps)):
            if at_s is not None:
                yield f"appeal {appeal.appeal_id} {at_s:.2f}", appeal.call_id, at_s
    for complaint in complaints_of(database):
        for step in complaint.steps:
            heard = [] if step.at_s is None or step.call_id is None else [(step.call_id, step.at_s)]
            for call_id, at_s in (*heard, *step.evidence):
                yield f"complaint {complaint.complaint_id} {at_s:.2f}", call_id, at_s
