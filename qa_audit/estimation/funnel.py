"""Funnel plots instead of league tables: how far an agent's figure may lie from the rest by chance alone.

Each agent has limits of their own, as wide as their calls allow (Spiegelhalter 2005): the department's mean
± z √D, D being the variance of the estimate with variances pooled over agents. Inside, the agents are not
told apart; outside the outer limits (one in 500 by chance) it is worth looking why. Limits are not drawn in
order of scores, and there is no rank.
"""

from __future__ import annotations

import math

import polars as pl

from qa_audit.estimation.intervals import t_quantile

INNER, OUTER = 0.95, 0.998
"""Share of agents without any difference whose figures lie within the limits."""


def with_funnel(agents: pl.DataFrame, centre: float) -> pl.DataFrame:
    """Add limits about `centre`, the department's estimate, to `AGENT_ESTIMATES`.

    `inner_low`, `inner_high`, `outer_low`, `outer_high` f64 within 0 to 100, and `outside`: "above" or
    "below" the outer limits, else null. All null where there is no interval.
    """
    error = pl.col("pooled_variance").sqrt()
    limits = []
    for name, share in (("inner", INNER), ("outer", OUTER)):
        z = t_quantile(math.inf, share)
        limits.append((centre - z * error).clip(0, 100).alias(f"{name}_low"))
        limits.append((centre + z * error).clip(0, 100).alias(f"{name}_high"))
    figure = pl.col("estimate")
    outside = (
        pl.when(figure > pl.col("outer_high"))
        .then(pl.lit("above"))
        .when(figure < pl.col("outer_low"))
        .then(pl.lit("below"))
    )
    return agents.with_columns(limits).with_columns(outside=outside)


def told_apart(agents: pl.DataFrame) -> pl.DataFrame:
    """Rows with the limits of `with_funnel`, `outside` null where these have no width.

    Of an agent whose every call was heard, be it a single one, nothing is left to the draw: any figure that
    is not the centre itself lies outside.
    """
    point = (pl.col("outer_low") == pl.col("outer_high")).fill_null(value=False)
    return agents.with_columns(outside=pl.when(~point).then("outside"))


def funnel_curve(agents: pl.DataFrame, centre: float, most: int) -> pl.DataFrame:
    """Limits to draw behind the points: `heard` from 1 to `most` calls, and the four limits.

    The variance of one call is the mean of D · n over agents, so the curve fits those whose calls were
    drawn as most are; points are judged by their own limits. Empty where no agent has a variance.
    """
    known = agents.filter(pl.col("pooled_variance").is_not_null(), pl.col("heard") > 0)
    single = (known["pooled_variance"] * known["heard"]).mean()
    if not isinstance(single, float):
        return with_funnel(agents.clear(), centre).select(*_COLUMNS)
    curve = pl.DataFrame({"heard": range(1, most + 1)}, schema={"heard": pl.Int64()})
    curve = curve.with_columns(pooled_variance=single / pl.col("heard"), estimate=pl.lit(centre))
    return with_funnel(curve, centre).select(*_COLUMNS)


_COLUMNS = ("heard", "inner_low", "inner_high", "outer_low", "outer_high")
