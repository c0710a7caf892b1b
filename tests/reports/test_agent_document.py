"""The sheet of one agent: the score in plain words, faults with their places, praise; what is paid."""

from dataclasses import replace
from datetime import datetime

import polars as pl

from qa_audit.closing.scale import PayScale
from qa_audit.estimation.difference import AGENT_ESTIMATES
from qa_audit.estimation.filtered import PAY_ESTIMATES
from qa_audit.estimation.month import agent_month
from qa_audit.estimation.rates import RATES
from qa_audit.reports.agent_document import agent_documents
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.people_judged import PEOPLE_CALLS, PEOPLE_ITEMS
from qa_audit.reports.registers import FAULT_REGISTER, RULE_STATUSES
from qa_audit.sampling.frame import agent_key

PAID = pl.Schema(
    {**PAY_ESTIMATES, "grade": pl.String(), "grade_open": pl.List(pl.String()), "pay_yuan": pl.Float64()}
)


def figures(framed=None, figure=None, **more):
    heard = {"agent": "person:p1", "heard": 8, "bias": 2.0, "estimate": 39.5}
    heard |= {"calls": 2, "machine_mean": 37.5} | (framed or {})
    paid = {"agent": "person:p1", "filtered_bias": 2.04, "estimate": 39.54, "low": 30.0, "high": 61.0}
    paid |= {"half_width": 15.5, "grade": "fail", "grade_open": ["pass"], "pay_yuan": 1234.5}
    paid |= figure or {}
    severe = {
        "item": "critical",
        "group": "person:p1",
        "heard_faults": 1,
        "rate": 0.125,
        "low": 0.01,
        "high": 0.5,
    }
    return MonthFigures(
        agents=pl.DataFrame([heard], AGENT_ESTIMATES),
        pay=pl.DataFrame([paid], PAID),
        rates_of_agents=pl.DataFrame([severe], RATES),
        scale=PayScale(),
        **more,
    )


def pages(by_hand, context, figures):
    calls, findings = by_hand
    agents = agent_month(calls, findings)
    return list(agent_documents(agents, calls.with_columns(agent_key()), findings, context, figures))


def test_the_score_is_explained_from_the_machine_to_the_amount(by_hand, make_context):
    [own, *_] = pages(by_hand, make_context(), figures())
    assert (own.agent, own.number) == ("person:p1", "0012")
    assert own.document.title == "王喆 2026年10月 质检成绩单"
    assert own.document.subtitle == "客户服务部 · 一班 · 工号 0012"
    headline, how, *_ = own.document.sections
    assert [(one.label, one.value) for one in headline.figures] == [
        ("机器平均分", "37.50"),
        ("人工抽听", "8"),
        ("校正", "+2.04"),
        ("校正后得分", "39.54"),
        ("等级", "不及格"),
        ("金额（元）", "1,234.50"),
    ]
    assert how.words == (
        "本月你有 2 通电话，机器给其中 2 通评了分，平均 37.5 分。",
        "抽签选出 8 通由质检员盲评（看不到机器的分数）。人听过之后发现，机器平均少给了 2.04 分，"
        "所以校正 +2.04 分，得到 39.54 分。",
        "只听了一部分通话，所以分数有误差：真实水平有 95 % 的把握在 30.00 – 61.00 之间。"
        "听得越多，这个范围越窄。",
        "计酬得分合并了最近几个月的校正，所以与只看本月的结果略有不同。",
        "按规定，39.54 分属于“不及格”；但与“及格”无法区分。",
        "这一等级对应 1,234.50 元。",
        "质检员抽听的通话中有 1 通一票否决；估计占全部通话的 12.5%（95 % 区间 1.0% – 50.0%）。"
        "这个比例单独列出；这样的通话在平均分里按 0 分计。",
    )


def test_mean_and_correction_are_of_the_calls_that_the_score_is_of(by_hand, make_context):
    [own, *_] = pages(
        by_hand, make_context(), figures({"calls": 1, "machine_mean": 75.0}, {"estimate": 77.04})
    )
    headline, how, *_ = own.document.sections
    assert [one.value for one in headline.figures[:4]] == ["75.00", "8", "+2.04", "77.04"]
    assert how.words[:2] == (
        "本月你有 2 通电话，机器给其中 2 通评了分，平均 37.5 分。",
        "得分按抽签名单上的 1 通计算，这些通话机器平均 75.00 分。",
    )


def test_a_score_at_a_limit_is_shown_as_it_is_graded_and_a_cut_one_says_so(by_hand, make_context):
    nearly = {"filtered_bias": 37.46, "estimate": 74.96, "grade": "pass", "grade_open": []}
    [own, *_] = pages(by_hand, make_context(), figures(figure=nearly))
    assert "按规定，74.96 分属于“及格”。" in own.document.sections[1].words
    cut = {"filtered_bias": 64.6, "estimate": 100.0, "grade": "excellent", "grade_open": []}
    [own, *_] = pages(by_hand, make_context(), figures(figure=cut))
    assert "机器平均加校正超出了 0 到 100 分，得分取到界上。" in own.document.sections[1].words


def test_without_an_interval_the_sheet_says_why_and_how_the_score_comes_about(by_hand, make_context):
    lone = {"filtered_bias": None, "low": None, "high": None, "half_width": None, "reason": "no_spread"}
    lone |= {"estimate": 39.5, "grade_open": []}
    [own, *_] = pages(by_hand, make_context(), figures(figure=lone))
    headline, how, *_ = own.document.sections
    assert [(one.label, one.value, one.note) for one in headline.figures[2:4]] == [
        ("校正", "+2.00", ""),
        ("校正后得分", "39.50", "样本看不出差异，给不出区间"),
    ]
    assert how.words[1].endswith("所以校正 +2.00 分，得到 39.50 分。")
    assert how.words[2] == "样本看不出差异，给不出区间：这个分数有误差，但误差有多大不知道。"


def test_who_was_on_no_list_is_told_so(by_hand, make_context):
    _, other, _ = pages(by_hand, make_context(), figures())
    assert other.agent == "person:p2"
    calls, findings = by_hand
    scored = calls.with_columns(score=pl.lit(80.0), status=pl.lit("scored"))
    _, other, _ = pages((scored, findings), make_context(), figures())
    assert other.document.sections[1].words[-1] == "没有通话在抽签名单上，不给分。以下只是机器的结论。"


def test_faults_to_work_on_have_places_and_an_inspector_s_words_go_first(by_hand, make_context):
    marked = {"call_id": "20261003-001", "start": datetime(2026, 10, 3, 9, 5), "agent": "person:p1"}
    marked |= {"item": "closing", "start_s": 61.9, "end_s": 63.0, "words": "挂了", "should_say": "感谢来电"}
    register = pl.DataFrame([marked], FAULT_REGISTER)
    [own, *_] = pages(by_hand, make_context(), figures(faults=register))
    work = own.document.sections[2]
    assert work.title == "请先改这两项"
    assert work.points[0].startswith(
        "不使用生硬语言：1 通不合格（1 通可判）。可以听：10-03 10:00 通话 20261003-002 的 00:10"
    )
    assert work.points[1] == (
        "结束语：1 通不合格（1 通可判）。可以听：10-03 09:05 通话 20261003-001 的 01:01“挂了”（质检员已听）；"
        "10-03 09:05 通话 20261003-001 的 01:01“没有听到：@好的<再见>&谢谢”。应说：感谢来电"
    )


def test_what_the_machine_s_verdicts_count_for_is_said_beside_the_faults(by_hand, make_context):
    marked = {"call_id": "20261003-001", "start": datetime(2026, 10, 3, 9, 5), "agent": "person:p1"}
    marked |= {"item": "greeting", "start_s": 1.0, "end_s": 2.0, "words": "喂", "should_say": "您好"}
    register = pl.DataFrame([marked], FAULT_REGISTER)
    rows = [("greeting", "manual"), ("closing", "assisted"), ("no_harsh_language", "automatic")]
    statuses = pl.DataFrame(
        [{"item": item, "status": status, "overridden": False} for item, status in rows], RULE_STATUSES
    )
    [own, *_] = pages(by_hand, make_context(), figures(faults=register, rule_statuses=statuses))
    assert [one.partition("。")[0] for one in own.document.sections[2].points] == [
        "不使用生硬语言：1 通不合格（1 通可判）",
        "结束语：1 通不合格（1 通可判），机器判的，由人确认",
        "开头语：质检员在 1 通里记了问题（这一项只由人评）",
    ]
    assert own.document.sections[2].points[2].endswith("00:01“喂”（质检员已听）。应说：您好")


def test_without_any_audit_the_sheet_says_that_it_is_the_machine_s_alone(by_hand, make_context):
    [own, absent, _] = pages(by_hand, make_context(), MonthFigures())
    assert [one.label for one in own.document.sections[0].figures] == ["机器平均分"]
    assert own.document.sections[1].words[-1] == "本月没有人工质检，不给分。以下只是机器的结论。"
    assert absent.document.sections[1].words == ("没有已评分的通话",)
    assert absent.document.sections[2].points == ("本月没有发现不合格的项目。",)


def judged(call_id, item, verdict, points):
    return {
        "call_id": call_id,
        "item": item,
        "verdict": verdict,
        "points": points,
        "max_points": 8.0,
        "critical": False,
    }


def test_where_people_judged_the_sheet_says_what_they_said(by_hand, make_context):
    statuses = [
        {"item": "closing", "status": "assisted"},
        {"item": "no_harsh_language", "status": "assisted"},
    ]
    items = [
        judged("20261003-001", "closing", "pass", 8.0),
        judged("20261003-002", "no_harsh_language", "fail", 0.0),
    ]
    scores = [{"call_id": "20261003-001", "score": 100.0, "faults": 0}]
    people = {
        "people_items": pl.DataFrame(items, PEOPLE_ITEMS),
        "people_calls": pl.DataFrame(scores, PEOPLE_CALLS),
        "rule_statuses": pl.DataFrame(statuses, RULE_STATUSES),
    }
    [own, *_] = pages(by_hand, make_context(), figures(**people))
    work, praise = own.document.sections[2:4]
    assert work.title == "请先改这一项"
    [point] = work.points
    assert point.startswith(
        "不使用生硬语言：1 通不合格（1 通可判）。可以听：10-03 10:00 通话 20261003-002 的 00:10"
    )
    assert point.endswith("（质检员已听）")
    assert praise.points == ("10-03 09:05 的通话 20261003-001 质检员评 100.0 分，可作示范",)


def test_a_fault_that_the_machine_did_not_hear_is_counted_with_its_call(by_hand, make_context):
    items = [judged("20261003-001", "greeting", "fail", 0.0)]
    people = {
        "people_items": pl.DataFrame(items, PEOPLE_ITEMS),
        "people_calls": pl.DataFrame(schema=PEOPLE_CALLS),
    }
    [own, *_] = pages(by_hand, make_context(), figures(**people))
    [point] = [one for one in own.document.sections[2].points if one.startswith("开头语")]
    assert point.endswith("可以听：10-03 09:05 通话 20261003-001（质检员已听）")


def test_a_call_with_a_registered_fault_is_not_praised_whatever_its_score(by_hand, make_context):
    calls, findings = by_hand
    good = calls.with_columns(score=pl.lit(100.0))
    [own, *_] = pages((good, findings), make_context(), figures())
    praised = own.document.sections[3].points
    assert praised == (
        "10-03 10:00 的通话 20261003-002 机器评 100.0 分，可作示范",
        "10-03 09:05 的通话 20261003-001 机器评 100.0 分，可作示范",
    )
    scores = [
        {"call_id": "20261003-001", "score": 96.0, "faults": 1},
        {"call_id": "20261003-002", "score": 92.0, "faults": 0},
    ]
    people = {
        "people_items": pl.DataFrame(schema=PEOPLE_ITEMS),
        "people_calls": pl.DataFrame(scores, PEOPLE_CALLS),
    }
    [own, *_] = pages((good, findings), make_context(), figures(**people))
    assert "做得好的" not in [one.title for one in own.document.sections]
    marked = {"call_id": "20261003-002", "agent": "person:p1", "item": "closing", "start_s": 1.0}
    [own, *_] = pages(
        (good, findings), make_context(), figures(faults=pl.DataFrame([marked], FAULT_REGISTER))
    )
    assert own.document.sections[3].points == ("10-03 09:05 的通话 20261003-001 机器评 100.0 分，可作示范",)


def test_a_call_that_is_not_zeroed_counts_in_the_mean_with_its_score(by_hand, make_context):
    [own, *_] = pages(by_hand, replace(make_context(), zero_on_critical=False), figures())
    assert (
        own.document.sections[1]
        .words[-1]
        .endswith("这个比例单独列出；这样的通话不归零，在平均分里按它的得分计。")
    )
