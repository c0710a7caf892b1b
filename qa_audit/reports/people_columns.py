"""What people's hearing adds to the sheets 班组 and 员工: figure, interval, grade, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import say
from qa_audit.reports.figures import grade_remark, grade_text

if TYPE_CHECKING:
    from qa_audit.messages import Language
    from qa_audit.reports.table import Kind

PEOPLE_COLUMNS: tuple[tuple[str, Kind, float], ...] = (
    ("framed", "count", 8),
    ("machine_mean", "figure", 10),
    ("heard", "count", 8),
    ("correction", "correction", 8),
    ("estimate", "figure", 10),
    ("low", "figure", 9),
    ("high", "figure", 9),
    ("half_width", "figure", 9),
    ("grade", "text", 9),
    ("grade_remark", "long", 26),
    ("pay_yuan", "yuan", 10),
    ("unheard_share", "share", 10),
    ("severe_heard", "count", 10),
    ("severe_rate", "share", 13),
    ("severe_low", "share", 9),
    ("severe_high", "share", 9),
)


def with_people(rows: pl.DataFrame, shown: pl.DataFrame, key: str, language: Language) -> pl.DataFrame:
    """`rows` with `PEOPLE_COLUMNS` from `shown` (`figures.ON_SHOW`), joined where `key` is its `agent`.

    Rows that `shown` lacks had no call on the list that was drawn from, and say so.
    """
    grades = [grade_text(grade, language) for grade in shown["grade"]]
    remarks = [
        grade_remark(grade, others, reason, language)
        for grade, others, reason in shown.select("grade", "grade_open", "reason").iter_rows()
    ]
    worded = shown.with_columns(
        pl.Series("grade", grades, pl.String), pl.Series("grade_remark", remarks, pl.String)
    )
    names = [name for name, _, _ in PEOPLE_COLUMNS]
    return rows.join(
        worded.select(pl.col("agent").alias(key), *names), on=key, how="left", maintain_order="left"
    ).with_columns(
        pl.col("framed", "heard").fill_null(0),
        pl.col("grade_remark").fill_null(say("estimates.reason.no_calls", language)),
    )


def shown_columns(shown: pl.DataFrame) -> tuple[tuple[str, Kind, float], ...]:
    """`PEOPLE_COLUMNS` without those of which `shown` has no value: no amounts, nothing unheard, …"""
    optional = ("pay_yuan", "unheard_share", "severe_heard", "severe_rate", "severe_low", "severe_high")
    empty = {name for name in optional if shown[name].null_count() == shown.height}
    return tuple(column for column in PEOPLE_COLUMNS if column[0] not in empty)


def checked_remark(language: Language) -> str:
    """What replaces "machine-scored, not yet checked by people" where a person heard some of the calls.

    >>> checked_remark("zh")
    '机器评分，经人工抽听校正'
    """
    return say("report.checked", language)
