"""Which calls keep their recording where it is: those that somebody may have to hear again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from qa_audit.audit.appeal import appeals_of
from qa_audit.audit.complaints import complaints_of
from qa_audit.audit.events import events_of_calls
from qa_audit.audit.rulings import rulings_of
from qa_audit.audit.sheet import fold
from qa_audit.retention.holds import holds_frame
from qa_audit.store.database import reading
from qa_audit.store.sample_schema import draws, tickets

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

REASONS = ("hold", "fault", "complaint", "appeal", "gold")
"""Why a recording stays; each has its words in the catalogue (`archive.kept.…`)."""


def kept_calls(database: Database) -> dict[str, tuple[str, ...]]:
    """Reasons (of `REASONS`, in their order) by call id.

    Calls on hold; those in which a person found a fault or gave a `fail` that stands; those of a complaint or
    an appeal, decided ones too, or drawn for one; those with a settled verdict (gold label).
    """
    found: dict[str, set[str]] = {"hold": set(holds_frame(database)["call_id"])}
    found["fault"] = calls_with_faults(database)
    with reading(database) as connection:
        query = select(tickets.c.call_id, draws.c.kind).join(draws)
        for call_id, kind in connection.execute(query.where(draws.c.kind.in_(("complaint", "appeal")))):
            found.setdefault(kind, set()).add(call_id)
    found.setdefault("complaint", set()).update(*(one.calls for one in complaints_of(database)))
    found.setdefault("appeal", set()).update(one.call_id for one in appeals_of(database))
    found["gold"] = {one.call_id for one in rulings_of(database)}
    kept: dict[str, tuple[str, ...]] = {}
    for reason in REASONS:
        for call_id in found.get(reason, ()):
            kept[call_id] = (*kept.get(call_id, ()), reason)
    return kept


def calls_with_faults(database: Database) -> set[str]:
    """Calls on whose sheets, of whichever inspector, a marked fault or a verdict `fail` stands now."""
    own: dict[tuple[str, str], list] = {}
    for event in events_of_calls(database):
        own.setdefault((event.call_id, event.who), []).append(event)
    sheets = (fold(events, *sheet) for sheet, events in own.items())
    return {one.call_id for one in sheets if one.faults or "fail" in one.verdicts.values()}
