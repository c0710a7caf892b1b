"""Moments as a list to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import say
from qa_audit.reports.tables import clock_text
from qa_audit.scoring.evidence_words import shown_quote

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE_S, AFTER_S = 4.0, 4.0
"""Played before and after the moment, so that it is heard in its context."""


def moment_list(moments: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """One row a moment (`reports.moments.MOMENTS`): who, when, where in the call, which item and words."""
    quotes = [shown_quote(*row) for row in moments.select("quote", "tier").iter_rows()]
    return moments.select(
        pl.coalesce("agent_name", "agent_no", pl.lit(say("report.unknown"))).alias(say("widget.agent")),
        pl.col("start").dt.strftime("%m-%d %H:%M").fill_null("–").alias(say("widget.start")),
        clock_text(pl.col("start_s")).alias(say("widget.at")),
        pl.col("item").replace(dict(names)).alias(say("widget.item")),
        pl.Series(say("widget.quote"), quotes, pl.String),
    )
