"""What it adds to an agent's uncertainty that one inspector heard several of the calls.

An inspector's severity is part of every score they give. Where each call has an inspector of its own, it is
among the differences between calls and s² knows it. Where calls share an inspector it is one error for all of
them, which s² cannot see: with c_i the weight of call i in the estimate, the variance lacks

    σ²_I (Σ_k (Σ_{i of k} c_i)² − Σ_i c_i²)

σ²_I is found from this month's residuals of all agents, since inspectors are given calls at random: with r
the residuals about their cells' means and Z inspectors' columns about theirs (Henderson's third method,
1953),

    σ²_e = SSE(cells + inspectors) / df,   σ²_I = (SSE(cells) − (n − cells) σ²_e) / tr(ZᵀZ), at least 0
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.estimation.cells import mean_of
from qa_audit.estimation.intervals import Spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa_audit.estimation.cells import Cell

NO_SEVERITY = Spread(0.0, math.inf)


def inspector_variance(cells: Sequence[Cell], residuals: Sequence[Sequence[float]]) -> Spread:
    """σ²_I with one degree of freedom fewer than inspectors; zero where it cannot be told.

    That is so with one inspector, or where each agent's calls all went to the same one.
    """
    several = [(cell, some) for cell, some in zip(cells, residuals, strict=True) if len(some) > 1]
    names = sorted({name for cell, _ in several for name in cell.inspectors})
    if len(names) < 2:
        return NO_SEVERITY
    place = {name: at for at, name in enumerate(names)}
    r, z = [], []
    for cell, some in several:
        mean = mean_of(some)
        r += [value - mean for value in some]
        heard = np.zeros((len(some), len(names)))
        heard[np.arange(len(some)), [place[name] for name in cell.inspectors]] = 1.0
        z.append(heard - heard.mean(axis=0))
    values, columns = np.array(r), np.vstack(z)
    shared = float((columns**2).sum())
    solution, _, rank, _ = np.linalg.lstsq(columns, values, rcond=1e-9)
    df = len(values) - len(several)
    if shared < 1e-9 or df <= rank:
        return NO_SEVERITY
    rest = math.fsum((values - columns @ solution) ** 2) / (df - int(rank))
    between = (math.fsum(values**2) - df * rest) / shared
    return Spread(between, float(len(names) - 1)) if between > 0 else NO_SEVERITY


def inspector_shares(cells: Sequence[Cell]) -> tuple[dict[str, float], float]:
    """(share of each inspector in one agent's estimate, sum 1; Σ c_i², the share of each call squared)."""
    calls = sum(cell.calls for cell in cells)
    weights: dict[str, list[float]] = {}
    for cell in cells:
        for name in cell.inspectors:
            weights.setdefault(name, []).append(cell.calls / calls / cell.heard)
    shares = {name: math.fsum(own) for name, own in sorted(weights.items())}
    return shares, math.fsum(weight**2 for own in weights.values() for weight in own)


def shared_severity(severity: Spread, shares: Mapping[str, float], squares: float) -> Spread:
    """What the variance lacks, given shares of inspectors and Σ c_i²."""
    return severity.times(max(math.fsum(share**2 for share in shares.values()) - squares, 0.0))
