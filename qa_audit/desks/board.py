"""The board of a department: what each inspector was given, handed in and has open, and what is late."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.audit.appeal import open_appeals
from qa_audit.audit.complaints import complaints_of
from qa_audit.audit.events import events_of_calls
from qa_audit.audit.sheet import sheets
from qa_audit.sampling import hand_outs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine as Database

    from qa_audit.sampling.book import SampleBook
    from qa_audit.sampling.draws import Draw
    from qa_audit.settings import Settings

LOAD = pl.Schema(
    {
        "inspector": pl.String,
        "given": pl.Int64,
        "handed_in": pl.Int64,
        "skipped": pl.Int64,
        "open": pl.Int64,
        "late": pl.Int64,
        "due": pl.Datetime("us", "UTC"),
        "late_since": pl.Datetime("us", "UTC"),
    }
)
"""One row an inspector: calls given, handed in, skipped, open, and of the open ones those that are late.
`due` is the next time by which some have to be handed in, `late_since` the earliest that has passed."""

WAITING = pl.Schema(
    {
        "kind": pl.String,
        "number": pl.Int64,
        "calls": pl.List(pl.String),
        "who": pl.String,
        "since": pl.Datetime("us", "UTC"),
        "due": pl.Datetime("us", "UTC"),
        "late": pl.Boolean,
    }
)
"""One row a matter that waits, by when it is due: `kind` "reply" or "decision" (of an appeal) or "complaint",
`who` brought it."""


@dataclass(frozen=True, slots=True)
class Board:
    """How the work stands at a moment."""

    at: datetime
    """UTC."""
    month: str | None
    inspectors: pl.DataFrame
    """`LOAD`."""
    waiting: pl.DataFrame
    """`WAITING`."""

    def as_json(self) -> dict[str, Any]:
        """For scripts; times in ISO 8601, UTC."""
        frames = {"inspectors": self.inspectors, "waiting": self.waiting}
        told = {
            name: [{key: _plain(value) for key, value in row.items()} for row in frame.to_dicts()]
            for name, frame in frames.items()
        }
        return {"at": self.at.isoformat(), "month": self.month, **told}


def read_board(
    database: Database,
    samples: SampleBook,
    settings: Settings,
    month: str | None = None,
    now: datetime | None = None,
) -> Board:
    """The board of the draws of a month, or of all; appeals and complaints are those of all months.

    Draws in force count, calls chosen for coaching, complaints and appeals too. A replaced call was given and
    skipped, whether another took its place or none was left. `now` is UTC.
    """
    at = now or datetime.now(UTC)
    load = _load(database, samples, timedelta(days=settings.deadlines.hear_days), month, at)
    days = timedelta(days=settings.deadlines.complaint_days)
    waiting = pl.DataFrame(list(_waiting(database, days, at)), WAITING, orient="row")
    return Board(at, month, load, waiting.sort("due", "kind", "number"))


def _load(
    database: Database, samples: SampleBook, days: timedelta, month: str | None, now: datetime
) -> pl.DataFrame:
    given: dict[tuple[str, str], datetime] = {}
    gone = set[tuple[str, str]]()
    for draw in _in_force(samples, month):
        handed = samples.handed_out(draw.draw_id)
        if handed is None:
            continue
        due = _utc(handed.handed_out_at) + days
        for one in samples.assignments(draw.draw_id):
            # A call that was drawn and is heard for a complaint as well is one sheet.
            given[one.inspector, one.call_id] = min(due, given.get((one.inspector, one.call_id), due))
        gone |= set(hand_outs.skipped_of(handed, samples.replacements(draw.draw_id)))
    gone -= given.keys()
    judged = sheets(events_of_calls(database, {call for _, call in given}))
    counts: defaultdict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(LOAD.names()[1:6], 0))
    times: defaultdict[str, list[datetime]] = defaultdict(list)
    for (who, call_id), due in given.items():
        sheet, own = judged.get((call_id, who)), counts[who]
        own["given"] += 1
        if sheet is not None and sheet.skipped is not None:
            own["skipped"] += 1
        elif sheet is not None and sheet.handed_in_at is not None:
            own["handed_in"] += 1
        else:
            own["open"] += 1
            own["late"] += due < now
            times[who].append(due)
    for who, _ in gone:
        counts[who]["given"] += 1
        counts[who]["skipped"] += 1
    rows = [
        {
            "inspector": who,
            **counts[who],
            "due": min((due for due in times[who] if due >= now), default=None),
            "late_since": min((due for due in times[who] if due < now), default=None),
        }
        for who in sorted(counts)
    ]
    return pl.DataFrame(rows, LOAD)


def _in_force(samples: SampleBook, month: str | None) -> list[Draw]:
    every = samples.draws(month)
    over = {draw.instead_of for draw in every}
    return [draw for draw in every if draw.draw_id not in over]


def _waiting(database: Database, days: timedelta, now: datetime) -> Iterator[tuple[Any, ...]]:
    for appeal in open_appeals(database):
        kind, due = ("reply", appeal.reply_by) if appeal.reply is None else ("decision", appeal.decide_by)
        yield kind, appeal.appeal_id, [appeal.call_id], appeal.who, appeal.filed_at, due, due < now
    for complaint in complaints_of(database):
        if complaint.state != "closed":
            last = max((step.at for step in complaint.steps), default=complaint.opened_at)
            due = last + days
            calls = list(complaint.calls)
            yield (
                "complaint",
                complaint.complaint_id,
                calls,
                complaint.who,
                complaint.opened_at,
                due,
                due < now,
            )


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
