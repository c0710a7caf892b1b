"""Draws as they are kept: made once, never changed; one made instead of another leaves that on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import polars as pl
from sqlalchemy import Text, cast, insert, select

from qa_audit import __version__
from qa_audit.messages import QaError, say
from qa_audit.sampling.drawing import draw
from qa_audit.sampling.freezing import commitments, freeze, frozen_frame, named
from qa_audit.sampling.tickets import Nonce, commitment, digest, new_words, seed_of
from qa_audit.store import sample_schema, schema
from qa_audit.store.database import insert_one
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from qa_audit.sampling.frame import Frame
    from qa_audit.sampling.freezing import FrozenFrame

Kind = Literal["random", "coaching", "complaint", "appeal"]
CHOSEN_KINDS: tuple[Kind, ...] = get_args(Kind)[1:]
"""Calls heard because someone chose them. They have no inclusion probability and enter no score."""

KEPT_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "agent": pl.String,
        "stratum": pl.String,
        "ticket": pl.String,
        "place": pl.Int64,
        "stratum_calls": pl.Int64,
        "stratum_drawn": pl.Int64,
        "inclusion": pl.Float64,
    }
)
"""Tickets that are kept, as in `drawing.TICKETS_SCHEMA`; chosen calls have nothing after `agent`."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw and its calls, those included that replaced others later."""

    draw_id: int
    month: str
    kind: Kind
    frame_id: int | None
    seed: str | None
    nonces: tuple[tuple[int | None, Nonce], ...]
    """Words of the seed, each with the commitment it was bound by, or None."""
    instead_of: int | None
    reason: str | None
    code_version: str
    receipt: str
    """Hash of all that was drawn; whoever noted it can tell whether anything was changed since."""
    who: str
    drawn_at: datetime
    """UTC."""
    tickets: pl.DataFrame
    """`KEPT_SCHEMA`, in order of agent, stratum and place."""

    @property
    def alone(self) -> bool:
        """Whether fewer than two people bound themselves to words before the frame was frozen."""
        return len({nonce.who for bound, nonce in self.nonces if bound is not None}) < 2

    def first_calls(self) -> list[str]:
        """Ids of the calls first drawn, in order of the tickets' rows; without those that replaced others."""
        first = (pl.col("place") <= pl.col("stratum_drawn")).fill_null(True)
        return self.tickets.filter(first)["call_id"].to_list()


def make_draw(
    connection: Connection,
    source: Frame | int,
    who: str,
    *,
    words: Mapping[str, str] | None = None,
    instead_of: int | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> Draw:
    """Draw from a frame and keep the draw.

    `source` is the id of a frozen frame, or a frame that is frozen now; only the former can be drawn from
    with the `words` (by name) that people had committed to. Without them one person alone draws, with words
    from the system's source of randomness.

    Raises `QaError`: `sampling.freeze_first`, `sampling.no_frame`, `sampling.frame_used`,
    `sampling.not_committed`, `sampling.words_used`, `sampling.already_drawn`, `sampling.not_replaceable`,
    `sampling.no_reason`, `sampling.nothing_to_draw`.
    """
    name, given = named(who), dict(words or {})
    if isinstance(source, int):
        frozen = frozen_frame(connection, source)
        if frozen.frame_id in _used_frames(connection, frozen.month):
            raise QaError("sampling.frame_used", frame=frozen.frame_id)
    elif given:
        raise QaError("sampling.freeze_first")
    else:
        frozen = freeze(connection, source, name, now)
    bound = _bound(connection, frozen, given) if given else ((None, Nonce(name, new_words())),)
    frame = frozen.frame()
    if frame.drawable.is_empty():
        raise QaError("sampling.nothing_to_draw", month=frame.month)
    if instead_of is not None:
        _replaceable(connection, instead_of, frozen.month, reason)
    _refuse_overlap(connection, frozen, frame, instead_of)
    seed = seed_of(frozen.sha256, [nonce for _, nonce in bound])
    tickets = draw(frame, seed).filter("drawn").select(KEPT_SCHEMA.names())
    return _keep(
        connection,
        tickets,
        month=frozen.month,
        kind="random",
        frame_sha256=frozen.sha256,
        frame_id=frozen.frame_id,
        seed=seed,
        nonces=[{"commitment_id": number, "who": one.who, "words": one.words} for number, one in bound],
        instead_of=instead_of,
        reason=reason,
        who=name,
        drawn_at=stored_moment(now),
    )


def choose_calls(
    connection: Connection,
    calls: Mapping[str, str | None],
    month: str,
    kind: Kind,
    *,
    who: str,
    reason: str,
    now: datetime | None = None,
) -> Draw:
    """Keep calls (id and agent) that someone chose to have heard, apart from every score.

    Raises `QaError`: `sampling.bad_kind`, `sampling.no_reason`, `sampling.no_calls_chosen`,
    `sampling.no_name`.
    """
    if kind not in CHOSEN_KINDS:
        raise QaError("sampling.bad_kind", got=kind, allowed=", ".join(CHOSEN_KINDS))
    if not reason.strip():
        raise QaError("sampling.no_reason")
    if not calls:
        raise QaError("sampling.no_calls_chosen")
    rows = [{"call_id": call, "agent": calls[call]} for call in sorted(calls)]
    return _keep(
        connection,
        pl.DataFrame(rows, KEPT_SCHEMA),
        month=month,
        kind=kind,
        reason=reason.strip(),
        who=named(who),
        drawn_at=stored_moment(now),
    )


def read_draw(connection: Connection, draw_id: int) -> Draw:
    """A draw. Raises `QaError` `sampling.no_draw`."""
    table = sample_schema.draws
    row = connection.execute(select(table).where(table.c.draw_id == draw_id)).one_or_none()
    if row is None:
        raise QaError("sampling.no_draw", draw=draw_id)
    values = dict(row._mapping)
    nonces = values.pop("nonces") or ()
    bound = tuple((one["commitment_id"], Nonce(one["who"], one["words"])) for one in nonces)
    kept = sample_schema.tickets
    query = select(*(kept.c[name] for name in KEPT_SCHEMA)).where(kept.c.draw_id == draw_id)
    rows = [tuple(one) for one in connection.execute(query)]
    tickets = pl.DataFrame(rows, KEPT_SCHEMA, orient="row").sort(
        "agent", "stratum", "place", "call_id", nulls_last=True
    )
    return Draw(nonces=bound, tickets=tickets, **values)


def draw_ids(connection: Connection, month: str | None = None) -> list[int]:
    """Ids of the draws (of a month), in order."""
    table = sample_schema.draws
    query = select(table.c.draw_id).order_by(table.c.draw_id)
    return list(connection.execute(query if month is None else query.where(table.c.month == month)).scalars())


def made_instead(connection: Connection) -> dict[int, int]:
    """The draw that was made instead of each draw that is in force no more."""
    table = sample_schema.draws
    query = select(table.c.instead_of, table.c.draw_id).where(table.c.instead_of.is_not(None))
    return {row.instead_of: row.draw_id for row in connection.execute(query)}


def receipt_of(made: Mapping[str, object], frame_sha256: str | None, calls: Iterable[str]) -> str:
    """Hash of what a draw was made from (`month`, `kind`, `seed`, `reason`) and of the calls first drawn."""
    parts = (made["month"], made["kind"], frame_sha256, made["seed"], made["reason"])
    return digest("draw", *("" if part is None else str(part) for part in parts), *sorted(calls))


def _keep(
    connection: Connection, tickets: pl.DataFrame, *, frame_sha256: str | None = None, **row: object
) -> Draw:
    row = {"seed": None, "reason": None, "code_version": __version__, **row}
    row["receipt"] = receipt_of(row, frame_sha256, tickets["call_id"])
    check_writer(connection, sample_schema.draws, str(row["who"]))
    draw_id = insert_one(connection, insert(sample_schema.draws).values(**row))
    rows = [{"draw_id": draw_id, **one} for one in tickets.iter_rows(named=True)]
    connection.execute(insert(sample_schema.tickets), rows)
    return read_draw(connection, draw_id)


def _bound(
    connection: Connection, frozen: FrozenFrame, words: Mapping[str, str]
) -> tuple[tuple[int, Nonce], ...]:
    """Everyone's words with the commitment each is bound by: made before the frame was frozen, never used."""
    table = sample_schema.draws
    used = {
        one["commitment_id"]
        for nonces in connection.execute(
            select(table.c.nonces).where(table.c.month == frozen.month)
        ).scalars()
        for one in nonces or ()
    }
    found: list[tuple[int, Nonce]] = []
    for who, said in words.items():
        nonce = Nonce(named(who), said.strip())
        wanted = commitment(frozen.month, nonce.who, nonce.words)
        fitting = [
            one.commitment_id
            for one in commitments(connection, frozen.month)
            if (one.who, one.sha256) == (nonce.who, wanted) and one.committed_at < frozen.frozen_at
        ]
        if not fitting:
            raise QaError("sampling.not_committed", who=nonce.who, frame=frozen.frame_id)
        if fitting[0] in used:
            raise QaError("sampling.words_used", who=nonce.who)
        found.append((fitting[0], nonce))
    return tuple(found)


def _used_frames(connection: Connection, month: str) -> dict[int, int]:
    """The draw made from each frame of a month."""
    table = sample_schema.draws
    query = select(table.c.frame_id, table.c.draw_id).where(
        table.c.month == month, table.c.frame_id.is_not(None)
    )
    return {row.frame_id: row.draw_id for row in connection.execute(query)}


def frozen_elsewhere(connection: Connection, month: str, call_ids: Collection[str]) -> list[str]:
    """Those of the calls of a month that a draw in force of another month has in its frame, in order.

    Only a call whose start was changed can be one, and frames are long: where none was, none is read.
    """
    changes = schema.call_changes.c
    changed = select(changes.call_id).where(cast(changes.before, Text).like('%"start"%'))
    moved = set(connection.execute(changed).scalars()) & set(call_ids)
    if not moved:
        return []
    table, over = sample_schema.draws, made_instead(connection)
    query = select(table.c.draw_id, table.c.frame_id).where(
        table.c.month != month, table.c.frame_id.is_not(None)
    )
    found: set[str] = set()
    for row in connection.execute(query).all():
        if row.draw_id not in over:
            found |= moved & set(frozen_frame(connection, row.frame_id).frame().calls["call_id"])
    return sorted(found)


def _replaceable(connection: Connection, draw_id: int, month: str, reason: str | None) -> None:
    """Only a random draw of the month, in force and not yet locked, gives way to another; with a reason."""
    old = read_draw(connection, draw_id)
    locks = sample_schema.draw_locks
    locked = connection.execute(select(locks).where(locks.c.draw_id == draw_id)).first() is not None
    if old.kind != "random" or old.month != month or draw_id in made_instead(connection) or locked:
        raise QaError("sampling.not_replaceable", draw=draw_id)
    if not (reason or "").strip():
        raise QaError("sampling.no_reason")


def _refuse_overlap(
    connection: Connection, frozen: FrozenFrame, frame: Frame, instead_of: int | None
) -> None:
    """A call can be drawn by one draw only, or its probability would not be what its ticket says."""
    over = {*made_instead(connection), instead_of}
    mine = frame.drawable.select("call_id", "agent_name", "agent_no")
    for frame_id, draw_id in _used_frames(connection, frozen.month).items():
        if draw_id in over:
            continue
        theirs: Sequence[str] = frozen_frame(connection, frame_id).frame().drawable["call_id"].to_list()
        both = mine.filter(pl.col("call_id").is_in(theirs))
        if not both.is_empty():
            who = both.select(pl.coalesce("agent_name", "agent_no")).to_series().drop_nulls().unique().sort()
            shown = say("run.list_comma").join(who.head(5)) + ("…" if who.len() > 5 else "")
            raise QaError("sampling.already_drawn", draw=draw_id, calls=both.height, who=shown)
