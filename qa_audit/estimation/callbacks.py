"""Callbacks (外呼回访; REG 6): which customers were called back, how soon, at what hour, with what record."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

CALLBACKS = pl.Schema(
    {
        "customer_no": pl.String(),
        "team": pl.String(),
        "agent": pl.String(),
        "call_id": pl.String(),
        "start": pl.Datetime("us"),
        "callback_id": pl.String(),
        "callback_team": pl.String(),
        "callback_start": pl.Datetime("us"),
        "delay_h": pl.Float64(),
        "state": pl.String(),
        "rest_hours": pl.Boolean(),
        "lacking": pl.List(pl.String()),
        "said": pl.String(),
    }
)
"""One row a customer who called in the month; `call_id`, `team`, `agent`, `start` of their last call in it.
`state`: "in_time", "late", "none" (not called back though the time is over), "open" (the list ends before the
time does). `lacking` names what the record of the callback lacks; `said` as `satisfaction.Satisfaction`, null
where the callback has not been transcribed."""

RECORD = ("agent", "duration_s", "recording")
"""What a complete record of a callback has, beside customer and start."""


class ServiceSettings(BaseModel):
    """Section `[service]`: what the centre promises.

    >>> ServiceSettings(rest_hours=[("12:00", "14:00")]).rest_hours[0][0].hour
    12
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    callback_days: Annotated[float, Field(gt=0, le=31)] = 3
    """A customer is to be called back within so many days (of 24 hours) after the call."""
    rest_hours: tuple[tuple[time, time], ...] = ((time(12), time(14)), (time(21), time(9)))
    """When customers are not to be called, from (included) to (not); past midnight where that is earlier."""
    rings_limit_s: Annotated[float, Field(gt=0, le=120)] = 15
    """Three rings: the Chinese ringback tone is 1 s on, 4 s off."""

    @field_validator("rest_hours")
    @classmethod
    def _last(cls, value: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
        for begin, end in value:
            if begin == end:
                raise ValueError(say("service.no_span", at=f"{begin:%H:%M}"))
        return value


def callbacks(
    calls: pl.DataFrame,
    first: datetime,
    following: datetime,
    settings: ServiceSettings | None = None,
    said: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Customers who called from `first` until before `following`, and when they were called back.

    The frame is `CALLBACKS`. `calls` has `call_id`, `start` (local), `direction`, `internal`, `customer_no`,
    `agent`, `team`, `duration_s` and `recording`; without calls of the days after, the last are "open". A
    customer is a number of the list as it stands; calls without one, internal ones and those of unknown
    direction are left out. The callback is the first outbound call to the number after its last call of the
    month began. `said` gives satisfaction by call id. In order of `start` and customer.
    """
    settings, said = settings or ServiceSettings(), said or {}
    real = ~pl.col("internal").fill_null(value=False)
    usable = calls.filter(real & pl.col("start").is_not_null() & pl.col("customer_no").is_not_null())
    usable = usable.sort("start", "call_id")
    month = (pl.col("start") >= first) & (pl.col("start") < following)
    asked = (
        usable.filter(month & (pl.col("direction") == "inbound"))
        .group_by("customer_no", maintain_order=True)
        .agg(pl.col("call_id", "start", "team", "agent").last())
        .sort("start", "customer_no")
    )
    outbound = usable.filter(pl.col("direction") == "outbound").select(
        "customer_no",
        "duration_s",
        "recording",
        callback_id="call_id",
        callback_start="start",
        callback_team="team",
        callback_agent="agent",
    )
    found = asked.join_asof(
        outbound.sort("callback_start"),
        left_on="start",
        right_on="callback_start",
        by="customer_no",
        strategy="forward",
        coalesce=False,
        check_sortedness=False,
    )
    last = calls["start"].max()
    allowed = timedelta(days=settings.callback_days)
    delay = pl.col("callback_start") - pl.col("start")
    over = pl.lit(last, pl.Datetime("us")) - pl.col("start") >= allowed
    state = (
        pl.when(delay <= allowed)
        .then(pl.lit("in_time"))
        .when(delay > allowed)
        .then(pl.lit("late"))
        .when(over)
        .then(pl.lit("none"))
        .otherwise(pl.lit("open"))
    )
    called = pl.col("callback_id").is_not_null()
    lacks = {
        "agent": pl.col("callback_agent").is_null(),
        "duration_s": pl.col("duration_s").fill_null(0) <= 0,
        "recording": pl.col("recording").is_null(),
    }
    names = [pl.when(lacks[name]).then(pl.lit(name)) for name in RECORD]
    words = pl.DataFrame(
        {"callback_id": list(said), "said": list(said.values())},
        schema={"callback_id": pl.String, "said": pl.String},
    )
    return (
        found.with_columns(
            delay_h=delay.dt.total_seconds() / 3600,
            state=state,
            rest_hours=pl.when(called).then(_resting(settings)),
            lacking=pl.when(called).then(pl.concat_list(names).list.drop_nulls()),
        )
        .join(words, on="callback_id", how="left", maintain_order="left")
        .select(pl.col(name).cast(kind) for name, kind in CALLBACKS.items())
    )


def _resting(settings: ServiceSettings) -> pl.Expr:
    at = pl.col("callback_start").dt.time()
    found = pl.lit(value=False)
    for begin, end in settings.rest_hours:
        after, before = at >= begin, at < end
        found = found | ((after & before) if begin < end else (after | before))
    return found
