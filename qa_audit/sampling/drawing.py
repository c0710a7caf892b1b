"""The draw: in each stratum the calls with the smallest tickets."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.sampling.allocation import allocate
from qa_audit.sampling.quota import quotas
from qa_audit.sampling.strata import flagged_calls
from qa_audit.sampling.tickets import ticket

if TYPE_CHECKING:
    from qa_audit.sampling.allocation import Share
    from qa_audit.sampling.frame import Frame

TICKETS_SCHEMA = pl.Schema(
    {
        "agent": pl.String,
        "stratum": pl.String,
        "place": pl.Int64,
        "ticket": pl.String,
        "call_id": pl.String,
        "stratum_calls": pl.Int64,
        "stratum_drawn": pl.Int64,
        "inclusion": pl.Float64,
        "drawn": pl.Boolean,
    }
)
"""One row a call that can be drawn, in order of agent, stratum and place. `place` counts from 1 by `ticket`
(64 hexadecimal digits) within the stratum of `stratum_calls` (N_h); the first `stratum_drawn` (n_h) are
`drawn`, each with probability `inclusion` (π = n_h / N_h)."""


def agent_shares(frame: Frame, flagged: pl.DataFrame | None = None) -> dict[str, tuple[Share, ...]]:
    """Strata of every agent, with how many calls each has and gives, in order of the agents' keys.

    `flagged` is `flagged_calls(frame)` where that is known already.
    """
    calls = flagged_calls(frame) if flagged is None else flagged
    low = dict(calls.group_by("agent").agg(pl.col("flagged").sum()).iter_rows())
    return {
        quota.agent: allocate(
            low[quota.agent], quota.calls - low[quota.agent], quota.wanted, frame.design.odds
        )
        for quota in quotas(frame)
    }


def stratified(frame: Frame) -> pl.DataFrame:
    """The calls of a frame that can be drawn with `flagged` and their `stratum`, in order of call id.

    It follows from the frame alone.
    """
    return _stratified(frame)[0]


def draw(frame: Frame, seed: str) -> pl.DataFrame:
    """Tickets of all calls of a frame (`TICKETS_SCHEMA`). It follows from frame and seed alone."""
    calls, shares = _stratified(frame)
    strata: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for agent, call_id, stratum in calls.select("agent", "call_id", "stratum").iter_rows():
        strata[agent, stratum].append((ticket(seed, call_id), call_id))
    rows = []
    for agent, own in shares.items():
        for share in own:
            for place, (number, call_id) in enumerate(sorted(strata[agent, share.stratum]), start=1):
                size = (share.size, share.drawn, share.inclusion)
                rows.append((agent, share.stratum, place, number, call_id, *size, place <= share.drawn))
    return pl.DataFrame(rows, TICKETS_SCHEMA, orient="row")


def _stratified(frame: Frame) -> tuple[pl.DataFrame, dict[str, tuple[Share, ...]]]:
    calls = flagged_calls(frame)
    shares = agent_shares(frame, calls)
    whole = [agent for agent, own in shares.items() if own[0].stratum == "all"]
    stratum = (
        pl.when(pl.col("agent").is_in(whole))
        .then(pl.lit("all"))
        .when("flagged")
        .then(pl.lit("flagged"))
        .otherwise(pl.lit("rest"))
    )
    return calls.with_columns(stratum=stratum), shares
