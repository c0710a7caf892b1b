"""Under which conditions each call was: what 四个一样 (REG 1.7) asks service to be the same under.

Everything is read off the call list. Where it lacks what a condition needs, the calls are on neither side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from qa_audit.calls.shifts import with_shifts

if TYPE_CHECKING:
    from collections.abc import Collection

Condition = Literal["busy", "repeat", "sampled", "late", "upset"]
CONDITIONS: tuple[Condition, ...] = ("busy", "repeat", "sampled", "late", "upset")
"""Each is named by its first side: busy against idle, repeat against first-time callers, sampled against not
sampled, late against early in the shift, upset against calm customers."""


class SamenessSettings(BaseModel):
    """Section `[sameness]`: where a centre would draw the lines otherwise.

    >>> SamenessSettings(busy_clock_hours=[9, 10], idle_clock_hours=[14]).busy_clock_hours
    (9, 10)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    busy_share: Annotated[float, Field(gt=0, le=0.5)] = 1 / 3
    """So large a share of the hours with calls counts as busy, and as large a one as idle, by the number of
    calls that began in the hour for each agent who had one; those between are neither."""
    busy_clock_hours: tuple[Annotated[int, Field(ge=0, le=23)], ...] = ()
    """Instead: hours of the clock (0 to 23) that the centre knows to be busy."""
    idle_clock_hours: tuple[Annotated[int, Field(ge=0, le=23)], ...] = ()
    repeat_days: Annotated[int, Field(ge=1, le=366)] = 7
    """A caller who called within so many days before is a repeat caller."""
    shift_gap_h: Annotated[float, Field(gt=0, le=24)] = 6
    """A shift begins after so many hours without a call."""
    shift_least_h: Annotated[float, Field(gt=0, le=24)] = 4
    """Shorter shifts have no early and late."""
    shift_part: Annotated[float, Field(gt=0, le=0.5)] = 1 / 3
    """The first and the last such part of a shift are early and late."""
    least_calls: Annotated[int, Field(ge=2)] = 10
    """Scored calls wanted on each side before anything is said."""
    least_days: Annotated[int, Field(ge=2)] = 5
    """Days wanted with calls of either side: calls of one day are alike."""
    matters_points: Annotated[float, Field(gt=0, le=100)] = 3
    """A difference of less is taken for the same service."""


@dataclass(frozen=True, slots=True)
class MonthFrames:
    """What the conditions are read off. Every call: `call_id`, `agent`, `team`, `start`, `duration_s`,
    `direction`, `customer_no`, `score`."""

    calls: pl.DataFrame
    """Calls of the month."""
    around: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Calls of the months before and after, with the same columns (`score` is not looked at)."""
    upset: Collection[str] | None = None
    """Calls in which the situation `upset_caller` was recognised; None where the rubric does not know it."""
    sampled: pl.DataFrame | None = None
    """Drawn calls: `call_id` and `stratum`; None where nothing was drawn."""
    strata: pl.DataFrame | None = None
    """`call_id` and `stratum` of all calls that could be drawn."""


def with_conditions(month: MonthFrames, settings: SamenessSettings | None = None) -> pl.DataFrame:
    """The month's calls with a Boolean column for each of `CONDITIONS` (null: on neither side) and `stratum`.

    - `busy`: see `SamenessSettings.busy_share`; hours are those of the clock, of each day. All calls of the
      list count for the load, of whichever agent and direction.
    - `repeat`: the same `customer_no` called (inbound) within `repeat_days` before. Null without a number,
      for a masked one (138****0000) and one of fewer than five digits, for outbound calls, and where the list
      does not reach back so far that an earlier call would be known.
    - `sampled`: drawn by chance to be heard by a person. Null for calls that could not be drawn. `stratum` is
      that of the draw; calls are compared within it, since low scores are drawn more often.
    - `late`: within the last third of the shift (`calls.shifts`), false within the first; shifts under
      `shift_least_h` have neither.
    - `upset`: the machine recognised an upset customer; null for calls without a score.
    """
    settings = settings or SamenessSettings()
    own = month.calls.with_columns(_own=pl.lit(value=True))
    every = own
    if not month.around.is_empty():
        kept = [name for name in month.calls.columns if name in month.around.columns]
        every = pl.concat(
            [own, month.around.select(kept).with_columns(_own=pl.lit(value=False))], how="diagonal"
        )
    every = _late(_repeat(_busy(every, settings), settings), settings)
    found = every.filter("_own").drop("_own")
    upset = pl.lit(None, pl.Boolean)
    if month.upset is not None:
        upset = pl.when(pl.col("score").is_not_null()).then(pl.col("call_id").is_in(list(month.upset)))
    return _sampled(found.with_columns(upset=upset), month)


def _busy(calls: pl.DataFrame, settings: SamenessSettings) -> pl.DataFrame:
    if settings.busy_clock_hours or settings.idle_clock_hours:
        hour = pl.col("start").dt.hour()
        busy = hour.is_in(settings.busy_clock_hours)
        idle = hour.is_in(settings.idle_clock_hours)
        return calls.with_columns(busy=pl.when(busy & ~idle).then(True).when(idle & ~busy).then(False))
    calls = calls.with_columns(_hour=pl.col("start").dt.truncate("1h"))
    hours = (
        calls.filter(pl.col("_hour").is_not_null() & pl.col("agent").is_not_null())
        .group_by("_hour")
        .agg(_load=pl.len() / pl.col("agent").n_unique())
    )
    # Each share from its own end: 1 - 1/3 is a little more than two thirds in binary.
    low, down = (loads.quantile(settings.busy_share, "linear") for loads in (hours["_load"], -hours["_load"]))
    if low is None or down is None or low >= -down:
        return calls.drop("_hour").with_columns(busy=pl.lit(None, pl.Boolean))
    side = pl.when(pl.col("_load") >= -down).then(True).when(pl.col("_load") <= low).then(False)
    hours = hours.select("_hour", busy=side)
    return calls.join(hours, on="_hour", how="left", maintain_order="left").drop("_hour")


def _repeat(calls: pl.DataFrame, settings: SamenessSettings) -> pl.DataFrame:
    span = timedelta(days=settings.repeat_days)
    known_from = calls["start"].min()
    number = pl.col("customer_no").str.replace_all(r"[\s\-+()]", "")
    real = number.str.contains(r"^\d{5,}$")
    inbound = (pl.col("direction") == "inbound").fill_null(False)
    usable = inbound & real.fill_null(False) & pl.col("start").is_not_null()
    calls = calls.with_columns(_who=pl.when(usable).then(number)).with_row_index("_row").sort("start", "_row")
    before = pl.col("start").shift(1).over("_who")
    again = (pl.col("start") - before <= span).fill_null(False)
    covered = pl.col("start") - pl.lit(known_from, pl.Datetime("us")) >= span
    side = pl.when(pl.col("_who").is_null()).then(None).when(again).then(True).when(covered).then(False)
    return calls.with_columns(repeat=side).sort("_row").drop("_row", "_who")


def _late(calls: pl.DataFrame, settings: SamenessSettings) -> pl.DataFrame:
    calls = with_shifts(calls, "agent", timedelta(hours=settings.shift_gap_h))
    length = pl.col("shift_end") - pl.col("shift_start")
    # Each part from its own end, as above.
    into = (pl.col("start") - pl.col("shift_start")) / length
    left = (pl.col("shift_end") - pl.col("start")) / length
    whole = length >= timedelta(hours=settings.shift_least_h)
    part = settings.shift_part
    side = pl.when(whole & (left <= part)).then(True).when(whole & (into <= part)).then(False)
    return calls.with_columns(late=side).drop("shift", "shift_start", "shift_end")


def _sampled(calls: pl.DataFrame, month: MonthFrames) -> pl.DataFrame:
    if month.sampled is None or month.strata is None:
        return calls.with_columns(sampled=pl.lit(None, pl.Boolean), stratum=pl.lit(None, pl.String))
    strata = month.strata.select("call_id", "stratum").unique("call_id", keep="first")
    drawn = pl.col("call_id").is_in(month.sampled["call_id"].to_list())
    found = calls.join(strata, on="call_id", how="left", maintain_order="left")
    return found.with_columns(sampled=pl.when(pl.col("stratum").is_not_null()).then(drawn))
