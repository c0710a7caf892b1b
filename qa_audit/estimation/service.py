"""Service figures (服务指标) of a month, by team: answered promptly, called back, complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.callbacks import ServiceSettings
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.order import counting_key

if TYPE_CHECKING:
    from datetime import datetime

_COUNTS = (
    *("inbound", "ring_known", "within_rings", "customers", "called_back", "in_time", "late", "none", "open"),
    *("in_rest_hours", "complete", "asked", "satisfied", "dissatisfied"),
)
_COMPLAINTS = ("complaints", "decided", "justified")
_SHARES = {
    "within_rings_share": ("within_rings", "ring_known"),
    "in_time_share": ("in_time", "due"),
    "complete_share": ("complete", "called_back"),
    "satisfied_share": ("satisfied", "answered"),
    "justified_share": ("justified", "decided"),
}
SERVICE = pl.Schema(
    {"team": pl.String()}
    | {name: pl.Int64() for name in (*_COUNTS, *_COMPLAINTS)}
    | {name: pl.Float64() for name in _SHARES}
)
"""One row a team, and a last one with `team` null for the department. Customers count for the team that they
talked to last, what was said in a callback and its record as well. Shares are of what is known, null where
nothing is; `in_time_share` is of in time, late and none; `satisfied_share` of those who said either. The
columns of complaints are null where no register was given."""


def service_figures(
    calls: pl.DataFrame,
    called_back: pl.DataFrame,
    first: datetime,
    following: datetime,
    settings: ServiceSettings | None = None,
    *,
    complaints: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Figures of the calls from `first` until before `following` (`SERVICE`).

    `calls` as for `callbacks`, with `ring_s` (seconds until answered, null not known); internal calls and
    those that nobody answered (no agent) are left out. `called_back` is `CALLBACKS`. `complaints` has `team`
    and `justified` (Boolean, null while undecided), one row a complaint of the month.
    """
    settings = settings or ServiceSettings()
    own = calls.filter(
        (pl.col("start") >= first)
        & (pl.col("start") < following)
        & (pl.col("direction") == "inbound")
        & ~pl.col("internal").fill_null(value=False)
        & pl.col("agent").is_not_null()
    )
    quick = pl.col("ring_s") <= settings.rings_limit_s
    heard = own.select(
        _team(),
        inbound=1,
        ring_known=pl.col("ring_s").is_not_null(),
        within_rings=quick.fill_null(value=False),
    )
    there = pl.col("callback_id").is_not_null()
    asked = called_back.select(
        _team(),
        customers=1,
        called_back=there,
        **{name: pl.col("state") == name for name in ("in_time", "late", "none", "open")},
        in_rest_hours=pl.col("rest_hours").fill_null(value=False),
        complete=there & (pl.col("lacking").list.len() == 0).fill_null(value=False),
        asked=pl.col("said").is_in(["satisfied", "dissatisfied", "not_said"]).fill_null(value=False),
        **{name: (pl.col("said") == name).fill_null(value=False) for name in ("satisfied", "dissatisfied")},
    )
    parts = [heard, asked]
    if complaints is not None:
        decided = pl.col("justified").is_not_null()
        blamed = pl.col("justified").fill_null(value=False)
        parts.append(complaints.select(_team(), complaints=1, decided=decided, justified=blamed))
    long = pl.concat([part.with_columns(pl.exclude("team").cast(pl.Int64)) for part in parts], how="diagonal")
    names = [name for name in (*_COUNTS, *_COMPLAINTS) if name in long.columns]
    sums = [pl.col(name).sum() for name in names]
    teams = long.group_by("team").agg(sums)
    order = sorted(teams["team"].to_list(), key=lambda name: (name == UNKNOWN, counting_key(name)))
    ranked = pl.DataFrame({"team": order}, {"team": pl.String}).join(teams, on="team", maintain_order="left")
    whole = long.select(pl.lit(None, pl.String).alias("team"), *sums)
    return _with_shares(pl.concat([ranked, whole], how="diagonal"))


def _team() -> pl.Expr:
    return pl.col("team").fill_null(UNKNOWN)


def _with_shares(counts: pl.DataFrame) -> pl.DataFrame:
    lacking = [name for name in (*_COUNTS, *_COMPLAINTS) if name not in counts.columns]
    known = counts.with_columns(pl.lit(None, pl.Int64).alias(name) for name in lacking).with_columns(
        due=pl.sum_horizontal("in_time", "late", "none"),
        answered=pl.sum_horizontal("satisfied", "dissatisfied"),
    )
    shares = [
        pl.when(pl.col(of) > 0).then(pl.col(part) / pl.col(of)).alias(name)
        for name, (part, of) in _SHARES.items()
    ]
    return known.with_columns(shares).select(pl.col(name).cast(kind) for name, kind in SERVICE.items())
