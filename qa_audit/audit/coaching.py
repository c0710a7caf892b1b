"""Coaching (辅导) as it was noted, and praise for exemplary calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from qa_audit.audit.actions import checked_text
from qa_audit.audit.events import checked_name
from qa_audit.messages import QaError
from qa_audit.store.database import insert_one, reading, rows_in, writing
from qa_audit.store.dispute_schema import coachings, praises
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Engine as Database


@dataclass(frozen=True, slots=True)
class Coaching:
    """An agent was coached on items of the rubric."""

    coaching_id: int
    agent: str
    """Key of the person (`sampling.frame.agent_key`)."""
    items: tuple[str, ...]
    text: str
    coached_at: datetime
    """Local time of the centre, as calls have it: calls before and after are compared."""
    who: str
    noted_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Praise:
    """A call that others may take for an example."""

    praise_id: int
    call_id: str
    at_s: float | None
    text: str
    who: str
    praised_at: datetime
    """UTC."""


def note_coaching(
    database: Database,
    agent: str,
    items: Sequence[str],
    *,
    text: str,
    who: str,
    coached_at: datetime,
    known_items: Collection[str],
    now: datetime | None = None,
) -> Coaching:
    """Note that an agent was coached.

    Raises `QaError`: `audit.no_name`, `audit.bad_text`, `audit.unknown_item`, `coaching.no_items`.
    """
    chosen = tuple(dict.fromkeys(items))
    if not chosen:
        raise QaError("coaching.no_items")
    for item in chosen:
        if item not in known_items:
            raise QaError("audit.unknown_item", got=item, allowed=", ".join(sorted(known_items)))
    who, text, at = checked_name(who), checked_text("text", text), now or datetime.now(UTC)
    row = {"agent": agent, "items": list(chosen), "text": text, "coached_at": coached_at, "who": who}
    with writing(database) as connection:
        check_writer(connection, coachings, row["who"])
        number = insert_one(connection, insert(coachings).values(**row, noted_at=stored_moment(at)))
    return Coaching(number, agent, chosen, text, coached_at, who, at)


def coachings_of(database: Database, agent: str | None = None) -> list[Coaching]:
    """All coaching (of an agent) in the order in which it was noted."""
    query = select(coachings).order_by(coachings.c.coaching_id)
    if agent is not None:
        query = query.where(coachings.c.agent == agent)
    with reading(database) as connection:
        return [
            Coaching(
                row.coaching_id,
                row.agent,
                tuple(row.items),
                row.text,
                row.coached_at,
                row.who,
                row.noted_at.replace(tzinfo=UTC),
            )
            for row in connection.execute(query).all()
        ]


def praise_call(
    database: Database,
    call_id: str,
    *,
    at_s: float | None,
    text: str,
    who: str,
    now: datetime | None = None,
) -> Praise:
    """Praise a call. Raises `QaError`: `audit.no_name`, `audit.bad_text`."""
    who, text, at = checked_name(who), checked_text("text", text), now or datetime.now(UTC)
    row = {"call_id": call_id, "at_s": at_s, "text": text, "who": who, "praised_at": stored_moment(at)}
    with writing(database) as connection:
        check_writer(connection, praises, row["who"])
        number = insert_one(connection, insert(praises).values(**row))
    return Praise(number, call_id, at_s, text, who, at)


def praises_of(database: Database, call_ids: Collection[str] | None = None) -> list[Praise]:
    """Praise (of these calls) in the order in which it was given."""
    with reading(database) as connection:
        if call_ids is None:
            rows = connection.execute(select(praises)).all()
        else:
            rows = rows_in(connection, select(praises), praises.c.call_id, set(call_ids))
    return [
        Praise(row.praise_id, row.call_id, row.at_s, row.text, row.who, row.praised_at.replace(tzinfo=UTC))
        for row in sorted(rows, key=lambda row: row.praise_id)
    ]
