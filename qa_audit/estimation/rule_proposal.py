"""What audited calls say of a rule's status: that it may do more, or must do less. Nobody is bound by it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qa_audit.audit.status_names import STATUSES
from qa_audit.estimation.intervals import CONFIDENCE
from qa_audit.estimation.rounding import rounded
from qa_audit.estimation.rule_quality import ASSISTED, AUTOMATIC, audits_needed, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa_audit.audit.status_names import Status

_KEPT = ("flags", "wrong", "precision", "precision_low", "precision_high", "sure_above")
_KEPT = (*_KEPT, "faults", "missed", "recall", "recall_low", "recall_high")
_KEPT = (*_KEPT, "unscored", "deleted")
_COUNTS = ("flags", "wrong", "faults", "missed", "unscored", "deleted")


def figures_of(row: Mapping[str, Any] | None, months: Sequence[str]) -> dict[str, Any]:
    """The figures on which a decision rests, to be kept with it; `row` of `rule_quality.QUALITY` or None.

    `months` are those whose audited calls were counted; `goals` the precision to exceed, by status; `says`
    the status that the figures support.

    >>> figures = figures_of(None, ["2026-10"])
    >>> figures["flags"], figures["precision"], figures["says"]
    (0, None, 'manual')
    """
    none: dict[str, Any] = {name: 0 if name in _COUNTS else None for name in _KEPT} | {"sure_above": 0.0}
    found = none if row is None else {name: row[name] for name in _KEPT}
    goals = {"assisted": ASSISTED, "automatic": AUTOMATIC, "confidence": CONFIDENCE}
    return {**found, "months": list(months), "goals": goals, "says": status_of(found["sure_above"])}


def proposal(status: Status, figures: Mapping[str, Any], *, decided: bool) -> Status | None:
    """The status that the figures call for instead of the present one; None where they leave it.

    `figures` as `figures_of`; `decided` where somebody has given the rule its status. More is proposed as
    soon as precision surely exceeds the threshold. Less is proposed when it no longer does; of a rule that
    nobody has decided about, which may simply have been heard too seldom, only when the whole interval of
    its precision lies below. While audited calls wait to be scored nothing is proposed.
    """
    if figures["unscored"]:
        return None
    says = figures["says"]
    if _rank(says) > _rank(status):
        return says
    if _rank(says) == _rank(status):
        return None
    high = figures["precision_high"]
    if decided or (high is not None and high < ASSISTED):
        return says
    return None


def supported(before: Status, to: Status, proposed: Status | None) -> bool:
    """Whether a change goes no further than what was proposed: any other is a person's own.

    >>> supported("automatic", "assisted", "manual"), supported("assisted", "automatic", None)
    (True, False)
    """
    if proposed is None:
        return False
    between = sorted((_rank(before), _rank(proposed)))
    return to != before and between[0] <= _rank(to) <= between[1]


def audits_lacking(row: Mapping[str, Any] | None) -> tuple[int, int | None]:
    """Flags to be heard before the rule may be automatic: if none is wrong; at the rate so far, if ever."""
    if row is None:
        return audits_needed(0), None
    return row["more_if_flawless"], row["more_at_this_rate"]


def exceeded_percent(sure_above: float) -> str:
    """`sure_above` in whole percent, never more than it is: 89.6 does not exceed 90.

    >>> exceeded_percent(0.896), exceeded_percent(0.9), exceeded_percent(0.57)
    ('89%', '90%', '57%')
    """
    return f"{math.floor(rounded(100 * sure_above, 6))}%"


def _rank(status: Status) -> int:
    return STATUSES.index(status)
