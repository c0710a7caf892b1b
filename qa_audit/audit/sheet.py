"""The sheet: what an inspector has decided about a call by now, folded from the events.

Every action but undo and redo goes on a pile; undo takes the topmost off, redo puts it back, and a new action
makes what was taken off final. What lies under a hand-in stays. The sheet is what the pile amounts to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qa_audit.audit.actions import (
    Action,
    CorrectRole,
    CorrectText,
    Fault,
    GiveVerdict,
    HandIn,
    PassRest,
    Redo,
    RemoveFault,
    ShowMachine,
    Skip,
    SwapRoles,
    Undo,
    WriteComment,
    to_json,
)

if TYPE_CHECKING:
    from qa_audit.audit.actions import SkipReason, Speaker
    from qa_audit.scoring.verdicts import Verdict

OTHER_SPEAKER: Mapping[str, Speaker] = {"agent": "customer", "customer": "agent"}


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """An action with who did it, when, on which call, and what was on show."""

    uuid: str
    """32 hexadecimal digits: names the event."""
    at: datetime
    """UTC."""
    who: str
    call_id: str
    action: Action
    blind: bool
    """True when the machine's verdicts had not been shown to this person before."""
    rubric_sha256: str
    rubric_version: str
    transcript_sha256: str | None = None
    """Digest of the turns on show (`corrections.transcript_digest`); None where none were needed."""
    ticket: str | None = None
    """The drawn sample's ticket; None for a call that was not drawn."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one inspector has decided about one call."""

    call_id: str
    who: str
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """By item; an item without one is still open."""
    faults: tuple[Fault, ...] = ()
    """In order of start."""
    comment: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    """Corrected words by turn."""
    roles: Mapping[int, Speaker] = field(default_factory=dict)
    """Corrected speakers by turn."""
    roles_swapped: bool = False
    """Whether all turns without an entry in `roles` have the other speaker."""
    transcript_sha256: str | None = None
    """Of the turns that `texts` and `roles` are about; None without any."""
    skipped: SkipReason | None = None
    handed_in_at: datetime | None = None
    """UTC, of the first time."""
    first_verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """As first handed in; empty before that."""
    first_faults: tuple[Fault, ...] = ()
    """As first handed in."""
    decided: Mapping[str, AuditEvent] = field(default_factory=dict, repr=False)
    """The event to which each verdict goes back."""
    blind: bool = True
    """Whether the machine's verdicts stayed hidden until the call was handed in."""
    ticket: str | None = None
    """Of the drawn sample; None for a call that was not drawn."""
    saved_at: datetime | None = None
    """UTC, of the latest event."""
    can_undo: bool = False
    can_redo: bool = False
    revision: int = 0
    """Number of own events."""


def fold(events: Iterable[AuditEvent], call_id: str, who: str) -> Sheet:
    """The sheet of one inspector on one call; events of others are passed over.

    `events` in the order in which they were kept (not of `at`: clocks are set back). Whatever they are, there
    is a sheet: an undo with nothing to take back changes nothing.
    """
    own = [event for event in events if event.call_id == call_id and event.who == who]
    pile: list[AuditEvent] = []
    taken: list[AuditEvent] = []
    blind = True
    for event in own:
        match event.action:
            case Undo():
                if _undoable(pile):
                    taken.append(pile.pop())
            case Redo():
                if taken:
                    pile.append(taken.pop())
            case ShowMachine():
                blind = blind and any(isinstance(one.action, HandIn) for one in pile)
            case _:
                pile.append(event)
                taken.clear()
    state = _State()
    for event in pile:
        state.take(event)
    return Sheet(
        call_id=call_id,
        who=who,
        verdicts=state.verdicts,
        faults=state.ordered_faults(),
        comment=state.comment,
        texts=state.texts,
        roles=state.roles,
        roles_swapped=state.roles_swapped,
        transcript_sha256=state.transcript_sha256,
        skipped=state.skipped,
        handed_in_at=state.handed_in_at,
        first_verdicts=state.first_verdicts,
        first_faults=state.first_faults,
        decided=state.decided,
        blind=blind,
        ticket=next((event.ticket for event in reversed(own) if event.ticket is not None), None),
        saved_at=own[-1].at if own else None,
        can_undo=_undoable(pile),
        can_redo=bool(taken),
        revision=len(own),
    )


def sheets(events: Iterable[AuditEvent]) -> dict[tuple[str, str], Sheet]:
    """The sheets of all calls and inspectors in `events`, by call id and name."""
    grouped: dict[tuple[str, str], list[AuditEvent]] = {}
    for event in events:
        grouped.setdefault((event.call_id, event.who), []).append(event)
    return {key: fold(own, *key) for key, own in grouped.items()}


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """The sheet as the player shows it: times in ISO 8601 with their zone, faults as they are sent.

    >>> sheet_json(Sheet("c1", "李"))["revision"]
    0
    """
    return {
        "call_id": sheet.call_id,
        "who": sheet.who,
        "verdicts": dict(sheet.verdicts),
        "faults": [_fault_json(fault) for fault in sheet.faults],
        "comment": sheet.comment,
        # Keys of JSON objects are text.
        "texts": {str(turn): text for turn, text in sorted(sheet.texts.items())},
        "roles": {str(turn): role for turn, role in sorted(sheet.roles.items())},
        "roles_swapped": sheet.roles_swapped,
        "skipped": sheet.skipped,
        "handed_in_at": _time(sheet.handed_in_at),
        "first_verdicts": dict(sheet.first_verdicts),
        "saved_at": _time(sheet.saved_at),
        "can_undo": sheet.can_undo,
        "can_redo": sheet.can_redo,
        "revision": sheet.revision,
    }


def _undoable(pile: list[AuditEvent]) -> bool:
    return bool(pile) and not isinstance(pile[-1].action, HandIn)


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in to_json(fault).items() if name != "kind"}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


class _State:
    """What the events on the pile amount to, one after another."""

    def __init__(self) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self.decided: dict[str, AuditEvent] = {}
        self.faults: dict[str, Fault] = {}
        self.by_fault: set[str] = set()
        """Items that fail because a fault was marked, not because somebody said so."""
        self.comment = ""
        self.texts: dict[int, str] = {}
        self.roles: dict[int, Speaker] = {}
        self.roles_swapped = False
        self.transcript_sha256: str | None = None
        self.skipped: SkipReason | None = None
        self.handed_in_at: datetime | None = None
        self.first_verdicts: dict[str, Verdict] = {}
        self.first_faults: tuple[Fault, ...] = ()

    def take(self, event: AuditEvent) -> None:
        match event.action:
            case GiveVerdict(item, verdict):
                self.by_fault.discard(item)
                self._judge(event, item, verdict)
            case PassRest(items):
                for item in items:
                    if item not in self.verdicts:
                        self._judge(event, item, "pass")
            case Fault() as fault:
                self._mark(event, fault)
            case RemoveFault(fault):
                self._unmark(event, fault)
            case WriteComment(text):
                self.comment = text
            case CorrectText() | CorrectRole() | SwapRoles() as correction:
                self._correct(event, correction)
            case Skip(reason):
                self.skipped = reason
            case HandIn() if self.handed_in_at is None:
                self.handed_in_at = event.at
                self.first_verdicts = dict(self.verdicts)
                self.first_faults = self.ordered_faults()
            case _:
                pass

    def ordered_faults(self) -> tuple[Fault, ...]:
        return tuple(sorted(self.faults.values(), key=lambda one: (one.start_s, one.end_s, one.fault)))

    def _judge(self, event: AuditEvent, item: str, verdict: Verdict | None) -> None:
        if verdict is None:
            self.verdicts.pop(item, None)
            self.decided.pop(item, None)
        else:
            self.verdicts[item] = verdict
            self.decided[item] = event

    def _mark(self, event: AuditEvent, fault: Fault) -> None:
        before = self.faults.get(fault.fault)
        self.faults[fault.fault] = fault
        if before is not None and before.item == fault.item:
            return  # a fault whose ends were nudged says nothing new about the item
        if before is not None:
            self._without_fault(event, before.item)
        if self.verdicts.get(fault.item) != "fail":
            self.by_fault.add(fault.item)
            self._judge(event, fault.item, "fail")

    def _unmark(self, event: AuditEvent, fault: str) -> None:
        before = self.faults.pop(fault, None)
        if before is not None:
            self._without_fault(event, before.item)

    def _without_fault(self, event: AuditEvent, item: str) -> None:
        """An item that failed only by its fault is open again; in a sheet handed in, the verdict stays."""
        others = any(one.item == item for one in self.faults.values())
        if item in self.by_fault and not others and self.handed_in_at is None:
            self.by_fault.discard(item)
            self._judge(event, item, None)

    def _correct(self, event: AuditEvent, correction: CorrectText | CorrectRole | SwapRoles) -> None:
        if event.transcript_sha256 != self.transcript_sha256:  # those made before are about other turns
            self.texts, self.roles, self.roles_swapped = {}, {}, False
            self.transcript_sha256 = event.transcript_sha256
        match correction:
            case CorrectText(turn, text):
                self.texts[turn] = text
            case CorrectRole(turns, role):
                self.roles |= dict.fromkeys(turns, role)
            case SwapRoles():
                self.roles_swapped = not self.roles_swapped
                self.roles = {turn: OTHER_SPEAKER[role] for turn, role in self.roles.items()}
