"""工差, 申诉 and 辅导 in words and in order."""

from datetime import datetime

import polars as pl
import pytest

from qa_audit.messages import QaError, say
from qa_audit.reports.register_tables import coached_table, disputed_table, marked_table
from qa_audit.reports.registers import APPEALS, COACHING, FAULT_REGISTER

NOON = datetime(2026, 10, 5, 12)


def marked(**values):
    row = {"call_id": "c1", "start": NOON, "agent": "person:p1", "team": "一班", "agent_no": "0012"}
    row |= {"agent_name": "王喆", "item": "closing", "severity": "major", "start_s": 61.5, "end_s": 63.0}
    row |= {"words": "挂了", "should_say": "感谢来电，再见", "comment": "没有结束语", "times": 2}
    return row | {"inspector": "李敏", "at": NOON, "clip": None} | values


def test_faults_stand_by_team_number_and_time(make_context):
    rows = [
        marked(call_id="c3", team="十班"),
        marked(call_id="c2", team="二班", agent_no="1002"),
        marked(call_id="c4", team="二班", agent_no="999"),
        marked(severity="critical"),
    ]
    table = marked_table(pl.DataFrame(rows, FAULT_REGISTER), make_context())
    assert (table.name, table.frozen_columns) == ("工差", 3)
    assert table.frame["call_id"].to_list() == ["c1", "c4", "c2", "c3"]
    assert table.frame.row(0, named=True) == {
        **{"team": "一班", "agent_no": "0012", "agent_name": "王喆", "call_id": "c1", "start": NOON},
        **{"place": 61.5, "item": "结束语", "severity": "严重", "times": 2, "struck": None, "words": "挂了"},
        **{
            "should_say": "感谢来电，再见",
            "comment": "没有结束语",
            "inspector": "李敏",
            "at": NOON,
            "clip": None,
        },
    }


def test_appeals_stand_as_they_were_filed_and_open_ones_say_so(make_context):
    row = {"call_id": "c1", "team": "一班", "agent_no": "0012", "agent_name": "王喆", "reason": "我说了"}
    rows = [
        row | {"appeal": 2, "item": None, "filed_at": datetime(2026, 10, 7), "decision": None},
        row
        | {"appeal": 1, "item": "closing", "start_s": 61.5, "filed_at": NOON, "decision": "overturned"}
        | {"decided_by": "主管", "decided_at": NOON, "score_before": 80.0, "score_after": 88.0},
    ]
    table = disputed_table(pl.DataFrame(rows, APPEALS), make_context())
    shown = ("appeal", "item", "place", "decision", "decided_by", "score_before", "score_after")
    assert table.frame.select(shown).rows() == [
        (1, "结束语", 61.5, "改判", "主管", 80.0, 88.0),
        (2, "整通", None, "处理中", None, None, None),
    ]


def test_coaching_stands_latest_first_with_both_rates(make_context):
    row = {"agent": "person:p1", "team": "一班", "agent_no": "0012", "agent_name": "王喆", "item": "closing"}
    earlier = row | {"coached_at": NOON, "calls_before": 40, "rate_before": 0.3, "calls_after": 0}
    later = row | {"item": "greeting", "coached_at": datetime(2026, 10, 9), "calls_before": 12}
    table = coached_table(pl.DataFrame([earlier, later], COACHING), make_context())
    assert table.name == "辅导"
    assert table.frame.select("item", "calls_before", "rate_before", "calls_after", "rate_after").rows() == [
        ("开头语", 12, None, None, None),
        ("结束语", 40, 0.3, 0, None),
    ]
    headings = [column.heading for column in table.columns]
    assert headings[4:9] == ["辅导时间", "辅导前通话", "辅导前不合格率", "辅导前95%下限", "辅导前95%上限"]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("make", [marked_table, disputed_table, coached_table])
def test_a_frame_of_another_form_is_refused(make, make_context):
    with pytest.raises(QaError) as refused:
        make(pl.DataFrame({"call_id": ["c1"]}), make_context())
    assert refused.value.code == "month.missing_column"


def test_a_fault_that_an_appeal_struck_stays_and_says_so(make_context):
    rows = [marked(call_id="c1"), marked(call_id="c2", struck=True, times=None, severity="minor")]
    table = marked_table(pl.DataFrame(rows, FAULT_REGISTER), make_context())
    assert table.frame.select("call_id", "severity", "times", "struck").rows() == [
        ("c1", "一般", 2, None),
        ("c2", "轻微", None, "申诉改判"),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_player_register_and_workbook_have_one_word_for_each_severity(lang):
    names = ("minor", "major", "critical")
    player = [say(f"player.severity_{name}", lang) for name in names]
    assert player == [say(f"faults.severity.{name}", lang) for name in names]
