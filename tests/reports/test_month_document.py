"""The page of a month: which sections, in which order, and how a register is cut."""

from datetime import datetime

import polars as pl

from qa_audit.estimation.groups import GROUP_ESTIMATES
from qa_audit.estimation.sameness import SAMENESS
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.month_document import MOST_ROWS, month_document
from qa_audit.reports.registers import COACHING, FAULT_REGISTER
from qa_audit.reports.sheets import all_tables


def page(by_hand, context, figures):
    calls, findings = by_hand
    tables = all_tables(calls, findings, context, figures)
    return month_document(calls, findings, context, figures, tables=tables, names={})


def test_the_first_page_has_the_headline_the_teams_and_the_items(by_hand, make_context):
    document = page(by_hand, make_context(), MonthFigures())
    assert (document.title, document.orientation) == ("客户服务部 2026年10月 质检月报", "landscape")
    assert [section.title for section in document.sections] == [
        *("", "各班组", "不合格最多的项目", "各项目不合格率，按班组", "员工"),
        *("分数怎么来的", "等级", "这份报表是怎么来的"),
    ]
    assert [one.value for one in document.sections[0].figures] == ["4", "2", "37.5"]
    assert document.sections[1].table.frame["team"].to_list() == ["一班", "二班", "未知"]


def test_below_an_estimate_without_interval_stands_the_reason(by_hand, make_context):
    row = dict.fromkeys(GROUP_ESTIMATES) | {"heard": 8, "bias": 1.0, "estimate": 38.5, "unheard_share": 0.5}
    notes = []
    for more in ({"reason": "no_spread"}, {"low": 30.0, "high": 47.0}):
        figures = MonthFigures(department=pl.DataFrame([row | more], GROUP_ESTIMATES))
        notes.append(page(by_hand, make_context(), figures).sections[0].figures[-1].note)
    assert notes == ["样本看不出差异，给不出区间", "95 % 区间 30.00 – 47.00"]


def test_registers_say_whose_faults_they_list_and_how_many_are_left_out(by_hand, make_context):
    row = {"call_id": "20261003-001", "start": datetime(2026, 10, 3), "item": "closing", "severity": "minor"}
    figures = MonthFigures(faults=pl.DataFrame([row] * (MOST_ROWS + 3), FAULT_REGISTER))
    section = next(one for one in page(by_hand, make_context(), figures).sections if one.title == "工差登记")
    assert section.table.frame.height == 60
    assert section.notes[0].startswith("一通来电由几人听过的，每个项目只列一人登记的：先看裁定")
    assert section.notes[1] == "只列前 60 条，共 63 条，其余见工作簿。"


def test_coaching_and_sameness_have_their_charts(by_hand, make_context):
    who = ("person:p1", "一班", "0012", "王喆", "closing", datetime(2026, 10, 9))
    coached = pl.DataFrame([(*who, 40, 0.3, 0.2, 0.4, 35, 0.1, 0.05, 0.2)], COACHING, orient="row")
    row = {
        "level": "department",
        "subject": "",
        "condition": "busy",
        "difference": 1.0,
        "low": 0.0,
        "high": 2.0,
    }
    same = pl.DataFrame([row | {"said": "open", "found": False}], SAMENESS)
    sections = page(by_hand, make_context(), MonthFigures(coaching=coached, sameness=same)).sections
    charts = {section.title: section for section in sections if section.chart is not None}
    assert list(charts) == ["各项目不合格率，按班组", "辅导前后", "四个一样"]
    assert "没有与同事比较" in charts["辅导前后"].notes[0]


def test_one_month_alone_is_no_trend(by_hand, make_context):
    row = {"key": "all", "month": "2026-10", "estimate": 80.0, "pooled_variance": 1.0, "centre": None}
    row |= {"control_low": None, "control_high": None, "signal": None}
    kinds = {"key": pl.String, "month": pl.String, "signal": pl.String}
    one = pl.DataFrame([row], schema_overrides={**kinds, "centre": pl.Float64})
    one = one.with_columns(pl.col("control_low", "control_high").cast(pl.Float64))
    two = pl.concat([one.with_columns(month=pl.lit("2026-09")), one])
    titles = [
        [section.title for section in page(by_hand, make_context(), MonthFigures(trend=trend)).sections]
        for trend in (one, two)
    ]
    assert ["逐月变化" in some for some in titles] == [False, True]
