"""Missing recordings by agent and shift (每班每人都要有录音), from the call list and the roster."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.shifts import with_shifts

if TYPE_CHECKING:
    from datetime import date

SHIFT_GAPS = pl.Schema(
    {
        "team": pl.String(),
        "person_id": pl.String(),
        "agent_name": pl.String(),
        "shift_start": pl.Datetime("us"),
        "shift_end": pl.Datetime("us"),
        "calls": pl.UInt32(),
        "missing": pl.UInt32(),
        "call_ids": pl.List(pl.String()),
    }
)
"""One row a shift of an agent in which recordings are missing; `call_ids` of the calls without one. A shift
in which `missing` equals `calls` has none at all."""

DAY_GAPS = pl.Schema(
    {"day": pl.Date(), "team": pl.String(), "person_id": pl.String(), "agent_name": pl.String()}
)
"""One row a day and person of the roster for whom there is no call though their team had calls that day."""


def shift_gaps(calls: pl.DataFrame, gap_h: float = 6.0) -> pl.DataFrame:
    """Shifts with calls whose recording is not there (`SHIFT_GAPS`), by team, person and time.

    `calls` as `calls_frame` returns them; shifts as in `calls.shifts`, the next one after `gap_h` hours
    without a call. Calls without an agent or a start belong to no shift and are not here.
    """
    timed = calls.with_columns(duration_s=pl.col("listed_duration_s"))
    shifts = with_shifts(timed, "person_id", timedelta(hours=gap_h)).filter(pl.col("shift").is_not_null())
    gone = pl.col("recording").is_null()
    return (
        shifts.group_by("person_id", "shift")
        .agg(
            pl.col("team", "agent_name").drop_nulls().last(),
            pl.col("shift_start", "shift_end").first(),
            calls=pl.len(),
            missing=gone.sum(),
            call_ids=pl.col("call_id").filter(gone),
        )
        .filter(pl.col("missing") > 0)
        .sort("team", "person_id", "shift_start", nulls_last=True)
        .select(pl.col(name).cast(kind) for name, kind in SHIFT_GAPS.items())
    )


def day_gaps(calls: pl.DataFrame, roster: pl.DataFrame, first: date, following: date) -> pl.DataFrame:
    """People of the roster without a call on a day on which their team had some (`DAY_GAPS`).

    `roster` is `calls.people.ROSTER_SCHEMA`. Nothing says who was to work: whoever had the day off is here as
    well. Days from `first` until before `following`.
    """
    days = calls.filter(pl.col("start").is_not_null()).with_columns(day=pl.col("start").dt.date())
    days = days.filter((pl.col("day") >= first) & (pl.col("day") < following))
    worked = days.filter(pl.col("team").is_not_null()).select("day", "team").unique()
    there = days.select("day", "person_id").unique()
    begun = pl.col("start_date").is_null() | (pl.col("start_date") <= pl.col("day"))
    going = pl.col("end_date").is_null() | (pl.col("day") <= pl.col("end_date"))
    return (
        worked.join(roster.select("team", "person_id", "agent_name", "start_date", "end_date"), on="team")
        .filter(begun & going)
        .join(there, on=["day", "person_id"], how="anti")
        .unique(["day", "person_id"])
        .sort("day", "team", "person_id")
        .select(DAY_GAPS.names())
    )
