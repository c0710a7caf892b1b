"""What it adds to a group's uncertainty that of some agents nobody heard a call of a stratum.

Such cells are taken to be like the heard ones of their stratum (see `strata`). People's corrections differ
between agents, though, which the spread within cells cannot see. The agents heard are a sample of all, a
first stage of two (Cochran 1977, ch. 11): with N calls of the group, N_h of its stratum h and H_h of those in
heard cells, a cell's mean has in the error the weight

    w_c = (N_c / N) (N_h / H_h − 1) of a heard cell,   −N_c / N of an unheard one

and the variance lacks

    Σ_hh' G_hh' S_hh' − Σ_h G_hh s_h² (mean of (1 − n_c/N_c) / n_c), at least 0,   G_hh' = Σ_a w_ah w_ah'

S_hh' is the covariance of cells' means in two strata over the agents heard in both, each about its group's
mean of cells: one who is misheard in one stratum is so in others. What is taken off is that part of S_hh that
comes from hearing few calls a cell. Where all cells were heard every w is 0 and nothing is added.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from qa_audit.estimation.cells import mean_of, square_sum
from qa_audit.estimation.intervals import Spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa_audit.estimation.strata import HeardCell


@dataclass(frozen=True, slots=True)
class Between:
    """How means of heard cells differ between agents; what is not known is not there."""

    covariances: Mapping[tuple[str, str], Spread]
    """S_hh' by strata in order, with degrees of freedom: agents less groups."""
    noise: Mapping[str, float]
    """The part of S_hh that comes from which calls were heard."""


def between_agents(groups: Iterable[Sequence[HeardCell]]) -> Between:
    """Learn from all groups together, each about its own means: only variances are borrowed, no level.

    >>> from qa_audit.estimation.strata import HeardCell
    >>> cells = [HeardCell("rest", 10, (1.0, 3.0), "a"), HeardCell("rest", 10, (7.0, 9.0), "b")]
    >>> found = between_agents([cells])
    >>> found.covariances[("rest", "rest")], round(found.noise["rest"], 6)
    (Spread(variance=18.0, df=1), 0.8)
    """
    heard = [_heard(cells) for cells in groups]
    strata = sorted({stratum for group in heard for stratum in group})
    covariances = {}
    for one, other in combinations_with_replacement(strata, 2):
        products, df = [], 0
        for group in heard:
            first, second = group.get(one, {}), group.get(other, {})
            both = sorted(first.keys() & second.keys())
            if len(both) < 2:
                continue
            x, y = ([mean_of(some[agent].values) for agent in both] for some in (first, second))
            products += [(a - mean_of(x)) * (b - mean_of(y)) for a, b in zip(x, y, strict=True)]
            df += len(both) - 1
        if df:
            covariances[one, other] = Spread(math.fsum(products) / df, df)
    noise = {
        stratum: _noise([group.get(stratum, {}) for group in heard], covariances[stratum, stratum])
        for stratum in strata
        if (stratum, stratum) in covariances
    }
    return Between(covariances, noise)


def with_unheard(spread: Spread, cells: Sequence[HeardCell], between: Between) -> Spread | None:
    """The spread of `strata.group_mean` of a group's cells, with what it lacks where some were not heard.

    The very same spread where all were; None where nothing tells how agents differ in a stratum of which some
    cells were not. Degrees of freedom by Satterthwaite, S having the fewest of the strata it comes from.
    """
    weights = _weights(cells)
    if not weights:
        return spread
    if any((stratum, stratum) not in between.covariances for stratum in weights):
        return None
    total, taken = [], []
    for one, other in combinations_with_replacement(sorted(weights), 2):
        both = weights[one].keys() & weights[other].keys()
        factor = math.fsum(weights[one][agent] * weights[other][agent] for agent in sorted(both))
        if one == other:
            total.append(factor * between.covariances[one, one].variance)
            taken.append(factor * between.noise[one])
        else:
            total.append(2 * _product(factor, between, one, other))
    raw, noise = math.fsum(total), math.fsum(taken)
    df = min(between.covariances[stratum, stratum].df for stratum in weights)
    variance = spread.variance + max(raw - noise, 0.0)
    doubt = spread.variance**2 / spread.df + max(raw, noise) ** 2 / df
    return Spread(variance, variance**2 / doubt if doubt > 0 else math.inf)


def _heard(cells: Iterable[HeardCell]) -> dict[str, dict[str, HeardCell]]:
    """Heard cells by stratum and agent."""
    found: dict[str, dict[str, HeardCell]] = {}
    for cell in cells:
        if cell.values:
            found.setdefault(cell.stratum, {})[cell.agent] = cell
    return found


def _noise(groups: Sequence[Mapping[str, HeardCell]], between: Spread) -> float:
    """What the choice of calls adds to S_hh; all of it where no cell of the stratum was heard twice."""
    every = [group[agent] for group in groups for agent in sorted(group)]
    df = sum(len(cell.values) - 1 for cell in every)
    single = math.fsum(square_sum(cell.values) for cell in every) / df if df else between.variance
    factors = [
        (len(group) - 1) * mean_of([_factor(group[agent]) for agent in sorted(group)])
        for group in groups
        if group
    ]
    return single * math.fsum(factors) / between.df


def _factor(cell: HeardCell) -> float:
    return (1 - len(cell.values) / cell.calls) / len(cell.values)


def _weights(cells: Sequence[HeardCell]) -> dict[str, dict[str, float]]:
    """w by stratum and agent, of the strata with unheard cells."""
    calls = sum(cell.calls for cell in cells)
    found: dict[str, dict[str, float]] = {}
    for stratum in sorted({cell.stratum for cell in cells if not cell.values}):
        own = [cell for cell in cells if cell.stratum == stratum]
        heard = sum(cell.calls for cell in own if cell.values)
        of_heard = sum(cell.calls for cell in own) / heard - 1
        found[stratum] = {
            cell.agent: cell.calls / calls * (of_heard if cell.values else -1.0) for cell in own
        }
    return found


def _product(factor: float, between: Between, one: str, other: str) -> float:
    """G S of two strata; the most it can be where no two agents of a group were heard in both."""
    known = between.covariances.get((one, other))
    if known is not None:
        return factor * known.variance
    both = between.covariances[one, one].variance * between.covariances[other, other].variance
    return abs(factor) * math.sqrt(both)
