"""Complaints of a workspace: found, listened to, followed up, decided; and the list of vexatious callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.audit import complaints as acts
from qa_audit.audit import vexatious
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.audit.complaints import Complaint, Moment, Outcome
    from qa_audit.audit.vexatious import Listing
    from qa_audit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ComplaintDesk:
    """Where complaints are dealt with. Calls are found by `Workspace.find`."""

    workspace: Workspace

    def open(
        self, *, text: str, who: str, number: str | None = None, call_id: str | None = None
    ) -> Complaint:
        """Take a complaint down, with the customer's number and its recording where they are known.

        Raises `QaError` `workspace.unknown_call` and those of `audit.complaints.open_complaint`.
        """
        if call_id is not None:
            self._check(call_id)
        made = acts.open_complaint(self.workspace.database, text=text, who=who, customer_no=number)
        return made if call_id is None else self.add_call(made.complaint_id, call_id, who=who, text=text)

    def add_call(self, complaint_id: int, call_id: str, *, who: str, text: str) -> Complaint:
        """Say that a recording belongs to it. Raises `QaError` as `audit.complaints.add_call`."""
        self._check(call_id)
        return acts.add_call(self.workspace.database, complaint_id, call_id, who=who, text=text)

    def heard(self, complaint_id: int, moment: Moment, *, who: str, text: str) -> Complaint:
        """Write down what was heard. Raises `QaError` as `audit.complaints.note_heard`."""
        return acts.note_heard(self.workspace.database, complaint_id, moment=moment, who=who, text=text)

    def follow_up(self, complaint_id: int, *, who: str, text: str) -> Complaint:
        """Write down what was done. Raises `QaError` as `audit.complaints.follow_up`."""
        return acts.follow_up(self.workspace.database, complaint_id, who=who, text=text)

    def decide(
        self, complaint_id: int, outcome: Outcome, *, reason: str, who: str, evidence: Sequence[Moment] = ()
    ) -> Complaint:
        """Decide whether the agent was at fault. Raises `QaError` as `audit.complaints.decide_complaint`."""
        database = self.workspace.database
        return acts.decide_complaint(
            database, complaint_id, outcome, reason=reason, who=who, evidence=evidence
        )

    def close(self, complaint_id: int, *, who: str, text: str) -> Complaint:
        """Close it. Raises `QaError` as `audit.complaints.close_complaint`."""
        return acts.close_complaint(self.workspace.database, complaint_id, who=who, text=text)

    def reopen(self, complaint_id: int, *, who: str, reason: str) -> Complaint:
        """Open it again. Raises `QaError` as `audit.complaints.reopen_complaint`."""
        return acts.reopen_complaint(self.workspace.database, complaint_id, who=who, reason=reason)

    def get(self, complaint_id: int) -> Complaint:
        """A complaint by its number. Raises `QaError` `complaints.unknown`."""
        return acts.read_complaint(self.workspace.database, complaint_id)

    def all(self, *, open_only: bool = False) -> list[Complaint]:
        """Complaints in order."""
        found = acts.complaints_of(self.workspace.database)
        return [one for one in found if one.state != "closed" or not open_only]

    def put_on_list(self, number: str, *, who: str, reason: str) -> Listing:
        """Call a number vexatious. Raises `QaError` as `audit.vexatious.put_on_list`."""
        return vexatious.put_on_list(self.workspace.database, number, who=who, reason=reason)

    def take_off_list(self, number: str, *, who: str, reason: str) -> Listing:
        """Take a number off the list. Raises `QaError` as `audit.vexatious.take_off_list`."""
        return vexatious.take_off_list(self.workspace.database, number, who=who, reason=reason)

    def vexatious(self) -> list[Listing]:
        """Numbers on the list now."""
        return vexatious.vexatious_callers(self.workspace.database)

    def _check(self, call_id: str) -> None:
        if calls_frame(self.workspace.database, call_id=call_id).is_empty():
            raise QaError("workspace.unknown_call", call_id=call_id)
