"""四个一样 (REG 1.7): is service the same, busy or idle, for strangers and known callers, inspected or not,
early or late in the shift, for calm and upset customers? Differences of machine scores, and what they say.

A difference of an agent is the mean on one side less that on the other; of a team or the department it is put
together from those of its agents (within an agent), so that it cannot come from different people working at
different times. `docs/sameness.zh-CN.md` says what such a difference cannot tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from qa_audit.estimation.conditions import CONDITIONS, SamenessSettings, with_conditions
from qa_audit.estimation.intervals import Spread, combined, t_quantile
from qa_audit.estimation.looking_often import FALSE_SHARE, adjusted_p, interval_confidence
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.order import counting_key

if TYPE_CHECKING:
    from qa_audit.estimation.conditions import MonthFrames

SAMENESS = pl.Schema(
    {
        "level": pl.String(),
        "subject": pl.String(),
        "condition": pl.String(),
        "calls": pl.Int64(),
        "others": pl.Int64(),
        "mean": pl.Float64(),
        "mean_others": pl.Float64(),
        "difference": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "p": pl.Float64(),
        "p_adjusted": pl.Float64(),
        "found": pl.Boolean(),
        "said": pl.String(),
    }
)
"""One row a subject and condition. `level` "department", "team" or "agent". `calls` scored calls on the named
side (`CONDITIONS`), `others` on the other; `difference` is `mean` − `mean_others` for an agent, and within
agents for the rest. `low` and `high` allow for looking often. `said`: "differs" (found, and not surely less
than matters), "alike" (surely less than matters), "open" (neither), "too_few" (nothing can be said), "absent"
(the call list, rubric or month lacks what the condition needs)."""


def sameness(month: MonthFrames, settings: SamenessSettings | None = None) -> pl.DataFrame:
    """Department, teams and agents in this order (`SAMENESS`), in counting order, never by difference.

    Calls without a score, agent or start are left out. One family of looks is one level: all its subjects and
    conditions together (`looking_often`).
    """
    settings = settings or SamenessSettings()
    calls = with_conditions(month, settings).filter(
        pl.col("score").is_not_null() & pl.col("agent").is_not_null() & pl.col("start").is_not_null()
    )
    calls = calls.with_columns(
        pl.col("team").fill_null(UNKNOWN), _day=pl.col("start").dt.date(), _department=pl.lit("")
    )
    levels = (("department", "_department"), ("team", "team"), ("agent", "agent"))
    rows = [_level(calls, level, column, settings) for level, column in levels]
    return pl.concat([pl.DataFrame(schema=SAMENESS), *rows])


@dataclass(frozen=True, slots=True)
class _Difference:
    calls: int
    others: int
    mean: float | None
    mean_others: float | None
    difference: float | None = None
    spread: Spread | None = None


def _level(calls: pl.DataFrame, level: str, column: str, settings: SamenessSettings) -> pl.DataFrame:
    found: list[tuple[str, str, _Difference]] = []
    absent = {one for one in CONDITIONS if calls[one].null_count() == calls.height}
    for (subject,), own in calls.group_by(column, maintain_order=True):
        for condition in CONDITIONS:
            there = own.filter(pl.col(condition).is_not_null())
            blocks = ["agent", "stratum"] if condition == "sampled" else ["agent"]
            found.append((str(subject), condition, _difference(there, condition, blocks, settings)))
    found.sort(key=lambda row: (row[0] == UNKNOWN, counting_key(row[0])))
    p = [_p(one.difference, one.spread) for *_, one in found if one.spread and one.difference is not None]
    adjusted, confidence = iter(adjusted_p(p)), interval_confidence(p)
    rows = []
    for subject, condition, one in found:
        start = (level, subject, condition, one.calls, one.others, one.mean, one.mean_others, one.difference)
        if one.difference is None or one.spread is None:
            said = "absent" if condition in absent else "too_few"
            rows.append((*start, *[None] * 4, False, said))
            continue
        half = t_quantile(one.spread.df, confidence) * math.sqrt(one.spread.variance)
        low, high, share = one.difference - half, one.difference + half, float(next(adjusted))
        chance = _p(one.difference, one.spread)
        is_found = share <= FALSE_SHARE
        small = max(abs(low), abs(high)) < settings.matters_points
        said = "alike" if small else "differs" if is_found else "open"
        rows.append((*start, low, high, chance, share, is_found, said))
    return pl.DataFrame(rows, SAMENESS, orient="row")


def _difference(calls: pl.DataFrame, side: str, blocks: list[str], settings: SamenessSettings) -> _Difference:
    """Σ w_b (mean of one side − mean of the other) over blocks with calls on both, w by n₁n₂/(n₁+n₂).

    Its variance is the greater of two: of calls as if independent (pooled within sides), and of whole days
    (Σ over days of squared sums of influence), since calls of one day resemble each other.
    """
    score = calls["score"].to_numpy()
    on = calls[side].to_numpy().astype(bool)
    counts = (int(on.sum()), int((~on).sum()))
    first, second = (float(score[mask].mean()) if mask.any() else None for mask in (on, ~on))
    few = _Difference(*counts, first, second)
    if min(counts) < settings.least_calls:
        return few
    block = calls.select(pl.struct(blocks).rank("dense")).to_series().to_numpy().astype(int) - 1
    day = calls.select(pl.col("_day").rank("dense")).to_series().to_numpy().astype(int) - 1
    size = block.max() + 1
    n = np.stack([np.bincount(block[mask], minlength=size) for mask in (on, ~on)]).astype(float)
    both = np.logical_and(n[0] > 0, n[1] > 0)
    used = both[block]
    if min(int((on & used).sum()), int((~on & used).sum())) < settings.least_calls:
        return few
    if np.unique(day[used]).size < settings.least_days:
        return few
    sums = np.stack([np.bincount(block[mask], score[mask], minlength=size) for mask in (on, ~on)])
    mean = np.divide(sums, n, out=np.zeros_like(sums), where=n > 0)
    weight = np.where(both, n[0] * n[1] / np.maximum(n.sum(axis=0), 1), 0.0)
    weight /= weight.sum()
    value = float(weight @ (mean[0] - mean[1]))
    rest = score - mean[np.where(on, 0, 1), block]
    parts = []
    for row, mask in enumerate((on & used, ~on & used)):
        df = int(mask.sum()) - int(both.sum())
        if df < 1:
            return few
        variance = float((rest[mask] ** 2).sum()) / df
        parts.append(Spread(variance * float((weight[both] ** 2 / n[row][both]).sum()), float(df)))
    single = combined(parts)
    pull = np.where(used, rest * weight[block] / np.maximum(n[np.where(on, 0, 1), block], 1), 0.0)
    days = np.bincount(day[used], pull[used] * np.where(on[used], 1.0, -1.0))
    number = int(np.unique(day[used]).size)
    by_day = Spread(float((days**2).sum()) * number / (number - 1), float(number - 1))
    if single.variance == 0:
        return few if value == 0 else _Difference(*counts, first, second, value)
    return _Difference(*counts, first, second, value, max((single, by_day), key=_upper))


def _upper(spread: Spread) -> float:
    return t_quantile(spread.df) * math.sqrt(spread.variance)


def _p(difference: float | None, spread: Spread | None) -> float:
    from scipy.special import ndtr, stdtr

    assert difference is not None
    assert spread is not None
    t = -abs(difference) / math.sqrt(spread.variance)
    return float(2 * (ndtr(t) if math.isinf(spread.df) else stdtr(spread.df, t)))
