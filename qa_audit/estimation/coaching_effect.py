"""What changed after somebody was coached: faults and scores of the calls before and after, with an interval.

People are coached after bad weeks, and after a bad week an ordinary one follows anyway; so the change of all
colleagues in the same weeks stands beside it, and a change whose interval holds zero is said to be none.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.estimation.intervals import CONFIDENCE, Spread, clopper_pearson, combined, half_width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

JUDGED_CALLS = pl.Schema(
    {
        "call_id": pl.String(),
        "agent": pl.String(),
        "start": pl.Datetime("us"),
        "item": pl.String(),
        "failed": pl.Boolean(),
    }
)
"""One row a call and item that was judged pass or fail; `start` local time."""

SCORED_CALLS = pl.Schema(
    {"call_id": pl.String(), "agent": pl.String(), "start": pl.Datetime("us"), "score": pl.Float64()}
)
"""One row a call with a score, 0 to 100."""

EFFECT = pl.Schema(
    {
        "measure": pl.String(),
        "item": pl.String(),
        "calls_before": pl.Int64(),
        "calls_after": pl.Int64(),
        "before": pl.Float64(),
        "after": pl.Float64(),
        "change": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "others": pl.Float64(),
        "says": pl.String(),
    }
)
"""One row a measure: "faults" (share of calls in which `item` fails) or "score" (`item` null, points).
`change` is after − before with its 95 % interval, `others` that of all other agents; `says` is "better",
"worse", "nothing" (the interval holds zero) or "too_few" (under `LEAST_CALLS` on one side: no interval)."""

LEAST_CALLS = 10
"""Calls on either side below which nothing is said: a share of fewer calls jumps by ten points a call."""
DAYS = 30
"""Days before and after that are compared."""

Says = Literal["better", "worse", "nothing", "too_few"]


def coaching_effect(
    judged: pl.DataFrame,
    scored: pl.DataFrame,
    agent: str,
    items: Sequence[str],
    coached_at: datetime,
    *,
    days: int = DAYS,
) -> pl.DataFrame:
    """`EFFECT` of coaching an agent on items, from `JUDGED_CALLS` and `SCORED_CALLS`.

    Calls from `days` before `coached_at` to `days` after are compared. Shares have the interval of Agresti
    and Caffo (2000), means that of Welch (1947). Raises `QaError` `month.missing_column`.
    """
    require_columns(judged, "judged", JUDGED_CALLS)
    require_columns(scored, "scored", SCORED_CALLS)
    rows = []
    for item in items:
        own, others = _sides(judged.filter(pl.col("item") == item), agent, "failed", coached_at, days)
        rows.append(("faults", item, *_row(own, others, _share_interval(*own), better_is_less=True)))
    own, others = _sides(scored, agent, "score", coached_at, days)
    rows.append(("score", None, *_row(own, others, _mean_interval(*own), better_is_less=False)))
    return pl.DataFrame(rows, EFFECT, orient="row")


def fault_shares(
    judged: pl.DataFrame, agent: str, item: str, coached_at: datetime, *, days: int = DAYS
) -> tuple[Share, Share]:
    """Share of the agent's calls (`JUDGED_CALLS`) at fault on `item` before coaching and after, each with its
    exact interval (Clopper and Pearson 1934). Raises `QaError` `month.missing_column`.
    """
    require_columns(judged, "judged", JUDGED_CALLS)
    own, _ = _sides(judged.filter(pl.col("item") == item), agent, "failed", coached_at, days)
    before, after = (_share(values) for values in own)
    return before, after


class Share(NamedTuple):
    """So many calls, and which share of them; nulls where there are none."""

    calls: int
    rate: float | None
    low: float | None
    high: float | None


def _share(values: Values) -> Share:
    if not values:
        return Share(0, None, None, None)
    faults = math.fsum(values)
    return Share(len(values), faults / len(values), *clopper_pearson(faults, len(values)))


Values = list[float]


def _sides(
    calls: pl.DataFrame, agent: str, column: str, coached_at: datetime, days: int
) -> tuple[tuple[Values, Values], tuple[Values, Values]]:
    """Values before and after, of the agent and of everybody else."""
    window = timedelta(days=days)
    known = calls.filter(pl.col(column).is_not_null()).sort("call_id")
    before = known.filter((pl.col("start") >= coached_at - window) & (pl.col("start") < coached_at))
    after = known.filter((pl.col("start") >= coached_at) & (pl.col("start") < coached_at + window))

    def values(part: pl.DataFrame, keep: pl.Expr) -> Values:
        return part.filter(keep)[column].cast(pl.Float64).to_list()

    mine, theirs = pl.col("agent") == agent, pl.col("agent") != agent
    return (values(before, mine), values(after, mine)), (values(before, theirs), values(after, theirs))


def _row(
    own: tuple[Values, Values],
    others: tuple[Values, Values],
    interval: tuple[float, float] | None,
    *,
    better_is_less: bool,
) -> tuple[object, ...]:
    before, after = map(_mean, own)
    change = None if before is None or after is None else after - before
    beside = [_mean(side) for side in others]
    around = None if beside[0] is None or beside[1] is None else beside[1] - beside[0]
    low, high = interval or (None, None)
    says = _says(low, high, better_is_less=better_is_less)
    return len(own[0]), len(own[1]), before, after, change, low, high, around, says


def _says(low: float | None, high: float | None, *, better_is_less: bool) -> Says:
    if low is None or high is None:
        return "too_few"
    if low <= 0 <= high:
        return "nothing"
    return "better" if (high < 0) == better_is_less else "worse"


def _share_interval(before: Values, after: Values) -> tuple[float, float] | None:
    """Interval of the difference of two shares, one hit and one miss added to each (Agresti, Caffo 2000)."""
    if min(len(before), len(after)) < LEAST_CALLS:
        return None
    shares, variances = [], []
    for side in (before, after):
        trials = len(side) + 2
        share = (math.fsum(side) + 1) / trials
        shares.append(share)
        variances.append(share * (1 - share) / trials)
    half = half_width(Spread(math.fsum(variances), math.inf), CONFIDENCE)
    middle = shares[1] - shares[0]
    return max(middle - half, -1.0), min(middle + half, 1.0)


def _mean_interval(before: Values, after: Values) -> tuple[float, float] | None:
    """Interval of the difference of two means (Welch 1947)."""
    if min(len(before), len(after)) < LEAST_CALLS:
        return None
    spread = combined(Spread(_variance(side) / len(side), len(side) - 1.0) for side in (before, after))
    middle = math.fsum(after) / len(after) - math.fsum(before) / len(before)
    half = half_width(spread, CONFIDENCE)
    return middle - half, middle + half


def _mean(values: Values) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _variance(values: Values) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
