"""服务指标, 外呼回访 and 四个一样 on the page of a month."""

from datetime import datetime, timedelta

import polars as pl

from qa_audit.estimation.callbacks import CALLBACKS
from qa_audit.estimation.sameness import SAMENESS
from qa_audit.estimation.service import SERVICE
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.service_sections import MOST_CUSTOMERS, service_sections

FIRST = datetime(2026, 10, 1, 9)


def callbacks(*states):
    rows = [
        {"customer_no": "139", "team": "一班", "agent": "person:p1", "call_id": f"c{at}", "state": state}
        | {"start": FIRST + timedelta(hours=at)}
        for at, state in enumerate(states)
    ]
    return pl.DataFrame(rows, CALLBACKS)


def same(said, difference):
    row = {"level": "team", "subject": "一班", "condition": "busy", "calls": 40, "others": 50, "said": said}
    row |= {
        "difference": difference,
        "low": difference and difference - 1,
        "high": difference and difference + 1,
    }
    return pl.DataFrame([row | {"found": False}], SAMENESS)


def test_service_figures_with_the_share_of_justified_complaints(make_context):
    rows = [
        {
            "team": "一班",
            "inbound": 10,
            "within_rings_share": 0.6,
            "complaints": 4,
            "decided": 3,
            "justified": 1,
        },
        {"team": None, "inbound": 10, "complaints": 4, "justified_share": 1 / 3},
    ]
    [section] = service_sections(make_context(), MonthFigures(service=pl.DataFrame(rows, SERVICE)), {})
    assert section.title == "服务指标"
    assert section.table is not None
    assert [column.heading for column in section.table.columns] == [
        *("班组", "来电", "三声接听率", "应回访客户", "按时回访率", "超时回访", "未回访"),
        *("记录完整率", "满意率", "投诉", "已判定", "有责投诉", "有责率"),
    ]
    shown = ("team", "complaints", "justified", "justified_share")
    assert section.table.frame.select(shown).rows() == [("一班", 4, 1, None), ("全部", 4, None, 1 / 3)]
    assert "有责率是已判定的投诉中判为员工有责的比例" in section.notes[0]


def test_customers_not_called_back_in_time_without_their_numbers(make_context):
    figures = MonthFigures(callbacks=callbacks("in_time", "late", "none", "open"))
    [section] = service_sections(make_context(), figures, {"person:p1": "0012 王喆"})
    assert section.table is not None
    assert "customer_no" not in [column.key for column in section.table.columns]
    assert section.table.frame.select("call_id", "agent", "state").rows() == [
        ("c1", "0012 王喆", "超时"),
        ("c2", "0012 王喆", "未回访"),
    ]


def test_more_customers_than_fit_are_counted(make_context):
    figures = MonthFigures(callbacks=callbacks(*["late"] * (MOST_CUSTOMERS + 5)))
    [section] = service_sections(make_context(), figures, {})
    assert section.table is not None
    assert section.table.frame.height == 60
    assert section.notes == ("只列前 60 条，共 65 条，其余见工作簿。", "全部回访见工作簿“外呼回访”。")


def test_sameness_has_a_chart_where_anything_could_be_compared(make_context):
    [section] = service_sections(
        make_context(), MonthFigures(sameness=same("open", 1.0), matters_points=3.0), {}
    )
    assert section.title == "四个一样"
    assert section.chart is not None
    assert section.chart.svg.startswith("<?xml")
    assert service_sections(make_context(), MonthFigures(sameness=same("absent", None)), {}) == ()


def test_nothing_known_is_no_section(make_context):
    assert service_sections(make_context(), MonthFigures(callbacks=callbacks("in_time")), {}) == ()
    assert service_sections(make_context(), MonthFigures(), {}) == ()
