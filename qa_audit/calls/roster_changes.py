"""What an import changes about the roster: worked out first, then written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import bindparam, insert, select, update

from qa_audit.calls.people import ROSTER_SCHEMA
from qa_audit.store import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from qa_audit.calls.roster import RosterFile


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """Changes to the roster, and the roster as it will be."""

    rows: pl.DataFrame
    new: tuple[dict[str, Any], ...] = ()
    removed_ids: tuple[int, ...] = ()
    unchanged: int = 0


def plan_roster(connection: Connection, roster: RosterFile | None) -> RosterPlan:
    """Compare a roster with the one in force; none at all, or none that is good, keeps that one."""
    columns = tuple(ROSTER_SCHEMA)
    table = schema.roster
    query = select(table.c.roster_id, *(table.c[name] for name in columns)).where(
        table.c.removed_in.is_(None)
    )
    before = {tuple(row[1:]): row[0] for row in connection.execute(query.order_by(table.c.roster_id))}
    if roster is None or not roster.rows:
        return RosterPlan(pl.DataFrame(list(before), ROSTER_SCHEMA, orient="row"))
    after = {tuple(getattr(row, name) for name in columns): row for row in roster.rows}
    new = tuple(dict(zip(columns, key, strict=True)) for key in after if key not in before)
    removed = tuple(number for key, number in before.items() if key not in after)
    rows = pl.DataFrame(list(after), ROSTER_SCHEMA, orient="row")
    return RosterPlan(rows, new, removed, len(after) - len(new))


def write_roster(connection: Connection, people: RosterPlan, import_id: int) -> None:
    """Write a plan: rows that are no longer in force stay, with the import that ended them."""
    table = schema.roster
    if people.removed_ids:
        connection.execute(
            update(table).where(table.c.roster_id == bindparam("number")).values(removed_in=import_id),
            [{"number": number} for number in people.removed_ids],
        )
    if people.new:
        connection.execute(insert(table), [{**row, "added_in": import_id} for row in people.new])
