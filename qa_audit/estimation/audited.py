"""What people judged of drawn calls, joined with chance and machine: what the estimators are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import polars as pl

from qa_audit.audit.rulings import with_gold
from qa_audit.estimation.groups import METHOD
from qa_audit.estimation.heard import AUDITS, COUNTS, FRAME
from qa_audit.estimation.rates import PERSON_VERDICTS, critical_verdicts
from qa_audit.estimation.rule_quality import JUDGED
from qa_audit.sampling.drawing import stratified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.sampling.assignment import Assignment
    from qa_audit.sampling.frame import Frame


class Samples(Protocol):
    """The draws of a month: `sampling.book.SampleBook`, or those that were filed when it was closed."""

    def sample(self, month: str, /) -> pl.DataFrame:
        """As `SampleBook.sample`."""
        ...

    def frame_of(self, draw_id: int, /) -> Frame:
        """As `SampleBook.frame_of`."""
        ...

    def assignments(self, draw_id: int, /) -> Sequence[Assignment]:
        """As `SampleBook.assignments`."""
        ...


ASSIGNED = pl.Schema(
    {"call_id": pl.String, "inspector": pl.String, "purpose": pl.String, "probability": pl.Float64}
)
"""Who was to hear which drawn call, and why: `first`, `second` or `common`; calls that were replaced are left
out."""

SHOWN = "shown"
"""Purpose of a hearing whose inspector had seen the machine's verdicts before: it enters no figure."""


def assigned_calls(book: Samples, month: str) -> pl.DataFrame:
    """Drawn calls of a month with their inspectors (`ASSIGNED`); of a call that replaced another, its own.

    Before a draw is handed out nobody is to hear its calls, so they have no row.
    """
    sample = book.sample(month).filter(pl.col("skipped").is_null())
    rows = [
        (draw_id, one.call_id, one.inspector, one.purpose)
        for draw_id in sample["draw_id"].unique().sort()
        for one in book.assignments(draw_id)
    ]
    to_hear = pl.DataFrame(
        rows,
        {"draw_id": pl.Int64, "call_id": pl.String, "inspector": pl.String, "purpose": pl.String},
        orient="row",
    )
    return to_hear.join(
        sample.select("draw_id", "call_id", probability="inclusion"), on=["draw_id", "call_id"], how="inner"
    ).select(ASSIGNED.names())


def estimation_frame(book: Samples, month: str, calls: pl.DataFrame) -> pl.DataFrame:
    """All calls of a month that could have been drawn (`FRAME`), with the machine's present scores.

    `calls` as `Workspace.calls` gives them; where they have no `confidence` it is null. Who and which team a
    call was counted for, and its stratum, are those of the frozen frame.
    """
    draw_ids = book.sample(month)["draw_id"].unique().sort()
    frames = []
    for draw_id in draw_ids:
        # Two draws of a month are of other calls, so they are other strata.
        stratum = pl.col("stratum") if len(draw_ids) == 1 else pl.format("{}/{}", pl.lit(draw_id), "stratum")
        calls_of_draw = stratified(book.frame_of(draw_id))
        frames.append(calls_of_draw.select("call_id", "agent", "team", stratum.alias("stratum")))
    empty = pl.DataFrame(schema={name: FRAME[name] for name in ("call_id", "agent", "stratum", "team")})
    every = pl.concat([empty, *(frame.select(empty.columns) for frame in frames)])
    sure = pl.col("confidence") if "confidence" in calls.columns else pl.lit(None, pl.Float64)
    scores = calls.select("call_id", "score", confidence=sure)
    return every.join(scores, on="call_id", how="left").select(FRAME.names())


def critical_rows(assigned: pl.DataFrame, sheets: pl.DataFrame, *, method: int = METHOD) -> pl.DataFrame:
    """People's verdicts on the item `rates.CRITICAL` (`PERSON_VERDICTS`), arguments as for `audit_rows`.

    A call on which nothing could be judged says nothing of critical faults either; before method 3
    (`groups.METHOD`) it counted as one without.
    """
    told = _handed_in(sheets)
    if method > 2:
        told = told.filter(pl.col("ruled_score").is_not_null())
    done = told.select("call_id", "blind", inspector="who", critical="ruled_critical")
    rows = assigned.join(done, on=["call_id", "inspector"], how="inner").with_columns(purpose=_purpose())
    return critical_verdicts(rows).select(PERSON_VERDICTS.names())


def verdict_rows(
    assigned: pl.DataFrame, sheets: pl.DataFrame, verdicts: pl.DataFrame, appealed: pl.DataFrame
) -> pl.DataFrame:
    """People's verdicts on items (`PERSON_VERDICTS`): those that made the scores of `audit_rows`.

    The first handed in counts, or what an appeal has made of it since. `verdicts` as
    `audit.scores.audit_frame`, `appealed` the `audit.rulings.GOLD_SCHEMA` of rulings of appeals, the others
    as for `audit_rows`.
    """
    done = _handed_in(sheets).select("call_id", "blind", inspector="who")
    people = verdicts.filter(pl.col("first_verdict").is_not_null()).select(
        "call_id", "item", inspector="who", verdict="first_verdict"
    )
    return (
        assigned.join(done, on=["call_id", "inspector"], how="inner")
        .join(with_gold(people, appealed, "verdict"), on=["call_id", "inspector"], how="inner")
        .with_columns(purpose=_purpose())
        .select(PERSON_VERDICTS.names())
    )


def audit_rows(assigned: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """Scores that people gave drawn calls (`AUDITS`): as first handed in, by those who were to hear them.

    What an appeal has changed since counts as changed; another change of the inspector's own does not.

    `assigned` is `ASSIGNED`, `sheets` as `audit.scores.sheets_frame`.
    """
    return (
        assigned.join(
            _handed_in(sheets).select("call_id", "blind", inspector="who", score="ruled_score"),
            on=["call_id", "inspector"],
            how="inner",
        )
        .with_columns(purpose=_purpose())
        .select(AUDITS.names())
    )


def unjudged_items(assigned: pl.DataFrame, sheets: pl.DataFrame) -> dict[str, int]:
    """Items that came into the rubric after some calls were handed in, with the number of these calls.

    The machine judges such an item on all calls and the person on none of these, so that their scores are not
    of the same thing: the difference would be taken for a mistake of the machine. Only calls that count in a
    figure are looked at; arguments as for `audit_rows`.
    """
    counted = assigned.filter(pl.col("purpose") == COUNTS)
    done = _handed_in(sheets).filter("blind")
    rows = done.select("call_id", "unjudged", inspector="who").join(
        counted, on=["call_id", "inspector"], how="inner"
    )
    found = (
        rows.explode("unjudged").drop_nulls("unjudged").group_by("unjudged").agg(pl.len()).sort("unjudged")
    )
    return dict(found.iter_rows())


def judged_rows(
    assigned: pl.DataFrame,
    verdicts: pl.DataFrame,
    findings: pl.DataFrame,
    gold: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The machine's verdict and a person's for each drawn call and item (`JUDGED`).

    `verdicts` as `audit.scores.audit_frame`, of which the first handed in counts unless `gold`
    (`audit.rulings.GOLD_SCHEMA`) has settled the item since, `findings` as `Workspace.findings`.
    """
    people = verdicts.filter(pl.col("first_verdict").is_not_null()).select(
        "call_id", "item", "blind", inspector="who", person="first_verdict"
    )
    if gold is not None:
        people = with_gold(people, gold, "person")
    machine = findings.filter(pl.col("kind") == "item").select("call_id", "item", machine="verdict")
    return (
        assigned.join(people, on=["call_id", "inspector"], how="inner")
        .join(machine, on=["call_id", "item"], how="left")
        .with_columns(purpose=_purpose())
        .select(JUDGED.names())
    )


def _handed_in(sheets: pl.DataFrame) -> pl.DataFrame:
    return sheets.filter(pl.col("handed_in_at").is_not_null() & pl.col("skipped").is_null())


def _purpose() -> pl.Expr:
    shown = (pl.col("purpose") == COUNTS) & ~pl.col("blind")
    return pl.when(shown).then(pl.lit(SHOWN)).otherwise(pl.col("purpose")).alias("purpose")
