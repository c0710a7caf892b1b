"""The register of faults (工差登记表): those that people marked, whose they are, how often they recurred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.actions import Fault
from qa_audit.audit.events import events_of_calls
from qa_audit.audit.rulings import restating, rulings_of
from qa_audit.audit.sheet import sheets
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine as Database

    from qa_audit.audit.rulings import Ruling

FAULTS_SCHEMA = pl.Schema(
    {
        "fault": pl.String,
        "call_id": pl.String,
        "start": pl.Datetime("us"),
        "agent": pl.String,
        "agent_no": pl.String,
        "agent_name": pl.String,
        "team": pl.String,
        "item": pl.String,
        "severity": pl.String,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "should_say": pl.String,
        "comment": pl.String,
        "inspector": pl.String,
        "marked_at": pl.Datetime("us", "UTC"),
        "nth": pl.Int64,
        "struck": pl.Boolean,
    }
)
"""One row a fault of a call that was handed in. `start` of the call, local; `agent` the key of a person
(`sampling.frame.agent_key`), team and name as they were then; `start_s`, `end_s` in the call; `nth`: it is in
the n-th call of that agent with a fault of that item, all months counted; `struck` where an appeal found that
the item does not fail: such a fault stays on record, but counts in no n (null there)."""

REPEATS_SCHEMA = pl.Schema(
    {"agent": pl.String, "agent_no": pl.String, "agent_name": pl.String, "team": pl.String}
    | {"item": pl.String, "calls": pl.UInt32, "last": pl.Datetime("us")}
)
"""One row an agent and item faulted in two calls or more: how many calls, and when the last was."""


def fault_register(database: Database, calls: pl.DataFrame) -> pl.DataFrame:
    """Faults of all calls (`FAULTS_SCHEMA`), in order of call, place and inspector; `calls` as `calls_frame`.

    Two inspectors who mark one fault have a row each; it is one call for `nth`.
    """
    events = events_of_calls(database)
    marked: dict[tuple[str, str, str], datetime] = {}
    for event in events:
        if isinstance(event.action, Fault):
            marked[event.call_id, event.who, event.action.fault] = event.at
    ruled = restating(rulings_of(database))
    rows = [
        (
            fault.fault,
            sheet.call_id,
            fault.item,
            fault.severity,
            fault.start_s,
            fault.end_s,
            fault.should_say,
            fault.comment,
            sheet.who,
            marked[sheet.call_id, sheet.who, fault.fault],
            _struck(ruled.get(sheet.call_id, {}).get(fault.item)),
        )
        for sheet in sheets(events).values()
        if sheet.handed_in_at is not None and sheet.skipped is None
        for fault in sheet.faults
    ]
    of_people = ("start", "agent", "agent_no", "agent_name", "team", "nth")
    found = pl.DataFrame(
        rows, {name: kind for name, kind in FAULTS_SCHEMA.items() if name not in of_people}, orient="row"
    )
    whose = calls.with_columns(agent_key()).select("call_id", *of_people[:-1])
    joined = found.join(whose, on="call_id", how="left").sort(
        "start", "call_id", "start_s", "inspector", "fault", nulls_last=True
    )
    counted = joined.filter(~pl.col("struck") & pl.col("agent").is_not_null()).with_columns(
        nth=(pl.col("call_id").rle_id().cast(pl.Int64) + 1).over("agent", "item")
    )
    return joined.join(
        counted.select("fault", "call_id", "inspector", "nth"),
        on=["fault", "call_id", "inspector"],
        how="left",
        maintain_order="left",
    ).select(FAULTS_SCHEMA.names())


def repeated_faults(register: pl.DataFrame) -> pl.DataFrame:
    """Who was faulted for the same item in two calls or more (`REPEATS_SCHEMA`), most calls first."""
    return (
        register.filter(pl.col("nth").is_not_null())
        .sort("start", "call_id", nulls_last=True)
        .group_by("agent", "item")
        .agg(
            pl.col("agent_no", "agent_name", "team").last(),
            calls=pl.col("call_id").n_unique(),
            last=pl.col("start").max(),
        )
        .filter(pl.col("calls") > 1)
        .sort("calls", "agent", "item", descending=[True, False, False])
        .select(REPEATS_SCHEMA.names())
    )


def _struck(ruling: Ruling | None) -> bool:
    return ruling is not None and ruling.verdict != "fail"


def standing_faults(register: pl.DataFrame) -> pl.DataFrame:
    """How many faults of `register` (`FAULTS_SCHEMA`) stand in each call: `call_id`, `faults` i64.

    >>> register = pl.DataFrame({"call_id": ["a", "a", "b"], "struck": [False, True, True]})
    >>> standing_faults(register).rows()
    [('a', 1)]
    """
    return register.filter(~pl.col("struck")).group_by("call_id").agg(faults=pl.len().cast(pl.Int64))
