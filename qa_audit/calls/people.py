"""Who an agent number was, and in whose team, at the time of a call."""

from __future__ import annotations

import polars as pl

ROSTER_SCHEMA = pl.Schema(
    {
        "person_id": pl.String,
        "agent_name": pl.String,
        "new_no": pl.String,
        "old_no": pl.String,
        "team": pl.String,
        "start_date": pl.Date,
        "end_date": pl.Date,
    }
)


def resolve_people(calls: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    """Add `person_id` and `in_roster`, and set `agent_name` and `team` as they were when the call was.

    `calls` has `call_id`, `agent_no`, `system`, `start` (Datetime, naive local), `agent_name`, `team`;
    `roster` has `ROSTER_SCHEMA`, dates included, null for open. A call of system "new" ("old") looks
    only at new (old) numbers, any other call at both. Without a roster, or when it has no such number,
    the agent number itself stands for the person and the list's name and team stay. `in_roster` is
    false when the number is not there at that time, or could be two persons.

    >>> from datetime import date, datetime
    >>> who = pl.DataFrame([("P1", "张三", "8001", "301", "一班", date(2026, 10, 1), None)],
    ...                    schema=ROSTER_SCHEMA, orient="row")
    >>> call = pl.DataFrame({"call_id": ["A1"], "agent_no": ["301"], "system": ["old"],
    ...                      "start": [datetime(2026, 10, 3, 9)], "agent_name": [None], "team": [None]})
    >>> resolve_people(call, who).select("person_id", "agent_name", "team", "in_roster").row(0)
    ('P1', '张三', '一班', True)
    """
    numbers = pl.concat(
        [
            roster.select(
                "person_id",
                "agent_name",
                "team",
                "start_date",
                "end_date",
                agent_no=pl.col(column),
                side=pl.lit(side),
            )
            for side, column in (("new", "new_no"), ("old", "old_no"))
        ]
    ).filter(pl.col("agent_no").is_not_null())
    day = pl.col("start").dt.date()
    candidates = (
        calls.select("call_id", "agent_no", "system", "start")
        .join(numbers, on="agent_no")
        .filter(
            (pl.col("system") == pl.col("side")) | ~pl.col("system").is_in(["new", "old"]).fill_null(False)
        )
        .with_columns(
            in_time=(pl.col("start_date").is_null() | (pl.col("start_date") <= day)).fill_null(True)
            & (pl.col("end_date").is_null() | (day <= pl.col("end_date"))).fill_null(True)
        )
    )
    at_time = _one_each(candidates.filter("in_time"))
    ever = _one_each(candidates).select("call_id", "ever_person", "ever_name")
    merged = calls.join(at_time, on="call_id", how="left", maintain_order="left").join(
        ever.rename({"ever_person": "any_person", "ever_name": "any_name"}),
        on="call_id",
        how="left",
        maintain_order="left",
    )
    return merged.with_columns(
        person_id=pl.coalesce("ever_person", "any_person", "agent_no"),
        agent_name=pl.coalesce("ever_name", "any_name", "agent_name"),
        team=pl.coalesce("ever_team", "team"),
        in_roster=pl.col("ever_person").is_not_null(),
    ).drop("ever_person", "ever_name", "ever_team", "any_person", "any_name")


def _one_each(candidates: pl.DataFrame) -> pl.DataFrame:
    """Person, name and team of each call, null where the candidates differ."""

    def only(column: str) -> pl.Expr:
        values = pl.col(column).drop_nulls().unique()
        return pl.when(values.len() == 1).then(values.first())

    found = candidates.group_by("call_id").agg(
        ever_person=only("person_id"),
        ever_name=only("agent_name"),
        ever_team=only("team"),
    )
    sure = pl.col("ever_person").is_not_null()
    return found.with_columns(
        pl.when(sure).then("ever_name").alias("ever_name"), pl.when(sure).then("ever_team").alias("ever_team")
    )
