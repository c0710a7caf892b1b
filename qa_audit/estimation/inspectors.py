"""How inspectors' scores differ on calls that several of them heard: who is lenient, and whether a score
depends on who gave it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from qa_audit.estimation.cells import mean_of, square_sum
from qa_audit.estimation.frames import require_columns
from qa_audit.estimation.intervals import Spread, half_width, t_quantile
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Sequence

SCORES = pl.Schema({"call_id": pl.String(), "inspector": pl.String(), "score": pl.Float64()})
"""One row a call and inspector; `score` 0 to 100, or null where nothing could be judged."""

OFFSETS = pl.Schema(
    {"inspector": pl.String(), "calls": pl.Int64(), "offset": pl.Float64()}
    | {"low": pl.Float64(), "high": pl.Float64()}
)
"""One row an inspector: over the `calls` that others heard too, the mean of own score minus the others' mean.
Positive is lenient. Null where there is no such call; limits null below two."""

Figure = tuple[float | None, float | None, float | None]


def inspector_offsets(scores: pl.DataFrame) -> pl.DataFrame:
    """`OFFSETS` from `SCORES`, in order of inspectors.

    Raises `QaError`: `month.missing_column`, `estimates.double_score`.
    """
    by_call = _by_call(scores)
    gaps: dict[str, list[float]] = {name: [] for name in sorted(set(scores["inspector"]))}
    for given in by_call:
        for inspector, own in given.items():
            others = [score for name, score in given.items() if name != inspector]
            if others:
                gaps[inspector].append(own - mean_of(others))
    rows = [(name, len(some), *_mean_with_limits(some)) for name, some in gaps.items()]
    return pl.DataFrame(rows, schema=OFFSETS, orient="row")


def icc_agreement(scores: pl.DataFrame) -> Figure:
    """(ICC(A,1), low, high): the share of a single score's variance that comes from the calls themselves.

    σ²_calls / (σ²_calls + σ²_inspectors + σ²_rest) of the two-way random model (McGraw and Wong 1996, case
    2A), components by Henderson's first method (1953), which allows for calls that not everyone heard and
    equals the usual mean squares where everyone did. The interval is a jackknife over calls. None where it
    is not defined: fewer than two calls or inspectors, nobody heard the same, or all scores equal.
    """
    by_call = _by_call(scores)
    whole = _icc(by_call)
    n = len(by_call)
    if whole is None or n < 3:
        return whole, None, None
    left = [_icc([*by_call[:place], *by_call[place + 1 :]]) for place in range(n)]
    known = [value for value in left if value is not None]
    if len(known) < n:
        return whole, None, None
    half = t_quantile(n - 1) * math.sqrt((n - 1) / n * square_sum(known))
    return whole, max(whole - half, -1.0), min(whole + half, 1.0)


def _by_call(scores: pl.DataFrame) -> list[dict[str, float]]:
    """Scores given to each call, in order of call ids."""
    require_columns(scores, "scores", SCORES)
    by_call: dict[str, dict[str, float]] = {}
    known = scores.filter(pl.col("score").is_not_null()).sort("call_id", "inspector")
    for call, inspector, score in known.select("call_id", "inspector", "score").iter_rows():
        given = by_call.setdefault(call, {})
        if inspector in given:
            raise QaError("estimates.double_score", call=call, inspector=inspector)
        given[inspector] = score
    return list(by_call.values())


def _icc(by_call: Sequence[dict[str, float]]) -> float | None:
    inspectors = sorted({name for given in by_call for name in given})
    values = np.array([[given.get(name, math.nan) for name in inspectors] for given in by_call])
    if values.size == 0:
        return None
    there = ~np.isnan(values)
    total = int(there.sum())
    of_call, of_inspector = there.sum(axis=1), there.sum(axis=0)
    calls, people = values.shape
    if calls < 2 or people < 2 or total in (calls, people):
        return None
    # About the overall mean, which changes nothing but keeps digits.
    values = np.where(there, values - values[there].mean(), 0.0)
    squares = math.fsum((values**2).ravel())
    by_calls = math.fsum(values.sum(axis=1) ** 2 / of_call)
    by_people = math.fsum(values.sum(axis=0) ** 2 / of_inspector)
    within_calls = (squares - by_calls) / (total - calls)  # σ²_inspectors + σ²_rest
    within_people = (squares - by_people) / (total - people)  # σ²_calls + σ²_rest
    alike_calls = total - float((of_call**2).sum()) / total
    alike_people = calls - float((of_inspector**2).sum()) / total
    weight = alike_calls + alike_people - (calls - 1)
    if weight <= 1e-12:
        return None
    rest = (alike_calls * within_people + alike_people * within_calls - by_calls) / weight
    everything = within_people + within_calls - rest
    return (within_people - rest) / everything if everything > 1e-12 else None


def _mean_with_limits(values: Sequence[float]) -> Figure:
    if not values:
        return None, None, None
    mean = mean_of(values)
    if len(values) < 2:
        return mean, None, None
    df = len(values) - 1
    half = half_width(Spread(square_sum(values) / df / len(values), float(df)))
    return mean, mean - half, mean + half
