"""What estimates are made of: all calls of a month with their strata, and what people said of those drawn."""

from __future__ import annotations

import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.messages import QaError

FRAME = pl.Schema(
    {
        "call_id": pl.String(),
        "agent": pl.String(),
        "team": pl.String(),
        "stratum": pl.String(),
        "score": pl.Float64(),
        "confidence": pl.Float64(),
    }
)
"""One row a call that could have been drawn, so that the frame itself says how many there are (N).

`agent` is the key of `agent_month`, `team` the team at the time of the call, `stratum` the one it was drawn
from; `score` the machine's, 0 to 100, or null where nothing could be judged; `confidence` the recogniser's
mean over the agent's words, 0 to 1 or null."""

AUDITS = pl.Schema(
    {
        "call_id": pl.String(),
        "inspector": pl.String(),
        "score": pl.Float64(),
        "probability": pl.Float64(),
        "purpose": pl.String(),
    }
)
"""One row a call and inspector: the person's `score`, 0 to 100, or null where nothing could be judged;
`probability` that the call was drawn (π); `purpose` for which it was heard."""

COUNTS = "first"
"""Only audits with this purpose enter a figure: calls that were drawn, heard by the inspector to whom
chance gave them. Second hearings serve agreement between inspectors. A call heard for coaching, a complaint
or an appeal was not drawn, and the mean of "worst calls only" was wrong by 22 to 34 points."""

HEARD = pl.Schema(
    {"call_id": pl.String(), "agent": pl.String(), "team": pl.String(), "stratum": pl.String()}
    | {"machine": pl.Float64(), "person": pl.Float64(), "probability": pl.Float64(), "inspector": pl.String()}
)
"""One row a drawn call with a person's score; `machine` is the machine's, or what stands for it."""


def checked_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of `FRAME`, in order of call id.

    Where the machine gave no score, the mean of the agent's scores in the stratum stands for it, else that of
    all the agent's, else that of all calls, else 0: an estimate is right on average whatever stands there, as
    long as it does not depend on which calls were drawn.

    Raises `QaError`: `month.missing_column`, `month.double_call`, `month.bad_score`, and `estimates.blank`
    where agent or stratum is missing.
    """
    require_columns(frame, "frame", FRAME)
    frame = frame.select(pl.col(name).cast(kind) for name, kind in FRAME.items()).sort("call_id")
    for column in ("call_id", "agent", "stratum"):
        blank = frame.filter(pl.col(column).is_null())
        if not blank.is_empty():
            raise QaError("estimates.blank", column=column, call=blank["call_id"][0])
    doubled = frame.filter(pl.col("call_id") == pl.col("call_id").shift())
    if not doubled.is_empty():
        call = doubled["call_id"][0]
        raise QaError("month.double_call", call=call, times=frame["call_id"].eq(call).sum())
    _check_scores(frame)
    score = pl.col("score")
    if frame["score"].null_count():
        means = (score.mean().over("agent", "stratum"), score.mean().over("agent"), score.mean(), pl.lit(0.0))
        frame = frame.with_columns(pl.coalesce(score, *means))
    return frame


def drawn_only(audits: pl.DataFrame) -> pl.DataFrame:
    """The rows of `audits` that enter a figure; its other columns are left as they are.

    Raises `QaError` `estimates.bad_probability` where π is missing or not in (0, 1].
    """
    drawn = audits.filter(pl.col("purpose") == COUNTS)
    probability = pl.col("probability")
    possible = ((probability > 0) & (probability <= 1)).fill_null(value=False)
    strange = drawn.filter(~possible)
    if not strange.is_empty():
        raise QaError("estimates.bad_probability", call=strange["call_id"][0], got=strange["probability"][0])
    return drawn


def heard_calls(frame: pl.DataFrame, audits: pl.DataFrame) -> pl.DataFrame:
    """Drawn calls with a person's score, as `HEARD`, in order of call id. `frame` is a checked one.

    Raises `QaError`: those of `drawn_only`, `month.missing_column`, `month.bad_score`,
    `estimates.unknown_call` for a drawn call outside the frame, `estimates.double_audit`,
    `estimates.mixed_probability` where calls of one agent and stratum were drawn with different π.
    """
    require_columns(audits, "audits", AUDITS)
    drawn = drawn_only(audits.select(pl.col(name).cast(kind) for name, kind in AUDITS.items()))
    _check_scores(drawn)
    doubled = drawn.filter(pl.col("call_id").is_duplicated())
    if not doubled.is_empty():
        raise QaError("estimates.double_audit", call=doubled["call_id"].sort()[0])
    unknown = drawn.join(frame, on="call_id", how="anti")
    if not unknown.is_empty():
        raise QaError("estimates.unknown_call", call=unknown["call_id"].sort()[0])
    judged = drawn.filter(pl.col("score").is_not_null()).select(
        "call_id", "probability", "inspector", person="score"
    )
    heard = frame.join(judged, on="call_id", how="inner").sort("call_id")
    spread = (pl.col("probability").max() - pl.col("probability").min()).alias("spread")
    mixed = heard.group_by("agent", "stratum").agg(spread).filter(pl.col("spread") > 1e-9)
    if not mixed.is_empty():
        agent, stratum = mixed.sort("agent", "stratum").select("agent", "stratum").row(0)
        raise QaError("estimates.mixed_probability", agent=agent, stratum=stratum)
    return heard.rename({"score": "machine"}).select(HEARD.names())


def _check_scores(rows: pl.DataFrame) -> None:
    outside = rows.filter(pl.col("score").is_not_null() & ~pl.col("score").is_between(0, 100))
    if not outside.is_empty():
        raise QaError("month.bad_score", call=outside["call_id"][0], score=outside["score"][0])
