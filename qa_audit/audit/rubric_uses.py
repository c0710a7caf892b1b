"""Which standard calls were scored by, from when on, and who ran or chose it: events only added.

Whoever edits `rubric.toml` leaves no trace in the database; whoever scores by it does. Each row has the whole
file, so that a finding of long ago, which names the file's hash, can be made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from qa_audit.scoring.frames import PROGRAM_RULES
from qa_audit.store.database import exclusive, reading, writing
from qa_audit.store.decision_rows import chain_row
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import name_or_login
from qa_audit.store.rubric_use_schema import rubric_uses

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.scoring.rubric import Rubric

Occasion = Literal["scored", "accepted"]
_LOCK = 7141013  # any number that is the same in every process


@dataclass(frozen=True, slots=True)
class RubricUse:
    """A standard that came into use."""

    number: int
    """From 1 on."""
    occasion: Occasion
    """Calls were scored by it first, or somebody accepted its detector."""
    rubric: str
    rubric_version: str
    rubric_sha256: str
    rubric_key: str
    """What findings depend on: the file and the detectors that it uses."""
    detector: str
    """Version of the workspace's own detector, or "built-in"."""
    program_rules: int
    """Version of what the program itself does with a rubric."""
    text: str
    """The rubric's file."""
    who: str
    """Whose login it was."""
    at: datetime
    """UTC."""


def rubric_uses_of(database: Database) -> list[RubricUse]:
    """All standards that were in use, in order."""
    with reading(database) as connection:
        rows = connection.execute(select(rubric_uses).order_by(rubric_uses.c.rubric_use_id)).all()
    return [_use(row._asdict()) for row in rows]


def keep_rubric_use(
    database: Database,
    rubric: Rubric,
    detector: str,
    occasion: Occasion = "scored",
    *,
    now: datetime | None = None,
) -> RubricUse | None:
    """Keep that calls are scored by a standard from now on; None where it is the one in use already.

    Raises `QaError` `store.not_allowed` for whom a PostgreSQL server does not let.
    """
    row = {
        "occasion": occasion,
        "rubric": rubric.id,
        "rubric_version": rubric.version,
        "rubric_sha256": rubric.sha256,
        "rubric_key": rubric.key,
        "detector": detector,
        "program_rules": PROGRAM_RULES,
        "text": rubric.text,
        "at": stored_moment(now),
    }
    with reading(database) as connection:
        if _in_use(connection, row):
            return None
    with writing(database) as connection:
        exclusive(connection, _LOCK)
        if _in_use(connection, row):
            return None
        row["who"] = name_or_login(connection)
        return _use({"rubric_use_id": chain_row(connection, rubric_uses, row), **row})


def _in_use(connection: Connection, row: dict[str, object]) -> bool:
    names = ("rubric_key", "detector", "program_rules")
    columns = [rubric_uses.c[name] for name in names]
    last = connection.execute(select(*columns).order_by(rubric_uses.c.rubric_use_id.desc()).limit(1)).first()
    return last is not None and tuple(last) == tuple(row[name] for name in names)


def _use(row: dict[str, object]) -> RubricUse:
    return RubricUse(number=row.pop("rubric_use_id"), **row)  # pyright: ignore[reportArgumentType]
