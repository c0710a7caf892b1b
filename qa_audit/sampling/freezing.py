"""Before a draw: people commit to words, then the frame is frozen; both are kept for ever."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from qa_audit.calls.query import month_bounds
from qa_audit.messages import QaError
from qa_audit.sampling.frame import Frame
from qa_audit.sampling.tickets import commitment
from qa_audit.store import sample_schema
from qa_audit.store.database import insert_one
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer, folded

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


@dataclass(frozen=True, slots=True)
class Commitment:
    """A hash of words that one person keeps until the draw."""

    commitment_id: int
    month: str
    who: str
    sha256: str
    committed_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class FrozenFrame:
    """A frame as it was stored."""

    frame_id: int
    month: str
    sha256: str
    content: bytes
    who: str
    frozen_at: datetime
    """UTC."""

    def frame(self) -> Frame:
        """The frame that was frozen. Raises `QaError` `sampling.bad_frame` when it cannot be read."""
        return Frame.read(self.content)


def named(who: str) -> str:
    """A person's name, blanks `folded`. Raises `QaError` `sampling.no_name`."""
    if not who.strip():
        raise QaError("sampling.no_name")
    return folded(who)


def commit(
    connection: Connection, month: str, who: str, words: str, now: datetime | None = None
) -> Commitment:
    """Keep the hash of a person's words for the draws of a month; the words themselves are not kept.

    Raises `QaError`: `sampling.no_name`, `sampling.short_nonce`, `calls.bad_month`.
    """
    month_bounds(month)
    name = named(who)
    sha256, at = commitment(month, name, words.strip()), stored_moment(now)
    check_writer(connection, sample_schema.seed_commitments, name)
    row = insert(sample_schema.seed_commitments).values(month=month, who=name, sha256=sha256, committed_at=at)
    return Commitment(insert_one(connection, row), month, name, sha256, at)


def commitments(connection: Connection, month: str) -> list[Commitment]:
    """All commitments for a month, in order."""
    table = sample_schema.seed_commitments
    query = select(table).where(table.c.month == month).order_by(table.c.commitment_id)
    return [Commitment(**row._mapping) for row in connection.execute(query)]


def freeze(connection: Connection, frame: Frame, who: str, now: datetime | None = None) -> FrozenFrame:
    """Keep a frame as it is now."""
    row = {"month": frame.month, "sha256": frame.sha256, "who": named(who), "frozen_at": stored_moment(now)}
    check_writer(connection, sample_schema.sample_frames, str(row["who"]))
    stored = insert(sample_schema.sample_frames).values(content=zlib.compress(frame.content, 9), **row)
    return FrozenFrame(insert_one(connection, stored), content=frame.content, **row)


def frozen_frame(connection: Connection, frame_id: int) -> FrozenFrame:
    """A frozen frame. Raises `QaError` `sampling.no_frame`, `sampling.bad_frame`."""
    table = sample_schema.sample_frames
    row = connection.execute(select(table).where(table.c.frame_id == frame_id)).one_or_none()
    if row is None:
        raise QaError("sampling.no_frame", frame=frame_id)
    return _frozen(row)


def frozen_frames(connection: Connection, month: str) -> list[FrozenFrame]:
    """All frozen frames of a month, in order. Raises `QaError` `sampling.bad_frame`."""
    table = sample_schema.sample_frames
    query = select(table).where(table.c.month == month).order_by(table.c.frame_id)
    return [_frozen(row) for row in connection.execute(query)]


def _frozen(row: Row) -> FrozenFrame:
    try:
        content = zlib.decompress(row.content)
    except zlib.error as error:
        raise QaError("sampling.bad_frame", reason=error) from error
    return FrozenFrame(row.frame_id, row.month, row.sha256, content, row.who, row.frozen_at)
