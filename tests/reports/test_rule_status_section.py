"""What the machine's verdicts counted for stands beside how the figures were made, and on the sheet 项目."""

from datetime import UTC, datetime

import polars as pl

from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.item_table import item_table
from qa_audit.reports.method import method_sections
from qa_audit.reports.registers import RULE_STATUSES
from qa_audit.reports.rule_status_section import rule_status_sections

AT = datetime(2026, 10, 31, 20, tzinfo=UTC)
START = ("greeting", "assisted", None, None, None, False)
DECIDED = ("closing", "manual", "2026-11", "主管", AT, True)


def figures(*rows):
    return MonthFigures(rule_statuses=pl.DataFrame(rows, RULE_STATUSES, orient="row"))


def test_it_is_left_out_where_nothing_is_known(make_context):
    assert rule_status_sections(make_context(), MonthFigures()) == ()


def test_before_anybody_decided_it_says_so(make_context):
    (section,) = rule_status_sections(make_context(), figures(START))
    assert section.table is None
    assert "还没有人做过决定" in section.words[1]


def test_what_was_decided_is_listed_by_beijing_time(make_context):
    (section,) = rule_status_sections(make_context(), figures(START, DECIDED))
    assert section.table.frame.rows() == [
        ("结束语", "人工", "2026-11", "主管", datetime(2026, 11, 1, 4), "人的决定（数据不支持）")
    ]
    assert section.notes == ("其余项目按“辅助”。",)
    titles = [one.title for one in method_sections(make_context(), figures(START, DECIDED))]
    assert section.title in titles
    (english,) = rule_status_sections(make_context(language="en"), figures(DECIDED))
    assert english.table.frame["rule_status"].to_list() == ["manual"]
    assert english.notes == ()


def test_the_sheet_of_items_says_it_for_the_department(by_hand, make_context):
    table = item_table(*by_hand, make_context(), figures(START, DECIDED))
    closing = table.frame.filter(item="结束语").select("whose", "rule_status").rows()
    assert closing[0] == ("全部门", "人工")
    assert {status for _, status in closing[1:]} == {None}
    assert [one.heading for one in table.columns][-1] == "机器结论用作"
