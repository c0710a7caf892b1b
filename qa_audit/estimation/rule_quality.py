"""How good a rule is, as audited calls that were drawn by chance tell it, and what it might therefore do.

- precision: of calls that the rule faults, the share that a person faults too
- recall: of calls that a person faults, the share that the rule faults too; it needs audited calls that the
  rule did not flag

Both are weighted by w = 1/π (Hájek 1971: Σ w y / Σ w) and pooled over agents, with the interval of Korn and
Graubard (1998): Clopper and Pearson's on the effective number of calls. Unweighted, recall came out .28 too
high in simulations, and an unweighted interval covered a third of the truths.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.audit.status_names import STATUSES
from qa_audit.estimation.frames import require_columns
from qa_audit.estimation.heard import drawn_only
from qa_audit.estimation.intervals import CONFIDENCE, Spread, clopper_pearson, effective_trials

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa_audit.audit.status_names import Status

JUDGED = pl.Schema(
    {
        "call_id": pl.String(),
        "item": pl.String(),
        "machine": pl.String(),
        "person": pl.String(),
        "probability": pl.Float64(),
        "purpose": pl.String(),
    }
)
"""One row an audited call and item: the rule's verdict and the person's, the adjudicated one if there is.

A machine's "fail" is right where the person says "fail"; a person's "uncertain" counts in no figure; a
machine's "uncertain" on a person's "fail" is a fault missed. Where the machine's verdict is not known, null
or `DELETED`, the call is left out and counted: it is neither a flag nor a fault missed."""

DELETED = "deleted"
"""Instead of the machine's verdict, on all calls of a month of which recordings were deleted without one."""

QUALITY = pl.Schema(
    {
        "item": pl.String(),
        "flags": pl.Int64(),
        "wrong": pl.Int64(),
        "precision": pl.Float64(),
        "precision_low": pl.Float64(),
        "precision_high": pl.Float64(),
        "sure_above": pl.Float64(),
        "more_if_flawless": pl.Int64(),
        "more_at_this_rate": pl.Int64(),
        "faults": pl.Int64(),
        "missed": pl.Int64(),
        "recall": pl.Float64(),
        "recall_low": pl.Float64(),
        "recall_high": pl.Float64(),
        "status": pl.String(),
        "unscored": pl.Int64(),
        "deleted": pl.Int64(),
    }
)
"""One row an item. `flags` audited calls that the rule faults, `wrong` of them; `sure_above` the precision
that is exceeded with 95 % confidence (one-sided); `more_…` audited flags that are lacking before that is
`AUTOMATIC`, if none of them is wrong, or as many as so far (null where that will never do); `faults`
audited calls that a person faults, `missed` of them; recall null where no call was audited that the rule
had not flagged. Left out were `unscored` calls without a verdict of the machine, and `deleted` ones of months
of which recordings were deleted without one."""

ASSISTED, AUTOMATIC = 0.60, 0.90
"""Precision to exceed before a rule's faults count until somebody refutes them, or as they are."""


def rule_quality(judged: pl.DataFrame) -> pl.DataFrame:
    """`QUALITY` from `JUDGED`, in order of items.

    Raises `QaError`: `month.missing_column`, `estimates.bad_probability`.
    """
    require_columns(judged, "judged", JUDGED)
    drawn = drawn_only(judged).filter(pl.col("person").is_not_null() & (pl.col("person") != "uncertain"))
    rows = [
        _item_row(str(item), own)
        for (item,), own in drawn.sort("item", "call_id").group_by("item", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=QUALITY, orient="row")


def _item_row(item: str, audited: pl.DataFrame) -> tuple[object, ...]:
    unscored = audited["machine"].null_count()
    judged = audited.filter(pl.col("machine") != DELETED)
    left_out = (unscored, audited.height - unscored - judged.height)
    weights = (1 / judged["probability"]).to_list()
    flagged = (judged["machine"] == "fail").to_list()
    fault = (judged["person"] == "fail").to_list()
    flags = [(w, real) for w, hit, real in zip(weights, flagged, fault, strict=True) if hit]
    faults = [(w, hit) for w, hit, real in zip(weights, flagged, fault, strict=True) if real]
    wrong = sum(not real for _, real in flags)
    precision, trials = weighted_share(flags)
    start = (item, len(flags), wrong, precision)
    if precision is None:
        limits: tuple[float | None, ...] = (None, None)
        sure_above, more = 0.0, (audits_needed(0), None)
    else:
        limits = clopper_pearson(precision * trials, trials)
        sure_above = exceeded(trials, (1 - precision) * trials)
        more = _more(trials, (1 - precision) * trials, trials / len(flags))
    recall, seen = weighted_share(faults) if not all(flagged) else (None, 0.0)
    between = (None, None) if recall is None else clopper_pearson(recall * seen, seen)
    missed = sum(not hit for _, hit in faults)
    told = (len(faults), missed, recall, *between, status_of(sure_above))
    return (*start, *limits, sure_above, *more, *told, *left_out)


def weighted_share(calls: Sequence[tuple[float, bool]]) -> tuple[float | None, float]:
    """(Hájek's share of true values, effective number of calls) of pairs (weight, value); (None, 0) for none.

    >>> weighted_share([(1.0, True)] * 3 + [(1.0, False)])
    (0.75, 4.0)
    """
    if not calls:
        return None, 0.0
    n = len(calls)
    total = math.fsum(w for w, _ in calls)
    share = math.fsum(w for w, value in calls if value) / total
    kish = total**2 / math.fsum(w**2 for w, _ in calls)
    # Linearised, as if drawn with replacement. Equal weights give p (1 − p) / n, so n calls count as n.
    variance = math.fsum((w * (value - share)) ** 2 for w, value in calls) / total**2
    return share, effective_trials(share, Spread(variance, float(max(n - 1, 1))), float(n), kish)


def exceeded(trials: float, wrong: float, confidence: float = CONFIDENCE) -> float:
    """The precision that is exceeded with one-sided `confidence` when `wrong` of `trials` were wrong."""
    return clopper_pearson(trials - wrong, trials, 2 * confidence - 1)[0]


def audits_needed(wrong: int, precision: float = AUTOMATIC, confidence: float = CONFIDENCE) -> int:
    """So many flags must be audited, `wrong` of them wrong, before "precision ≥ `precision`" can be said.

    >>> [audits_needed(wrong) for wrong in (0, 1, 2)]
    [29, 46, 61]
    """
    return wrong + _first(lambda right: exceeded(wrong + right, wrong, confidence) >= precision)


def _more(trials: float, wrong: float, each: float) -> tuple[int, int | None]:
    """Flags that are lacking (if none of them is wrong, if as many as so far); one is `each` trials."""
    if exceeded(trials, wrong) >= AUTOMATIC:
        return 0, 0
    rate = wrong / trials

    def enough(more: int, wrong_of_more: float) -> bool:
        return exceeded(trials + more * each, wrong + more * each * wrong_of_more) >= AUTOMATIC

    flawless = _first(lambda more: enough(more, 0.0))
    # Near the threshold it takes tens of thousands, which nobody will hear.
    if rate >= 1 - AUTOMATIC or not enough(_MOST, rate):
        return flawless, None
    return flawless, _first(lambda more: enough(more, rate))


_MOST = 10_000


def _first(enough: Callable[[int], bool]) -> int:
    """The least number that is enough, found by doubling and halving."""
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def status_of(sure_above: float) -> Status:
    """What a rule may do, by testing the weaker claim first and the stronger only if it holds.

    In a fixed sequence each test may use the whole 5 % (Maurer, Hothorn and Lehmacher 1995), which picking
    the best of several thresholds may not.
    """
    passed = fixed_sequence([sure_above >= least for least in (ASSISTED, AUTOMATIC)])
    return STATUSES[passed]


def fixed_sequence(rejections: Sequence[bool]) -> int:
    """How many hypotheses of a sequence fixed beforehand are rejected: all before the first that is not.

    For thresholds of a rule: in order from the strictest, each with its own audited flags; the last one
    before the first failure may be used, however good a later one looks.

    >>> fixed_sequence([True, True, False, True])
    2
    """
    for place, rejected in enumerate(rejections):
        if not rejected:
            return place
    return len(rejections)
