"""Where inspectors of a call differ, and how they or a third person settle it: a gold label."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.actions import checked_text
from qa_audit.audit.events import checked_name
from qa_audit.audit.rulings import GOLD_SCHEMA, Ruling, in_force, keep_ruling, read_rulings
from qa_audit.messages import QaError, language, say
from qa_audit.scoring.verdicts import VERDICTS
from qa_audit.store.database import exclusive, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine as Database

    from qa_audit.scoring.rubric import Rubric

DIFFERENCES_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "item": pl.String,
        "inspectors": pl.List(pl.String),
        "verdicts": pl.List(pl.String),
        "gold": pl.String,
        "source": pl.String,
    }
)
"""One row a call and item on which inspectors differed; `verdicts` in the order of `inspectors`, `gold` the
settled one or null, `source` "appeal" or "adjudication"."""

_SETTLING = 7141006  # any number that is the same in every process


def differences(verdicts: pl.DataFrame, gold: pl.DataFrame | None = None) -> pl.DataFrame:
    """Calls and items on which those who handed them in differ (`DIFFERENCES_SCHEMA`), in order.

    `verdicts` as `audit.scores.audit_frame`, of which the first handed in counts; `gold` as `GOLD_SCHEMA`.
    """
    return (
        verdicts.filter(pl.col("first_verdict").is_not_null())
        .sort("call_id", "item", "who")
        .group_by("call_id", "item", maintain_order=True)
        .agg(inspectors="who", verdicts="first_verdict")
        .filter(pl.col("verdicts").list.n_unique() > 1)
        .join(
            (pl.DataFrame(schema=GOLD_SCHEMA) if gold is None else gold).select(
                "call_id", "item", "source", gold="verdict"
            ),
            on=["call_id", "item"],
            how="left",
            maintain_order="left",
        )
        .select(DIFFERENCES_SCHEMA.names())
    )


def settle(
    database: Database,
    verdicts: pl.DataFrame,
    call_id: str,
    item: str,
    verdict: str,
    *,
    by: Sequence[str],
    reason: str,
    rubric: Rubric,
    now: datetime | None = None,
) -> None:
    """Settle a difference: by one person who had not judged the call, or by all who had, together.

    `verdicts` as `audit.scores.audit_frame` of the call. A later settlement replaces an earlier one, but not
    the decision of an appeal. Raises `QaError`: `audit.no_name`, `audit.bad_text`,
    `adjudication.no_difference`, `adjudication.verdict`, `adjudication.who`, `adjudication.appealed`.
    """
    names = tuple(dict.fromkeys(checked_name(one) for one in by))
    reason = checked_text("reason", reason)
    own = differences(verdicts)
    rows = own.filter((pl.col("call_id") == call_id) & (pl.col("item") == item))
    if rows.is_empty():
        raise QaError("adjudication.no_difference", call_id=call_id, item=rubric.name_of(item, language()))
    if verdict not in VERDICTS:
        raise QaError("adjudication.verdict", got=verdict, allowed=", ".join(VERDICTS))
    judged = set(rows["inspectors"][0])
    if not names or (set(names) & judged and not judged <= set(names)):
        raise QaError("adjudication.who", inspectors=say("run.list_comma").join(sorted(judged)))
    with writing(database) as connection:
        exclusive(connection, _SETTLING)
        held = in_force(read_rulings(connection, [call_id])).get((call_id, item))
        if held is not None and held.source == "appeal":
            name = rubric.name_of(item, language())
            raise QaError("adjudication.appealed", call_id=call_id, item=name, appeal=held.appeal_id)
        keep_ruling(
            connection,
            call_id,
            item,
            Ruling(verdict),  # pyright: ignore[reportArgumentType]  # one of VERDICTS
            source="adjudication",
            by=names,
            reason=reason,
            at=now or datetime.now(UTC),
            rubric=rubric,
        )
