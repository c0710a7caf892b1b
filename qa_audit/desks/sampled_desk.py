"""The desk of an inspector: the queue of the draws, and what replaces a skipped call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.desk import Desk
from qa_audit.audit.events import checked_name
from qa_audit.audit.queue import QueuedCall, queue_of
from qa_audit.closing.ledger import Ledger
from qa_audit.desks.call_source import CallSource
from qa_audit.messages import QaError
from qa_audit.sampling.draws import read_draw
from qa_audit.sampling.hand_outs import replacements
from qa_audit.store.database import writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from qa_audit.audit.actions import SkipReason
    from qa_audit.sampling.book import SampleBook
    from qa_audit.sampling.draws import Draw
    from qa_audit.workspace import Workspace

_SKIP_STANDS = ("sampling.already_heard", "roles.not_allowed", "roles.not_you")


def open_desk(workspace: Workspace, who: str, calls: Sequence[str] | None, *, blind: bool) -> Desk:
    """The desk of the inspector `who`, as `Workspace.desk` describes it."""
    name = checked_name(who)
    drawn = draws_to_hear(workspace.samples, name) if calls is None else []
    if drawn:
        chosen = any(one.kind != "random" for one in drawn)
        months = [None] if chosen else sorted({one.month for one in drawn})
        rows = pl.concat([workspace.calls(month) for month in months])
    else:
        rows = workspace.call_results.to_audit(calls)
    found = CallSource(
        rows,
        workspace.results,
        workspace.settings.transcribe,
        workspace.choices.digest,
        lambda call_id: workspace.call_results.columns([call_id]).get(call_id, ()),
    )
    database, rubric = workspace.database, workspace.rubric
    if not drawn:
        return Desk(database, rubric, name, found.queue(), found.material, blind=blind)
    sampled = SampledQueue(workspace.samples, drawn, name, found)
    sampled.replace_skipped()
    return Desk(database, rubric, name, sampled.calls(), found.material, blind=blind, replace=sampled.replace)


@dataclass(frozen=True, slots=True)
class SampledQueue:
    """Calls of some draws that were handed out to one inspector."""

    book: SampleBook
    draws: Sequence[Draw]
    who: str
    source: CallSource

    def calls(self) -> list[QueuedCall]:
        """Draw by draw in order of hearing, what the inspector had replaced before what replaced it."""
        found: dict[str, QueuedCall] = {}
        for draw in self.draws:
            for one in self._calls_of(draw.draw_id):
                # A call that was drawn and is heard for a complaint as well can be replaced as drawn.
                if one.ticket is not None or one.call_id not in found:
                    found[one.call_id] = one
        return list(found.values())

    def _calls_of(self, draw_id: int) -> list[QueuedCall]:
        tickets = _tickets(self.book.draw_of(draw_id))
        replaced = {
            one.replaced_by: one.call_id for one in self.book.replacements(draw_id) if one.who == self.who
        }
        found: list[QueuedCall] = []
        for call_id in self.book.queues(draw_id).get(self.who, []):
            chain = [call_id]
            while chain[-1] in replaced:
                chain.append(replaced[chain[-1]])
            found += [self.source.queued(one, tickets[one]) for one in reversed(chain)]
        return found

    def replace(self, connection: Connection, call_id: str, reason: SkipReason) -> QueuedCall | None:
        """Put the next ticket of the stratum in the place of a call; None where the stratum has none left.

        All of it within the caller's transaction. A call that another inspector had replaced already stays
        replaced by the same one.
        """
        own = (read_draw(connection, one.draw_id) for one in self.draws if one.kind == "random")
        draw_id = next(one.draw_id for one in own if call_id in _tickets(one))
        try:
            done = self.book.replace(draw_id, call_id, reason, self.who, within=connection)
            following = done.replaced_by
        except QaError as error:
            if error.code != "sampling.already_replaced":
                raise
            known = {one.call_id: one.replaced_by for one in replacements(connection, draw_id)}
            following = known[call_id]
        if following is None:
            return None
        return self.source.queued(following, _tickets(read_draw(connection, draw_id))[following])

    def replace_skipped(self) -> None:
        """Replace drawn calls that the inspector skipped where nothing could replace them, before the draw.

        Where that is not allowed, for a colleague has judged the call or somebody else looks at this desk,
        the call stays as it is.
        """
        database = self.book.database
        drawn = [one for one in self.calls() if one.ticket is not None]
        replaced = {one.call_id for draw in self.draws for one in self.book.replacements(draw.draw_id)}
        for entry in queue_of(database, self.who, drawn):
            if entry.skipped is None or entry.call_id in replaced:
                continue
            try:
                with writing(database) as connection:
                    self.replace(connection, entry.call_id, entry.skipped)
            except QaError as error:
                if error.code not in _SKIP_STANDS:
                    raise


def draws_to_hear(book: SampleBook, who: str) -> list[Draw]:
    """Draws in which this inspector has something left to do, and the newest handed out to them; in order.

    Of draws that others were made instead of, only the newest of all; drawn calls of a closed month count no
    more, so nobody has to hear them.
    """
    given = book.given_to(who)
    if not given:
        return []
    ledger = Ledger(book.database)
    calls = [QueuedCall(call_id) for own in given.values() for call_id in own]
    to_do = {one.call_id for one in queue_of(book.database, who, calls) if one.to_do}
    newest = max(given)
    found = [book.draw_of(one) for one, own in given.items() if one == newest or not to_do.isdisjoint(own)]
    closed = {month for month in {one.month for one in found} if ledger.closed(month) is not None}
    return [one for one in found if one.draw_id == newest or one.kind != "random" or one.month not in closed]


def _tickets(draw: Draw) -> dict[str, str | None]:
    """Tickets by call, those of replacing calls included; chosen calls have none."""
    return dict(draw.tickets.select("call_id", "ticket").iter_rows())
