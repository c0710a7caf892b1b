"""Rulings: the settled verdict of an item on a call, of an appeal or of inspectors who differed.

A ruling is the gold label of its item. Only one of an appeal changes the score; inspectors who settle a
difference do so for the rules' and their own sake: the score stays with the inspector whom chance chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import polars as pl

from qa_audit.store.database import reading, rows_in
from qa_audit.store.decision_rows import decisions, keep_decision, words_of
from qa_audit.store.dispute_schema import rulings
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import own_calls_alone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, Row
    from sqlalchemy import Engine as Database

    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import Verdict

Source = Literal["appeal", "adjudication"]

GOLD_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "item": pl.String,
        "verdict": pl.String,
        "source": pl.String,
        "by": pl.List(pl.String),
        "reason": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "rubric": pl.String,
        "rubric_version": pl.String,
        "appeal": pl.Int64,
    }
)
"""One row a call and item: what was settled last. `source` is "appeal" or "adjudication", `by` are those who
decided, `appeal` the number of the appeal or null."""


RULINGS_SCHEMA = pl.Schema(
    {
        "ruling_id": pl.Int64,
        "call_id": pl.String,
        "item": pl.String,
        "verdict": pl.String,
        "points": pl.Float64,
        "critical": pl.Boolean,
        "source": pl.String,
        "appeal": pl.Int64,
        "by": pl.List(pl.String),
        "reason": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "rubric": pl.String,
        "rubric_version": pl.String,
    }
)
"""One row a ruling, as kept."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an item was settled to be."""

    verdict: Verdict
    points: float | None = None
    """Points that a failed item keeps; None as the rubric has it."""
    critical: bool | None = None
    """Whether the failed item zeroes the call; None as the faults have it. Only an item that the rubric calls
    critical ever does."""


@dataclass(frozen=True, slots=True)
class KeptRuling:
    """A ruling with who made it, when and why."""

    ruling_id: int
    call_id: str
    item: str
    ruling: Ruling
    source: Source
    appeal_id: int | None
    by: tuple[str, ...]
    reason: str
    at: datetime
    """UTC."""
    rubric_sha256: str
    rubric_version: str


def keep_ruling(
    connection: Connection,
    call_id: str,
    item: str,
    ruling: Ruling,
    *,
    source: Source,
    by: Collection[str],
    reason: str,
    at: datetime,
    rubric: Rubric,
    appeal_id: int | None = None,
) -> int:
    """Append a ruling within the caller's transaction; its number. `at` is UTC."""
    row = {
        "call_id": call_id,
        "item": item,
        "source": source,
        "appeal_id": appeal_id,
        "verdict": ruling.verdict,
        "points": ruling.points,
        "critical": ruling.critical,
        "by": list(by),
        "reason": reason,
        "ruled_at": stored_moment(at),
        "rubric_sha256": rubric.sha256,
        "rubric_version": rubric.version,
    }
    return keep_decision(connection, rulings, row)


def rulings_of(database: Database, call_ids: Collection[str] | None = None) -> list[KeptRuling]:
    """All rulings (of these calls) in the order in which they were made."""
    with reading(database) as connection:
        return read_rulings(connection, call_ids)


def read_rulings(connection: Connection, call_ids: Collection[str] | None = None) -> list[KeptRuling]:
    """As `rulings_of`, within the caller's transaction."""
    query, own = decisions(rulings), own_calls_alone(connection)
    if own is not None:
        query = query.where(rulings.c.call_id.in_(own))
    if call_ids is None:
        rows = connection.execute(query).all()
    else:
        rows = rows_in(connection, query, rulings.c.call_id, set(call_ids))
    return [_kept(row) for row in sorted(rows, key=lambda row: row.ruling_id)]


def in_force(kept: Collection[KeptRuling]) -> Mapping[tuple[str, str], KeptRuling]:
    """The ruling that holds for each call and item: the last one."""
    return {(one.call_id, one.item): one for one in sorted(kept, key=lambda one: one.ruling_id)}


def restating(kept: Collection[KeptRuling]) -> Mapping[str, Mapping[str, Ruling]]:
    """Rulings that change scores, by call and item: those of appeals."""
    found: dict[str, dict[str, Ruling]] = {}
    for (call_id, item), one in in_force([one for one in kept if one.source == "appeal"]).items():
        found.setdefault(call_id, {})[item] = one.ruling
    return found


def rulings_frame(kept: Collection[KeptRuling]) -> pl.DataFrame:
    """Rulings as a frame (`RULINGS_SCHEMA`), in the order in which they were made."""
    rows = [
        (
            one.ruling_id,
            one.call_id,
            one.item,
            one.ruling.verdict,
            one.ruling.points,
            one.ruling.critical,
            one.source,
            one.appeal_id,
            list(one.by),
            one.reason,
            one.at,
            one.rubric_sha256,
            one.rubric_version,
        )
        for one in sorted(kept, key=lambda one: one.ruling_id)
    ]
    return pl.DataFrame(rows, RULINGS_SCHEMA, orient="row")


def rulings_from(frame: pl.DataFrame) -> list[KeptRuling]:
    """Rulings of a frame (`RULINGS_SCHEMA`): the way back of `rulings_frame`."""
    return [
        KeptRuling(
            ruling_id=row["ruling_id"],
            call_id=row["call_id"],
            item=row["item"],
            ruling=Ruling(row["verdict"], row["points"], row["critical"]),
            source=row["source"],
            appeal_id=row["appeal"],
            by=tuple(row["by"]),
            reason=row["reason"],
            at=row["at"],
            rubric_sha256=row["rubric"],
            rubric_version=row["rubric_version"],
        )
        for row in frame.iter_rows(named=True)
    ]


def gold_frame(kept: Collection[KeptRuling]) -> pl.DataFrame:
    """Gold labels (`GOLD_SCHEMA`), in order of call and item."""
    rows = [
        (
            one.call_id,
            one.item,
            one.ruling.verdict,
            one.source,
            list(one.by),
            one.reason,
            one.at,
            one.rubric_sha256,
            one.rubric_version,
            one.appeal_id,
        )
        for _, one in sorted(in_force(kept).items())
    ]
    return pl.DataFrame(rows, GOLD_SCHEMA, orient="row")


def with_gold(verdicts: pl.DataFrame, gold: pl.DataFrame, column: str) -> pl.DataFrame:
    """Verdicts (a row a call and item, and maybe inspector) in which the gold label wins over `column`."""
    labels = gold.select("call_id", "item", gold_label="verdict")
    return (
        verdicts.join(labels, on=["call_id", "item"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("gold_label", column).alias(column))
        .drop("gold_label")
    )


def _kept(row: Row) -> KeptRuling:
    return KeptRuling(
        ruling_id=row.ruling_id,
        call_id=row.call_id,
        item=row.item,
        ruling=Ruling(row.verdict, row.points, row.critical),
        source=row.source,
        appeal_id=row.appeal_id,
        by=tuple(row.by),
        reason=words_of(rulings, row),
        at=row.ruled_at.replace(tzinfo=UTC),
        rubric_sha256=row.rubric_sha256,
        rubric_version=row.rubric_version,
    )
