"""A month at a glance as the lists that people read: agents, items, calls, moments. Frames in, frames out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.frames import shown_status
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.rounding import rounded_column
from qa_audit.messages import say
from qa_audit.months.glance import EVERYWHERE
from qa_audit.reports.tables import clock_text
from qa_audit.widgets.listing import MOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.months.glance import Glance


def agent_list(glance: Glance, estimates: pl.DataFrame | None, names: Mapping[str, str]) -> pl.DataFrame:
    """One row an agent in the order of `glance.agents`: who, calls, the machine's mean, what people found.

    `estimates` are `estimation.difference.AGENT_ESTIMATES`, None where no call was drawn; `names` are item
    names by id.
    """
    columns = ("agent", "estimate", "low", "high", "heard", "reason")
    known = pl.DataFrame(schema=_ESTIMATED) if estimates is None else estimates.select(columns)
    rows = glance.agents.join(known, on="agent", how="left", maintain_order="left")
    item = pl.element().struct.field("item").replace(dict(names))
    reasons = {name: say(f"audited.reason.{name}") for name in rows["reason"].drop_nulls().unique()}
    interval = pl.format(_INTERVAL, _one_place("low"), _one_place("high"))
    return rows.select(
        _shown("agent_no").alias(say("widget.agent_no")),
        _shown("agent_name").alias(say("widget.agent_name")),
        _shown("team").alias(say("widget.team")),
        pl.col("scored").alias(say("widget.scored")),
        rounded_column(pl.col("mean"), 1).alias(say("audited.column.machine")),
        pl.col("heard").fill_null(0).alias(say("audited.column.heard")),
        rounded_column(pl.col("estimate"), 1).alias(say("audited.column.estimate")),
        pl.coalesce(interval, pl.col("reason").replace(reasons), pl.lit("–")).alias(
            say("audited.column.interval")
        ),
        pl.col("faults").list.eval(item).list.join(say("run.list_comma")).alias(say("widget.frequent")),
    )


def item_list(glance: Glance, team: str | None, names: Mapping[str, str]) -> pl.DataFrame:
    """One row an item of a team, or of all: how often it failed where it could be judged, most often first.

    The last column, under no heading of its own, is the item's id.
    """
    own = glance.items.filter((pl.col("kind") == "item") & (pl.col("team") == (team or EVERYWHERE)))
    return own.sort("fault_rate", "item", descending=[True, False], nulls_last=True).select(
        pl.col("item").replace(dict(names)).alias(say("widget.item")),
        rounded_column(100 * pl.col("fault_rate"), 1).alias(say("widget.fault_rate")),
        pl.col("faults").alias(say("widget.fault_count")),
        pl.col("judged").alias(say("widget.judged")),
        rounded_column(100 * pl.col("uncertain_share"), 1).alias(say("widget.uncertain_share")),
        pl.col("item").alias(ITEM),
    )


ITEM, CALL = "item", "call_id"
"""Columns that say which row it is; the lists on show leave them out."""


def call_list(calls: pl.LazyFrame, moments: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """One row a call in order of time, with the names of its faults; the last column is its id."""
    faults = moments.group_by(CALL, maintain_order=True).agg(
        pl.col("item")
        .unique(maintain_order=True)
        .replace(dict(names))
        .str.join(say("run.list_comma"))
        .alias("faults")
    )
    rows = calls.head(MOST).with_columns(status=shown_status()).collect()
    rows = rows.join(faults, on=CALL, how="left", maintain_order="left")
    states = {name: say(f"report.status.{name}") for name in rows["status"].unique()}
    return rows.select(
        pl.col("start").dt.strftime("%m-%d %H:%M").fill_null("–").alias(say("widget.start")),
        clock_text(pl.col("duration_s")).fill_null("–").alias(say("widget.length")),
        rounded_column(pl.col("score"), 1).alias(say("widget.score")),
        pl.col("faults").fill_null("").alias(say("widget.fault_names")),
        pl.col("status").replace(states).alias(say("widget.status")),
        pl.col(CALL),
    )


def shown(frame: pl.DataFrame) -> pl.DataFrame:
    """A list without its ids."""
    return frame.drop(ITEM, CALL, strict=False)


_INTERVAL = "{}\N{NO-BREAK SPACE}–\N{WORD JOINER}\N{NO-BREAK SPACE}{}"
"""In a narrow column an interval stays on one line; a browser may break after a dash."""
_ESTIMATED = {
    "agent": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "heard": pl.Int64,
    "reason": pl.String,
}


def _shown(name: str) -> pl.Expr:
    return pl.col(name).fill_null("").replace(UNKNOWN, say("report.unknown"))


def _one_place(name: str) -> pl.Expr:
    return rounded_column(pl.col(name), 1).cast(pl.String)
