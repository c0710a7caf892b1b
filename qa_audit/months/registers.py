"""What people decided about the calls of a month, in the forms that reports show: faults and appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.frames import TIME_ZONE, local_time
from qa_audit.estimation.heard import COUNTS
from qa_audit.messages import say
from qa_audit.reports.registers import APPEALS, FAULT_REGISTER
from qa_audit.sampling.frame import agent_key
from qa_audit.store.salted import ERASED

_WRITTEN = ("should_say", "comment", "reason", "reply")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qa_audit.audit.appeal import Appeal

    Words = Callable[[str, str, float, float], str | None]
    """What was said: of a call, item, start and end in seconds."""


def fault_rows(register: pl.DataFrame, words: Words) -> pl.DataFrame:
    """`reports.registers.FAULT_REGISTER` of faults of `Workspace.faults`."""
    said = [words(*row) for row in register.select("call_id", "item", "start_s", "end_s").iter_rows()]
    return (
        erased_told(register)
        .with_columns(
            pl.Series("words", said, pl.String),
            pl.col("marked_at").dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None).alias("at"),
        )
        .rename({"nth": "times"})
        .sort("call_id", "start_s")
        .select(FAULT_REGISTER.names())
        .cast(dict(FAULT_REGISTER))  # pyright: ignore[reportArgumentType]
    )


def counted_faults(
    register: pl.DataFrame, sheets: pl.DataFrame, assigned: pl.DataFrame, gold: pl.DataFrame
) -> pl.DataFrame:
    """The faults of `Workspace.faults` that a month's report lists: of each call and item one inspector's.

    What was settled (`gold`, `audit.rulings.GOLD_SCHEMA`) goes first: an item settled as kept has no fault;
    where an appeal did so it is listed, as struck. Else the hearing counts that counts in the score: the
    first that chance gave out (`assigned`, `audited.ASSIGNED`), and for calls that were not drawn the one
    handed in first (`sheets`, `audit.scores.SHEETS_SCHEMA`). A fault that only somebody else marked is
    listed, under their name, where the item was settled as failed. The register itself keeps the faults of
    all.
    """
    order = hearings(sheets, assigned)
    settled = gold.select("call_id", "item", settled="verdict")
    known = register.join(order, on=["call_id", "inspector"], how="left", maintain_order="left").join(
        settled, on=["call_id", "item"], how="left", maintain_order="left"
    )
    earliest = pl.col("turn").min().over("call_id", "item")
    listed = pl.col("struck") | (pl.col("settled") == "fail")
    counts = pl.when(listed).then(pl.col("turn") == earliest)
    counts = counts.when(pl.col("settled").is_not_null()).then(False).otherwise(pl.col("turn") == 0)
    return known.filter(counts.fill_null(value=False)).select(register.columns)


def hearings(sheets: pl.DataFrame, assigned: pl.DataFrame) -> pl.DataFrame:
    """Who heard which call (`call_id`, `inspector`), `turn` 0 being the hearing that counts in the score.

    That is the first that chance gave out, and of calls that were not drawn the one handed in first.
    Arguments as for `counted_faults`.
    """
    done = sheets.filter(pl.col("handed_in_at").is_not_null() & pl.col("skipped").is_null())
    drawn = assigned.filter(pl.col("purpose") == COUNTS).select("call_id", who="inspector", drawn=True)
    return (
        done.join(drawn, on=["call_id", "who"], how="left")
        .sort("call_id", pl.col("drawn").is_null(), "handed_in_at", "who")
        .select("call_id", inspector="who", turn=pl.int_range(pl.len()).over("call_id"))
    )


def appeal_rows(appeals: Iterable[Appeal], calls: pl.DataFrame) -> pl.DataFrame:
    """`reports.registers.APPEALS`; `calls` as `Workspace.calls` says whose call was disputed.

    The scores are those of the first inspector whose score the decision changed, else of the first.
    """
    known = calls.with_columns(agent_key()).select("call_id", "team", "agent_no", "agent_name")
    rows = [_appeal_row(one) for one in appeals]
    of_people = {"team", "agent_no", "agent_name"}
    found = pl.DataFrame(rows, {name: kind for name, kind in APPEALS.items() if name not in of_people})
    told = erased_told(found)
    return told.join(known, on="call_id", how="left", maintain_order="left").select(APPEALS.names())


def erased_told(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of faults or appeals that say of words that were deleted that they were."""
    written = [name for name in _WRITTEN if name in rows.columns]
    return rows.with_columns(pl.col(written).replace({ERASED: say("words.erased")})) if written else rows


def _appeal_row(one: Appeal) -> dict[str, Any]:
    decision, reply = one.decision, one.reply
    changes = list((decision.scores or {}).values()) if decision is not None else []
    change = next((pair for pair in changes if pair.before != pair.after), changes[0] if changes else None)
    return {
        "appeal": one.appeal_id,
        "call_id": one.call_id,
        "item": one.item,
        "start_s": one.at_s,
        "filed_at": local_time(one.filed_at),
        "due_at": local_time(one.decide_by),
        "reason": one.text,
        "replied_by": reply.who if reply is not None else None,
        "reply": reply.text if reply is not None else None,
        "decision": None if one.is_open else one.state,
        "decided_by": decision.who if decision is not None else None,
        "decided_at": local_time(decision.at) if decision is not None else None,
        "score_before": change.before if change is not None else None,
        "score_after": change.after if change is not None else None,
    }
