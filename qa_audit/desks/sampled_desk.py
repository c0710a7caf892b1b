"""The desk of an inspector: the queue of a draw, and what replaces a skipped call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.audit.desk import Desk
from qa_audit.audit.events import checked_name
from qa_audit.desks.call_source import CallSource
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.audit.actions import SkipReason
    from qa_audit.audit.queue import QueuedCall
    from qa_audit.sampling.book import SampleBook
    from qa_audit.sampling.draws import Draw
    from qa_audit.workspace import Workspace


def open_desk(workspace: Workspace, who: str, calls: Sequence[str] | None, *, blind: bool) -> Desk:
    """The desk of the inspector `who`, as `Workspace.desk` describes it."""
    name = checked_name(who)
    drawn = newest_draw(workspace.samples, name) if calls is None else None
    if drawn is None:
        rows = workspace.call_results.to_audit(calls)
    else:
        rows = workspace.calls(drawn.month if drawn.kind == "random" else None)
    found = CallSource(rows, workspace.results, workspace.settings.transcribe, workspace.choices.digest)
    database, rubric = workspace.database, workspace.rubric
    if drawn is None:
        return Desk(database, rubric, name, found.queue(), found.material, blind=blind)
    sampled = SampledQueue(workspace.samples, drawn, name, found)
    return Desk(database, rubric, name, sampled.calls(), found.material, blind=blind, replace=sampled.replace)


@dataclass(frozen=True, slots=True)
class SampledQueue:
    """Calls of one draw that were handed out to one inspector."""

    book: SampleBook
    draw: Draw
    who: str
    source: CallSource

    def calls(self) -> list[QueuedCall]:
        """In order of hearing, what the inspector had replaced before what replaced it."""
        tickets = self.tickets()
        replaced = {
            one.replaced_by: one.call_id
            for one in self.book.replacements(self.draw.draw_id)
            if one.who == self.who
        }
        found: list[QueuedCall] = []
        for call_id in self.book.queues(self.draw.draw_id).get(self.who, []):
            chain = [call_id]
            while chain[-1] in replaced:
                chain.append(replaced[chain[-1]])
            found += [self.source.queued(one, tickets.get(one)) for one in reversed(chain)]
        return found

    def replace(self, call_id: str, reason: SkipReason) -> QueuedCall | None:
        """Put the next ticket of the stratum in the place of a call; None where the stratum has none left.

        A call that another inspector had replaced already stays replaced by the same one.
        """
        try:
            following = self.book.replace(self.draw.draw_id, call_id, reason, self.who).replaced_by
        except QaError as error:
            if error.code != "sampling.already_replaced":
                raise
            known = {one.call_id: one.replaced_by for one in self.book.replacements(self.draw.draw_id)}
            following = known[call_id]
        return None if following is None else self.source.queued(following, self.tickets().get(following))

    def tickets(self) -> dict[str, str]:
        """Tickets by call, those of replacing calls included."""
        return dict(self.book.draw_of(self.draw.draw_id).tickets.select("call_id", "ticket").iter_rows())


def newest_draw(book: SampleBook, who: str, month: str | None = None) -> Draw | None:
    """The newest draw (of a month) that was handed out to this inspector; None where there is none."""
    return next((one for one in reversed(book.draws(month)) if who in book.queues(one.draw_id)), None)
