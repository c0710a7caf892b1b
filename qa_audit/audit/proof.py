"""Whether what people decided is still what was kept: all links of the chain computed again from the rows.

Found are changed, removed and inserted rows, changed and removed words, links that don't follow, and a tail
that was cut off. That the whole chain was made anew shows only against a head kept elsewhere.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from qa_audit.audit.erasing import decision_erasure_digest, erasure_digest
from qa_audit.audit.events import event_digest
from qa_audit.audit.left_out import left_out
from qa_audit.messages import QaError, say
from qa_audit.store.chain import FIRST, Head, head_in, next_head
from qa_audit.store.database import reading
from qa_audit.store.database_errors import damaged, no_text
from qa_audit.store.decision_rows import DECISIONS, WORDS, decision_digest, decisions
from qa_audit.store.dispute_schema import appeals
from qa_audit.store.persons import person_in
from qa_audit.store.proof_schema import audit_words, chain, decision_erasures, decision_words, erasures
from qa_audit.store.rights import RIGHTS
from qa_audit.store.salted import words_digest
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Column, Connection, Row, Table
    from sqlalchemy import Engine as Database

_AT_ONCE = 2_000
_LISTED = 50
"""Findings of one kind that are told one by one."""
_NO_LINK = Head(0, FIRST)


class Source(NamedTuple):
    """A table whose rows are chained."""

    table: Table
    number: Column
    digest: Callable[[Mapping[str, Any]], str]


SOURCES: tuple[Source, ...] = (
    Source(audit_events, audit_events.c.event_id, event_digest),
    Source(erasures, erasures.c.erasure_id, erasure_digest),
    Source(decision_erasures, decision_erasures.c.decision_erasure_id, decision_erasure_digest),
    *(Source(one, one.c[names[0]], partial(decision_digest, one)) for one, names in DECISIONS.items()),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    code: str
    """Key of its message in the catalogue, without `proof.`."""
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(f"proof.{self.code}", **self.values)


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out of checking the chain."""

    head: Head
    counts: Mapping[str, int]
    """Links by table."""
    erased: int
    """Events, and rows of disputes, whose words were deleted, with a record of it."""
    compared: tuple[Head, ...]
    """Heads kept elsewhere that were compared."""
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """True when anything is not as it must be."""
        return bool(self.findings)

    def as_json(self) -> dict[str, Any]:
        """For scripts: every finding with its code, values and words."""
        found = [{"code": one.code, **one.values, "message": str(one)} for one in self.findings]
        return {
            "ok": not self.failed,
            "head": str(self.head),
            "links": dict(self.counts),
            "erased": self.erased,
            "compared": [str(head) for head in self.compared],
            "findings": found,
        }

    def __str__(self) -> str:
        counts = {"events": self.counts.get(audit_events.name, 0), "erased": self.erased}
        lines = [say("proof.bad" if self.failed else "proof.good", links=self.head.length, **counts)]
        listed: dict[str, int] = {}
        for one in self.findings:
            listed[one.code] = listed.get(one.code, 0) + 1
            if listed[one.code] <= _LISTED:
                lines.append(f"  ✗ {one}")
        more = sum(max(0, count - _LISTED) for count in listed.values())
        lines += ["  " + say("proof.more", count=more)] if more else []
        lines.append(say("proof.head", head=self.head))
        lines.append(
            say("proof.compared" if self.compared else "proof.not_compared", count=len(self.compared))
        )
        return "\n".join(lines)


def verify_chain(database: Database, heads: Sequence[Head] = ()) -> Proof:
    """Compute every link again from its row, in one state of the database, and compare heads kept elsewhere.

    Memory does not grow with the number of events. What can't be read of a damaged SQLite file is named, the
    rest checked. Raises `QaError` `proof.not_all` where a PostgreSQL server hides rows from whoever asks.
    """
    with reading(database) as connection:
        _check_sees_all(connection)
        walk = _Walk(connection)
        with walk.past_damage(chain.name):
            walk.links()
        walk.rows_without_link()
        walk.lost_numbers()
        with walk.past_damage(appeals.name):
            walk.left_out()
        with walk.past_damage(chain.name):
            walk.compare(heads)
        with walk.past_damage(chain.name):
            walk.head = head_in(connection)
    return Proof(walk.head, walk.counts, len(walk.erased), tuple(heads), tuple(walk.findings))


def _check_sees_all(connection: Connection) -> None:
    person = person_in(connection) if connection.dialect.name == "postgresql" else None
    if person is None:
        return
    tables = (*(one.table for one in SOURCES), audit_words, decision_words, chain)
    all_of = [RIGHTS[one.name].read - set(RIGHTS[one.name].seen) for one in tables]
    allowed = frozenset.intersection(*all_of)
    if not person.roles & allowed:
        may = "、".join(say(f"roles.name.{role}") for role in sorted(allowed))
        raise QaError("proof.not_all", who=person.name, allowed=may)


@dataclass
class _Walk:
    connection: Connection
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    erased: set[tuple[str, int]] = field(default_factory=set)
    """Rows without their words, by erasures."""
    unreadable: bool = False
    """Whether somebody left in a row what is no time, JSON or text."""
    head: Head = _NO_LINK
    """Of what could be read."""
    unread: set[str] = field(default_factory=set)
    """Tables with pages that SQLite can't read."""

    @contextmanager
    def past_damage(self, source: str) -> Iterator[None]:
        """Go on after what SQLite can't read of its file; the table is named once."""
        try:
            yield
        except DBAPIError as error:
            if not damaged(error):
                raise
            if source not in self.unread:
                self.unread.add(source)
                self.note("unread", source=source, reason=str(error.orig))

    def note(self, code: str, **values: object) -> None:
        self.findings.append(Finding(code, values))

    def links(self) -> None:
        recorded = self._erasures()
        place, head = 0, FIRST
        for batch in self._batches():
            rows = {one.table.name: self._rows(one, batch) for one in SOURCES}
            for link in batch:
                if link.place != place + 1:
                    self.note("links_removed", first=place + 1, last=link.place - 1)
                elif next_head(head, link.place, link.source, link.row_id, link.digest) != link.head:
                    self.note("link_changed", place=link.place, source=link.source, row=link.row_id)
                place, head = link.place, link.head
                self.counts[link.source] = self.counts.get(link.source, 0) + 1
                self._row(link, rows.get(link.source, {}).get(link.row_id), recorded)
            self.head = Head(place, head)

    def _row(self, link: Row, row: Any, recorded: Mapping[tuple[str, int], str | None]) -> None:
        source = next((one for one in SOURCES if one.table.name == link.source), None)
        if source is None:
            self.note("unknown_source", place=link.place, source=link.source)
        elif row is _UNREAD:
            return
        elif row is None:
            self.note("removed", place=link.place, source=link.source, row=link.row_id)
        elif row is _UNREADABLE:
            self.unreadable = True
            self.note("changed", row=link.row_id, source=link.source, **_told(row))
        elif (digest := _digest(source.digest, row._mapping)) != link.digest:
            # In rows from before version 10 the words lay in the row itself.
            if digest is not None and recorded.get((link.source, link.row_id)) == digest:
                self.erased.add((link.source, link.row_id))
            else:
                self.note("changed", row=link.row_id, source=link.source, **_told(row))
        elif source.table is audit_events or source.table in WORDS:
            self._words(link.source, row, recorded)

    def _words(self, source: str, row: Row, recorded: Mapping[tuple[str, int], str | None]) -> None:
        told = {"source": source, "row": row[0], **_told(row)}
        if row.words_sha256 is None:
            if row.words is not None:
                self.note("words_inserted", **told)
        elif row.words is None:
            if (source, row[0]) in recorded:
                self.erased.add((source, row[0]))
            else:
                self.note("words_removed", **told)
        elif _digest(words_digest, row.salt, row.words) != row.words_sha256:
            self.note("words_changed", **told)

    def rows_without_link(self) -> None:
        for source in SOURCES:
            with self.past_damage(source.table.name):
                self._rows_without_link(source)

    def _rows_without_link(self, source: Source) -> None:
        table, number, _ = source
        linked = select(chain.c.row_id).where(chain.c.source == table.name, chain.c.row_id == number)
        query = select(number).where(~linked.exists()).order_by(number)
        for found in self.connection.execute(query).scalars().all():
            row = self._rows_between(source, found, found)[found]
            self.note("inserted", source=table.name, row=found, **_told(row))

    def lost_numbers(self) -> None:
        """SQLite gives no number twice, and takes back those of transactions that failed."""
        if self.connection.dialect.name != "sqlite":
            return
        given: dict[str, int] = {}
        with self.past_damage("sqlite_sequence"):
            rows = self.connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
            given.update({row.name: row.seq for row in rows})
        for source in SOURCES:
            with self.past_damage(source.table.name):
                self._lost_numbers(source, given.get(source.table.name) or 0)

    def _lost_numbers(self, source: Source, given: int) -> None:
        table, number, _ = source
        last = self.connection.execute(select(func.max(number))).scalar() or 0
        linked = select(func.max(chain.c.row_id)).where(chain.c.source == table.name)
        last = max(last, self.connection.execute(linked).scalar() or 0)
        if last < given:
            self.note("tail_cut", source=table.name, first=last + 1, last=given)

    def left_out(self) -> None:
        """Appeals that don't name who failed the item first, where the rows that tell it can be read."""
        lost = self.unreadable or self.unread & {appeals.name, audit_events.name, chain.name}
        for one in () if lost else left_out(self.connection):
            self.note("left_out", **one._asdict())

    def compare(self, heads: Sequence[Head]) -> None:
        """Heads of known length also tell between which links something was changed."""
        held = 0
        last = self.connection.execute(select(func.max(chain.c.place))).scalar() or 0
        for head in sorted(heads, key=lambda one: (one.length is None, one.length or 0)):
            if head.length is None:
                same = chain.c.head == head.sha256
                if head.sha256 != FIRST and not self.connection.execute(select(chain).where(same)).first():
                    self.note("head_unknown", head=str(head))
            elif head.length > last:
                self.note("head_cut", head=str(head), first=last + 1, last=head.length)
            else:
                own = select(chain.c.head).where(chain.c.place == head.length)
                found = FIRST if head.length == 0 else self.connection.execute(own).scalar()
                if found == head.sha256:
                    held = head.length
                else:
                    self.note("head_differs", head=str(head), first=held + 1, last=head.length)

    def _erasures(self) -> dict[tuple[str, int], str | None]:
        """Rows whose words were deleted by a record that is itself chained; the digest of what they left."""
        found: dict[tuple[str, int], str | None] = {}
        for row in self._chained_rows(SOURCES[1]):
            if isinstance(row.event_ids, list):
                found |= {(audit_events.name, one): None for one in row.event_ids if isinstance(one, int)}
        for row in self._chained_rows(SOURCES[2]):
            with suppress(TypeError, ValueError):
                found |= {(name, number): left for name, number, left in row.erased}
        return found

    def _chained_rows(self, source: Source) -> Iterator[Row]:
        linked = select(chain.c.row_id).where(chain.c.source == source.table.name)
        for number in self.connection.execute(linked).scalars().all():
            row = self._rows_between(source, number, number).get(number, _UNREADABLE)
            if row is not _UNREADABLE:
                yield row

    def _batches(self) -> Iterator[Sequence[Row]]:
        after = -1
        while True:
            query = select(chain).where(chain.c.place > after).order_by(chain.c.place).limit(_AT_ONCE)
            batch = self.connection.execute(query).all()
            if not batch:
                return
            yield batch
            after = batch[-1].place

    def _rows(self, source: Source, batch: Sequence[Row]) -> dict[int, Any]:
        wanted = [link.row_id for link in batch if link.source == source.table.name]
        found: dict[int, Any] = dict.fromkeys(wanted, _UNREAD)
        with self.past_damage(source.table.name):
            there = self._rows_between(source, min(wanted), max(wanted)) if wanted else {}
            found.update(dict.fromkeys(wanted) | there)
        for number in [one for one, row in found.items() if row is _UNREAD]:
            with self.past_damage(source.table.name):
                found[number] = self._rows_between(source, number, number).get(number)
        return found

    def _rows_between(self, source: Source, first: int, last: int) -> dict[int, Any]:
        """Rows by their number; `_UNREADABLE` for one that holds what is no time, no JSON or no text."""
        query = decisions(source.table) if source.table in WORDS else select(source.table)
        if source.table is audit_events:
            query = query.add_columns(audit_words.c.salt, audit_words.c.words).outerjoin(audit_words)
        try:
            rows = self.connection.execute(query.where(source.number.between(first, last))).all()
        except (ValueError, TypeError, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not no_text(error):
                raise
            numbers = select(source.number).where(source.number.between(first, last))
            there = self.connection.execute(numbers).scalars().all()
            if len(there) == 1:
                return {there[0]: _UNREADABLE}
            return {one: self._rows_between(source, one, one)[one] for one in there}
        return {row[0]: row for row in rows}


_UNREADABLE = object()
_UNREAD = object()
"""A row on a page that SQLite can't read: nothing is said of it."""


def _digest(made_by: Callable[..., str], *values: Any) -> str | None:
    """A digest, or None for values from which none can be made, since none like them was ever kept."""
    try:
        return made_by(*values)
    except (ValueError, TypeError, AttributeError):
        return None


def _told(row: Any) -> dict[str, object]:
    """Who, when and on which call, as far as the row says it."""
    if row is _UNREADABLE:
        return {"who": "?", "at": "?", "call": "?"}
    found = row._mapping
    times = ("at", "erased_at", "filed_at", "ruled_at", "opened_at")
    at = next((found[name] for name in times if name in found), None)
    who = found["who"] if "who" in found else found.get("by")
    who = say("run.list_comma").join(map(str, who)) if isinstance(who, list) else who
    return {"who": who, "at": str(at)[:19], "call": found.get("call_id") or "–"}
