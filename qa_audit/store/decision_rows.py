"""What people decide beside audits (appeals, complaints, months, recordings, rules), as links of the chain.

The chain holds the columns named here of such a row: those that a table gains later are not part of it. What
people wrote in disputes, and customers' numbers in them, lie apart (`WORDS`), as in audits: the row keeps a
salted digest of both.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, literal, select, update

from qa_audit.messages import QaError
from qa_audit.store import (
    closing_schema,
    dispute_schema,
    retention_schema,
    role_schema,
    rubric_use_schema,
    rule_status_schema,
)
from qa_audit.store.chain import add_link, lock_chain, row_digest
from qa_audit.store.database import insert_one
from qa_audit.store.persons import check_writer
from qa_audit.store.proof_schema import decision_words
from qa_audit.store.salted import ERASED, new_salt, words_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Row, Select, Table

DECISIONS: Mapping[Table, tuple[str, ...]] = {
    dispute_schema.appeals: (
        *("appeal_id", "call_id", "item", "at_s", "text", "who", "filed_at", "first_inspectors"),
        *("file_by", "reply_by", "decide_by"),
    ),
    dispute_schema.appeal_steps: (
        *("step_id", "appeal_id", "kind", "who", "at", "at_s", "text", "outcome", "scores"),
    ),
    dispute_schema.rulings: (
        *("ruling_id", "call_id", "item", "source", "appeal_id", "verdict", "points", "critical", "by"),
        *("reason", "ruled_at", "rubric_sha256", "rubric_version"),
    ),
    dispute_schema.complaints: ("complaint_id", "customer_no", "text", "who", "opened_at"),
    dispute_schema.complaint_steps: (
        *("step_id", "complaint_id", "kind", "who", "at", "text", "call_id", "at_s", "outcome", "evidence"),
    ),
    dispute_schema.vexatious_events: ("event_id", "customer_no", "listed", "who", "reason", "at"),
    closing_schema.confirmations: (
        *("confirmation_id", "month", "agent", "agreed", "figure", "note", "who", "at"),
    ),
    closing_schema.closings: (
        *("closing_id", "month", "version", "kind", "reason", "receipt", "code_version", "who", "at"),
    ),
    closing_schema.closing_erasures: (
        *("closing_erasure_id", "closing_id", "files", "reason", "who", "erased_at"),
    ),
    retention_schema.recording_events: (
        *("recording_event_id", "task", "kind", "sha256", "size_bytes", "folder", "path", "to_folder"),
        *("call_ids", "reason", "who", "at"),
    ),
    role_schema.role_events: (
        "role_event_id",
        "kind",
        "login",
        "name",
        "role",
        "agent",
        "reason",
        "who",
        "at",
    ),
    retention_schema.hold_events: ("hold_event_id", "call_id", "kind", "reason", "who", "at"),
    rule_status_schema.rule_status_events: (
        *("rule_status_event_id", "item", "rule_sha256", "rubric", "rubric_version", "rubric_sha256"),
        *("before", "status", "overridden", "figures", "from_month", "reason", "who", "at"),
    ),
    rubric_use_schema.rubric_uses: (
        *("rubric_use_id", "occasion", "rubric", "rubric_version", "rubric_sha256", "rubric_key"),
        *("detector", "program_rules", "text", "who", "at"),
    ),
}
"""The tables, each with the columns whose values are chained; the first one is the row's number."""

WORDS: Mapping[Table, tuple[str, ...]] = {
    dispute_schema.appeals: ("text",),
    dispute_schema.appeal_steps: ("text",),
    dispute_schema.rulings: ("reason",),
    dispute_schema.complaints: ("text", "customer_no"),
    dispute_schema.complaint_steps: ("text",),
    dispute_schema.vexatious_events: ("reason", "customer_no"),
}
"""Columns with what a person wrote, first, and with customers' numbers: empty in the row, for they lie in
`decision_words`. Numbers of rows from before version 13 are in the row."""

UNCHAINED_WORDS: Mapping[Table, str] = {
    dispute_schema.coachings: "coaching_id",
    dispute_schema.praises: "praise_id",
}
"""Tables outside the chain that hold what a person wrote in the row itself, as `text`, by their number."""


def keep_decision(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert one row into a table of `DECISIONS` and chain it, in the caller's transaction; its number.

    Raises `QaError` as `persons.check_writer`.
    """
    check_writer(connection, table, *([values["who"]] if "who" in values else values["by"]))
    return chain_row(connection, table, values)


def chain_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """The same for what the program itself keeps, whoever runs it."""
    lock_chain(connection)
    words, salt = {column: values[column] for column in WORDS.get(table, ())}, new_salt()
    if words:
        values = {**values, **_emptied(table, "", words), "words_sha256": words_digest(salt, words)}
    number = insert_one(connection, insert(table).values(**values))
    if words:
        apart = {"source": table.name, "row_id": number, "salt": salt, "words": words}
        connection.execute(insert(decision_words).values(**apart))
    # As it is read later: a database may give 1.0 for 1.
    row = connection.execute(select(table).where(table.c[DECISIONS[table][0]] == number)).one()
    add_link(connection, table.name, number, decision_digest(table, row._asdict()))
    return number


def decision_digest(table: Table, row: Mapping[str, Any]) -> str:
    """What the chain holds of a row: its columns as JSON, times as `2026-11-27T12:00:00.000000`."""
    chained = {name: _plain(row[name]) for name in DECISIONS[table]}
    if (apart := row.get("words_sha256")) is not None:
        chained["words_sha256"] = apart
    return row_digest(chained)


def decisions(table: Table) -> Select:
    """Rows of a table of `WORDS` with `salt` and `words`, which are null where no words lie apart."""
    number = table.c[DECISIONS[table][0]]
    own = (decision_words.c.source == literal(table.name)) & (decision_words.c.row_id == number)
    return select(table, decision_words.c.salt, decision_words.c.words).outerjoin(decision_words, own)


def words_of(table: Table, row: Row, column: str | None = None) -> str:
    """What a person wrote in a row of `decisions`, or another column of `WORDS`; `ERASED` if it was deleted.

    A number that there never was is empty.
    """
    column = column or WORDS[table][0]
    if row.words_sha256 is None or (row._mapping[column] and row.words is not None):
        return row._mapping[column] or ""  # from before version 10, a number from before 13
    if row.words is None:
        return row._mapping[column] or ERASED
    return row.words.get(column) or ""


def erase_in(connection: Connection, table: Table, number: int) -> tuple[bool, str | None]:
    """Delete the words and numbers of a row (of `WORDS` or `UNCHAINED_WORDS`) for good.

    Whether there were any, and the digest of what is left where a chained row had held some itself. Such rows
    are changed by the owner of a PostgreSQL database alone. Raises `QaError` `proof.owner_erases`.
    """
    if table in UNCHAINED_WORDS:
        return _empty(connection, table, number), None
    key = table.c[DECISIONS[table][0]] == number
    row = connection.execute(select(table).where(key)).one()
    own = (decision_words.c.source == table.name) & (decision_words.c.row_id == number)
    gone = connection.execute(delete(decision_words).where(own)).rowcount > 0
    held = [column for column in WORDS[table] if row._mapping[column] not in ("", None, ERASED)]
    if not held:
        return gone, None
    _check_changes(connection, table, WORDS[table][0], number)
    emptied = _emptied(table, ERASED, held)
    connection.execute(update(table).where(key).values(emptied))
    return True, decision_digest(table, {**row._mapping, **emptied})


def _empty(connection: Connection, table: Table, number: int) -> bool:
    """Whether there were words in the `text` of this row, which then are there no more."""
    there = (table.c[UNCHAINED_WORDS[table]] == number) & (table.c.text != ERASED)
    if connection.execute(select(table.c.text).where(there)).first() is None:
        return False
    _check_changes(connection, table, "text", number)
    connection.execute(update(table).where(there).values(text=ERASED))
    return True


def _check_changes(connection: Connection, table: Table, column: str, number: int) -> None:
    if connection.dialect.name == "postgresql":
        may = select(func.has_column_privilege(table.name, column, "UPDATE"))
        if not connection.execute(may).scalar_one():
            raise QaError("proof.owner_erases", source=table.name, row=number)


def _emptied(table: Table, instead: str, columns: Iterable[str]) -> dict[str, str | None]:
    """What stands in the row itself in place of what was laid apart or deleted."""
    return {column: None if table.c[column].nullable else instead for column in columns}


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
