"""Who listened to what: stretches of calls whose sound was handed to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Literal

import polars as pl
from sqlalchemy import delete, insert, select

from qa_audit.store.database import reading, rows_in, writing
from qa_audit.store.listening_schema import plays
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Engine as Database

Place = Literal["player", "panel", "export"]
"""The inspector's player, a clip in another panel, or a clip written into a file."""

PLAYS = pl.Schema(
    {
        "call_id": pl.String,
        "who": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "place": pl.String,
    }
)
"""One row a stretch: seconds into the call, and when it was first handed out."""


@dataclass(frozen=True, slots=True)
class Play:
    """A stretch of a call that a person was given to hear."""

    call_id: str
    who: str
    at: datetime
    """UTC."""
    start_s: float
    end_s: float
    place: Place


def keep_plays(database: Database, found: Sequence[Play]) -> None:
    """Append stretches, all or none."""
    rows = [
        {
            "call_id": one.call_id,
            "who": one.who,
            "at": stored_moment(one.at),
            "start_s": one.start_s,
            "end_s": one.end_s,
            "place": one.place,
        }
        for one in found
    ]
    if rows:
        with writing(database) as connection:
            connection.execute(insert(plays), rows)


def plays_frame(
    database: Database, *, call_ids: Collection[str] | None = None, who: str | None = None
) -> pl.DataFrame:
    """Stretches (of these calls, by this person) as `PLAYS`, in the order in which they were kept."""
    query = select(plays)
    if who is not None:
        query = query.where(plays.c.who == who)
    with reading(database) as connection:
        if call_ids is None:
            rows = connection.execute(query).all()
        else:
            rows = rows_in(connection, query, plays.c.call_id, set(call_ids))
    rows = sorted(rows, key=lambda row: row.play_id)
    told = [(*row[1:3], row.at.replace(tzinfo=UTC), *row[4:]) for row in rows]
    return pl.DataFrame(told, PLAYS, orient="row")


def delete_plays(database: Database, before: datetime) -> int:
    """Delete what was listened to before a moment (UTC); how many stretches.

    Raises `QaError` as `persons.check_writer`.
    """
    moment = stored_moment(before)
    with writing(database) as connection:
        check_writer(connection, plays, removes=True)
        return connection.execute(delete(plays).where(plays.c.at < moment)).rowcount
