"""Whether a workspace is as it must be: database and chain of events whole, no part half-written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from qa_audit.audit.proof import verify_chain
from qa_audit.messages import say
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

    @property
    def failed(self) -> bool:
        """True when anything is not as it must be."""
        return self.proof.failed or bool(self.database) or bool(self.damaged)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "ok": not self.failed,
            "chain": self.proof.as_json(),
            "database": list(self.database),
            "parts": self.parts,
            "damaged": [str(path) for path in self.damaged],
        }

    def __str__(self) -> str:
        lines = [str(self.proof)]
        wrong = "; ".join(self.database[:_LISTED])
        lines.append(say("verified.database_bad", wrong=wrong) if wrong else say("verified.database"))
        lines.append(say("verified.parts_bad" if self.damaged else "verified.parts", count=self.parts))
        lines += [f"  ✗ {path}" for path in self.damaged[:_LISTED]]
        if len(self.damaged) > _LISTED:
            lines.append(f"  … {len(self.damaged) - _LISTED}")
        return "\n".join(lines)


def verify_workspace(database: Database, results: Path, heads: Sequence[Head] = ()) -> Verified:
    """Check database, chain and results; nothing is changed. `heads` were kept elsewhere."""
    count, damaged = damaged_parts(results)
    return Verified(verify_chain(database, heads), database_faults(database), count, tuple(damaged))


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
