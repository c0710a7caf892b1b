"""Which recordings are old, and which of them stay."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.calls.query import calls_frame, month_of, recordings_frame

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sqlalchemy import Engine as Database

SELECTED = pl.Schema(
    {
        "sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "folder": pl.String(),
        "path": pl.String(),
        "month": pl.String(),
        "call_ids": pl.List(pl.String()),
        "kept": pl.List(pl.String()),
    }
)
"""One row a file that is there. `month` of its latest call; `kept` is empty for what may go."""


def months_ago(months: int, today: date) -> datetime:
    """The first moment of the month so many whole months before this one: what began earlier is older.

    >>> from datetime import date
    >>> months_ago(3, date(2026, 11, 28)).isoformat()
    '2026-08-01T00:00:00'
    """
    count = today.year * 12 + today.month - 1 - months
    return datetime(count // 12, count % 12 + 1, 1)


def select_older(
    database: Database,
    before: datetime,
    kept: Mapping[str, tuple[str, ...]],
    *,
    leave_out: Collection[str] = (),
) -> pl.DataFrame:
    """Files (`SELECTED`, in order of month, folder and path) all of whose calls began before `before`.

    `before` is local time. A recording that no call has, or one of whose calls has no start, is not judged
    old. `kept` are reasons by call: one call of a recording is enough to keep it. Files in folders of
    `leave_out` (the archives) are not looked at.
    """
    files = recordings_frame(database).filter("present", ~pl.col("folder").is_in(list(leave_out)))
    return _judged(files.join(_old(database, before), on="sha256"), kept)


def select_gone(
    database: Database,
    before: datetime,
    kept: Mapping[str, tuple[str, ...]],
    *,
    leave_out: Collection[str] = (),
) -> pl.DataFrame:
    """Recordings (`SELECTED`, a row each) that are as old and of which the database knows no file any more.

    Somebody else deleted them, a recorder for instance. `folder` and `path` are where one lay, empty where
    something else lies there now; `size_bytes` is 0. Recordings of `leave_out` (by SHA-256) are not named.
    """
    files = recordings_frame(database)
    there = files.filter("present")["sha256"].unique()
    lay = files.unique("sha256", keep="first", maintain_order=True).select("sha256", "folder", "path")
    old = _old(database, before).filter(
        ~pl.col("sha256").is_in(there.implode()), ~pl.col("sha256").is_in(list(leave_out))
    )
    found = old.join(lay, on="sha256", how="left").with_columns(
        pl.col("folder", "path").fill_null(""), size_bytes=pl.lit(0, pl.Int64)
    )
    return _judged(found, kept)


def select_of_calls(database: Database, call_ids: Collection[str]) -> pl.DataFrame:
    """Files (`SELECTED`, archives too) all of whose calls are among these, of any age; nothing keeps them.

    A recording that another call shares stays.
    """
    calls = calls_frame(database).filter(pl.col("sha256").is_not_null())
    wanted = pl.col("call_ids").list.eval(pl.element().is_in(list(call_ids))).list.all()
    own = calls.group_by("sha256").agg(newest=pl.col("start").max(), call_ids=pl.col("call_id").sort())
    files = recordings_frame(database).filter("present")
    return _judged(files.join(own.filter(wanted), on="sha256"), {})


def _old(database: Database, before: datetime) -> pl.DataFrame:
    """`sha256`, `newest` start and `call_ids` of recordings all of whose calls began before `before`."""
    calls = calls_frame(database).filter(pl.col("sha256").is_not_null())
    of_recording = calls.group_by("sha256").agg(
        newest=pl.col("start").max(),
        dated=pl.col("start").is_not_null().all(),
        call_ids=pl.col("call_id").sort(),
    )
    return of_recording.filter(pl.col("dated") & (pl.col("newest") < before)).drop("dated")


def _judged(old: pl.DataFrame, kept: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """`SELECTED` of rows with `newest`, by what keeps each."""
    rows: list[dict[str, Any]] = []
    for row in old.iter_rows(named=True):
        reasons = [reason for call_id in row["call_ids"] for reason in kept.get(call_id, ())]
        rows.append(
            {name: row[name] for name in SELECTED if name in row}
            | {"month": month_of(row["newest"]), "kept": list(dict.fromkeys(reasons))}
        )
    return pl.DataFrame(rows, SELECTED, orient="row").sort("month", "folder", "path")
