import polars as pl
import pytest

from qa_audit.estimation.difference import AGENT_ESTIMATES
from qa_audit.estimation.filtered import PAY_ESTIMATES
from qa_audit.estimation.groups import GROUP_ESTIMATES
from qa_audit.reports.figures import ON_SHOW, MonthFigures, agents_on_show, grade_remark, teams_on_show


def _agents(**changed: object) -> pl.DataFrame:
    row = dict.fromkeys(AGENT_ESTIMATES) | {
        "agent": "person:p1",
        "calls": 40,
        "heard": 8,
        "machine_mean": 80.0,
        "bias": -4.5,
        "estimate": 75.5,
        "low": 71.0,
        "high": 80.0,
        "half_width": 4.5,
    }
    return pl.DataFrame([row | changed], AGENT_ESTIMATES)


def test_an_estimate_is_graded_and_says_what_it_can_not_be_told_from() -> None:
    row = agents_on_show(MonthFigures(agents=_agents())).row(0, named=True)
    assert (row["estimate"], row["correction"], row["grade"]) == (75.5, -4.5, "good")
    assert (row["framed"], row["machine_mean"]) == (40, 80.0)
    assert row["grade_open"] == ["pass"]
    assert grade_remark(row["grade"], row["grade_open"], None, "zh") == "与“及格”无法区分"


def test_a_pay_figure_goes_before_the_estimate_of_the_month() -> None:
    pay = dict.fromkeys(PAY_ESTIMATES) | {
        "agent": "person:p1",
        "filtered_bias": -2.0,
        "estimate": 78.0,
        "low": 76.0,
        "high": 80.0,
        "half_width": 2.0,
    }
    figures = MonthFigures(agents=_agents(), pay=pl.DataFrame([pay], PAY_ESTIMATES))
    row = agents_on_show(figures).row(0, named=True)
    assert (row["heard"], row["estimate"], row["correction"], row["grade_open"]) == (8, 78.0, -2.0, [])


@pytest.mark.parametrize("agents", [None, pl.DataFrame(schema=AGENT_ESTIMATES)])
def test_without_audits_nothing_is_checked(agents: pl.DataFrame | None) -> None:
    figures = MonthFigures(agents=agents)
    assert agents_on_show(figures).schema == ON_SHOW
    assert not figures.checked


def test_an_agent_nobody_heard_has_a_reason_instead_of_a_grade() -> None:
    nothing = dict.fromkeys(("bias", "estimate", "low", "high", "half_width")) | {"reason": "no_audits"}
    row = agents_on_show(MonthFigures(agents=_agents(heard=0, **nothing))).row(0, named=True)
    assert (row["grade"], row["grade_open"]) == (None, None)
    assert grade_remark(None, None, row["reason"], "zh") == "本月没有人工质检，不给分"


def test_a_team_says_of_how_many_calls_nobody_heard_the_like() -> None:
    rows = [
        {"team": "一班", "calls": 40, "heard": 8, "unheard_share": 0.25, "estimate": 80.0},
        {"team": "二班", "calls": 40, "heard": 8, "unheard_share": 0.0, "estimate": 80.0},
    ]
    figures = MonthFigures(agents=_agents(), teams=pl.DataFrame(rows, GROUP_ESTIMATES))
    assert teams_on_show(figures)["unheard_share"].to_list() == [0.25, None]
    assert agents_on_show(figures)["unheard_share"].to_list() == [None]
