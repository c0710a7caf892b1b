"""Rules that people judge alone for now: the machine still judges, and its verdict counts for nothing.

The stored findings stay as they are, so that audited calls go on telling how good the rule is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.scoring.verdicts import score_from

if TYPE_CHECKING:
    from collections.abc import Collection

JUDGED = ("pass", "fail")


def set_aside(findings: pl.DataFrame, items: Collection[str]) -> pl.DataFrame:
    """Findings (`scoring.frames.FINDINGS_SCHEMA`) in which nobody has judged these items yet.

    What the machine passed or failed becomes uncertain and costs nothing; where an item does not apply it
    stays so.
    """
    if not items:
        return findings
    aside = _aside(items)
    return findings.with_columns(
        verdict=pl.when(aside).then(pl.lit("uncertain")).otherwise("verdict"),
        points=pl.when(aside).then("max_points").otherwise("points"),
        critical=pl.col("critical") & ~aside,
    )


def scores_without(
    scores: pl.DataFrame, findings: pl.DataFrame, items: Collection[str], *, zero_on_critical: bool = True
) -> pl.DataFrame:
    """Scores (`scoring.batch.SCORES_SCHEMA`) without these items: as `verdicts.score_of` of the other ones.

    `findings` of the same calls, `evidence` is not needed. Where the cap of a section made its faults
    cheaper, those that are left keep the cheaper points.
    """
    if not items:
        return scores
    judged = (pl.col("kind") == "item") & pl.col("verdict").is_in(JUDGED)
    counted = judged & ~pl.col("item").is_in(list(items))
    calls = (
        findings.filter(judged)
        .group_by("call_id", maintain_order=True)
        .agg(
            pl.col("points").filter(counted),
            pl.col("max_points").filter(counted),
            aside=(~counted).sum().cast(pl.UInt32),
            named=pl.col("item").filter(counted & pl.col("critical")),
        )
        .filter(pl.col("aside") > 0)
    )
    zeroed = [zero_on_critical and bool(len(one)) for one in calls["named"]]
    anew = [
        score_from(points, most, zeroed=zero)
        for points, most, zero in zip(calls["points"], calls["max_points"], zeroed, strict=True)
    ]
    found = calls.select("call_id", "aside", "named", anew=pl.Series(anew, dtype=pl.Float64))
    changed = pl.col("aside").is_not_null()
    return (
        scores.join(found, on="call_id", how="left", maintain_order="left")
        .with_columns(
            score=pl.when(changed).then("anew").otherwise("score"),
            critical=pl.when(changed).then("named").otherwise("critical"),
            uncertain=pl.when(changed).then(pl.col("uncertain") + pl.col("aside")).otherwise("uncertain"),
        )
        .drop("aside", "named", "anew")
    )


def _aside(items: Collection[str]) -> pl.Expr:
    named = (pl.col("kind") == "item") & pl.col("item").is_in(list(items))
    return named & pl.col("verdict").is_in(JUDGED)
