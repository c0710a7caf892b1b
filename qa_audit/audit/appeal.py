"""An appeal (申诉): who says that an item of a call was judged wrongly, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.store.database import reading, rows_in
from qa_audit.store.decision_rows import decisions, words_of
from qa_audit.store.dispute_schema import appeal_steps, appeals
from qa_audit.store.persons import own_calls_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from sqlalchemy import Connection, Row
    from sqlalchemy import Engine as Database

StepKind = Literal["added", "reply", "decision", "withdrawal"]
Outcome = Literal["upheld", "overturned", "partly"]
"""Of the first verdict: it stands, it was wrong, or it stands but costs less."""
OUTCOMES: tuple[Outcome, ...] = ("upheld", "overturned", "partly")
State = Literal["filed", "replied", "upheld", "overturned", "partly", "withdrawn"]
OPEN_STATES: tuple[State, ...] = ("filed", "replied")
Late = Literal["filing", "reply", "decision"]

APPEALS_SCHEMA = pl.Schema(
    {
        "appeal": pl.Int64,
        "call_id": pl.String,
        "item": pl.String,
        "at_s": pl.Float64,
        "state": pl.String,
        "open": pl.Boolean,
        "who": pl.String,
        "text": pl.String,
        "filed_at": pl.Datetime("us", "UTC"),
        "first_inspectors": pl.List(pl.String),
        "reply_by": pl.Datetime("us", "UTC"),
        "replied_by": pl.String,
        "reply": pl.String,
        "decide_by": pl.Datetime("us", "UTC"),
        "decided_by": pl.String,
        "reason": pl.String,
        "late": pl.List(pl.String),
    }
)
"""One row an appeal; `late` lists which of filing, reply and decision came late, or are by now."""


class ScoreChange(NamedTuple):
    """An inspector's score of the call before and after a decision; None where nothing could be judged."""

    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class AppealStep:
    """What happened to an appeal after it was filed."""

    kind: StepKind
    who: str
    at: datetime
    """UTC."""
    text: str
    at_s: float | None = None
    outcome: Outcome | None = None
    scores: Mapping[str, ScoreChange] | None = None
    """Of a decision, by inspector."""


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal on one item of one call, with all that was said since."""

    appeal_id: int
    call_id: str
    item: str
    at_s: float | None
    """The moment in the call; None where something is said to be there that was missed somewhere."""
    text: str
    who: str
    filed_at: datetime
    """UTC, as all of these."""
    first_inspectors: tuple[str, ...]
    """Those who had failed the item; empty where only the machine had."""
    file_by: datetime | None
    reply_by: datetime
    decide_by: datetime
    steps: tuple[AppealStep, ...] = ()

    @property
    def reply(self) -> AppealStep | None:
        """The first reply."""
        return self._first("reply")

    @property
    def decision(self) -> AppealStep | None:
        """The final decision."""
        return self._first("decision")

    @property
    def state(self) -> State:
        """How far it is."""
        if self.decision is not None and self.decision.outcome is not None:
            return self.decision.outcome
        if self._first("withdrawal") is not None:
            return "withdrawn"
        return "filed" if self.reply is None else "replied"

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to act, so that its month cannot be closed."""
        return self.state in OPEN_STATES

    def late(self, now: datetime) -> tuple[Late, ...]:
        """Which steps came after their time, or are overdue at `now` (UTC)."""
        found: list[Late] = []
        if self.file_by is not None and self.filed_at > self.file_by:
            found.append("filing")
        withdrawn = self._first("withdrawal")
        ended = withdrawn.at if withdrawn else now
        if (self.reply.at if self.reply else ended) > self.reply_by:
            found.append("reply")
        if (self.decision.at if self.decision else ended) > self.decide_by:
            found.append("decision")
        return tuple(found)

    def _first(self, kind: StepKind) -> AppealStep | None:
        return next((step for step in self.steps if step.kind == kind), None)


def read_appeal(database: Database, appeal_id: int) -> Appeal:
    """An appeal by its number. Raises `QaError` `appeals.unknown`."""
    with reading(database) as connection:
        return appeal_in(connection, appeal_id)


def appeal_in(connection: Connection, appeal_id: int) -> Appeal:
    """As `read_appeal`, within the caller's transaction."""
    query, own = decisions(appeals).where(appeals.c.appeal_id == appeal_id), own_calls_alone(connection)
    row = connection.execute(query if own is None else query.where(appeals.c.call_id.in_(own))).one_or_none()
    if row is None:
        raise QaError("appeals.unknown", appeal=appeal_id)
    return _with_steps(connection, [row])[0]


def appeals_of(database: Database, call_ids: Collection[str] | None = None) -> list[Appeal]:
    """All appeals (on these calls) in the order of filing; an agent gets those on their own calls alone."""
    with reading(database) as connection:
        return appeals_in(connection, call_ids)


def appeals_in(connection: Connection, call_ids: Collection[str] | None = None) -> list[Appeal]:
    """As `appeals_of`, within the caller's transaction."""
    query, own = decisions(appeals), own_calls_alone(connection)
    if own is not None:
        query = query.where(appeals.c.call_id.in_(own))
    if call_ids is None:
        rows = connection.execute(query).all()
    else:
        rows = rows_in(connection, query, appeals.c.call_id, set(call_ids))
    return _with_steps(connection, rows)


def open_appeals(database: Database, call_ids: Collection[str] | None = None) -> list[Appeal]:
    """Appeals (on these calls) that wait for a reply or a decision."""
    return [one for one in appeals_of(database, call_ids) if one.is_open]


def open_appeals_of_month(
    database: Database, month: str, framed: Callable[[], Collection[str]] = tuple
) -> list[Appeal]:
    """Appeals on calls of a month ("2026-10") that are open still; a month with any is not to be closed.

    `framed` gives the calls of its frozen frames: a call whose start was put right since, into another month,
    counts in this one. It is asked only where an open appeal may be on such a call. Raises `QaError`
    `calls.bad_month`.
    """
    own = set(calls_frame(database, month)["call_id"])
    found = open_appeals(database)
    if not all(one.call_id in own for one in found):
        own.update(framed())
    return [one for one in found if one.call_id in own]


def appeals_frame(found: Iterable[Appeal], now: datetime) -> pl.DataFrame:
    """Appeals as a frame (`APPEALS_SCHEMA`); `now` is UTC."""
    rows = [
        (
            one.appeal_id,
            one.call_id,
            one.item,
            one.at_s,
            one.state,
            one.is_open,
            one.who,
            one.text,
            one.filed_at,
            list(one.first_inspectors),
            one.reply_by,
            one.reply.who if one.reply else None,
            one.reply.text if one.reply else None,
            one.decide_by,
            one.decision.who if one.decision else None,
            one.decision.text if one.decision else None,
            list(one.late(now)),
        )
        for one in found
    ]
    return pl.DataFrame(rows, APPEALS_SCHEMA, orient="row")


def _with_steps(connection: Connection, rows: Iterable[Row]) -> list[Appeal]:
    ordered = sorted(rows, key=lambda row: row.appeal_id)
    steps: dict[int, list[AppealStep]] = {row.appeal_id: [] for row in ordered}
    for row in connection.execute(decisions(appeal_steps).order_by(appeal_steps.c.step_id)):
        if row.appeal_id in steps:
            steps[row.appeal_id].append(_step(row))
    return [
        Appeal(
            appeal_id=row.appeal_id,
            call_id=row.call_id,
            item=row.item,
            at_s=row.at_s,
            text=words_of(appeals, row),
            who=row.who,
            filed_at=row.filed_at.replace(tzinfo=UTC),
            first_inspectors=tuple(row.first_inspectors),
            file_by=None if row.file_by is None else row.file_by.replace(tzinfo=UTC),
            reply_by=row.reply_by.replace(tzinfo=UTC),
            decide_by=row.decide_by.replace(tzinfo=UTC),
            steps=tuple(steps[row.appeal_id]),
        )
        for row in ordered
    ]


def _step(row: Row) -> AppealStep:
    scores = None if row.scores is None else {who: ScoreChange(*pair) for who, pair in row.scores.items()}
    said = words_of(appeal_steps, row)
    return AppealStep(row.kind, row.who, row.at.replace(tzinfo=UTC), said, row.at_s, row.outcome, scores)
