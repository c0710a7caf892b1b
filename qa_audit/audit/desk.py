"""The desk of one inspector: the queue, the open call, and every action saved at once.

What the player shows and sends is JSON. In blind mode nothing that the machine says of a call leaves the desk
before the call is handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.audit.actions import (
    Limits,
    Redo,
    ShowMachine,
    Skip,
    Undo,
    WriteComment,
    check_within,
    from_json,
)
from qa_audit.audit.events import append, checked_name, read_sheet
from qa_audit.audit.opened import OpenedCall
from qa_audit.audit.queue import next_after, queue_of
from qa_audit.audit.sheet import sheet_json
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.audit.actions import Action, SkipReason
    from qa_audit.audit.opened import CallMaterial
    from qa_audit.audit.queue import QueuedCall, QueueEntry
    from qa_audit.audit.sheet import Sheet
    from qa_audit.scoring.rubric import Rubric

KEPT_OPEN = 3
"""Calls kept at hand: the one on show, the one before, the one to come. Bounds the memory of a long day."""
_WITHOUT_TURNS = (Skip, WriteComment, Undo, Redo)
"""Actions that are possible on a call that cannot be shown."""


class Desk:
    """Where one inspector works through a list of calls.

    Every method raises `QaError` alone: what is wrong with one call is said, and the others go on.
    """

    def __init__(
        self,
        database: Database,
        rubric: Rubric,
        who: str,
        calls: Sequence[QueuedCall],
        material_of: Callable[[str], CallMaterial],
        *,
        blind: bool = True,
        replace: Callable[[Connection, str, SkipReason], QueuedCall | None] | None = None,
    ) -> None:
        """`calls` in the order in which they are to be heard; `material_of` gives a call by its id.

        `replace` is told of drawn calls that are skipped, in the transaction that keeps the skip, and gives
        the call that chance puts in the place (None: there is none left). Raises `QaError` `audit.no_name`.
        """
        self.who = checked_name(who)
        self.blind = blind
        self._database = database
        self._rubric = rubric
        self._items = frozenset(item.id for item in rubric.items)
        self._calls = list(calls)
        self._by_id = {call.call_id: call for call in calls}
        self._replace = replace
        self._material_of = material_of
        self._opened: dict[str, OpenedCall] = {}

    def queue(self) -> tuple[QueueEntry, ...]:
        """Every call and how far it is, in the fixed order."""
        return queue_of(self._database, self.who, self._calls)

    def next_after(self, call_id: str | None = None) -> str | None:
        """The next call with something left to do, after `call_id` or the first; None when all is done."""
        return next_after(self.queue(), call_id)

    def open(self, call_id: str) -> dict[str, Any]:
        """All that the player shows of a call: title, turns, items, sheet; the machine's findings if visible.

        Where they are shown before the call is handed in, that is kept as an event: the sheet is then not
        blind. Raises `QaError` `audit.not_in_queue` and what is wrong with the call.
        """
        opened = self._open(call_id)
        sheet = read_sheet(self._database, call_id, self.who)
        if not self.blind and sheet.handed_in_at is None and sheet.blind:
            sheet = self._append(call_id, ShowMachine(), opened)
        shown = opened.as_json(machine=self._visible(sheet))
        return {**shown, "blind": self.blind, **self._told(sheet, opened)}

    def sheet(self, call_id: str) -> dict[str, Any]:
        """What `act` returns, without an action: the sheet as it is now, also after another tab went on."""
        self._check_queued(call_id)
        return self._told(read_sheet(self._database, call_id, self.who), self._open_if_possible(call_id))

    def act(
        self, call_id: str, action: object, expects_revision: int | None = None, *, uuid: str | None = None
    ) -> dict[str, Any]:
        """Keep an action (JSON, `audit.actions`) and return the sheet as it is then.

        `sheet`; `machine` (findings by item), `scores` and `rescored` (with the corrections) when visible,
        else null. A drawn call that is skipped is replaced, so that skip stays. `expects_revision` and `uuid`
        as for `events.append`. Raises `QaError` `audit.not_in_queue`, `audit.skip_stays` and all of
        `from_json`, `check_within`, `append` and the replacing; nothing is kept then.
        """
        self._check_queued(call_id)
        wanted = from_json(action)
        if isinstance(wanted, _WITHOUT_TURNS):
            opened = self._open_if_possible(call_id)
        else:
            opened = self._open(call_id)
        wanted = check_within(wanted, opened.limits if opened else Limits(self._items))
        drawn = self.skip_stays(call_id)
        if drawn and isinstance(wanted, Undo):
            self._check_not_skipped(call_id)
        try:
            if drawn and isinstance(wanted, Skip):
                sheet = self._skip(call_id, wanted, opened, expects_revision, uuid)
            else:
                sheet = self._append(call_id, wanted, opened, expects_revision, uuid)
        except QaError as error:
            if drawn and error.code == "audit.call_skipped":
                self._check_not_skipped(call_id)  # it would advise an undo that is refused
            raise
        return self._told(sheet, opened)

    def skip_stays(self, call_id: str) -> bool:
        """Whether a skip of the call is for good: a drawn one is replaced. `call_id` is one of the queue."""
        return self._replace is not None and self._by_id[call_id].ticket is not None

    def _check_not_skipped(self, call_id: str) -> None:
        skipped = read_sheet(self._database, call_id, self.who).skipped
        if skipped is not None:
            raise QaError("audit.skip_stays", call_id=call_id, reason=say(f"sampling.reason.{skipped}"))

    def _skip(
        self,
        call_id: str,
        skip: Skip,
        opened: OpenedCall | None,
        expects_revision: int | None,
        uuid: str | None,
    ) -> Sheet:
        """Keep the skip of a drawn call together with what replaces it."""
        given: list[QueuedCall | None] = []

        def replace(connection: Connection) -> None:
            if self._replace is not None:
                given.append(self._replace(connection, call_id, skip.reason))

        sheet = self._append(call_id, skip, opened, expects_revision, uuid, beside=replace)
        for following in given:
            if following is not None and following.call_id not in self._by_id:
                self._by_id[following.call_id] = following
                self._calls.insert(self._calls.index(self._by_id[call_id]) + 1, following)
        return sheet

    def _append(
        self,
        call_id: str,
        action: Action,
        opened: OpenedCall | None,
        expects_revision: int | None = None,
        uuid: str | None = None,
        *,
        beside: Callable[[Connection], None] | None = None,
    ) -> Sheet:
        return append(
            self._database,
            call_id,
            self.who,
            action,
            self._rubric,
            expects_revision=expects_revision,
            transcript_sha256=opened.digest if opened else None,
            ticket=self._by_id[call_id].ticket,
            uuid=uuid,
            beside=beside,
        )

    def _told(self, sheet: Sheet, opened: OpenedCall | None) -> dict[str, Any]:
        if opened is None:
            return {"sheet": sheet_json(sheet), "machine": None, "scores": None, "rescored": None}
        visible = self._visible(sheet)
        return {
            "sheet": opened.sheet_json(sheet),
            "machine": opened.machine_json() if visible else None,
            "scores": opened.scores_json(sheet) if visible else None,
            "rescored": opened.rescored_json(sheet) if visible else None,
        }

    def _visible(self, sheet: Sheet) -> bool:
        return not self.blind or sheet.handed_in_at is not None

    def _check_queued(self, call_id: str) -> None:
        if call_id not in self._by_id:
            raise QaError("audit.not_in_queue", call_id=call_id)

    def _open(self, call_id: str) -> OpenedCall:
        self._check_queued(call_id)
        opened = self._opened.pop(call_id, None) or OpenedCall(self._material_of(call_id), self._rubric)
        self._opened[call_id] = opened  # last in line to be let go
        if len(self._opened) > KEPT_OPEN:
            del self._opened[next(iter(self._opened))]
        return opened

    def _open_if_possible(self, call_id: str) -> OpenedCall | None:
        try:
            return self._open(call_id)
        except QaError:
            return None
