"""What people wrote about old calls or one customer's, and customers' numbers: which of it may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import select

from qa_audit.audit.appeal import appeals_of
from qa_audit.audit.coaching import coachings_of
from qa_audit.audit.complaints import complaints_of
from qa_audit.audit.erasing import erase_decision_words, erase_words
from qa_audit.audit.vexatious import listings, vexatious_callers
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.retention.holds import holds_frame
from qa_audit.retention.same_number import bare_number
from qa_audit.store.database import reading, rows_in
from qa_audit.store.decision_rows import DECISIONS, UNCHAINED_WORDS
from qa_audit.store.dispute_schema import (
    appeal_steps,
    appeals,
    coachings,
    complaint_steps,
    complaints,
    praises,
    rulings,
    vexatious_events,
)
from qa_audit.store.proof_schema import audit_words
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime, tzinfo

    from sqlalchemy import Engine as Database
    from sqlalchemy import Table


def expired_words(
    database: Database, before: datetime, zone: tzinfo
) -> tuple[list[int], list[tuple[Table, int]]]:
    """Events, and rows of other tables, whose words may go: all about calls that began before `before`.

    `before` is local time (of `zone`), as calls have it. Kept are those of calls on hold or without a start,
    of open appeals and of complaints that are not closed; a complaint counts as old when all of its calls
    are, one without calls when it was taken down before, coaching when it took place before, an entry of the
    list of vexatious callers likewise once its number is on the list no more and no call of it on hold.
    """
    known = calls_frame(database).select("call_id", "start")
    held = set(holds_frame(database)["call_id"])
    old = {call for call, start in known.iter_rows() if start and start < before} - held
    disputes = appeals_of(database)
    old -= {one.call_id for one in disputes if one.is_open}
    filed = [one.appeal_id for one in disputes if one.call_id in old]
    ended = [one for one in complaints_of(database) if one.state == "closed"]
    moment = before.replace(tzinfo=zone)
    listed = {bare_number(one.customer_no) for one in vexatious_callers(database)} | _numbers(database, held)
    told = [
        one.complaint_id
        for one in ended
        if (old.issuperset(one.calls) if one.calls else one.opened_at < moment)
    ]
    rows = [
        *_of_disputes(database, old, filed, told),
        *(
            (vexatious_events, one.event_id)
            for one in listings(database)
            if one.at < moment and bare_number(one.customer_no) not in listed
        ),
        *((coachings, one.coaching_id) for one in coachings_of(database) if one.coached_at < before),
    ]
    return _events(database, old), rows


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """What is kept about one customer and may be deleted, and the calls about which nothing may."""

    events: list[int]
    rows: list[tuple[Table, int]]
    kept: tuple[str, ...]
    """Calls on hold, of open appeals and of open complaints."""
    complaints: tuple[int, ...]
    """Complaints that stay, for they are open or one of their calls is kept."""
    calls: tuple[str, ...] = ()
    """The customer's calls about which everything may go."""


def words_of_customer(database: Database, number: str) -> OfCustomer:
    """What was written about a customer's calls, and their number in complaints and the list of callers.

    Numbers are compared by `bare_number`. Raises `QaError` `retention.nothing_of_customer`.
    """
    wanted = bare_number(number)
    numbered = calls_frame(database).select("call_id", "customer_no").drop_nulls()
    own = {call for call, told in numbered.iter_rows() if bare_number(told) == wanted}
    disputes, filed = appeals_of(database), complaints_of(database)
    theirs = {one.complaint_id for one in filed if bare_number(one.customer_no or "") == wanted}
    mine = [one for one in filed if one.complaint_id in theirs or not own.isdisjoint(one.calls)]
    entries = [one for one in listings(database) if bare_number(one.customer_no) == wanted]
    if not own and not mine and not entries:
        raise QaError("retention.nothing_of_customer", number=number)
    kept = own & set(holds_frame(database)["call_id"])
    kept |= {one.call_id for one in disputes if one.is_open} & own
    kept |= {call for one in mine if one.state != "closed" for call in one.calls}
    free = own - kept
    appealed = [one.appeal_id for one in disputes if one.call_id in free]
    stay = [one for one in mine if one.state != "closed" or not kept.isdisjoint(one.calls)]
    told = [
        one.complaint_id
        for one in mine
        if one not in stay and (one.customer_no is None or one.complaint_id in theirs)
    ]
    rows = [
        *_of_disputes(database, free, appealed, told),
        *((vexatious_events, one.event_id) for one in entries if not kept and not stay),
    ]
    staying = tuple(sorted(one.complaint_id for one in stay))
    return OfCustomer(_events(database, free), rows, tuple(sorted(kept)), staying, tuple(sorted(free)))


def _numbers(database: Database, call_ids: set[str]) -> set[str]:
    known = calls_frame(database).filter(pl.col("call_id").is_in(list(call_ids)))
    return {bare_number(one) for one in known["customer_no"].drop_nulls()}


def delete_expired(database: Database, before: datetime, zone: tzinfo, who: str, reason: str) -> int:
    """Delete the words of `expired_words` with a record of who and why; of how many events and rows.

    Raises `QaError` as `erase_words`.
    """
    events, rows = expired_words(database, before, zone)
    return erase_words(database, events, who, reason) + erase_decision_words(database, rows, who, reason)


def _events(database: Database, call_ids: Iterable[str]) -> list[int]:
    query = select(audit_words.c.event_id).join(audit_events)
    with reading(database) as connection:
        return [row.event_id for row in rows_in(connection, query, audit_events.c.call_id, call_ids)]


def _of_disputes(
    database: Database, call_ids: Collection[str], appealed: Collection[int], complained: Collection[int]
) -> Iterator[tuple[Table, int]]:
    """Rows of these appeals and complaints, and of what was settled and praised on these calls."""
    yield from ((appeals, one) for one in appealed)
    yield from _rows(database, appeal_steps, "appeal_id", appealed)
    yield from _rows(database, rulings, "call_id", call_ids)
    yield from _rows(database, praises, "call_id", call_ids)
    yield from ((complaints, one) for one in complained)
    yield from _rows(database, complaint_steps, "complaint_id", complained)


def _rows(database: Database, table: Table, column: str, values: Iterable[object]) -> list[tuple[Table, int]]:
    number = table.c[UNCHAINED_WORDS.get(table) or DECISIONS[table][0]]
    with reading(database) as connection:
        return [(table, row[0]) for row in rows_in(connection, select(number), table.c[column], values)]
