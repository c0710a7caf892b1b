from collections import defaultdict

import pytest

from qa_audit.calls.headings import (
    CALL_FIELDS,
    ROSTER_FIELDS,
    distinct,
    fill_headings,
    heading_key,
    map_columns,
    seconds_per_unit,
)
from qa_audit.calls.vocabulary import vocabulary


def test_the_headings_of_the_samples_are_known():
    headings = ["通话编号", "录音文件", "工号", "姓名", "班组", "开始时间", "呼叫方向"]
    headings += ["客户号码", "振铃秒数", "技能组", "系统", "挂断方", "内部"]
    assert map_columns(headings, CALL_FIELDS, {}) == {
        "call_id": 0,
        "recording": 1,
        "agent_no": 2,
        "agent_name": 3,
        "team": 4,
        "start": 5,
        "direction": 6,
        "customer_no": 7,
        "ring_s": 8,
        "line": 9,
        "system": 10,
        "hangup_by": 11,
        "internal": 12,
    }
    roster = ["人员编号", "姓名", "新系统工号", "旧系统工号", "班组", "开始日期", "结束日期"]
    assert list(map_columns(roster, ROSTER_FIELDS, {}).values()) == [0, 1, 2, 3, 4, 5, 6]


def test_english_headings_in_any_dress():
    headings = ["Call ID", "AGENT-NO.", "Start_Time", "ring seconds (s)", "Hangup By", "In/Out?"]
    found = map_columns(headings, CALL_FIELDS, {})
    assert found == {"call_id": 0, "agent_no": 1, "start": 2, "ring_s": 3, "hangup_by": 4}


def test_own_headings_go_before_the_known_ones():
    own = {"start": ("接通时刻",)}
    assert map_columns(["开始时间", "接通时刻"], CALL_FIELDS, own) == {"start": 1}


def test_of_two_columns_for_one_field_the_plainer_heading_wins():
    assert map_columns(["坐席编号", "工号"], CALL_FIELDS, {}) == {"agent_no": 1}
    assert map_columns(["工号", "工号"], CALL_FIELDS, {}) == {"agent_no": 0}


@pytest.mark.parametrize("table", ["call", "roster"])
def test_no_heading_stands_for_two_fields(table):
    fields_of = defaultdict(set)
    for field, names in vocabulary()[table].items():
        for name in names:
            fields_of[heading_key(name)].add(field)
    assert {key: fields for key, fields in fields_of.items() if len(fields) > 1} == {}


def test_headings_in_two_rows_are_one():
    top = ["通话编号", "时间", "", "客户", "", "坐席信息", "", "备注"]
    below = ["", "开始时间", "结束", "姓名", "号码", "工号", "姓名", ""]
    assert fill_headings(top, below, CALL_FIELDS, {}) == [
        "通话编号",
        "开始时间",
        "结束时间",
        "客户姓名",
        "客户号码",
        "坐席工号",
        "坐席姓名",
        "备注",
    ]


@pytest.mark.parametrize(
    "below",
    [
        [],
        ["", "", ""],
        ["A1", "8001", "姓名"],
        ["", "8001", ""],
        ["", "", "只是备注"],
    ],
)
def test_a_row_of_a_call_is_no_second_row_of_headings(below):
    assert fill_headings(["通话编号", "工号", ""], below, CALL_FIELDS, {}) is None


def test_headings_that_are_alike_get_a_number():
    assert distinct(["备注", "备注", "备注 (2)", "", "", "备注"]) == (
        "备注",
        "备注 (2)",
        "备注 (2) (2)",
        "",
        "",
        "备注 (3)",
    )


@pytest.mark.parametrize(
    ("heading", "seconds"),
    [
        ("通话时长", 1.0),
        ("通话时长(秒)", 1.0),
        ("通话时长（单位：分）", 60.0),
        ("通话时长(不含振铃)(分钟)", 60.0),
        ("通话时长【小时】", 3600.0),
        ("Ring [MS]", 0.001),
        ("时长(hh:mm:ss)", 1.0),
        ("时长（时分秒）", 1.0),
    ],
)
def test_the_unit_stands_in_brackets(heading, seconds):
    assert seconds_per_unit(heading) == seconds


def test_a_unit_that_is_not_known_is_told():
    with pytest.raises(ValueError, match="刻"):
        seconds_per_unit("通话时长（刻）")
