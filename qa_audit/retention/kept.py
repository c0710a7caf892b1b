"""Which calls keep their recording where it is: those that somebody may have to hear again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from qa_audit.audit.events import events_of_calls
from qa_audit.audit.sheet import fold
from qa_audit.retention.holds import holds_frame
from qa_audit.store.database import reading
from qa_audit.store.sample_schema import draws, tickets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Engine as Database

REASONS = ("hold", "fault", "complaint", "appeal", "gold")
"""Why a recording stays; each has its words in the catalogue (`archive.kept.…`)."""


def kept_calls(
    database: Database, more: Mapping[str, Collection[str]] | None = None
) -> dict[str, tuple[str, ...]]:
    """Reasons (of `REASONS`, in their order) by call id.

    From this database: calls on hold; those in which a person found a fault or gave a `fail` that stands;
    those drawn for a complaint or an appeal. `more` adds calls by reason: the registers of complaints,
    appeals and gold labels.
    """
    found: dict[str, set[str]] = {"hold": set(holds_frame(database)["call_id"])}
    found["fault"] = calls_with_faults(database)
    with reading(database) as connection:
        query = select(tickets.c.call_id, draws.c.kind).join(draws)
        for call_id, kind in connection.execute(query.where(draws.c.kind.in_(("complaint", "appeal")))):
            found.setdefault(kind, set()).add(call_id)
    for reason, call_ids in (more or {}).items():
        found.setdefault(reason, set()).update(call_ids)
    order = [*REASONS, *sorted(set(found) - set(REASONS))]
    kept: dict[str, tuple[str, ...]] = {}
    for reason in order:
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
