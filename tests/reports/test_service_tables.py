"""外呼回访, 服务指标 and 四个一样 in words, and the chart."""

import io
import warnings

import polars as pl
import pytest

from qa_audit.estimation.callbacks import CALLBACKS
from qa_audit.estimation.sameness import SAMENESS
from qa_audit.estimation.service import SERVICE
from qa_audit.reports.sameness_chart import sameness_chart
from qa_audit.reports.service_tables import callback_table, on_its_side, sameness_table, service_table, shown
from tests.reports.conftest import context

FOUND = pl.DataFrame(
    [
        ("department", "", "busy", 40, 50, 88.0, 90.0, -2.0, -2.9, -1.1, 0.0, 0.0, True, "alike"),
        ("team", "未知", "repeat", 40, 50, 80.0, 90.0, -10.0, -14.0, -6.0, 0.0, 0.0, True, "differs"),
        ("agent", "person:P1", "late", 3, 50, 88.0, 90.0, *[None] * 5, False, "too_few"),
    ],
    SAMENESS,
    orient="row",
)


def test_sameness_in_words():
    table = sameness_table(FOUND, "zh", {"person:P1": "8001 王喆"})
    headings, rows, right = shown(table)
    assert headings[:3] == ["范围", "班组/员工", "比较"]
    assert rows[0] == [
        *("全部", "全部", "忙时 − 闲时", "40", "50", "88.0", "90.0"),
        *("-2.0", "-2.9", "-1.1", "一样"),
    ]
    assert rows[2][1:3] + rows[2][7:] == ["8001 王喆", "班末 − 班初", "–", "–", "–", "通话太少，不能下结论"]
    assert right == [3, 4, 5, 6, 7, 8, 9]


def test_service_figures_and_callbacks_in_words():
    figures = pl.DataFrame([{"team": None, "inbound": 10, "within_rings_share": 0.6}], schema=SERVICE)
    headings, rows, _ = on_its_side(service_table(figures, "zh"))
    assert headings == ["班组", "全部"]
    assert ["三声接听率", "60.0%"] in rows
    assert ["投诉", "–"] in rows
    row = {
        "customer_no": "1",
        "state": "late",
        "lacking": ["agent", "recording"],
        "said": "not_said",
        "rest_hours": True,
    }
    frame = callback_table(pl.DataFrame([row], schema=CALLBACKS), "zh").frame
    assert frame.select("state", "rest_hours", "lacking", "said").row(0) == (
        "超时",
        "是",
        "工号、录音",
        "问了，没说",
    )


@pytest.mark.parametrize("rows", [0, 3])
def test_the_chart_has_all_its_characters(rows):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = sameness_chart(FOUND.head(rows), context(), {"person:P1": "8001 王喆"})
        figure.savefig(io.BytesIO(), format="png")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == (
        []
        if rows == 0
        else ["忙时 − 闲时", "回头客 − 首次来电", "抽中 − 未抽中", "班末 − 班初", "激动客户 − 平静客户"]
    )
