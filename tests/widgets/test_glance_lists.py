"""Figures of a month as rows: rounded, named and in order, and what stands where nothing is known."""

from datetime import datetime

import polars as pl
import pytest

from qa_audit.estimation.difference import AGENT_ESTIMATES
from qa_audit.messages import speaking
from qa_audit.months.glance import EVERYWHERE, Glance
from qa_audit.widgets.glance_lists import agent_list, call_list, item_list, shown
from qa_audit.widgets.listing import MOST

NAMES = {"closing": "结束语", "title": "称呼"}
NOTHING = pl.DataFrame()
AGENTS = {
    "agent": pl.String,
    "agent_no": pl.String,
    "agent_name": pl.String,
    "team": pl.String,
    "scored": pl.UInt32,
    "mean": pl.Float64,
    "faults": pl.List(pl.Struct({"kind": pl.String, "item": pl.String, "calls": pl.UInt32})),
}
ITEMS = {
    "kind": pl.String,
    "item": pl.String,
    "team": pl.String,
    "judged": pl.UInt32,
    "faults": pl.UInt32,
    "fault_rate": pl.Float64,
    "uncertain_share": pl.Float64,
}
CALLS = {
    "call_id": pl.String,
    "start": pl.Datetime("us"),
    "duration_s": pl.Float64,
    "score": pl.Float64,
    "status": pl.String,
}
MOMENTS = {"call_id": pl.String, "item": pl.String}


@pytest.fixture(autouse=True)
def _in_chinese():
    with speaking("zh"):
        yield


def glance(agents=(), items=()):
    frames = [pl.DataFrame(list(agents), AGENTS, orient="row"), NOTHING]
    frames += [pl.DataFrame(list(items), ITEMS, orient="row"), NOTHING]
    return Glance("2026-10", "ab" * 16, *frames, calls=NOTHING.lazy(), moments=NOTHING.lazy())


def agent(key, *, number: str | None = "8001", name="张三", mean: float | None = 84.26, faults=()):
    rows = [{"kind": "item", "item": item, "calls": 1} for item in faults]
    return key, number, name, "一班", 12, mean, rows


def estimates(*rows):
    return pl.DataFrame(list(rows), AGENT_ESTIMATES)


def test_an_agent_with_the_machines_mean_and_what_people_found():
    month = glance([agent("a", faults=("title", "closing", "greeting"))])
    found = {"agent": "a", "heard": 5, "estimate": 85.04, "low": 80.06, "high": 90.0}
    assert agent_list(month, estimates(found), NAMES).to_dicts() == [
        {
            "工号": "8001",
            "姓名": "张三",
            "班组": "一班",
            "已评分": 12,
            "机器平均": 84.3,
            "抽听": 5,
            "本月得分估计": 85.0,
            "95 % 区间": "80.1\N{NO-BREAK SPACE}–\N{WORD JOINER}\N{NO-BREAK SPACE}90.0",
            "多见的问题": "称呼、结束语、greeting",
        }
    ]


@pytest.mark.parametrize("drawn", [None, estimates(), estimates({"agent": "b", "heard": 3, "estimate": 9.0})])
def test_an_agent_without_an_estimate_has_a_dash(drawn):
    found = agent_list(glance([agent("a")]), drawn, NAMES)
    assert found.select("抽听", "本月得分估计", "95 % 区间", "多见的问题").rows() == [(0, None, "–", "")]


def test_where_there_is_no_interval_the_reason_stands_in_its_place():
    month = glance([agent("a"), agent("b"), agent("c")])
    found = estimates(
        {"agent": "a", "heard": 0, "reason": "no_audits"},
        {"agent": "b", "heard": 1, "estimate": 91.0, "reason": "no_spread"},
        {"agent": "c", "heard": 0, "reason": "no_audits"},
    )
    assert agent_list(month, found, NAMES).select("本月得分估计", "95 % 区间").rows() == [
        (None, "还没有抽听"),
        (91.0, "太少，给不出区间"),
        (None, "还没有抽听"),
    ]


def test_halves_are_rounded_up_as_in_the_report():
    found = estimates({"agent": "a", "heard": 8, "estimate": 86.25, "low": 80.25, "high": 92.25})
    [row] = agent_list(glance([agent("a", mean=84.25)]), found, NAMES).to_dicts()
    assert (row["机器平均"], row["本月得分估计"]) == (84.3, 86.3)
    assert row["95 % 区间"].startswith("80.3")
    assert row["95 % 区间"].endswith("92.3")


def test_agents_stay_in_the_months_order():
    month = glance([agent("b", name="乙"), agent("c", name="丙"), agent("a", name="甲")])
    found = estimates(*({"agent": one, "heard": 1, "estimate": 90.0} for one in "abc"))
    assert agent_list(month, found, NAMES)["姓名"].to_list() == ["乙", "丙", "甲"]


def test_who_is_not_known_is_called_so_in_the_language_in_force():
    month = glance([agent("a", number=None, mean=None), agent("unknown:一班", number="未知", name="未知")])
    with speaking("en"):
        rows = agent_list(month, None, {}).rows()
    assert [row[:3] for row in rows] == [("", "张三", "一班"), ("unknown", "unknown", "一班")]
    assert rows[0][4] is None


ITEM_ROWS = [
    ("item", "title", EVERYWHERE, 8, 1, 1 / 8, 1 / 3),
    ("item", "never", EVERYWHERE, 0, 0, None, 1.0),
    ("item", "closing", EVERYWHERE, 3, 2, 2 / 3, 0.0),
    ("item", "apology", EVERYWHERE, 16, 2, 1 / 8, 0.0),
    ("situation", "complaint", EVERYWHERE, 3, 3, 1.0, 0.0),
    ("item", "title", "一班", 2, 2, 1.0, None),
]


def test_items_stand_by_how_often_they_fail_then_by_id_and_the_unjudged_last():
    assert item_list(glance(items=ITEM_ROWS), None, NAMES).rows() == [
        ("结束语", 66.7, 2, 3, 0.0, "closing"),
        ("apology", 12.5, 2, 16, 0.0, "apology"),
        ("称呼", 12.5, 1, 8, 33.3, "title"),
        ("never", None, 0, 0, 100.0, "never"),
    ]


def test_a_team_has_its_own_items_and_no_others():
    month = glance(items=ITEM_ROWS)
    assert item_list(month, "一班", NAMES).rows() == [("称呼", 100.0, 2, 2, None, "title")]
    assert item_list(month, "二班", NAMES).height == 0


def calls(*rows):
    return pl.LazyFrame(list(rows), CALLS, orient="row")


def test_a_call_names_each_of_its_faults_once_in_their_order():
    found = calls(
        ("c1", datetime(2026, 10, 9, 8, 5, 59), 72.9, 91.26, "scored"),
        ("c2", None, None, None, "no_recording"),
    )
    moments = pl.DataFrame(
        [("c1", "title"), ("c3", "closing"), ("c1", "rude"), ("c1", "title"), ("c1", "closing")],
        MOMENTS,
        orient="row",
    )
    assert call_list(found, moments, NAMES).to_dicts() == [
        {"时间": "10-09 08:05", "时长": "01:12", "得分": 91.3, "问题": "称呼、rude、结束语", "状态": "已评分"}
        | {"call_id": "c1"},
        {"时间": "–", "时长": "–", "得分": None, "问题": "", "状态": "无录音", "call_id": "c2"},
    ]


def test_a_call_in_which_nothing_could_be_judged_is_called_so_as_in_the_workbook():
    found = calls(("c1", None, 72.9, None, "scored"), ("c2", None, 72.9, 0.0, "scored"))
    listed = call_list(found, pl.DataFrame(schema=MOMENTS), NAMES)
    assert listed["状态"].to_list() == ["无可评项目", "已评分"]


def test_no_more_calls_are_listed_than_a_browser_takes_and_the_first_ones():
    many = calls(*((f"c{place}", None, None, None, "failed") for place in range(MOST + 1)))
    found = call_list(many, pl.DataFrame(schema=MOMENTS), NAMES)["call_id"]
    assert (len(found), found[0], found[-1]) == (1000, "c0", "c999")


def test_a_month_without_anything_has_its_headings():
    assert agent_list(glance(), None, NAMES).shape == (0, 9)
    assert item_list(glance(), None, NAMES).shape == (0, 6)
    assert call_list(calls(), pl.DataFrame(schema=MOMENTS), NAMES).shape == (0, 6)


def test_ids_are_not_shown_and_a_list_without_them_is_left_as_it_is():
    frame = pl.DataFrame({"项目": ["称呼"], "item": ["title"]})
    assert shown(frame).columns == ["项目"]
    assert shown(shown(frame)).columns == ["项目"]
    assert shown(frame.rename({"item": "call_id"})).columns == ["项目"]
