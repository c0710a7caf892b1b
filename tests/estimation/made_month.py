"""A small month for tests: frames from a few words."""

from __future__ import annotations

import polars as pl

from qa_audit.estimation.heard import AUDITS, FRAME

Call = tuple[str, str, str, float]
"""(call_id, agent, stratum, machine score)"""


def frame_of(*calls: Call, team: str = "一班", confidence: float | None = 0.9) -> pl.DataFrame:
    rows = [(call, agent, team, stratum, score, confidence) for call, agent, stratum, score in calls]
    return pl.DataFrame(rows, schema=FRAME, orient="row")


def audits_of(scores: dict[str, float | None], frame: pl.DataFrame, purpose: str = "first") -> pl.DataFrame:
    """Audits of these calls, with the π of so many drawn of so many per agent and stratum."""
    cell = frame.with_columns(pl.len().over("agent", "stratum").alias("calls"))
    drawn = cell.filter(pl.col("call_id").is_in(list(scores)))
    drawn = drawn.with_columns(probability=pl.len().over("agent", "stratum") / pl.col("calls"))
    return drawn.select(
        "call_id",
        inspector=pl.lit("赵"),
        score=pl.col("call_id").replace_strict(scores, return_dtype=pl.Float64),
        probability="probability",
        purpose=pl.lit(purpose),
    ).cast(dict(AUDITS))
