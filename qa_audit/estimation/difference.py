"""This month's estimate per agent: the machine's mean, put right by the calls that a person heard.

    θ̂ = λ M̄ + Σ_h W_h ē_h,   e = y − λ m,   W_h = N_h / N

the difference estimator of survey sampling (Särndal, Swensson and Wretman 1992, ch. 6) over strata h; in the
literature of machine learning, prediction-powered inference (Angelopoulos et al. 2023) for a finite
population. It is right on average over all draws whatever the machine's errors are, provided that λ does
not depend on the agent's own draw. So each agent's λ is learned from all others:

    λ₋ₐ = Σ_{b≠a} Σ_i w_i (y − ȳ_b)(m − m̄_b) / Σ_{b≠a} Σ_i w_i (m − m̄_b)²,   w = 1/π, means weighted

The interval is θ̂ ± t √V with V = Σ W_h² (1 − n_h/N_h) s̃_h² / n_h, moderated s̃² (see `variances`), plus
what calls that share an inspector add (see `severity`), and Satterthwaite's degrees of freedom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.cells import Cell, cells_of, mean_of, square_sum
from qa_audit.estimation.groups import METHOD
from qa_audit.estimation.heard import checked_frame, heard_calls
from qa_audit.estimation.intervals import Spread, combined, half_width
from qa_audit.estimation.severity import inspector_shares, inspector_variance, shared_severity
from qa_audit.estimation.variances import NOTHING, Prior, fit_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_DF_FOR_SLOPE = 20
"""Below so many degrees of freedom among the others λ is 1: the plain difference."""

AGENT_ESTIMATES = pl.Schema(
    {
        "agent": pl.String(),
        "calls": pl.Int64(),
        "heard": pl.Int64(),
        "machine_mean": pl.Float64(),
        "slope": pl.Float64(),
        "bias": pl.Float64(),
        "unclipped": pl.Float64(),
        "estimate": pl.Float64(),
        "variance": pl.Float64(),
        "df": pl.Float64(),
        "calls_variance": pl.Float64(),
        "calls_df": pl.Float64(),
        "pooled_variance": pl.Float64(),
        "inspectors": pl.List(pl.Struct({"inspector": pl.String(), "share": pl.Float64()})),
        "weight_squares": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "half_width": pl.Float64(),
        "reason": pl.String(),
    }
)
"""One row an agent, in order of key. `calls` N, `heard` n, `machine_mean` M̄, `slope` λ₋ₐ; `bias` θ̂ − M̄,
the correction that people's hearing brings; `unclipped` θ̂, `estimate` the same within 0 to 100. `variance`
with `df` is that of θ̂, of which `calls_variance` with `calls_df` comes from which calls were drawn, the rest
from calls that share an inspector; `pooled_variance` is the former with the variances of all agents' calls
together; `inspectors` with their shares in θ̂, `weight_squares` Σ c_i² (see `severity`). `low`, `high` the
interval within 0 to 100, `half_width` t √V. `reason` why there is no estimate or no interval, else null: see
`REASONS`."""

REASONS = ("no_audits", "stratum_unheard", "no_spread")
"""`no_audits`: a person heard no call of the agent; `stratum_unheard`: none of one stratum, so that nothing
is known about a part of the calls; `no_spread`: heard, but nothing tells how calls differ, so no
interval."""


@dataclass(frozen=True, slots=True)
class MonthEstimate:
    """Estimates of one month, with everything pooled that is needed to recompute them."""

    agents: pl.DataFrame
    """`AGENT_ESTIMATES`."""
    cells: tuple[Cell, ...]
    """In order of agent and stratum."""
    slopes: dict[str, float]
    """λ₋ₐ by agent."""
    prior: Prior
    """d0, s0² and trend."""
    severity: Spread
    """σ²_I, the variance between inspectors."""


def estimate_month(frame: pl.DataFrame, audits: pl.DataFrame, *, method: int = METHOD) -> MonthEstimate:
    """Estimate every agent of `frame` (`heard.FRAME`) from `audits` (`heard.AUDITS`).

    `method` as `groups.METHOD`. Raises `QaError` as `checked_frame` and `heard_calls` do.
    """
    frame = checked_frame(frame)
    return estimate_cells(cells_of(frame, heard_calls(frame, audits)), method=method)


def past_biases(frame: pl.DataFrame, audits: pl.DataFrame) -> pl.DataFrame:
    """`AGENT_ESTIMATES` of a month of which only the audited calls were scored again, by new rules.

    With λ = 1 the machine's mean cancels, so `bias` and its variances are known though other calls have old
    scores or none; machine mean, estimate and limits are null. Errors as `estimate_month`.
    """
    frame = checked_frame(frame)
    agents = estimate_cells(cells_of(frame, heard_calls(frame, audits)), slope=1.0).agents
    unknown = ("machine_mean", "unclipped", "estimate", "low", "high")
    return agents.with_columns(pl.lit(None, pl.Float64).alias(name) for name in unknown)


def estimate_cells(
    cells: Sequence[Cell], *, slope: float | None = None, method: int = METHOD
) -> MonthEstimate:
    """Estimate from cells in order of agent and stratum; with `slope` instead of λ₋ₐ."""
    cells = tuple(cells)
    by_agent = {agent: tuple(own) for agent, own in groupby(cells, key=lambda cell: cell.agent)}
    slopes = others_slopes(by_agent) if slope is None else dict.fromkeys(by_agent, slope)
    residuals = [cell.residuals(slopes[cell.agent]) for cell in cells]
    several = [
        (square_sum(some) / (len(some) - 1), len(some) - 1, cell.stratum, cell.confidence)
        for cell, some in zip(cells, residuals, strict=True)
        if len(some) > 1
    ]
    columns = [list(column) for column in zip(*several, strict=True)]
    prior = fit_prior(*columns, by_means=method > 2) if several else _NO_PRIOR
    severity = inspector_variance(cells, residuals)
    borrowed = _Pooled(prior, _pooled(several), severity, NOTHING if method > 2 else 0.0)
    rows = [_agent_row(own, slopes[agent], borrowed) for agent, own in by_agent.items()]
    return MonthEstimate(
        pl.DataFrame(rows, schema=AGENT_ESTIMATES, orient="row"), cells, slopes, prior, severity
    )


def others_slopes(by_agent: dict[str, tuple[Cell, ...]]) -> dict[str, float]:
    """λ₋ₐ of every agent; 1 where the others were heard too little or the machine's scores do not differ."""
    own = {agent: _products(cells) for agent, cells in by_agent.items()}
    slopes = {}
    for agent in own:
        # Summed anew for each, not as all less own: not one digit of λ may come from the agent's own draw.
        others = [terms for other, terms in own.items() if other != agent]
        above, below = (math.fsum(terms[place] for terms in others) for place in (0, 1))
        enough = sum(df for _, _, df in others) >= MIN_DF_FOR_SLOPE and below > 0
        slopes[agent] = above / below if enough else 1.0
    return slopes


def _products(cells: Sequence[Cell]) -> tuple[float, float, int]:
    """One agent's sums of w (y − ȳ)(m − m̄) and w (m − m̄)², and n − 1."""
    calls = [
        (1 / cell.probability, y, m) for cell in cells for y, m in zip(cell.person, cell.machine, strict=True)
    ]
    if len(calls) < 2:
        return 0.0, 0.0, 0
    total = math.fsum(w for w, _, _ in calls)
    person = math.fsum(w * y for w, y, _ in calls) / total
    machine = math.fsum(w * m for w, _, m in calls) / total
    return (
        math.fsum(w * (y - person) * (m - machine) for w, y, m in calls),
        math.fsum(w * (m - machine) ** 2 for w, _, m in calls),
        len(calls) - 1,
    )


_NO_PRIOR = Prior(0.0, (), 0.0, 0.0, 0.0)


def _pooled(several: Sequence[tuple[float, int, str, float]]) -> dict[str, float]:
    """Mean variance of each stratum over all agents; "" holds that of all strata."""
    sums: dict[str, list[tuple[float, int]]] = {"": []}
    for variance, df, stratum, _ in several:
        sums[""].append((variance * df, df))
        sums.setdefault(stratum, []).append((variance * df, df))
    return {
        stratum: math.fsum(part for part, _ in parts) / sum(df for _, df in parts)
        for stratum, parts in sums.items()
        if parts
    }


@dataclass(frozen=True, slots=True)
class _Pooled:
    """What is learned from all agents together."""

    prior: Prior
    variances: dict[str, float]
    severity: Spread
    nothing: float
    """A variance up to it says nothing of how calls differ."""


def _agent_row(cells: Sequence[Cell], slope: float, borrowed: _Pooled) -> tuple[object, ...]:
    residuals = [cell.residuals(slope) for cell in cells]
    agent = cells[0].agent
    calls = sum(cell.calls for cell in cells)
    heard = sum(cell.heard for cell in cells)
    machine_mean = math.fsum(cell.machine_sum for cell in cells) / calls
    start = (agent, calls, heard, machine_mean, slope)
    if heard == 0 or any(cell.heard == 0 for cell in cells):
        return (*start, *[None] * 13, "no_audits" if heard == 0 else "stratum_unheard")
    shares = [cell.calls / calls * mean_of(some) for cell, some in zip(cells, residuals, strict=True)]
    correction = math.fsum([*shares, (slope - 1) * machine_mean])
    unclipped = machine_mean + correction
    known = (*start, correction, unclipped, min(max(unclipped, 0.0), 100.0))
    of_calls = _spread(cells, residuals, calls, borrowed.prior)
    if of_calls is None or (of_calls.variance <= borrowed.nothing and heard < calls):
        return (*known, *[None] * 10, "no_spread")
    means = borrowed.variances
    pooled = math.fsum(
        factor * means.get(cell.stratum, means.get("", 0.0)) for cell, factor in _factors(cells, calls)
    )
    shares, squares = inspector_shares(cells)
    spread = combined([of_calls, shared_severity(borrowed.severity, shares, squares)])
    half = half_width(spread)
    low, high = (min(max(limit, 0.0), 100.0) for limit in (unclipped - half, unclipped + half))
    named = [{"inspector": name, "share": share} for name, share in shares.items()]
    variances = (spread.variance, spread.df, of_calls.variance, of_calls.df, pooled, named, squares)
    return (*known, *variances, low, high, half, None)


def _factors(cells: Sequence[Cell], calls: int) -> list[tuple[Cell, float]]:
    """W_h² (1 − n_h/N_h) / n_h of each cell: what a variance of single calls is multiplied by."""
    return [(cell, (cell.calls / calls) ** 2 * (1 - cell.heard / cell.calls) / cell.heard) for cell in cells]


def _spread(
    cells: Sequence[Cell], residuals: Sequence[Sequence[float]], calls: int, prior: Prior
) -> Spread | None:
    parts = []
    for (cell, factor), some in zip(_factors(cells, calls), residuals, strict=True):
        if factor == 0:
            continue
        df = len(some) - 1
        own = square_sum(some) / df if df else 0.0
        single = prior.moderated(own, df, cell.stratum, cell.confidence)
        if single is None:
            return None
        parts.append(single.times(factor))
    return combined(parts)
