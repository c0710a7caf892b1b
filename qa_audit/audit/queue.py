"""An inspector's queue: which calls are to be heard, in a fixed order, and how far each is.

Nobody swaps a call quietly: it is handed in, or skipped with a reason and shown as skipped; anything else
stays open. Labels tell when, who and how long, never what a machine thinks of the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa_audit.audit.actions import HandIn, ShowMachine, Skip
from qa_audit.audit.events import events_of_calls, kinds_of_calls
from qa_audit.audit.sheet import sheets
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine as Database

    from qa_audit.audit.actions import SkipReason

State = Literal["open", "begun", "handed_in", "skipped"]


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A call that an inspector is to hear, and what may be known of it before."""

    call_id: str
    start: datetime | None = None
    """Naive local time of the centre."""
    agent: str | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A queued call and how far it is."""

    call_id: str
    state: State
    start: datetime | None = None
    """Naive local time of the centre."""
    agent: str | None = None
    duration_s: float | None = None
    skipped: SkipReason | None = None

    @property
    def to_do(self) -> bool:
        """Whether the inspector has something left to do."""
        return self.state in ("open", "begun")


def queue_of(database: Database, who: str, calls: Sequence[QueuedCall]) -> tuple[QueueEntry, ...]:
    """How far the inspector `who` is with each of `calls`, in their order; a call named twice stands once."""
    unique = {one.call_id: one for one in calls}
    kinds = kinds_of_calls(database, who, unique)
    skipped = _skips(database, who, kinds)
    return tuple(
        QueueEntry(
            call_id,
            _state(kinds.get(call_id, frozenset()), skipped.get(call_id)),
            one.start,
            one.agent,
            one.duration_s,
            skipped.get(call_id),
        )
        for call_id, one in unique.items()
    )


def next_after(entries: Sequence[QueueEntry], call_id: str | None = None) -> str | None:
    """The call to be heard after `call_id` (None: the first): the next one with something left to do.

    Behind the last the search goes on from the first; `call_id` is no answer. None when nothing is left.

    >>> entries = [QueueEntry(name, "open") for name in "abc"]
    >>> next_after(entries), next_after(entries, "b"), next_after(entries, "c")
    ('a', 'c', 'a')

    Raises `QaError` `audit.not_in_queue`.
    """
    places = {entry.call_id: place for place, entry in enumerate(entries)}
    if call_id is not None and call_id not in places:
        raise QaError("audit.not_in_queue", call_id=call_id)
    here = -1 if call_id is None else places[call_id]
    for entry in (*entries[here + 1 :], *entries[: max(here, 0)]):
        if entry.to_do:
            return entry.call_id
    return None


def _skips(database: Database, who: str, kinds: Mapping[str, frozenset[str]]) -> dict[str, SkipReason]:
    """Why calls are skipped now; a skip may have been undone."""
    maybe = [call_id for call_id, own in kinds.items() if Skip.kind in own]
    found = sheets(events_of_calls(database, maybe, who)) if maybe else {}
    return {sheet.call_id: sheet.skipped for sheet in found.values() if sheet.skipped is not None}


def _state(kinds: frozenset[str], skipped: SkipReason | None) -> State:
    if skipped is not None:
        return "skipped"
    if HandIn.kind in kinds:
        return "handed_in"
    return "begun" if kinds - {ShowMachine.kind} else "open"
