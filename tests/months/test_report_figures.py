"""What people's hearing adds to a report, from a month nobody heard to one that was heard whole."""

import shutil
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from qa_audit.estimation.rates import CRITICAL, fault_rates
from qa_audit.months.report_figures import LIMITED, TREND, month_figures, pay_part, words_found
from qa_audit.reports.registers import DRAWS
from qa_audit.scoring.frames import FINDINGS_SCHEMA
from qa_audit.workspace import Workspace
from tests.made_audits import RUDE, hand_in

MONTH = "2026-10"
WHO = ["person:KF003", "person:KF004", "person:KF006"]


def figures_of(workspace, paid=None) -> Any:
    month = workspace.month(MONTH)
    return month_figures(workspace, MONTH, month.calls, month.findings, paid)


@pytest.fixture(scope="module")
def whole(scored_folder, tmp_path_factory):
    """All five calls drawn, drawn again instead, and heard by one inspector who found no fault."""
    made = Workspace.open(shutil.copytree(scored_folder, tmp_path_factory.mktemp("whole") / "ws"))
    book = made.samples
    book.draw(book.frame(MONTH), "王芳")
    draw = book.draw(book.frame(MONTH), "陈静", instead_of=1, reason="漏导话单")
    book.hand_out(draw.draw_id, ["李敏"], "王芳", twice="0")
    for one in book.assignments(draw.draw_id):
        hand_in(made, one.call_id, "李敏")
    yield made
    made.database.dispose()


@pytest.fixture(scope="module")
def heard(whole):
    """What is told of it."""
    return figures_of(whole)


def listed(folder):
    """A workspace whose list says neither who called whom nor which customer; without recordings."""
    (folder / "录音").mkdir()
    lines = "呼叫流水号,开始时间,坐席工号,坐席姓名,班组\nc1,2026-10-05 09:00:00,8001,张三,一班\n"
    (folder / "话单.csv").write_text(lines, encoding="utf-8")
    sources = {"recordings": folder / "录音", "call_list": folder / "话单.csv"}
    made = Workspace.create(folder / "中心", **sources, department="客服")
    made.import_calls()
    return made


def test_a_month_that_nobody_heard_has_registers_and_no_estimates(scored):
    found = figures_of(scored)
    assert not found.checked
    parts = (found.agents, found.pay, found.teams, found.department, found.rates, found.trend, found.draws)
    assert parts == (None,) * 7
    assert (found.offsets, found.icc) == (None, (None, None, None))
    assert (found.agreement.height, found.faults.height, found.rule_statuses.height) == (0, 0, 20)


def test_service_is_told_where_the_list_names_directions_or_customers(tmp_path, heard):
    assert figures_of(listed(tmp_path)).service is None
    assert heard.service["inbound"].to_list() == [3, 9, 12]


def test_how_severe_inspectors_are_is_told_once_two_judged_the_same_call_blind(scored, heard):
    assert heard.offsets is None
    hand_in(scored, RUDE, "李敏", "greeting")
    hand_in(scored, RUDE, "王芳")
    found = figures_of(scored)
    assert found.offsets["inspector"].to_list() == ["李敏", "王芳"]
    assert found.agreement.filter(item="greeting")["raw"].to_list() == [0.0]


def test_a_month_that_was_heard_whole_is_what_people_found(heard):
    assert heard.checked
    assert heard.agents.select("agent", "estimate", "low", "high").rows() == [
        (who, 100.0, 100.0, 100.0) for who in WHO
    ]
    assert heard.department.select("calls", "heard", "estimate").rows() == [(5, 5, 100.0)]
    assert heard.teams.select("team", "estimate").rows() == [("二班", 100.0)]


def test_pay_has_grade_and_amount_of_the_scale_beside_each_agent(heard):
    assert heard.pay.select("agent", "grade", "pay_yuan").rows() == [(who, "excellent", 500.0) for who in WHO]


def test_pay_figures_at_hand_are_taken_as_they_are(whole):
    paid = whole.pay_figures(MONTH)
    at_hand = replace(paid, department={**paid.department, "estimate": 12.5})
    found = figures_of(whole, at_hand)
    assert found.department["estimate"].to_list() == [12.5]
    assert found.trend.filter(key="all")["estimate"].to_list() == [12.5]


def test_what_was_borrowed_from_all_is_told_without_a_variance_where_none_could_be_learned(whole):
    part = pay_part(whole.pay_figures(MONTH), whole.settings.pay.scale())
    # Who was heard whole leaves no spread to learn one from.
    assert part["pooled"] == {"prior_df": 0.0, "severity": 0.0, "drift": 1.0}


def test_rates_of_all_three_kinds_have_critical_faults_too(heard):
    severe = pl.col("item") == CRITICAL
    assert heard.rates.filter(severe)["group"].to_list() == ["二班"]
    assert sorted(heard.rates_of_agents.filter(severe)["group"]) == WHO
    # The machine finds one abusive call of five; people, who heard them all, none.
    columns = ("group", "calls", "machine_rate", "rate")
    assert heard.rates_of_all.filter(severe).select(columns).rows() == [("all", 5, 0.2, 0.0)]


def test_rates_are_made_by_the_method_of_the_pay_figures(whole, monkeypatch):
    made = []

    def noted(*args, method):
        made.append(method)
        return fault_rates(*args, method=method)

    monkeypatch.setattr("qa_audit.months.report_figures.fault_rates", noted)
    assert figures_of(whole, replace(whole.pay_figures(MONTH), method=1)).method == 1
    assert made == [1] * 6


def test_the_trend_has_agents_teams_and_all_under_their_keys(heard):
    assert heard.trend.schema == pl.Schema({**TREND, **LIMITED})
    assert sorted(heard.trend["key"]) == ["all", *WHO, "team:二班"]
    assert set(heard.trend["month"]) == {MONTH}
    assert set(heard.trend["estimate"]) == {100.0}


def test_the_trend_has_the_limits_of_a_year_and_shows_six_months(whole, monkeypatch):
    months = [f"2025-{at:02d}" for at in range(9, 13)] + [f"2026-{at:02d}" for at in range(1, 11)]
    past = dict(zip(months[:-1], [0.0, 0.0, *[80.0] * 4, *[79.0] * 3, *[78.5] * 4], strict=True))

    def closed(_workspace, month):
        row = {"key": "all", "month": month, "estimate": past[month], "pooled_variance": 4.0}
        return pl.DataFrame([row], TREND)

    monkeypatch.setattr(Workspace, "months", lambda _self: months)
    monkeypatch.setattr("qa_audit.months.report_figures._closed_rows", closed)
    past["2025-09"] = past["2025-10"] = 80.0
    paid = whole.pay_figures(MONTH)
    limits = {"centre": 90.0, "control_low": 85.0, "control_high": 95.0, "signal": "above"}
    known = paid.agents.with_columns(pl.lit(value).alias(name) for name, value in limits.items())
    everyone = {**paid.department, "estimate": 78.5, "variance": 4.0}
    trend = figures_of(whole, replace(paid, agents=known, department=everyone)).trend
    of_all = trend.filter(key="all")
    assert of_all["month"].to_list() == [f"2026-{at:02d}" for at in range(5, 11)]
    assert of_all["signal"].to_list()[-2:] == [None, "run_below"]
    agent = trend.filter(key="person:KF003", month=MONTH).select(LIMITED.names()).row(0, named=True)
    assert agent == limits


def test_a_draw_that_another_took_the_place_of_is_not_listed(whole, heard):
    again = whole.samples.draw_of(2)
    assert heard.draws.schema == DRAWS
    assert heard.draws.drop("drawn_at", "design", "frame_sha256").rows() == [
        (2, "陈静", 5, 5, again.seed, True, again.receipt)
    ]


def finding(*, call_id="c1", item="closing", verdict="fail", kind="item", places=()):
    heard = [{"turn": 1, "start_s": a, "end_s": b, "quote": quote, "tier": "near"} for a, b, quote in places]
    row = {"points": 0.0, "max_points": 8.0, "critical": False, "evidence": heard}
    return {"call_id": call_id, "item": item, "verdict": verdict, "kind": kind, **row}


def words(*findings):
    return words_found(pl.DataFrame(list(findings), FINDINGS_SCHEMA))


@pytest.mark.parametrize(
    ("start_s", "end_s", "said"),
    [(0.0, 9.9, None), (5.0, 10.0, "挂了"), (11.0, 11.5, "挂了"), (12.0, 15.0, "挂了"), (12.1, 15.0, None)],
)
def test_words_are_those_heard_at_the_place_its_ends_included(start_s, end_s, said):
    assert words(finding(places=[(10.0, 12.0, "挂了")]))("c1", "closing", start_s, end_s) == said


def test_of_several_words_at_a_place_the_first_are_told():
    found = words(finding(places=[(1.0, 2.0, "喂"), (10.0, 12.0, "挂了"), (11.0, 13.0, "再见")]))
    assert found("c1", "closing", 11.0, 12.0) == "挂了"


def test_words_of_other_calls_and_items_are_not_those():
    found = words(finding(places=[(10.0, 12.0, "挂了")]))
    assert found("c2", "closing", 10.0, 12.0) is None
    assert found("c1", "greeting", 10.0, 12.0) is None


@pytest.mark.parametrize("other", [{"verdict": "pass"}, {"verdict": "uncertain"}, {"kind": "situation"}])
def test_only_where_the_machine_found_the_item_at_fault_are_there_words(other):
    found = words(finding(places=[(10.0, 12.0, "再见")], **other))
    assert found("c1", "closing", 10.0, 12.0) is None


def test_evidence_that_has_no_time_is_at_no_place():
    found = words(finding(places=[(None, None, "响铃 20 秒"), (10.0, 12.0, "挂了")]))
    assert found("c1", "closing", 0.0, 60.0) == "挂了"


def test_what_was_missed_is_no_words_of_the_place():
    missed = finding(places=[(10.0, 12.0, "先生/女士/小姐")])
    missed["evidence"] = [one | {"tier": "absence"} for one in missed["evidence"]]
    assert words(missed)("c1", "closing", 10.0, 12.0) is None
