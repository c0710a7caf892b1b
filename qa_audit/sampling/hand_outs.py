"""After a draw: calls handed out to inspectors, calls replaced, the draw locked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import polars as pl
from sqlalchemy import func, insert, select

from qa_audit.messages import QaError
from qa_audit.sampling.assignment import Assignment, CallToHear, assign
from qa_audit.sampling.drawing import draw as all_tickets
from qa_audit.sampling.draws import KEPT_SCHEMA, made_instead, read_draw
from qa_audit.sampling.freezing import frozen_frame, named
from qa_audit.sampling.heard import is_heard
from qa_audit.sampling.replacement import REASONS, replacement
from qa_audit.sampling.tickets import digest
from qa_audit.store import sample_schema
from qa_audit.store.database import insert_one
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer, folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from qa_audit.sampling.draws import Draw
    from qa_audit.sampling.replacement import Reason


@dataclass(frozen=True, slots=True)
class Replacement:
    """A call that was not judged, why, and the call that took its place (None: the stratum had none left)."""

    replacement_id: int
    draw_id: int
    call_id: str
    reason: Reason
    replaced_by: str | None
    who: str
    replaced_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class HandOut:
    """Who hears which call, and how it was shared out."""

    hand_out_id: int
    draw_id: int
    inspectors: tuple[str, ...]
    twice: str
    common: int
    after_replacement: int
    """Last replacement that it knew of, 0 for none."""
    who: str
    handed_out_at: datetime
    """UTC."""
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """A draw whose calls change by replacement only."""

    draw_id: int
    hand_out_id: int
    receipt: str
    who: str
    locked_at: datetime
    """UTC."""


def replace_call(
    connection: Connection,
    draw_id: int,
    call_id: str,
    reason: Reason,
    *,
    who: str,
    now: datetime | None = None,
) -> Replacement:
    """Put the next ticket of the stratum in the place of a call; for one of `REASONS` and no other.

    Raises `QaError`: `sampling.bad_reason`, `sampling.not_random`, `sampling.not_in_draw`,
    `sampling.already_replaced`, `sampling.already_heard` for a call that somebody handed in,
    `sampling.no_draw`, `sampling.no_name`.
    """
    name = named(who)
    if reason not in REASONS:
        raise QaError("sampling.bad_reason", got=reason, allowed=", ".join(REASONS))
    check_writer(connection, sample_schema.replacements, name)
    made = read_draw(connection, draw_id)
    if made.kind != "random" or made.frame_id is None or made.seed is None:
        raise QaError("sampling.not_random", draw=draw_id)
    if call_id in {one.call_id for one in replacements(connection, draw_id)}:
        raise QaError("sampling.already_replaced", call=call_id)
    handed = hand_out_of(connection, draw_id)
    if is_heard(connection, call_id, handed.inspectors if handed else ()):
        raise QaError("sampling.already_heard", call=call_id)
    tickets = all_tickets(frozen_frame(connection, made.frame_id).frame(), made.seed)
    following = replacement(tickets, call_id, set(made.tickets["call_id"]))
    if following is not None:
        row = tickets.filter(pl.col("call_id") == following).select(KEPT_SCHEMA.names()).row(0, named=True)
        connection.execute(insert(sample_schema.tickets).values(draw_id=draw_id, **row))
    values = {
        "draw_id": draw_id,
        "call_id": call_id,
        "reason": reason,
        "replaced_by": following,
        "who": name,
        "replaced_at": stored_moment(now),
    }
    return Replacement(insert_one(connection, insert(sample_schema.replacements).values(values)), **values)


def replacements(connection: Connection, draw_id: int) -> list[Replacement]:
    """Replacements of a draw, in order."""
    table = sample_schema.replacements
    query = select(table).where(table.c.draw_id == draw_id).order_by(table.c.replacement_id)
    return [Replacement(**row._mapping) for row in connection.execute(query)]


def calls_in_force(made: Draw, replaced: Sequence[Replacement]) -> list[str]:
    """The calls of a draw that are to be judged, after the given replacements, in order of their ids."""
    calls = set(made.first_calls())
    for one in replaced:
        calls.discard(one.call_id)
        if one.replaced_by is not None:
            calls.add(one.replaced_by)
    return sorted(calls)


def shared_out(
    connection: Connection,
    made: Draw,
    replaced: Sequence[Replacement],
    inspectors: Sequence[str],
    *,
    twice: str,
    common: int,
    aliases: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Assignment, ...]:
    """Who hears which call: from what is kept of the draw, so that it can be computed again.

    `aliases` are names and numbers of agents by key, for chosen calls; those of drawn calls are in the frame.
    Raises as `assignment.assign`.
    """
    if made.frame_id is None or made.seed is None:
        known = aliases or {}
        calls = [
            CallToHear(call, agent or "", known.get(agent or "", frozenset()))
            for call, agent in made.tickets.select("call_id", "agent").iter_rows()
        ]
        return assign(calls, inspectors, made.receipt, twice=twice, common=common)
    frame = frozen_frame(connection, made.frame_id).frame().drawable
    known = aliases_of(frame)
    agents = dict(made.tickets.select("call_id", "agent").iter_rows())
    calls = [CallToHear(call, agents[call], known[agents[call]]) for call in calls_in_force(made, replaced)]
    return assign(calls, inspectors, made.seed, twice=twice, common=common)


def aliases_of(calls: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Names and numbers by which an inspector would be the agent, by agent's key.

    `calls` has `agent`, `agent_name`, `agent_no`.
    """
    named_calls = calls.filter(pl.col("agent").is_not_null())
    found = named_calls.group_by("agent").agg(pl.col("agent_name", "agent_no").drop_nulls().unique())
    return {
        agent: frozenset([agent.partition(":")[2], *names, *numbers])
        for agent, names, numbers in found.iter_rows()
    }


def hand_out(
    connection: Connection,
    draw_id: int,
    inspectors: Sequence[str],
    who: str,
    *,
    twice: str = "0.08",
    common: int = 0,
    aliases: Mapping[str, frozenset[str]] | None = None,
    now: datetime | None = None,
) -> HandOut:
    """Share the calls of a draw out among inspectors; until the draw is locked a later hand-out is in force.

    Raises `QaError`: `sampling.locked`, `sampling.not_in_force`, `sampling.no_draw` and those of
    `assignment.assign`.
    """
    made = read_draw(connection, draw_id)
    if lock_of(connection, draw_id) is not None:
        raise QaError("sampling.locked", draw=draw_id)
    if draw_id in (newer := made_instead(connection)):
        raise QaError("sampling.not_in_force", draw=draw_id, newer=newer[draw_id])
    replaced = replacements(connection, draw_id)
    # As the desk writes them, or the inspector would find nothing there.
    names = sorted(folded(name) for name in inspectors)
    found = shared_out(connection, made, replaced, names, twice=twice, common=common, aliases=aliases)
    values = {
        "draw_id": draw_id,
        "inspectors": names,
        "twice": twice,
        "common": common,
        "after_replacement": replaced[-1].replacement_id if replaced else 0,
        "who": named(who),
        "handed_out_at": stored_moment(now),
    }
    check_writer(connection, sample_schema.hand_outs, str(values["who"]))
    hand_out_id = insert_one(connection, insert(sample_schema.hand_outs).values(values))
    rows = [{"hand_out_id": hand_out_id, **{name: getattr(one, name) for name in _ASSIGNED}} for one in found]
    connection.execute(insert(sample_schema.assignments), rows)
    return HandOut(hand_out_id, assignments=found, **{**values, "inspectors": tuple(names)})


def hand_out_of(connection: Connection, draw_id: int) -> HandOut | None:
    """The hand-out in force: the latest one, or None."""
    table = sample_schema.hand_outs
    query = select(table).where(table.c.draw_id == draw_id).order_by(table.c.hand_out_id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    kept = sample_schema.assignments
    assigned = select(*(kept.c[name] for name in _ASSIGNED)).where(kept.c.hand_out_id == row.hand_out_id)
    # Sorted here: databases sort names each by their own locale.
    rows = sorted(connection.execute(assigned), key=lambda one: (one.inspector, one.place))
    found = tuple(Assignment(*one) for one in rows)
    values = {**row._mapping, "inspectors": tuple(row.inspectors)}
    return HandOut(assignments=found, **cast("dict", values))


def in_force(handed: HandOut, replaced: Sequence[Replacement]) -> list[Assignment]:
    """Assignments after the replacements; a replacing call stands where the replaced one stood."""
    following = _following(handed, replaced)
    found = []
    for one in handed.assignments:
        call: str | None = one.call_id
        while call in following:
            call = following[call]
        if call is not None:
            found.append(replace(one, call_id=call))
    return found


def skipped_of(handed: HandOut, replaced: Sequence[Replacement]) -> list[tuple[str, str]]:
    """Inspector and call of what was handed out and replaced since, calls that replaced others too."""
    following = _following(handed, replaced)
    found = []
    for one in handed.assignments:
        call: str | None = one.call_id
        while call in following:
            found.append((one.inspector, call))
            call = following[call]
    return found


def _following(handed: HandOut, replaced: Sequence[Replacement]) -> dict[str, str | None]:
    """What took the place of each call replaced since the hand-out."""
    return {one.call_id: one.replaced_by for one in replaced if one.replacement_id > handed.after_replacement}


def queues(handed: HandOut, replaced: Sequence[Replacement]) -> dict[str, list[str]]:
    """Calls of each inspector in order of hearing."""
    found: dict[str, list[str]] = {name: [] for name in handed.inspectors}
    for one in in_force(handed, replaced):
        found[one.inspector].append(one.call_id)
    return found


def given_to(connection: Connection, inspector: str) -> dict[int, list[str]]:
    """By draw, oldest first, the calls of one inspector in order of hearing, after the replacements.

    Draws that were handed out to them, also when none of the calls fell to them. Only draws in force; where
    all gave way to others, the newest of these.
    """
    table, over = sample_schema.hand_outs, made_instead(connection)
    latest = select(func.max(table.c.hand_out_id)).group_by(table.c.draw_id)
    query = select(table).where(table.c.hand_out_id.in_(latest)).order_by(table.c.draw_id)
    handed = {row.draw_id: row for row in connection.execute(query) if inspector in row.inspectors}
    wanted = [draw_id for draw_id in handed if draw_id not in over] or list(handed)[-1:]
    kept = sample_schema.assignments
    assigned = defaultdict(list)
    rows = select(kept).where(kept.c.inspector == inspector, kept.c.hand_out_id.in_(latest))
    for row in connection.execute(rows.order_by(kept.c.place)):
        one = Assignment(*(getattr(row, name) for name in _ASSIGNED))
        assigned[row.hand_out_id].append(one)
    replaced = defaultdict(list)
    for one in connection.execute(select(sample_schema.replacements).order_by("replacement_id")):
        replaced[one.draw_id].append(Replacement(**one._mapping))
    found = {}
    for draw_id in wanted:
        row = handed[draw_id]
        own = HandOut(**row._mapping, assignments=tuple(assigned[row.hand_out_id]))
        found[draw_id] = [one.call_id for one in in_force(own, replaced[draw_id])]
    return found


def lock(connection: Connection, draw_id: int, who: str, now: datetime | None = None) -> Lock:
    """Lock a draw that has been handed out.

    Raises `QaError`: `sampling.not_handed_out`, `sampling.locked`, `sampling.no_draw`,
    `sampling.not_in_force`.
    """
    made = read_draw(connection, draw_id)
    handed = hand_out_of(connection, draw_id)
    if lock_of(connection, draw_id) is not None:
        raise QaError("sampling.locked", draw=draw_id)
    if draw_id in (newer := made_instead(connection)):
        raise QaError("sampling.not_in_force", draw=draw_id, newer=newer[draw_id])
    if handed is None:
        raise QaError("sampling.not_handed_out", draw=draw_id)
    values = {
        "draw_id": draw_id,
        "hand_out_id": handed.hand_out_id,
        "receipt": lock_receipt(made, handed),
        "who": named(who),
        "locked_at": stored_moment(now),
    }
    check_writer(connection, sample_schema.draw_locks, str(values["who"]))
    connection.execute(insert(sample_schema.draw_locks).values(values))
    return Lock(**values)


def lock_of(connection: Connection, draw_id: int) -> Lock | None:
    """The lock of a draw, or None."""
    table = sample_schema.draw_locks
    row = connection.execute(select(table).where(table.c.draw_id == draw_id)).one_or_none()
    return None if row is None else Lock(**row._mapping)


def lock_receipt(made: Draw, handed: HandOut) -> str:
    """Hash of a draw's receipt and of who hears what."""
    rows = [(one.inspector, str(one.place), one.call_id, one.purpose) for one in handed.assignments]
    return digest("lock", made.receipt, *(cell for row in rows for cell in row))


_ASSIGNED = ("inspector", "place", "call_id", "purpose")
