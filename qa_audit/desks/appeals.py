"""Appeals of a workspace: what is disputed is looked up, what a decision changes in a score worked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit import appeals as acts
from qa_audit.audit.adjudication import differences, settle
from qa_audit.audit.appeal import ScoreChange, appeals_frame, appeals_of, open_appeals, read_appeal
from qa_audit.audit.events import events_of
from qa_audit.audit.rulings import gold_frame, restating, rulings_of
from qa_audit.audit.scores import audit_frame, person_score
from qa_audit.audit.sheet import sheets
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.scoring.frames import call_score_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa_audit.audit.appeal import Appeal, Outcome
    from qa_audit.audit.rulings import Ruling
    from qa_audit.audit.sheet import Sheet
    from qa_audit.scoring.rubric import Item
    from qa_audit.scoring.verdicts import Finding
    from qa_audit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AppealDesk:
    """Where appeals are filed, answered and decided, and differences between inspectors settled."""

    workspace: Workspace

    def file(
        self,
        call_id: str,
        item: str,
        *,
        text: str,
        who: str,
        at_s: float | None = None,
        now: datetime | None = None,
    ) -> Appeal:
        """File an appeal on an item of a call, or add to the one that is open on it.

        Raises `QaError`: `workspace.unknown_call`, `audit.unknown_item` and as `audit.appeals.file_appeal`.
        """
        call = self._call(call_id)
        self._item(item)
        judged = [one for one in self._sheets(call_id) if one.first_verdicts.get(item) == "fail"]
        disputed = acts.Disputed(
            call_id,
            item,
            tuple(one.who for one in judged),
            max((one.handed_in_at for one in judged if one.handed_in_at), default=None),
            any(one.id == item and one.verdict == "fail" for one in self._machine(call_id)),
            call["duration_s"],
        )
        terms = self.workspace.settings.appeals
        database = self.workspace.database
        return acts.file_appeal(database, disputed, at_s=at_s, text=text, who=who, terms=terms, now=now)

    def reply(self, appeal_id: int, *, text: str, who: str, now: datetime | None = None) -> Appeal:
        """Answer an appeal. Raises `QaError` as `audit.appeals.reply_to`."""
        parties = self._parties(self.get(appeal_id))
        return acts.reply_to(self.workspace.database, appeal_id, text=text, who=who, parties=parties, now=now)

    def decide(
        self,
        appeal_id: int,
        outcome: Outcome,
        *,
        reason: str,
        who: str,
        verdict: str | None = None,
        points: float | None = None,
        critical: bool | None = None,
        now: datetime | None = None,
    ) -> Appeal:
        """Decide an appeal: "upheld" (the verdict stands), "overturned" (it becomes `verdict`, a pass unless
        given) or "partly" (the item keeps `points`, or with `critical` False zeroes the call no longer).

        Each inspector's score before and after is kept with it. Raises `QaError` as
        `audit.appeals.ruling_for` and `audit.appeals.decide`.
        """
        appeal = self.get(appeal_id)
        ruling = acts.ruling_for(outcome, self._item(appeal.item), verdict, points=points, critical=critical)
        return acts.decide(
            self.workspace.database,
            appeal_id,
            outcome,
            reason=reason,
            who=who,
            rubric=self.workspace.rubric,
            ruling=ruling,
            scores=self._changes(appeal, ruling),
            parties=self._parties(appeal),
            now=now,
        )

    def withdraw(self, appeal_id: int, *, reason: str, who: str, now: datetime | None = None) -> Appeal:
        """Take an appeal back. Raises `QaError` as `audit.appeals.withdraw`."""
        return acts.withdraw(self.workspace.database, appeal_id, reason=reason, who=who, now=now)

    def get(self, appeal_id: int) -> Appeal:
        """An appeal by its number. Raises `QaError` `appeals.unknown`."""
        return read_appeal(self.workspace.database, appeal_id)

    def all(self, month: str | None = None, *, open_only: bool = False) -> list[Appeal]:
        """Appeals (on calls of a month) in the order of filing."""
        database = self.workspace.database
        calls = None if month is None else calls_frame(database, month)["call_id"].to_list()
        return open_appeals(database, calls) if open_only else appeals_of(database, calls)

    def frame(self, month: str | None = None, *, now: datetime | None = None) -> pl.DataFrame:
        """Appeals as `audit.appeal.APPEALS_SCHEMA`."""
        return appeals_frame(self.all(month), now or datetime.now(UTC))

    def gold_labels(self, months: Sequence[str] | None = None) -> pl.DataFrame:
        """What was settled (`audit.rulings.GOLD_SCHEMA`) of calls of these months, or of all."""
        return gold_frame(rulings_of(self.workspace.database, self._calls_of(months)))

    def differences(self, months: Sequence[str] | None = None) -> pl.DataFrame:
        """Where inspectors differ (`audit.adjudication.DIFFERENCES_SCHEMA`), settled or not."""
        calls = self._calls_of(months)
        verdicts = audit_frame(self.workspace.database, calls)
        return differences(verdicts, self.gold_labels(months))

    def settle(
        self,
        call_id: str,
        item: str,
        verdict: str,
        *,
        by: Sequence[str],
        reason: str,
        now: datetime | None = None,
    ) -> None:
        """Settle a difference. Raises `QaError` as `audit.adjudication.settle`."""
        database = self.workspace.database
        verdicts = audit_frame(database, [call_id])
        settle(
            database,
            verdicts,
            call_id,
            item,
            verdict,
            by=by,
            reason=reason,
            rubric=self.workspace.rubric,
            now=now,
        )

    def _changes(self, appeal: Appeal, ruling: Ruling | None) -> Mapping[str, ScoreChange]:
        machine, rubric = self._machine(appeal.call_id), self.workspace.rubric
        held = restating(rulings_of(self.workspace.database, [appeal.call_id])).get(appeal.call_id, {})
        after = held if ruling is None else {**held, appeal.item: ruling}
        return {
            sheet.who: ScoreChange(
                person_score(sheet, rubric, machine, first=True, rulings=held).score,
                person_score(sheet, rubric, machine, first=True, rulings=after).score,
            )
            for sheet in self._sheets(appeal.call_id)
        }

    def _sheets(self, call_id: str) -> list[Sheet]:
        """Sheets of a call that were handed in, in order of inspectors."""
        found = sheets(events_of(self.workspace.database, call_id))
        kept = [found[key] for key in sorted(found)]
        return [one for one in kept if one.handed_in_at is not None and one.skipped is None]

    def _machine(self, call_id: str) -> tuple[Finding, ...]:
        return call_score_from(self.workspace.call_findings(call_id)).items

    def _parties(self, appeal: Appeal) -> acts.Parties:
        call = calls_frame(self.workspace.database, call_id=appeal.call_id)
        names = call.select("agent_name", "agent_no", "person_id").rows()
        failed = [
            one.who for one in self._sheets(appeal.call_id) if one.first_verdicts.get(appeal.item) == "fail"
        ]
        return acts.Parties(frozenset(failed), frozenset(name for row in names for name in row if name))

    def _call(self, call_id: str) -> dict:
        """The call with its length: of the recording, else of the list."""
        found = calls_frame(self.workspace.database, call_id=call_id)
        if found.is_empty():
            raise QaError("workspace.unknown_call", call_id=call_id)
        row = found.row(0, named=True)
        try:
            length_s = self.workspace.transcript(call_id)[0].duration_s
        except QaError:
            length_s = row["listed_duration_s"]
        return {**row, "duration_s": length_s}

    def _item(self, item: str) -> Item:
        items = {one.id: one for one in self.workspace.rubric.items}
        if item not in items:
            raise QaError("audit.unknown_item", got=item, allowed=", ".join(sorted(items)))
        return items[item]

    def _calls_of(self, months: Sequence[str] | None) -> list[str] | None:
        if months is None:
            return None
        database = self.workspace.database
        return [call for month in months for call in calls_frame(database, month)["call_id"]]
