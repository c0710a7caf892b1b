"""The two frames that a month is made of, and the check that a frame has their form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.messages import QaError
from qa_audit.scoring.frames import FINDINGS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

STATUSES = ("scored", "no_recording", "not_transcribed", "failed")
SHOWN_STATUSES = ("scored", "null_score", *STATUSES[1:])
"""As people are shown them: a call in which nothing could be judged is no scored one."""

CALLS: dict[str, pl.DataType | type[pl.DataType]] = {
    "call_id": pl.String,
    "recording": pl.String,
    "start": pl.Datetime("us"),
    "agent_no": pl.String,
    "person_id": pl.String,
    "agent_name": pl.String,
    "team": pl.String,
    "direction": pl.String,
    "duration_s": pl.Float64,
    "score": pl.Float64,
    "critical": pl.List(pl.String),
    "uncertain": pl.UInt32,
    "status": pl.String,
}
"""One row a call. `start` is local time in Asia/Shanghai without a zone; `score` 0 to 100 or null."""

FINDINGS: dict[str, pl.DataType | type[pl.DataType]] = dict(FINDINGS_SCHEMA)
"""One row a call and item (`kind` "item") or recognised situation (`kind` "situation")."""

TIME_ZONE = "Asia/Shanghai"
"""Where the centre's clocks stand; it has no daylight saving time."""


def local_time(moment: datetime) -> datetime:
    """A moment by the centre's clocks, without a zone, wherever the server stands.

    >>> from datetime import datetime, UTC
    >>> local_time(datetime(2026, 10, 31, 16, 30, tzinfo=UTC))
    datetime.datetime(2026, 11, 1, 0, 30)
    """
    return moment.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)


def shown_status() -> pl.Expr:
    """Which of `SHOWN_STATUSES` a call of `CALLS` has."""
    nothing = pl.col("score").is_null() & (pl.col("status") == "scored")
    return pl.when(nothing).then(pl.lit("null_score")).otherwise("status")


def checked_calls(calls: pl.DataFrame) -> pl.DataFrame:
    """The columns of `CALLS` in their order and types; blank names become null.

    A `start` with a time zone is brought to Asia/Shanghai first, so that a call belongs to one month only.

    Raises `QaError`: `month.missing_column`, `month.double_call`, `month.bad_score`, `month.bad_status`.
    """
    require_columns(calls, "calls", CALLS)
    kind = calls.schema["start"]
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        local = pl.col("start").dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None)
        calls = calls.with_columns(local)
    blank_to_null = [
        pl.col(name).str.strip_chars().replace("", None)
        for name in ("agent_no", "person_id", "agent_name", "team")
    ]
    calls = calls.select(pl.col(name).cast(kind) for name, kind in CALLS.items()).with_columns(blank_to_null)
    doubled = calls.filter(pl.col("call_id").is_duplicated())
    if not doubled.is_empty():
        call = doubled["call_id"][0]
        raise QaError("month.double_call", call=call, times=calls["call_id"].eq(call).sum())
    outside = calls.filter(pl.col("score").is_not_null() & ~pl.col("score").is_between(0, 100))
    if not outside.is_empty():
        raise QaError("month.bad_score", call=outside["call_id"][0], score=outside["score"][0])
    strange = calls.filter(~pl.col("status").is_in(STATUSES) | pl.col("status").is_null())
    if not strange.is_empty():
        raise QaError(
            "month.bad_status",
            call=strange["call_id"][0],
            status=strange["status"][0],
            allowed="、".join(STATUSES),
        )
    return calls


def checked_findings(findings: pl.DataFrame) -> pl.DataFrame:
    """The columns of `FINDINGS` in their order and types.

    Raises `QaError`: `month.missing_column`; `month.double_finding` where results of two models or two
    rubrics lie in one frame.
    """
    require_columns(findings, "findings", FINDINGS)
    keys = findings.select("call_id", "kind", "item")
    # Counting hashes is five times as fast as comparing keys; only where two are equal it is looked closer.
    if keys.select(pl.struct(pl.all()).hash().n_unique()).item() < keys.height:
        doubled = keys.filter(keys.is_duplicated())
        if not doubled.is_empty():
            call, kind, item = doubled.row(0)
            raise QaError("month.double_finding", call=call, kind=kind, item=item)
    return findings.select(pl.col(name).cast(kind) for name, kind in FINDINGS.items())


def require_columns(
    frame: pl.DataFrame, name: str, schema: Mapping[str, pl.DataType | type[pl.DataType]]
) -> None:
    """Raise `QaError` `month.missing_column` where `frame`, called `name`, lacks a column of `schema`."""
    missing = [column for column in schema if column not in frame.columns]
    if missing:
        raise QaError("month.missing_column", frame=name, columns=", ".join(missing))
