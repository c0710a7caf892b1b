"""What people judged of a month's calls, put in the place of the machine's verdicts and scores."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

PEOPLE_ITEMS = pl.Schema(
    {
        "call_id": pl.String(),
        "item": pl.String(),
        "verdict": pl.String(),
        "points": pl.Float64(),
        "max_points": pl.Float64(),
        "critical": pl.Boolean(),
    }
)
"""One row an item of a call that people heard: as settled, else by the hearing that counts in the score."""

PEOPLE_CALLS = pl.Schema({"call_id": pl.String(), "score": pl.Float64(), "faults": pl.Int64()})
"""One row a call that people heard: the score of the hearing that counts, with what appeals changed, and the
faults that anybody registered in it and no appeal struck."""


class PeopleJudged(NamedTuple):
    """What people said of the calls that they heard."""

    items: pl.DataFrame
    """`PEOPLE_ITEMS`."""
    calls: pl.DataFrame
    """`PEOPLE_CALLS`."""


NOBODY = PeopleJudged(pl.DataFrame(schema=PEOPLE_ITEMS), pl.DataFrame(schema=PEOPLE_CALLS))
"""Where people heard nothing, or what they said is not known."""


def judged_calls(calls: pl.DataFrame, people: PeopleJudged) -> pl.DataFrame:
    """Calls with people's score in the place of the machine's where there is one.

    `by_people` says of which, `faults` how many are registered in the call.
    """
    heard = people.calls.select("call_id", "faults", given="score")
    found = calls.join(heard, on="call_id", how="left", maintain_order="left")
    return found.with_columns(
        score=pl.coalesce("given", "score"),
        by_people=pl.col("given").is_not_null(),
        faults=pl.col("faults").fill_null(0),
    ).drop("given")


def judged_findings(findings: pl.DataFrame, people: PeopleJudged) -> pl.DataFrame:
    """Findings with people's verdict in the place of the machine's where there is one.

    `by_people` says of which.
    Where they differ there is no evidence: what the machine heard is none for the other verdict.
    """
    own = ("verdict", "points", "max_points", "critical")
    said = people.items.select("call_id", "item", *(pl.col(name).alias(f"their_{name}") for name in own))
    items = pl.col("kind") == "item"
    found = findings.join(said, on=["call_id", "item"], how="left", maintain_order="left")
    heard = items & pl.col("their_verdict").is_not_null()
    differs = heard & (pl.col("their_verdict") != pl.col("verdict"))
    return found.with_columns(
        *(pl.when(heard).then(f"their_{name}").otherwise(name).alias(name) for name in own),
        evidence=pl.when(differs).then(pl.lit([], findings.schema["evidence"])).otherwise("evidence"),
        by_people=heard,
    ).drop(f"their_{name}" for name in own)
