"""Keeping what people decide: one event appended at a time, and read back as sheets.

An event is written and judged in one transaction that no other writer of the same sheet can enter, so what
was allowed is still allowed when it is kept. Nothing here changes or deletes a row; every event is chained to
the one before it (`store.chain`), and what a person wrote lies apart (`audit.words`).
"""

from __future__ import annotations

import hashlib
import uuid as uuids
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from qa_audit.audit.actions import (
    GiveVerdict,
    HandIn,
    Redo,
    ShowMachine,
    Skip,
    Undo,
    WriteComment,
    checked_id,
    from_payload,
    to_json,
)
from qa_audit.audit.sheet import AuditEvent, Sheet, fold
from qa_audit.audit.words import joined, parted
from qa_audit.messages import QaError, language, say
from qa_audit.store.chain import commit_link, row_digest
from qa_audit.store.database import exclusive, insert_one, reading, rows_in, writing
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import (
    check_not_own_call,
    check_writer,
    folded,
    own_numbers,
    person_in,
    sees_colleagues,
)
from qa_audit.store.proof_schema import audit_words
from qa_audit.store.salted import new_salt, words_digest
from qa_audit.store.schema import audit_events
from qa_audit.store.schema import calls as calls_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from sqlalchemy import Connection, Row, Select
    from sqlalchemy import Engine as Database

    from qa_audit.audit.actions import Action
    from qa_audit.scoring.rubric import Rubric

MAX_NAME = 200
_MUST_HAVE_SEEN = (HandIn, Undo, Redo)
"""Actions that say something of all that stands on the sheet, so that it must have been on show."""
_ON_SKIPPED = (Skip, Undo, Redo, WriteComment, ShowMachine)
_CHAINED = (
    *("event_id", "uuid", "at", "who", "call_id", "ticket", "kind", "payload", "blind"),
    *("rubric_sha256", "rubric_version", "transcript_sha256", "words_sha256"),
)
_EVENTS = select(audit_events, audit_words.c.words).outerjoin(audit_words)


def append(
    database: Database,
    call_id: str,
    who: str,
    action: Action,
    rubric: Rubric,
    *,
    expects_revision: int | None = None,
    transcript_sha256: str | None = None,
    ticket: str | None = None,
    uuid: str | None = None,
    now: datetime | None = None,
    beside: Callable[[Connection], object] | None = None,
) -> Sheet:
    """Append one event, in one transaction; the sheet as it is then.

    `expects_revision` is the sheet that the person had on show. When another tab has gone on since, the event
    is appended all the same and the new sheet shows both; only handing in, undo and redo are refused, for
    they mean what was seen. An action that changes nothing, and one whose `uuid` (32 hexadecimal digits) was
    kept before, leaves the sheet as it is. `now` is UTC, the machine's clock unless given. `beside`
    is called within the transaction once the action is allowed, also where nothing is appended: all is kept,
    or nothing.

    Raises `QaError`: `audit.no_name`, `audit.bad_id`, `audit.behind`, `audit.nothing_to_undo`,
    `audit.nothing_to_redo`, `audit.items_open`, `audit.call_skipped`, `audit.handed_in`,
    `audit.verdict_needed`, those of `store.persons.check_writer`, `roles.own_call`, and those of
    `store.database`.
    """
    who = checked_name(who)
    uuid = uuids.uuid4().hex if uuid is None else checked_id("uuid", uuid)
    at = now or datetime.now(UTC)
    with writing(database) as connection:
        person = check_writer(connection, audit_events, who)
        check_not_own_call(connection, person, call_id)
        exclusive(connection, _lock_of(call_id, who))
        own = _read(connection, _of_sheet(call_id, who))
        before = fold(own, call_id, who)
        repeated = any(event.uuid == uuid for event in own)
        if not repeated:
            if expects_revision not in (None, before.revision) and isinstance(action, _MUST_HAVE_SEEN):
                raise QaError("audit.behind", call_id=call_id)
            _check_allowed(action, before)
        if beside is not None:
            beside(connection)
        if repeated:
            return before
        event = AuditEvent(
            uuid=uuid,
            at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
            who=who,
            call_id=call_id,
            action=action,
            blind=before.blind and before.handed_in_at is None,
            rubric_sha256=rubric.sha256,
            rubric_version=rubric.version,
            transcript_sha256=transcript_sha256,
            ticket=ticket,
        )
        after = fold([*own, event], call_id, who)
        if _content(after) == _content(before):
            return before
        _check_complete(action, after, rubric)
        _keep(connection, event)
    return after


def read_sheet(database: Database, call_id: str, who: str) -> Sheet:
    """The present sheet of an inspector on a call; an empty one where nothing was decided yet.

    Raises `QaError` `audit.no_name`.
    """
    who = checked_name(who)
    return fold(events_of(database, call_id, who), call_id, who)


def events_of(database: Database, call_id: str, who: str | None = None) -> tuple[AuditEvent, ...]:
    """All events of a call, of one inspector or of everybody, in order. Raises `QaError` `roles.blind`."""
    with reading(database) as connection:
        _check_seen(connection, [call_id], who)
        return _read(connection, _of_sheet(call_id, who))


def events_of_calls(
    database: Database, call_ids: Iterable[str] | None = None, who: str | None = None
) -> tuple[AuditEvent, ...]:
    """Events of many calls (None: of all), of one inspector or of everybody, in order.

    Raises `QaError` `roles.blind` where they hold verdicts that this person is not to see yet.
    """
    query = _EVENTS
    if who is not None:
        query = query.where(audit_events.c.who == who)
    wanted = None if call_ids is None else set(call_ids)
    with reading(database) as connection:
        _check_seen(connection, wanted, who)
        if wanted is None:
            return _read(connection, query)
        rows = rows_in(connection, query, audit_events.c.call_id, wanted)
    return tuple(map(_event_of, sorted(rows, key=lambda row: row.event_id)))


def kinds_of_calls(database: Database, who: str, call_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The kinds of events that an inspector has for each of these calls: how far it is, without folding."""
    table = audit_events.c
    query = select(table.call_id, table.kind).where(table.who == who).distinct()
    found: dict[str, set[str]] = {}
    with reading(database) as connection:
        for call_id, kind in rows_in(connection, query, table.call_id, set(call_ids)):
            found.setdefault(call_id, set()).add(kind)
    return {call_id: frozenset(kinds) for call_id, kinds in found.items()}


def checked_name(who: object) -> str:
    """The inspector's name without blanks around it, and with single ones inside (王　芳 is 王 芳).

    >>> checked_name(" 李敏 ")
    '李敏'

    Raises `QaError` `audit.no_name` for an empty one, one too long or with control characters.
    """
    name = folded(who) if isinstance(who, str) else ""
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise QaError("audit.no_name", got=ascii(who)[:MAX_NAME], most=MAX_NAME)
    return name


def _check_seen(connection: Connection, call_ids: Collection[str] | None, who: str | None) -> None:
    """Nobody sees a colleague's verdict of a call before they handed in their own; some judge none."""
    person = person_in(connection)
    if person is None or sees_colleagues(person) or who == person.name:
        return
    if "agent" in person.roles and "inspector" not in person.roles:
        table, own = calls_table.c, calls_table.c.agent_no.in_(own_numbers(connection, person))
        query = select(table.call_id).where(own)
    else:
        table = audit_events.c
        query = select(table.call_id).where(table.who == person.name, table.kind == HandIn.kind)
    free = set(connection.execute(query).scalars())
    if call_ids is None or not set(call_ids) <= free:
        left = "" if call_ids is None else sorted(set(call_ids) - free)[0]
        raise QaError("roles.blind", who=person.name, call_id=left or "–")


def _check_allowed(action: Action, sheet: Sheet) -> None:
    if isinstance(action, Undo) and not sheet.can_undo:
        raise QaError("audit.nothing_to_undo")
    if isinstance(action, Redo) and not sheet.can_redo:
        raise QaError("audit.nothing_to_redo")
    if sheet.skipped is not None and not isinstance(action, _ON_SKIPPED):
        raise QaError(
            "audit.call_skipped", call_id=sheet.call_id, reason=say(f"sampling.reason.{sheet.skipped}")
        )
    if isinstance(action, Skip) and sheet.handed_in_at is not None:
        raise QaError("audit.handed_in", call_id=sheet.call_id)


def _check_complete(action: Action, after: Sheet, rubric: Rubric) -> None:
    """What is handed in has a verdict for every item, and keeps one."""
    if isinstance(action, HandIn):
        still_open = [item.id for item in rubric.items if item.id not in after.verdicts]
        if still_open:
            names = "、".join(rubric.name_of(item, language()) for item in still_open)
            raise QaError("audit.items_open", count=len(still_open), items=names)
    if isinstance(action, GiveVerdict) and action.verdict is None and after.handed_in_at is not None:
        raise QaError("audit.verdict_needed", call_id=after.call_id)


def _content(sheet: Sheet) -> Sheet:
    """The sheet without what every event changes."""
    return replace(sheet, decided={}, ticket=None, saved_at=None, can_undo=False, can_redo=False, revision=0)


def _lock_of(call_id: str, who: str) -> int:
    """Number of the lock of a sheet, for databases in which several write at once: 63 bits."""
    digest = hashlib.sha256(f"audit {len(who)} {who} {call_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def events_in(connection: Connection, call_id: str) -> tuple[AuditEvent, ...]:
    """What all have done on a call, in order, in the caller's transaction; nobody is asked who they are."""
    return _read(connection, _of_sheet(call_id, None))


def _of_sheet(call_id: str, who: str | None) -> Select:
    query = _EVENTS.where(audit_events.c.call_id == call_id)
    return query if who is None else query.where(audit_events.c.who == who)


def _read(connection: Connection, query: Select) -> tuple[AuditEvent, ...]:
    return tuple(map(_event_of, connection.execute(query.order_by(audit_events.c.event_id))))


def _event_of(row: Row) -> AuditEvent:
    return AuditEvent(
        uuid=row.uuid,
        at=row.at.replace(tzinfo=UTC),
        who=row.who,
        call_id=row.call_id,
        action=from_payload(joined(row.payload, row.words)),
        blind=row.blind,
        rubric_sha256=row.rubric_sha256,
        rubric_version=row.rubric_version,
        transcript_sha256=row.transcript_sha256,
        ticket=row.ticket,
    )


def _keep(connection: Connection, event: AuditEvent) -> None:
    """Insert an event, its words and its link of the chain, and end the transaction."""
    payload, words = parted(to_json(event.action))
    salt = new_salt() if words else ""
    values = {
        "uuid": event.uuid,
        "at": stored_moment(event.at),
        "who": event.who,
        "call_id": event.call_id,
        "ticket": event.ticket,
        "kind": event.action.kind,
        "payload": payload,
        "blind": event.blind,
        "rubric_sha256": event.rubric_sha256,
        "rubric_version": event.rubric_version,
        "transcript_sha256": event.transcript_sha256,
        "words_sha256": words_digest(salt, words) if words else None,
    }
    event_id = insert_one(connection, insert(audit_events).values(values))
    apart = [insert(audit_words).values(event_id=event_id, salt=salt, words=words)] if words else []
    commit_link(
        connection, audit_events.name, event_id, event_digest({"event_id": event_id, **values}), *apart
    )


def event_digest(row: Mapping[str, Any]) -> str:
    """What the chain holds of a row of `audit_events`; columns that it gains later are not part of it."""
    at = row["at"].isoformat(timespec="microseconds")
    return row_digest({name: row[name] for name in _CHAINED} | {"at": at})
