"""Shifts as the call list shows them: no list of calls says when somebody came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from datetime import timedelta


def with_shifts(calls: pl.DataFrame, agent: str, gap: timedelta) -> pl.DataFrame:
    """Add `shift` u32 (numbered within an agent), `shift_start` and `shift_end` Datetime, in order of rows.

    `calls` has `agent` (str), `start` (Datetime, local) and `duration_s` (f64, null counts as 0). A shift
    begins with the first call after a time of at least `gap` without one, so it may go on past midnight; it
    ends when its last call does. Whoever comes before the first call or stays after the last is not seen.
    Calls without an agent or a start have no shift (null).

    >>> from datetime import datetime, timedelta
    >>> times = [datetime(2026, 10, 1, 22), datetime(2026, 10, 2, 3), datetime(2026, 10, 2, 21)]
    >>> calls = pl.DataFrame({"who": ["a"] * 3, "start": times, "duration_s": [60.0, 30.0, 60.0]})
    >>> with_shifts(calls, "who", timedelta(hours=6))["shift"].to_list()
    [1, 1, 2]
    """
    numbered = calls.with_row_index("_row")
    known = numbered.filter(pl.col(agent).is_not_null() & pl.col("start").is_not_null()).sort("start", "_row")
    end = pl.col("start") + pl.duration(
        milliseconds=(pl.col("duration_s").fill_null(0) * 1000).cast(pl.Int64)
    )
    known = known.with_columns(_end=end).with_columns(_before=pl.col("_end").cum_max().shift(1).over(agent))
    begins = pl.col("_before").is_null() | (pl.col("start") - pl.col("_before") >= gap)
    known = known.with_columns(shift=begins.cast(pl.UInt32).cum_sum().over(agent).cast(pl.UInt32))
    known = known.with_columns(
        shift_start=pl.col("start").min().over(agent, "shift"),
        shift_end=pl.col("_end").max().over(agent, "shift"),
    )
    found = known.select("_row", "shift", "shift_start", "shift_end")
    return numbered.join(found, on="_row", how="left", maintain_order="left").drop("_row")
