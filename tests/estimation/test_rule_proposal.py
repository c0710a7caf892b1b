"""What figures call for: more as soon as they prove it, less when they no longer do; a person decides."""

import polars as pl
import pytest

from qa_audit.audit.status_names import STATUSES
from qa_audit.estimation.rule_proposal import (
    audits_lacking,
    exceeded_percent,
    figures_of,
    proposal,
    supported,
)
from qa_audit.estimation.rule_quality import JUDGED, exceeded, rule_quality


def quality(right, wrong):
    rows = [("fail", "fail")] * right + [("fail", "pass")] * wrong
    calls = [
        (f"c{number:03d}", "closing", machine, person, 0.1, "first")
        for number, (machine, person) in enumerate(rows)
    ]
    return rule_quality(pl.DataFrame(calls, JUDGED, orient="row")).row(0, named=True)


def test_the_figures_are_kept_with_their_thresholds():
    found = figures_of(quality(29, 0), ["2026-10"])
    assert (found["flags"], found["wrong"], found["precision"], found["says"]) == (29, 0, 1.0, "automatic")
    assert found["goals"] == {"assisted": 0.6, "automatic": 0.9, "confidence": 0.95}
    assert found["months"] == ["2026-10"]
    assert round(found["sure_above"], 4) == 0.9019


@pytest.mark.parametrize(
    ("right", "wrong", "status", "decided", "proposed"),
    [
        (29, 0, "assisted", False, "automatic"),
        (29, 0, "manual", True, "automatic"),
        (29, 0, "automatic", True, None),
        (28, 0, "automatic", True, "assisted"),  # the lower bound fell below 90 %
        (20, 10, "automatic", True, "manual"),
        (20, 10, "assisted", True, "manual"),
        (20, 10, "assisted", False, None),  # it may be above 60 %: too little is known of it
        (10, 20, "assisted", False, "manual"),  # surely below 60 %
        (6, 0, "manual", True, "assisted"),
        (2, 0, "manual", True, None),
    ],
)
def test_what_is_proposed(right, wrong, status, decided, proposed):
    assert proposal(status, figures_of(quality(right, wrong), []), decided=decided) == proposed


def test_a_rule_nobody_heard_yet_is_neither_promoted_nor_demoted():
    figures = figures_of(None, [])
    assert proposal("assisted", figures, decided=False) is None
    assert proposal("automatic", figures, decided=True) == "manual"
    assert audits_lacking(None) == (29, None)
    assert audits_lacking(quality(28, 0)) == (1, 1)


@pytest.mark.parametrize(
    ("before", "proposed", "backed"),
    [
        ("manual", "automatic", {"assisted", "automatic"}),
        ("assisted", "automatic", {"automatic"}),
        ("automatic", "manual", {"assisted", "manual"}),
        ("automatic", "assisted", {"assisted"}),
        ("assisted", None, set()),
    ],
)
def test_a_change_is_supported_no_further_than_proposed(before, proposed, backed):
    assert {to for to in STATUSES if supported(before, to, proposed)} == backed


def test_what_is_surely_exceeded_is_never_rounded_up():
    """28 right flags of 28 exceed 89.85 %: too little for 90 %, so 90 % is not said either."""
    sure = exceeded(28, 0)
    assert 0.895 < sure < 0.9
    assert exceeded_percent(sure) == "89%"
    assert exceeded_percent(exceeded(29, 0)) == "90%"
