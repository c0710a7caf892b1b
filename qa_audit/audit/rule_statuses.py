"""What the machine's verdicts on an item count for (`status_names`), decided by people: events only added.

An item starts as assisted, and so it does again with every other rule (`scoring.rule_hash`): a new version of
the rubric keeps the status of those items whose rule it leaves alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from qa_audit.audit.status_names import START
from qa_audit.messages import QaError
from qa_audit.store.database import exclusive, reading, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.moments import stored_moment
from qa_audit.store.rule_status_schema import rule_status_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.audit.status_names import Status
    from qa_audit.scoring.rubric import Rubric

_LOCK = 7141012  # any number that is the same in every process


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """An item promoted or demoted."""

    rule_status_event_id: int
    item: str
    rule_sha256: str
    rubric: str
    rubric_version: str
    rubric_sha256: str
    before: Status
    status: Status
    overridden: bool
    """Whether the figures did not say so."""
    figures: Mapping[str, Any]
    """As they were then (`estimation.rule_proposal.figures_of`)."""
    from_month: str
    """The first month whose machine scores go by it, as "2026-12"."""
    reason: str
    who: str
    at: datetime
    """UTC."""


def status_events(database: Database) -> list[StatusEvent]:
    """All that was decided, in its order."""
    with reading(database) as connection:
        return _events_in(connection)


def standing(
    events: Iterable[StatusEvent], rules: Mapping[str, str], month: str | None = None
) -> dict[str, StatusEvent]:
    """The event that holds for each item of `rules` (hash by item), now or in a month.

    Items without one are as at the `START`. In a month those count that are for it or for a month before;
    of several the last one kept.
    """
    found: dict[str, StatusEvent] = {}
    for one in events:
        if rules.get(one.item) == one.rule_sha256 and (month is None or one.from_month <= month):
            found[one.item] = one
    return found


def statuses(
    events: Iterable[StatusEvent], rules: Mapping[str, str], month: str | None = None
) -> dict[str, Status]:
    """The status of each item of `rules`, in their order; arguments as for `standing`.

    >>> statuses([], {"closing": "ab"})
    {'closing': 'assisted'}
    """
    held = standing(events, rules, month)
    return {item: held[item].status if item in held else START for item in rules}


def keep_status(
    database: Database,
    rubric: Rubric,
    rules: Mapping[str, str],
    item: str,
    *,
    before: Status,
    to: Status,
    overridden: bool,
    figures: Mapping[str, Any],
    from_month: str,
    reason: str,
    who: str,
    now: datetime | None = None,
) -> StatusEvent:
    """Keep that an item is promoted or demoted, from `before`, which must be its status still.

    Raises `QaError`: `rule_status.no_reason`, `rule_status.same`, `rule_status.changed_meanwhile`, those of
    `store.persons.check_writer`.
    """
    why = " ".join(reason.split())
    if not why:
        raise QaError("rule_status.no_reason")
    if to == before:
        raise QaError("rule_status.same", item=item, status=to)
    row = {
        "item": item,
        "rule_sha256": rules[item],
        "rubric": rubric.id,
        "rubric_version": rubric.version,
        "rubric_sha256": rubric.sha256,
        "before": before,
        "status": to,
        "overridden": overridden,
        "figures": dict(figures),
        "from_month": from_month,
        "reason": why,
        "who": who,
        "at": stored_moment(now),
    }
    with writing(database) as connection:
        exclusive(connection, _LOCK)
        held = statuses(_events_in(connection), rules)[item]
        if held != before:
            raise QaError("rule_status.changed_meanwhile", item=item, status=held, expected=before)
        number = keep_decision(connection, rule_status_events, row)
    return _event({"rule_status_event_id": number, **row})


def _events_in(connection: Connection) -> list[StatusEvent]:
    query = select(rule_status_events).order_by(rule_status_events.c.rule_status_event_id)
    rows: Sequence[Any] = connection.execute(query).all()
    return [_event(row._mapping) for row in rows]


def _event(row: Mapping[str, Any]) -> StatusEvent:
    return StatusEvent(**{**row, "at": row["at"].replace(tzinfo=UTC)})
