"""Moments of a month that are worth hearing: faults, exemplary passages, and both side by side."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from qa_audit.estimation.month import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

Kind = Literal["fault", "exemplary"]

EXEMPLARY_SCORE = 95.0
"""A passage is an example for others only in a call that was good as a whole."""
_HEARD_TIERS = ("exact", "pinyin", "regex", "acoustic")
"""Evidence that plays well: words that were said, not a measure of the whole call."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a call, and why one should hear it."""

    kind: Kind
    item: str
    call_id: str
    team: str | None
    agent_no: str | None
    agent_name: str | None
    start: datetime | None
    score: float | None
    start_s: float
    end_s: float
    quote: str
    tier: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to choose from a month; empty means everything."""

    items: Collection[str] = ()
    teams: Collection[str] = ()
    agents: Collection[str] = ()
    """Agent numbers."""


MOMENTS = pl.Schema(
    {
        "kind": pl.String(),
        "item": pl.String(),
        "call_id": pl.String(),
        "team": pl.String(),
        "agent_no": pl.String(),
        "person_id": pl.String(),
        "agent_name": pl.String(),
        "start": pl.Datetime("us"),
        "score": pl.Float64(),
        "start_s": pl.Float64(),
        "end_s": pl.Float64(),
        "quote": pl.String(),
        "tier": pl.String(),
    }
)
"""One row a `Moment`."""
_FIELDS = tuple(field.name for field in fields(Moment))


class Pair(NamedTuple):
    """The worst and the best example of an item; None where the month has none."""

    item: str
    worst: Moment | None
    best: Moment | None


def moments(
    calls: pl.DataFrame, findings: pl.DataFrame, kind: Kind = "fault", wanted: Wanted | None = None
) -> tuple[Moment, ...]:
    """Faults of a month, or exemplary passages, in order of team, agent and time.

    `calls` and `findings` as `Workspace.month` has them, or with what people judged (`people_judged`): then
    no call with a registered fault is an example. A missing phrase is heard where it was looked for; a
    finding without a place in the call is left out.
    """
    found = moments_frame(calls, findings, kind, wanted)
    return tuple(moments_of(found))


def moments_of(frame: pl.DataFrame) -> list[Moment]:
    """Rows of `MOMENTS` one by one, in their order."""
    return [Moment(**row) for row in frame.select(_FIELDS).iter_rows(named=True)]


def frame_of(found: Iterable[Moment]) -> pl.DataFrame:
    """Moments as a frame: `MOMENTS` without `person_id`, which a moment does not know."""
    schema = {name: MOMENTS[name] for name in _FIELDS}
    return pl.DataFrame([astuple(one) for one in found], schema, orient="row")


def moments_frame(
    calls: pl.DataFrame, findings: pl.DataFrame, kind: Kind = "fault", wanted: Wanted | None = None
) -> pl.DataFrame:
    """The same as a frame (`MOMENTS`)."""
    chosen = wanted or Wanted()
    found = findings.filter((pl.col("kind") == "item") & (pl.col("evidence").list.len() > 0))
    if chosen.items:
        found = found.filter(pl.col("item").is_in(list(chosen.items)))
    place = pl.col("evidence").list.first()
    if kind == "fault":
        found = found.filter(pl.col("verdict") == "fail")
    else:
        said = place.struct.field("tier").is_in(list(_HEARD_TIERS)) & place.struct.field("turn").is_not_null()
        found = found.filter((pl.col("verdict") == "pass") & said)
    places = [place.struct.field(name) for name in ("start_s", "end_s", "quote", "tier")]
    rows = found.select("call_id", "item", *places).join(calls, on="call_id", how="inner")
    if kind == "exemplary":
        rows = rows.filter(pl.col("score") >= EXEMPLARY_SCORE)
        if "faults" in rows.columns:
            rows = rows.filter(pl.col("faults") == 0)
    if chosen.teams:
        rows = rows.filter(pl.col("team").fill_null(UNKNOWN).is_in(list(chosen.teams)))
    if chosen.agents:
        rows = rows.filter(pl.col("agent_no").is_in(list(chosen.agents)))
    rows = rows.sort("team", "agent_no", "start", "call_id", "item", nulls_last=True)
    return rows.with_columns(kind=pl.lit(kind)).select(
        pl.col(name).cast(type_) for name, type_ in MOMENTS.items()
    )


def side_by_side(
    calls: pl.DataFrame, findings: pl.DataFrame, wanted: Wanted | None = None
) -> tuple[Pair, ...]:
    """Each item's worst and best example, the items with most faults first.

    The worst is of the call with the lowest score, the best of the one with the highest; where they are equal
    the earlier counts. Items without a fault have no pair.
    """
    faults = moments(calls, findings, "fault", wanted)
    good = moments(calls, findings, "exemplary", wanted)
    by_item: dict[str, list[Moment]] = {}
    for one in faults:
        by_item.setdefault(one.item, []).append(one)
    ordered = sorted(by_item.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(
        Pair(
            item,
            min(own, key=lambda one: (100.0 if one.score is None else one.score, one.call_id)),
            min(
                (one for one in good if one.item == item),
                key=lambda one: (-(one.score or 0.0), one.call_id),
                default=None,
            ),
        )
        for item, own in ordered
    )
