"""The two strata of an agent: the calls that the machine scored lowest, and the rest."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

import polars as pl

from qa_audit.sampling.tickets import digest

if TYPE_CHECKING:
    from fractions import Fraction

    from qa_audit.sampling.frame import Frame

Stratum = Literal["flagged", "rest", "all"]
"""`flagged`: lowest by machine score; `rest`: the others; `all`: an agent drawn without strata."""


def flagged_calls(frame: Frame) -> pl.DataFrame:
    """The calls of a frame that can be drawn, with `flagged` bool, in order of call id.

    Flagged are the lowest `flagged_share` of each agent's scored calls, rounded up, but never a call with the
    agent's highest score: where all scores are equal, none is lower than another. Between equal scores the
    hash of the call id decides, which knows nothing of the time of the call.

    A call without a score (nothing could be judged, or it was not transcribed) is never flagged: nothing says
    that it is bad, and in the rest it is as likely to be heard as other calls, so that nobody can keep calls
    from being heard by making them hard to understand.

    >>> from fractions import Fraction
    >>> sorted(lowest([("a", 50.0), ("b", 90.0), ("c", 100.0), ("d", 100.0)], Fraction(1, 2)))
    ['a', 'b']
    """
    scored: dict[str, list[tuple[str, float]]] = defaultdict(list)
    calls = frame.drawable
    for agent, call_id, score in calls.select("agent", "call_id", "score").drop_nulls().iter_rows():
        scored[agent].append((call_id, score))
    chosen = {call for own in scored.values() for call in lowest(own, frame.design.share)}
    marks = [call in chosen for call in calls["call_id"]]
    return calls.with_columns(flagged=pl.Series(marks, dtype=pl.Boolean))


def lowest(scored: list[tuple[str, float]], share: Fraction) -> list[str]:
    """Ids of the lowest `share` of one agent's calls, given as id and score."""
    if not scored:
        return []
    highest = max(score for _, score in scored)
    below = sorted((score, call) for call, score in scored if score < highest)
    wanted = min(math.ceil(share * len(scored)), len(below))
    if not wanted:
        return []
    last = below[wanted - 1][0]
    # Only where some of equal scores are taken and some are not is the hash needed.
    taken = [call for score, call in below if score < last]
    equal = sorted((digest(call), call) for score, call in below if score == last)
    return taken + [call for _, call in equal[: wanted - len(taken)]]
