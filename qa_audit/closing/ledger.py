"""What was decided about months: agreed to, closed, reopened. Kept as rows that are only ever added."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import insert, select

from qa_audit import __version__
from qa_audit.calls.query import month_bounds
from qa_audit.closing.erased_words import erased_in_months
from qa_audit.closing.folder import receipt_of
from qa_audit.closing.words_file import ERASED_FILE, erased_bytes
from qa_audit.messages import QaError
from qa_audit.sampling.freezing import named
from qa_audit.store import closing_schema
from qa_audit.store.chain import lock_chain
from qa_audit.store.database import exclusive, reading, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.moments import stored_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from qa_audit.closing.filing import Files

_CLOSING = 7141005  # any number that is the same in every process


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An agent's word on a figure; the latest one holds."""

    confirmation_id: int
    month: str
    agent: str
    """Key of the agent."""
    agreed: bool
    figure: str
    """As printed then."""
    note: str | None
    who: str
    """Who entered it."""
    at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A version of a month, or its end."""

    closing_id: int
    month: str
    version: int
    kind: Literal["close", "reopen"]
    reason: str | None
    receipt: str | None
    code_version: str
    who: str
    at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The closed months of a database."""

    database: Engine

    def confirm(
        self,
        month: str,
        figures: Mapping[str, str],
        who: str,
        *,
        agreed: bool = True,
        note: str | None = None,
        now: datetime | None = None,
    ) -> list[Confirmation]:
        """Keep that agents agree to their printed figures (by key), or take it back.

        Raises `QaError` `closing.closed` for a closed month, `sampling.no_name`, `calls.bad_month`.
        """
        month_bounds(month)
        table, at, name = closing_schema.confirmations, stored_moment(now), named(who)
        found = []
        with writing(self.database) as connection:
            exclusive(connection, _CLOSING)
            _refuse_closed(connection, month)
            for agent, figure in sorted(figures.items()):
                row = {"month": month, "agent": agent, "agreed": agreed, "figure": figure}
                row |= {"note": (note or "").strip() or None, "who": name, "at": at}
                found.append(Confirmation(keep_decision(connection, table, row), **row))
        return found

    def confirmations(self, month: str) -> dict[str, Confirmation]:
        """The word of each agent that holds, by key."""
        table = closing_schema.confirmations
        query = select(table).where(table.c.month == month).order_by(table.c.confirmation_id)
        with reading(self.database) as connection:
            return {row.agent: Confirmation(**row._mapping) for row in connection.execute(query)}

    def history(self, month: str) -> list[Closing]:
        """All versions of a month with their ends, in order."""
        with reading(self.database) as connection:
            return _history(connection, month)

    def closed(self, month: str) -> Closing | None:
        """The version in force; None where the month is open."""
        return _in_force(self.history(month))

    def refuse_closed(self, month: str) -> None:
        """Raise `QaError` `closing.closed` for a closed month."""
        with reading(self.database) as connection:
            _refuse_closed(connection, month)

    def close(
        self,
        month: str,
        files: Files,
        who: str,
        *,
        now: datetime | None = None,
        check: Callable[[], None] | None = None,
    ) -> Closing:
        """Keep the sealed files of a month as its next version.

        `check` is called when nobody else can decide anything any more until the version is kept: what it
        raises leaves the month open.

        Raises `QaError` `closing.closed` where a version is in force, `sampling.no_name`.
        """
        table = closing_schema.closing_files
        with writing(self.database) as connection:
            exclusive(connection, _CLOSING)
            _refuse_closed(connection, month)
            if check is not None:
                lock_chain(connection)
                check()
            version = 1 + max((one.version for one in _history(connection, month)), default=0)
            made = _append(
                connection, month, version, kind="close", who=who, now=now, receipt=receipt_of(files)
            )
            rows = [
                {"closing_id": made.closing_id, "name": name, "content": zlib.compress(content, 9)}
                for name, content in sorted(files.items())
            ]
            connection.execute(insert(table), rows)
        return made

    def reopen(self, month: str, who: str, reason: str, *, now: datetime | None = None) -> Closing:
        """End the version in force; its files stay.

        Raises `QaError` `closing.not_closed`, `closing.no_reason`, `sampling.no_name`.
        """
        if not reason.strip():
            raise QaError("closing.no_reason")
        with writing(self.database) as connection:
            exclusive(connection, _CLOSING)
            last = _in_force(_history(connection, month))
            if last is None:
                raise QaError("closing.not_closed", month=month)
            return _append(
                connection, month, last.version, kind="reopen", who=who, now=now, reason=reason.strip()
            )

    def files(self, closing: Closing) -> Files:
        """The files of a version as they were sealed, with one that says so where words were deleted in them.

        Raises `QaError` `closing.damaged`.
        """
        table = closing_schema.closing_files
        query = select(table.c.name, table.c.content).where(table.c.closing_id == closing.closing_id)
        with reading(self.database) as connection:
            rows: Sequence[Any] = connection.execute(query).all()
            erased = erased_in_months(connection).get(closing.closing_id)
        try:
            found = {row.name: zlib.decompress(row.content) for row in rows}
            right = receipt_of(found) == closing.receipt
        except (zlib.error, KeyError) as error:
            raise QaError("closing.damaged", month=closing.month, version=closing.version) from error
        if not right:
            raise QaError("closing.damaged", month=closing.month, version=closing.version)
        return found if erased is None else {**found, ERASED_FILE: erased_bytes(erased)}

    def versions(self) -> list[Closing]:
        """All versions of all months, in the order in which they were closed."""
        table = closing_schema.closings
        query = select(table).where(table.c.kind == "close").order_by(table.c.closing_id)
        with reading(self.database) as connection:
            return [Closing(**row._mapping) for row in connection.execute(query)]

    def version(self, month: str, version: int | None = None) -> Closing:
        """A version of a month, by default the one in force. Raises `QaError` `closing.not_closed`."""
        if version is None:
            found = self.closed(month)
        else:
            made = [one for one in self.history(month) if one.kind == "close" and one.version == version]
            found = made[0] if made else None
        if found is None:
            raise QaError("closing.not_closed", month=month)
        return found


def _history(connection: Connection, month: str) -> list[Closing]:
    table = closing_schema.closings
    query = select(table).where(table.c.month == month).order_by(table.c.closing_id)
    return [Closing(**row._mapping) for row in connection.execute(query)]


def _in_force(history: Sequence[Closing]) -> Closing | None:
    return history[-1] if history and history[-1].kind == "close" else None


def _refuse_closed(connection: Connection, month: str) -> None:
    last = _in_force(_history(connection, month))
    if last is not None:
        at = f"{last.at:%Y-%m-%d %H:%M} UTC"
        raise QaError("closing.closed", month=month, version=last.version, who=last.who, at=at)


def _append(
    connection: Connection,
    month: str,
    version: int,
    *,
    kind: Literal["close", "reopen"],
    who: str,
    now: datetime | None,
    **more: str,
) -> Closing:
    row = {"month": month, "version": version, "kind": kind, "reason": None, "receipt": None}
    row |= {"code_version": __version__, "who": named(who), "at": stored_moment(now), **more}
    made = keep_decision(connection, closing_schema.closings, row)
    return Closing(closing_id=made, **row)  # pyright: ignore[reportArgumentType]  # the row's own columns
