from collections import defaultdict

import pytest

from qa_audit.calls.headings import CALL_FIELDS, ROSTER_FIELDS, heading_key, map_columns
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
