"""Whether a workspace is as it must be: database and chain of events whole, no part half-written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from qa_audit.audit.proof import verify_chain
from qa_audit.closing.erased_words import erased_in_months
from qa_audit.closing.folder import check_seal
from qa_audit.closing.ledger import Ledger
from qa_audit.messages import QaError, say
from qa_audit.sampling.verify import verify_all
from qa_audit.store.database import reading
from qa_audit.store.database_errors import damaged
from qa_audit.store.parts import survey_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.audit.proof import Proof
    from qa_audit.store.chain import Head

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out of looking at a whole workspace."""

    proof: Proof
    database: tuple[str, ...]
    """What SQLite's own check says is wrong, and what could not be read; nothing on PostgreSQL, which checks
    itself."""
    parts: int
    damaged: tuple[Path, ...]
    """Results that can't be read to their end; the next run makes them again."""
    months: int = 0
    """Versions of closed months."""
    changed_months: tuple[str, ...] = ()
    """Those whose files are not as they were sealed, but for words deleted on record: each in a sentence."""
    erased_in_months: int = 0
    """Words deleted on record in the files of closed months."""
    draws: int = 0
    changed_draws: tuple[str, ...] = ()
    """Draws that do not follow from their frame and seed any more: each in a sentence."""
    unread: tuple[str, ...] = ()
    """Results that may not be read, and so were not checked: each in a sentence."""

    @property
    def failed(self) -> bool:
        """True when anything is not as it must be."""
        wrong = (self.database, self.damaged, self.unread, self.changed_months, self.changed_draws)
        return self.proof.failed or any(map(bool, wrong))

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "ok": not self.failed,
            "chain": self.proof.as_json(),
            "database": list(self.database),
            "parts": self.parts,
            "damaged": [str(path) for path in self.damaged],
            "months": self.months,
            "changed_months": list(self.changed_months),
            "erased_in_months": self.erased_in_months,
            "draws": self.draws,
            "changed_draws": list(self.changed_draws),
            "unread": list(self.unread),
        }

    def __str__(self) -> str:
        lines = [str(self.proof)]
        wrong = "; ".join(self.database[:_LISTED])
        lines.append(say("verified.database_bad", wrong=wrong) if wrong else say("verified.database"))
        lines.append(say("verified.parts_bad" if self.damaged else "verified.parts", count=self.parts))
        lines += [f"  ✗ {path}" for path in self.damaged[:_LISTED]]
        if len(self.damaged) > _LISTED:
            lines.append(f"  … {len(self.damaged) - _LISTED}")
        if self.unread:
            lines.append(say("verified.parts_unread", count=len(self.unread)))
            lines += [f"  ✗ {one}" for one in self.unread[:_LISTED]]
        if self.months:
            key = "verified.months_bad" if self.changed_months else "verified.months"
            lines.append(say(key, count=self.months, erased=self.erased_in_months))
            lines += [f"  ✗ {one}" for one in self.changed_months]
        if self.draws:
            lines.append(
                say("verified.draws_bad" if self.changed_draws else "verified.draws", count=self.draws)
            )
            lines += [f"  ✗ {one}" for one in self.changed_draws[:_LISTED]]
        return "\n".join(lines)


def verify_workspace(database: Database, results: Path, heads: Sequence[Head] = ()) -> Verified:
    """Check database, chain and results; nothing is changed. `heads` were kept elsewhere.

    A damaged file of SQLite's is checked as far as it can be read.
    """
    parts = survey_parts(results)
    proof, faults = verify_chain(database, heads), list(database_faults(database))
    months, changed, erased = 0, (), 0
    draws, otherwise = 0, ()
    with _told_among(faults, "verified.months_unread"):
        months, changed = _months(database)
    with _told_among(faults, "verified.months_unread"):
        erased = _erased_in_months(database)
    with _told_among(faults, "verified.draws_unread"):
        draws, otherwise = _draws(database)
    unique = tuple(dict.fromkeys(faults))
    return Verified(
        proof,
        unique,
        parts.number,
        tuple(parts.damaged),
        months,
        changed,
        erased,
        draws,
        otherwise,
        tuple(map(str, parts.unread)),
    )


@contextmanager
def _told_among(faults: list[str], key: str) -> Iterator[None]:
    """Closed months or draws that lie on damaged pages are a fault among others, not the end."""
    try:
        yield
    except QaError as error:
        if not damaged(error.__cause__):
            raise
        faults.append(say(key, reason=error.values["reason"]))


def _months(database: Database) -> tuple[int, tuple[str, ...]]:
    """Versions of closed months, and what is wrong with them."""
    ledger, changed = Ledger(database), []
    versions = ledger.versions()
    for one in versions:
        try:
            check_seal(ledger.files(one))
        except QaError as error:
            changed.append(say("verified.month", month=one.month, version=one.version, reason=error))
    return len(versions), tuple(changed)


def _draws(database: Database) -> tuple[int, tuple[str, ...]]:
    """Draws, and what is wrong with those that cannot be computed again from frame and seed."""
    with reading(database) as connection:
        found = verify_all(connection)
    wrong = [(one.draw_id, next(it for it in one.findings if it.wrong)) for one in found if one.failed]
    changed = tuple(say("verified.draw", draw=draw, what=finding) for draw, finding in wrong)
    return len(found), changed


def _erased_in_months(database: Database) -> int:
    """Words deleted on record in closed months."""
    with reading(database) as connection:
        erased = erased_in_months(connection).values()
    return sum(told["words"] for files in erased for told in files.values())


def database_faults(database: Database) -> tuple[str, ...]:
    """What SQLite finds wrong in its file: pages, indexes, rows that point nowhere, tables it can't read."""
    if database.dialect.name != "sqlite":
        return ()
    with reading(database) as connection:
        found = [*_to_the_damage(_unsound(connection)), *_to_the_damage(_astray(connection))]
    return tuple(dict.fromkeys(found))


def _unsound(connection: Connection) -> Iterator[str]:
    try:
        yield from _integrity(connection, "PRAGMA integrity_check")
    except DBAPIError as error:
        if not damaged(error):
            raise
        # That check ends at some pages without a word of where they are.
        yield str(error.orig)
        for name in inspect(connection).get_table_names():
            own = _integrity(connection, f"PRAGMA integrity_check({name})")
            yield from (f"{name}: {one}" for one in _to_the_damage(own))


def _integrity(connection: Connection, pragma: str) -> Iterator[str]:
    for row in connection.execute(text(pragma)):
        if row[0] != "ok":
            yield row[0]


def _astray(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"{row[0]} {row[1]} → {row[2]}"


def _to_the_damage(check: Iterator[str]) -> Iterator[str]:
    """All that a check finds before it meets a page that SQLite can't read, and what it says of that."""
    try:
        yield from check
    except DBAPIError as error:
        if not damaged(error):
            raise
        yield str(error.orig)
