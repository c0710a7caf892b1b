"""Estimates, rule quality and agreement, over a workspace whose months were drawn and heard."""

import pytest

from qa_audit.messages import QaError
from qa_audit.months.audited_figures import agreement_of, estimates_of, rule_quality_of
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures
from tests.made_audits import RUDE, hand_in


def test_a_month_without_a_draw_has_no_estimate(scored):
    with pytest.raises(QaError) as error:
        estimates_of(scored, "2026-10")
    assert (error.value.code, error.value.values["month"]) == ("audited.no_draw", "2026-10")


def test_agreement_counts_the_calls_that_two_judged_blind(scored):
    hand_in(scored, RUDE, "李敏", "no_harsh_language")
    alone = agreement_of(scored, None)
    assert (alone["calls"].max(), alone["inspectors"].max(), alone["raw"].null_count()) == (
        0,
        1,
        alone.height,
    )
    hand_in(scored, RUDE, "王芳", "no_harsh_language", "greeting")
    found = agreement_of(scored, ["2026-10"])
    wanted = found.filter(found["item"].is_in(["greeting", "no_harsh_language"])).sort("item")
    assert wanted.select("item", "calls", "inspectors", "raw").rows() == [
        ("greeting", 1, 2, 0.0),
        ("no_harsh_language", 1, 2, 1.0),
    ]
    assert agreement_of(scored, ["2026-09"]).is_empty()


def test_only_drawn_calls_tell_how_good_a_rule_is(scored):
    hand_in(scored, RUDE, "李敏")
    assert rule_quality_of(scored, None).is_empty()


def test_a_drawn_and_heard_month_has_an_estimate_of_every_agent(heard):  # noqa: F811
    agents = estimates_of(heard, "2026-10").agents
    assert agents.select("agent", "heard").sort("agent").rows() == [
        ("person:8001", 5),
        ("person:8002", 5),
        ("person:8003", 5),
        ("person:8004", 5),
    ]
