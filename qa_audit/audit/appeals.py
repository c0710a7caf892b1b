"""What is done about an appeal: filed, answered, decided or withdrawn, each in one transaction.

Nobody judges in their own case: whoever failed the item first, whoever appeals and the agent neither answer
nor decide. There is one appeal for an item of a call at a time: while it is open, whoever files again adds a
moment to it, and one decision settles both; after a decision the item is settled, after a withdrawal it may
be appealed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from qa_audit.audit.actions import END_SLACK_S, checked_text
from qa_audit.audit.appeal import OUTCOMES, appeal_in, appeals_in
from qa_audit.audit.events import checked_name
from qa_audit.audit.left_out import failed_first
from qa_audit.audit.rulings import Ruling, keep_ruling
from qa_audit.messages import QaError, say
from qa_audit.store.chain import lock_chain
from qa_audit.store.database import exclusive, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.dispute_schema import appeal_steps
from qa_audit.store.dispute_schema import appeals as table
from qa_audit.store.moments import stored_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.audit.appeal import Appeal, Outcome, ScoreChange
    from qa_audit.audit.settings import AppealSettings
    from qa_audit.scoring.rubric import Item, Rubric

_APPEALING = 7141005  # any number that is the same in every process


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has a stake in an appeal when it is answered or decided, beside those who were named in it."""

    inspectors: frozenset[str] = frozenset()
    """Those who have failed the item by now."""
    agent: frozenset[str] = frozenset()
    """Names and numbers of whose call it is."""


_NOBODY = Parties()


@dataclass(frozen=True, slots=True)
class Disputed:
    """The verdict that is disputed, as it stands when an appeal is filed."""

    call_id: str
    item: str
    first_inspectors: tuple[str, ...] = ()
    """Those whose handed-in sheet fails the item."""
    handed_in_at: datetime | None = None
    """UTC, the latest of theirs."""
    machine_fails: bool = False
    duration_s: float | None = None


def file_appeal(
    database: Database,
    disputed: Disputed,
    *,
    at_s: float | None,
    text: str,
    who: str,
    terms: AppealSettings,
    now: datetime | None = None,
) -> Appeal:
    """File an appeal, or add to the one that is open on the same item; the appeal as it is then.

    `at_s` are seconds into the call, None where no moment shows it. An appeal that comes late is taken and
    marked so. Raises `QaError`: `audit.no_name`, `audit.bad_text`, `appeals.nothing_lost`,
    `appeals.outside_call`, `appeals.settled`.
    """
    who, text = checked_name(who), checked_text("text", text)
    at = now or datetime.now(UTC)
    call_id, item = disputed.call_id, disputed.item
    if not disputed.first_inspectors and not disputed.machine_fails:
        raise QaError("appeals.nothing_lost", call_id=call_id, item=item)
    _check_moment(at_s, disputed)
    with writing(database) as connection:
        exclusive(connection, _APPEALING)
        before = [one for one in appeals_in(connection, [call_id]) if one.item == item]
        for one in before:
            if one.is_open:
                return _step(connection, one, "added", at, who=who, text=text, at_s=at_s)
            if one.decision is not None:
                raise QaError(
                    "appeals.settled", appeal=one.appeal_id, state=say(f"appeals.state.{one.state}")
                )
        # From here on nothing is decided until the appeal is kept: whoever failed the item is named in it.
        lock_chain(connection)
        first = dict.fromkeys((*disputed.first_inspectors, *failed_first(connection, call_id, item)))
        handed_in = disputed.handed_in_at
        row = {
            "call_id": call_id,
            "item": item,
            "at_s": at_s,
            "text": text,
            "who": who,
            "filed_at": stored_moment(at),
            "first_inspectors": list(first),
            "file_by": stored_moment(handed_in + timedelta(days=terms.file_days)) if handed_in else None,
            "reply_by": stored_moment(at + timedelta(days=terms.reply_days)),
            "decide_by": stored_moment(at + timedelta(days=terms.decide_days)),
        }
        return appeal_in(connection, keep_decision(connection, table, row))


def reply_to(
    database: Database,
    appeal_id: int,
    *,
    text: str,
    who: str,
    parties: Parties = _NOBODY,
    now: datetime | None = None,
) -> Appeal:
    """Answer an appeal.

    Raises `QaError`: `audit.no_name`, `audit.bad_text`, `appeals.unknown`, `appeals.closed`,
    `appeals.own_verdict`, `appeals.own_case`.
    """
    who, text = checked_name(who), checked_text("text", text)
    with writing(database) as connection:
        exclusive(connection, _APPEALING)
        appeal = _open(connection, appeal_id)
        _check_impartial(appeal, who, parties)
        return _step(connection, appeal, "reply", now or datetime.now(UTC), who=who, text=text)


def decide(
    database: Database,
    appeal_id: int,
    outcome: Outcome,
    *,
    reason: str,
    who: str,
    rubric: Rubric,
    ruling: Ruling | None = None,
    scores: Mapping[str, ScoreChange] | None = None,
    parties: Parties = _NOBODY,
    now: datetime | None = None,
) -> Appeal:
    """Decide an answered appeal for good; what changes the verdict is kept as a ruling, at the same time.

    `ruling` as `ruling_for` gives it; `scores` by inspector are kept with the decision. Raises `QaError`:
    `audit.no_name`, `audit.bad_text`, `appeals.unknown`, `appeals.closed`, `appeals.no_reply`,
    `appeals.own_verdict`, `appeals.own_case`.
    """
    who, reason = checked_name(who), checked_text("reason", reason)
    at = now or datetime.now(UTC)
    with writing(database) as connection:
        exclusive(connection, _APPEALING)
        appeal = _open(connection, appeal_id)
        _check_impartial(appeal, who, parties)
        if appeal.reply is None:
            raise QaError("appeals.no_reply", appeal=appeal_id)
        if ruling is not None:
            keep_ruling(
                connection,
                appeal.call_id,
                appeal.item,
                ruling,
                source="appeal",
                by=[who],
                reason=reason,
                at=at,
                rubric=rubric,
                appeal_id=appeal_id,
            )
        kept = {name: list(change) for name, change in (scores or {}).items()}
        return _step(connection, appeal, "decision", at, who=who, text=reason, outcome=outcome, scores=kept)


def ruling_for(
    outcome: Outcome,
    item: Item,
    verdict: str | None = None,
    *,
    points: float | None = None,
    critical: bool | None = None,
) -> Ruling | None:
    """What a decision makes of an item: None where the verdict stands.

    Overturned, it passes unless another `verdict` than a fail is given. Partly, it still fails, but keeps
    `points` or no longer zeroes the call. Raises `QaError` `appeals.bad_decision`.

    >>> from qa_audit.scoring import load_rubric
    >>> ruling_for("overturned", load_rubric().items[0])
    Ruling(verdict='pass', points=None, critical=None)
    """
    if outcome not in OUTCOMES:
        raise QaError("appeals.bad_decision", rule=say("appeals.rule.outcome"))
    if outcome == "overturned":
        chosen = verdict or "pass"
        if (
            chosen not in ("pass", "not_applicable", "uncertain")
            or points is not None
            or critical is not None
        ):
            raise QaError("appeals.bad_decision", rule=say("appeals.rule.overturned"))
        return Ruling(chosen)  # pyright: ignore[reportArgumentType]  # one of three verdicts
    if outcome == "upheld":
        if verdict is not None or points is not None or critical is not None:
            raise QaError("appeals.bad_decision", rule=say("appeals.rule.upheld"))
        return None
    spares = points is not None and 0 <= points <= item.weight
    if (
        verdict not in (None, "fail")
        or critical is True
        or not (spares or (points is None and critical is False))
    ):
        raise QaError("appeals.bad_decision", rule=say("appeals.rule.partly", points=item.weight))
    return Ruling("fail", points, critical)


def withdraw(
    database: Database, appeal_id: int, *, reason: str, who: str, now: datetime | None = None
) -> Appeal:
    """Take an appeal back, before it is decided, by whoever filed it.

    Raises `QaError`: `audit.no_name`, `audit.bad_text`, `appeals.unknown`, `appeals.closed`,
    `appeals.not_yours`.
    """
    who, reason = checked_name(who), checked_text("reason", reason)
    with writing(database) as connection:
        exclusive(connection, _APPEALING)
        appeal = _open(connection, appeal_id)
        if who != appeal.who:
            raise QaError("appeals.not_yours", appeal=appeal_id, who=appeal.who)
        return _step(connection, appeal, "withdrawal", now or datetime.now(UTC), who=who, text=reason)


def _open(connection: Connection, appeal_id: int) -> Appeal:
    appeal = appeal_in(connection, appeal_id)
    if not appeal.is_open:
        raise QaError("appeals.closed", appeal=appeal_id, state=say(f"appeals.state.{appeal.state}"))
    return appeal


def _check_impartial(appeal: Appeal, who: str, parties: Parties) -> None:
    if who in {*appeal.first_inspectors, *parties.inspectors}:
        raise QaError("appeals.own_verdict", appeal=appeal.appeal_id, who=who)
    filed_by = {appeal.who, *(step.who for step in appeal.steps if step.kind == "added")}
    if who in filed_by | parties.agent:
        raise QaError("appeals.own_case", appeal=appeal.appeal_id, who=who)


def _check_moment(at_s: float | None, disputed: Disputed) -> None:
    if at_s is None:
        return
    last = disputed.duration_s
    if not at_s >= 0 or at_s > (1e9 if last is None else last + END_SLACK_S):
        told = "–" if last is None else round(last, 1)
        raise QaError("appeals.outside_call", call_id=disputed.call_id, at=at_s, duration=told)


def _step(connection: Connection, appeal: Appeal, kind: str, at: datetime, **more: object) -> Appeal:
    row = {"appeal_id": appeal.appeal_id, "kind": kind, "at": stored_moment(at), **more}
    keep_decision(connection, appeal_steps, row)
    return appeal_in(connection, appeal.appeal_id)
