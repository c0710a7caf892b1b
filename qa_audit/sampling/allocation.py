"""How many calls of each stratum are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qa_audit.sampling.design import MIN_PER_STRATUM
from qa_audit.sampling.strata import Stratum


@dataclass(frozen=True, slots=True)
class Share:
    """Of the `size` calls of a stratum `drawn` are drawn."""

    stratum: Stratum
    size: int
    drawn: int

    @property
    def inclusion(self) -> float:
        """π: the probability of each call of the stratum to be drawn."""
        return self.drawn / self.size


def allocate(flagged: int, rest: int, wanted: int, odds: Fraction) -> tuple[Share, ...]:
    """Divide `wanted` calls between `flagged` and `rest` calls of an agent; empty strata are left out.

    As many flagged ones are drawn as can be while each is at most `odds` times as likely as another call, and
    at least two of each stratum (all of a smaller one). Where both cannot be had, the agent is drawn without
    strata: one stratum `all`.

    >>> [(one.stratum, one.size, one.drawn) for one in allocate(120, 480, 8, Fraction(3))]
    [('flagged', 120, 3), ('rest', 480, 5)]
    >>> [(one.stratum, one.size, one.drawn) for one in allocate(120, 480, 4, Fraction(3))]
    [('all', 600, 4)]
    """
    total = flagged + rest
    wanted = min(wanted, total)
    if total == 0 or wanted == 0:
        return ()
    least = min(MIN_PER_STRATUM, flagged)
    if not flagged or not rest:
        return (Share("rest" if rest else "flagged", total, wanted),)
    for drawn in range(min(flagged, wanted), least - 1, -1):
        others = wanted - drawn
        if not min(MIN_PER_STRATUM, rest) <= others <= rest:
            continue
        if Fraction(drawn, flagged) <= odds * Fraction(others, rest):
            return (Share("flagged", flagged, drawn), Share("rest", rest, others))
    return (Share("all", total, wanted),)
