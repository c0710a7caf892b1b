from qa_audit.calls.call_columns import missing_columns, spare_columns, tells_start, told_fields, units_of
from qa_audit.calls.headings import CALL_FIELDS, map_columns
from qa_audit.calls.tables import Table


def table(*headings):
    return Table("a.csv", headings, map_columns(headings, CALL_FIELDS, {}), ())


def test_what_columns_tell_together():
    assert told_fields(table("通话编号", "日期", "结束时间")) == {
        "call_id",
        "start_date",
        "start",
        "end",
        "duration_s",
    }
    assert "customer_no" in told_fields(table("通话编号", "呼叫方向", "被叫号码"))
    assert "customer_no" not in told_fields(table("通话编号", "被叫号码"))
    assert tells_start(table("通话编号", "日期"))
    assert not tells_start(table("通话编号", "时间"))


def test_the_two_numbers_are_kept_beside_what_no_field_took():
    assert spare_columns(table("通话编号", "主叫号码", "", "备注")) == [(1, "主叫号码"), (3, "备注")]


def test_columns_that_are_missing_are_told():
    assert [p.code for p in missing_columns(table("通话编号", "主叫号码"))] == [
        "calls.no_start_column",
        "calls.no_direction_column",
    ]
    assert missing_columns(table("通话编号", "开始时间", "主叫号码", "客户号码")) == []
    assert missing_columns(table("通话编号", "开始时间", "主叫号码", "呼叫方向")) == []


def test_the_unit_of_a_field():
    problems = []
    assert units_of(table("通话编号", "通话时长(分钟)"), "duration_s", problems) == 60.0
    assert units_of(table("通话编号", "工号"), "duration_s", problems) == 1.0
    assert problems == []
