"""Complaints (投诉): the recordings that belong to one, what was heard, the follow-ups, the decision.

What is heard for a complaint was not drawn by chance, so it enters no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from qa_audit.audit.actions import checked_text
from qa_audit.audit.events import checked_name
from qa_audit.messages import QaError, say
from qa_audit.store.database import exclusive, reading, writing
from qa_audit.store.decision_rows import decisions, keep_decision, words_of
from qa_audit.store.dispute_schema import complaint_steps
from qa_audit.store.dispute_schema import complaints as table
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row
    from sqlalchemy import Engine as Database

StepKind = Literal["call", "heard", "follow_up", "decision", "closed", "reopened"]
Outcome = Literal["at_fault", "not_at_fault", "cannot_tell"]
OUTCOMES: tuple[Outcome, ...] = ("at_fault", "not_at_fault", "cannot_tell")
State = Literal["open", "decided", "closed"]

_COMPLAINING = 7141007  # any number that is the same in every process


class Moment(NamedTuple):
    """A place in a call that shows something."""

    call_id: str
    at_s: float


@dataclass(frozen=True, slots=True)
class ComplaintStep:
    """What happened to a complaint."""

    kind: StepKind
    who: str
    at: datetime
    """UTC."""
    text: str
    call_id: str | None = None
    at_s: float | None = None
    outcome: Outcome | None = None
    evidence: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """A customer's complaint, with all that was done about it."""

    complaint_id: int
    customer_no: str | None
    text: str
    who: str
    opened_at: datetime
    """UTC."""
    steps: tuple[ComplaintStep, ...] = ()

    @property
    def calls(self) -> tuple[str, ...]:
        """Recordings that belong to it."""
        return tuple(
            dict.fromkeys(step.call_id for step in self.steps if step.kind == "call" and step.call_id)
        )

    @property
    def decision(self) -> ComplaintStep | None:
        """The newest decision whether the agent was at fault."""
        return next((step for step in reversed(self.steps) if step.kind == "decision"), None)

    @property
    def state(self) -> State:
        """How far it is; reopened, it is where it was before it was closed."""
        ends = [step.kind for step in self.steps if step.kind in ("closed", "reopened")]
        if ends and ends[-1] == "closed":
            return "closed"
        return "open" if self.decision is None else "decided"


def open_complaint(
    database: Database, *, text: str, who: str, customer_no: str | None = None, now: datetime | None = None
) -> Complaint:
    """Take a complaint down. Raises `QaError`: `audit.no_name`, `audit.bad_text`."""
    who, text, at = checked_name(who), checked_text("text", text), now or datetime.now(UTC)
    row = {"customer_no": customer_no or None, "text": text, "who": who, "opened_at": stored_moment(at)}
    with writing(database) as connection:
        return _complaint(connection, keep_decision(connection, table, row))


def add_call(
    database: Database, complaint_id: int, call_id: str, *, who: str, text: str, now: datetime | None = None
) -> Complaint:
    """Say that a recording belongs to a complaint, and why one thinks so.

    Raises `QaError`: `audit.no_name`, `audit.bad_text`, `complaints.unknown`, `complaints.closed`.
    """
    return _add(database, complaint_id, "call", now, who=who, text=text, call_id=call_id)


def note_heard(
    database: Database,
    complaint_id: int,
    *,
    text: str,
    who: str,
    moment: Moment,
    now: datetime | None = None,
) -> Complaint:
    """Write down what was heard, and where.

    Raises `QaError` as `add_call`, and `complaints.not_its_call`.
    """
    call_id, at_s = moment
    return _add(database, complaint_id, "heard", now, who=who, text=text, call_id=call_id, at_s=at_s)


def follow_up(
    database: Database, complaint_id: int, *, text: str, who: str, now: datetime | None = None
) -> Complaint:
    """Write down what was done: a call back, an apology, a promise kept. Raises `QaError` as `add_call`."""
    return _add(database, complaint_id, "follow_up", now, who=who, text=text)


def decide_complaint(
    database: Database,
    complaint_id: int,
    outcome: Outcome,
    *,
    reason: str,
    who: str,
    evidence: Sequence[Moment] = (),
    now: datetime | None = None,
) -> Complaint:
    """Decide whether the agent was at fault; a later decision replaces an earlier one, and both are kept.

    That an agent was at fault needs a moment that shows it, that they were not, that a recording was heard.
    Raises `QaError` as `note_heard`, `complaints.outcome`, `complaints.no_evidence`,
    `complaints.nothing_heard`.
    """
    if outcome not in OUTCOMES:
        raise QaError("complaints.outcome", got=outcome, allowed=", ".join(OUTCOMES))
    if outcome == "at_fault" and not evidence:
        raise QaError("complaints.no_evidence", complaint=complaint_id)
    places = [list(one) for one in evidence]
    return _add(
        database, complaint_id, "decision", now, who=who, text=reason, outcome=outcome, evidence=places
    )


def close_complaint(
    database: Database, complaint_id: int, *, text: str, who: str, now: datetime | None = None
) -> Complaint:
    """Close a decided complaint, with what the customer was told.

    Raises `QaError` as `add_call`, and `complaints.undecided`.
    """
    return _add(database, complaint_id, "closed", now, who=who, text=text)


def reopen_complaint(
    database: Database, complaint_id: int, *, reason: str, who: str, now: datetime | None = None
) -> Complaint:
    """Open a closed complaint again. Raises `QaError` as `add_call`, and `complaints.not_closed`."""
    return _add(database, complaint_id, "reopened", now, who=who, text=reason)


def read_complaint(database: Database, complaint_id: int) -> Complaint:
    """A complaint by its number. Raises `QaError` `complaints.unknown`, and as `persons.check_reader`."""
    with reading(database) as connection:
        check_reader(connection, table)
        return _complaint(connection, complaint_id)


def complaints_of(database: Database) -> list[Complaint]:
    """All complaints in order. Raises `QaError` as `persons.check_reader`."""
    with reading(database) as connection:
        check_reader(connection, table)
        return _with_steps(
            connection, connection.execute(decisions(table).order_by(table.c.complaint_id)).all()
        )


def _add(
    database: Database, complaint_id: int, kind: StepKind, now: datetime | None, **values: object
) -> Complaint:
    values |= {"who": checked_name(values["who"]), "text": checked_text("text", values["text"])}
    at = stored_moment(now)
    with writing(database) as connection:
        exclusive(connection, _COMPLAINING)
        before = _complaint(connection, complaint_id)
        _check(before, kind, values)
        row = {"complaint_id": complaint_id, "kind": kind, "at": at, **values}
        keep_decision(connection, complaint_steps, row)
        return _complaint(connection, complaint_id)


def _check(before: Complaint, kind: StepKind, values: dict[str, object]) -> None:
    number = before.complaint_id
    if kind == "reopened":
        if before.state != "closed":
            raise QaError("complaints.not_closed", complaint=number)
        return
    if before.state == "closed":
        raise QaError("complaints.closed", complaint=number)
    evidence = values.get("evidence")
    named = [place[0] for place in evidence] if isinstance(evidence, list) else []
    if kind == "heard":
        named = [values["call_id"]]
    for call_id in named:
        if call_id not in before.calls:
            raise QaError(
                "complaints.not_its_call",
                complaint=number,
                call_id=call_id,
                calls=", ".join(before.calls) or "–",
            )
    heard = any(step.kind == "heard" for step in before.steps)
    if kind == "decision" and values["outcome"] != "cannot_tell" and not heard:
        raise QaError("complaints.nothing_heard", complaint=number)
    if kind == "closed" and before.decision is None:
        raise QaError("complaints.undecided", complaint=number, outcomes=_outcomes())


def _outcomes() -> str:
    return "、".join(say(f"complaints.outcomes.{one}") for one in OUTCOMES)


def _complaint(connection: Connection, complaint_id: int) -> Complaint:
    row = connection.execute(decisions(table).where(table.c.complaint_id == complaint_id)).one_or_none()
    if row is None:
        raise QaError("complaints.unknown", complaint=complaint_id)
    return _with_steps(connection, [row])[0]


def _with_steps(connection: Connection, rows: Sequence[Row]) -> list[Complaint]:
    steps: dict[int, list[ComplaintStep]] = {row.complaint_id: [] for row in rows}
    query = decisions(complaint_steps).order_by(complaint_steps.c.step_id)
    if len(rows) == 1:
        query = query.where(complaint_steps.c.complaint_id == rows[0].complaint_id)
    for row in connection.execute(query):
        evidence = tuple(Moment(*place) for place in row.evidence or ())
        steps[row.complaint_id].append(
            ComplaintStep(
                row.kind,
                row.who,
                row.at.replace(tzinfo=UTC),
                words_of(complaint_steps, row),
                row.call_id,
                row.at_s,
                row.outcome,
                evidence,
            )
        )
    return [
        Complaint(
            row.complaint_id,
            words_of(table, row, "customer_no") or None,
            words_of(table, row),
            row.who,
            row.opened_at.replace(tzinfo=UTC),
            tuple(steps[row.complaint_id]),
        )
        for row in rows
    ]
