"""Whether a workspace is as it must be: database and chain of events whole, no part half-written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from qa_audit.audit.proof import verify_chain
from qa_audit.closing.erased_words import erased_in_months
from qa_audit.closing.folder import check_seal
from qa_audit.closing.ledger import Ledger
from qa_audit.messages import QaError, say
from qa_audit.store.database import reading
from qa_audit.store.parts import damaged_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine as Database

    from qa_audit.audit.proof import Proof
    from qa_audit.store.chain import Head

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out of looking at a whole workspace."""

    proof: Proof
    database: tuple[str, ...]
    """What SQLite's own check says is wrong; nothing on PostgreSQL, which checks itself."""
    parts: int
    damaged: tuple[Path, ...]
    """Results that can't be read to their end; the next run makes them again."""
    months: int = 0
    """Versions of closed months."""
    changed_months: tuple[str, ...] = ()
    """Those whose files are not as they were sealed, but for words deleted on record: each in a sentence."""
    erased_in_months: int = 0
    """Words deleted on record in the files of closed months."""

    @property
    def failed(self) -> bool:
        """True when anything is not as it must be."""
        return self.proof.failed or bool(self.database or self.damaged or self.changed_months)

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
        }

    def __str__(self) -> str:
        lines = [str(self.proof)]
        wrong = "; ".join(self.database[:_LISTED])
        lines.append(say("verified.database_bad", wrong=wrong) if wrong else say("verified.database"))
        lines.append(say("verified.parts_bad" if self.damaged else "verified.parts", count=self.parts))
        lines += [f"  ✗ {path}" for path in self.damaged[:_LISTED]]
        if len(self.damaged) > _LISTED:
            lines.append(f"  … {len(self.damaged) - _LISTED}")
        if self.months:
            key = "verified.months_bad" if self.changed_months else "verified.months"
            lines.append(say(key, count=self.months, erased=self.erased_in_months))
            lines += [f"  ✗ {one}" for one in self.changed_months]
        return "\n".join(lines)


def verify_workspace(database: Database, results: Path, heads: Sequence[Head] = ()) -> Verified:
    """Check database, chain and results; nothing is changed. `heads` were kept elsewhere."""
    count, damaged = damaged_parts(results)
    months, changed, erased = _months(database)
    proof, faults = verify_chain(database, heads), database_faults(database)
    return Verified(proof, faults, count, tuple(damaged), months, changed, erased)


def _months(database: Database) -> tuple[int, tuple[str, ...], int]:
    """Versions of closed months, what is wrong with them, and words deleted in them on record."""
    ledger, changed = Ledger(database), []
    versions = ledger.versions()
    for one in versions:
        try:
            check_seal(ledger.files(one))
        except QaError as error:
            changed.append(say("verified.month", month=one.month, version=one.version, reason=error))
    with reading(database) as connection:
        erased = erased_in_months(connection).values()
    words = sum(told["words"] for files in erased for told in files.values())
    return len(versions), tuple(changed), words


def database_faults(database: Database) -> tuple[str, ...]:
    """What SQLite finds wrong in its file: pages, indexes, rows that point nowhere."""
    if database.dialect.name != "sqlite":
        return ()
    with reading(database) as connection:
        told = [row[0] for row in connection.execute(text("PRAGMA integrity_check"))]
        astray = connection.execute(text("PRAGMA foreign_key_check")).all()
    return tuple(one for one in told if one != "ok") + tuple(
        f"{row[0]} {row[1]} → {row[2]}" for row in astray
    )
