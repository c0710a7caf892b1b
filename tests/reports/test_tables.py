from collections.abc import Callable
from datetime import datetime

import polars as pl

from qa_audit.estimation import agent_month, calls_of_month
from qa_audit.estimation.difference import AGENT_ESTIMATES
from qa_audit.reports.context import ReportContext
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.tables import agent_table, call_table, clock, fault_table, month_tables

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeContext = Callable[..., ReportContext]


def test_a_fault_is_one_row_with_place_words_and_cost(by_hand: Month, make_context: MakeContext) -> None:
    calls, findings = by_hand
    assert fault_table(calls, findings, make_context()).frame.to_dicts() == [
        {
            "team": "一班",
            "agent_no": "0012",
            "agent_name": "王喆",
            "call_id": "20261003-001",
            "start": datetime(2026, 10, 3, 9, 5, 30),
            "place": "01:01",
            "item": "结束语",
            "quote": "@好的<再见>&谢谢",
            "tier": "应说未说",
            "lost": 4.0,
            "critical": None,
            "other_places": None,
            "recording": "recordings/一班/001.wav",
        },
        {
            "team": "一班",
            "agent_no": "0012",
            "agent_name": "王喆",
            "call_id": "20261003-002",
            "start": datetime(2026, 10, 3, 10, 0),
            "place": "00:10",
            "item": "不使用生硬语言",
            "quote": "=1+1",
            "tier": "读音相近",
            "lost": 10.0,
            "critical": "一票否决",
            "other_places": "01:10“喂1”；02:10“喂2”；03:10“喂3”；04:10“喂4”；05:10“喂5”；另有 2 处",
            "recording": "recordings/一班/002.wav",
        },
        {
            "team": "一班",
            "agent_no": "0012",
            "agent_name": "王喆",
            "call_id": "20261003-002",
            "start": datetime(2026, 10, 3, 10, 0),
            "place": None,
            "item": "complaint",
            "quote": None,
            "tier": None,
            "lost": 0.0,
            "critical": None,
            "other_places": None,
            "recording": "recordings/一班/002.wav",
        },
    ]


def test_a_call_is_one_row_with_every_verdict_in_words(by_hand: Month, make_context: MakeContext) -> None:
    calls, findings = by_hand
    table = call_table(calls, findings, make_context())
    rows = {row["call_id"]: row for row in table.frame.to_dicts()}
    first = rows["20261003-001"]
    assert [first[f"item:{item}"] for item in ("greeting", "title", "closing", "please")] == [
        "合格",
        "待人工判断",
        "不合格",
        None,
    ]
    assert (first["status"], first["direction"], first["uncertain"]) == ("已评分", "呼入", 1)
    assert rows["20261003-002"]["critical"] == "不使用生硬语言"
    assert rows["20261003-002"]["item:please"] == "不适用"
    missing = rows["20261004-003"]
    assert (missing["status"], missing["score"], missing["uncertain"]) == ("无录音", None, None)
    nobody = rows["20261005-004"]
    assert (nobody["team"], nobody["agent_no"], nobody["status"]) == ("未知", "未知", "无可评项目")


def test_columns_of_items_stand_in_the_rubrics_order(by_hand: Month, make_context: MakeContext) -> None:
    calls, findings = by_hand
    headings = [column.heading for column in call_table(calls, findings, make_context()).columns]
    known = "通话编号 开始时间 班组 工号 姓名 呼叫方向 时长 状态 机器评分 一票否决 待人工判断项"
    assert headings[:14] == [*known.split(), "开头语", "及时接听", "称呼"]
    assert headings[-2:] == ["致歉安抚", "录音文件"]


def test_an_item_the_context_lacks_and_a_name_used_twice_keep_their_columns(
    by_hand: Month, make_context: MakeContext
) -> None:
    calls, findings = by_hand
    strange = findings.with_columns(pl.col("item").replace("closing", "house_rule"))
    columns = call_table(calls, strange, make_context()).columns
    assert [column.heading for column in columns][-2:] == ["house_rule", "录音文件"]
    twice = ReportContext(
        **{
            **{name: getattr(make_context(), name) for name in ReportContext.__dataclass_fields__},
            "items": (("a", "得分", "A", 1, "–"), ("b", "得分", "B", 1, "–"), ("c", "状态", "C", 1, "–")),
        }
    )
    headings = [column.heading for column in call_table(calls, findings.clear(), twice).columns]
    assert headings[-4:-1] == ["得分 (a)", "得分 (b)", "状态 (2)"]


def test_an_agents_row_says_that_a_machine_scored_it_and_how_few(
    by_hand: Month, make_context: MakeContext
) -> None:
    calls, findings = by_hand
    rows = agent_table(agent_month(calls, findings), make_context()).frame.to_dicts()
    assert rows[0] == {
        "team": "一班",
        "agent_no": "0012",
        "agent_name": "王喆",
        "calls": 2,
        "scored": 2,
        "no_recording": 0,
        "other_unscored": 0,
        "mean": 37.5,
        "median": 37.5,
        "sd": 53.033008588991066,
        "lowest": 0.0,
        "critical_calls": 1,
        "critical_rate": 0.5,
        "uncertain_share": 0.25,
        "faults": "结束语（1 通）、不使用生硬语言（1 通）",
        "remark": "机器评分，未经人工校正；仅 2 通已评分，样本少，仅供参考",
    }
    assert rows[1]["remark"] == "没有已评分的通话"
    assert rows[2]["agent_no"] == "未知"


def test_a_row_says_of_which_calls_its_score_is_and_that_it_was_cut(
    by_hand: Month, make_context: MakeContext
) -> None:
    calls, findings = by_hand
    row = {"agent": "person:p1", "calls": 1, "heard": 1, "machine_mean": 75.0, "bias": 29.41}
    row |= {"estimate": 100.0, "half_width": 4.09, "low": 98.02, "high": 100.0}
    estimates = MonthFigures(agents=pl.DataFrame([row], AGENT_ESTIMATES))
    first, second, _ = agent_table(agent_month(calls, findings), make_context(), estimates).frame.to_dicts()
    told = {
        name: first[name] for name in ("calls", "framed", "mean", "machine_mean", "correction", "estimate")
    }
    assert told == {
        "calls": 2,
        "framed": 1,
        "mean": 37.5,
        "machine_mean": 75.0,
        "correction": 29.41,
        "estimate": 100.0,
    }
    assert first["remark"] == (
        "机器评分，经人工抽听校正；仅 2 通已评分，样本少，仅供参考；得分按抽签名单上的 1 通计算；"
        "机器平均加校正超出 0–100，得分取到界上"
    )
    assert (second["framed"], second["grade_remark"]) == (0, "没有通话在抽签名单上，不给分")


def test_english_reports_name_the_unknown_in_english(by_hand: Month, make_context: MakeContext) -> None:
    calls, findings = by_hand
    teams, agents, detail, faults = month_tables(
        calls_of_month(calls, "2026-10"), findings, make_context(language="en")
    )
    assert teams.frame["team"].to_list() == ["一班", "二班", "unknown"]
    assert agents.frame["agent_no"].to_list() == ["0012", "1002", "unknown"]
    assert detail.frame["team"].to_list()[-1] == "unknown"
    assert faults.frame["tier"].to_list() == ["required, not said", "near sound", None]
    assert [table.name for table in (teams, agents, detail, faults)] == ["班组", "员工", "明细", "问题清单"]


def test_a_change_of_team_shows(make_month: Callable[..., Month], make_context: MakeContext) -> None:
    calls, findings = make_month(1, 4)
    moved = calls.sort("start").with_columns(team=pl.Series(["二班", "二班", "一班", "一班"]))
    assert agent_table(agent_month(moved, findings), make_context()).frame["team"].to_list() == ["二班→一班"]


def test_times_are_rounded_down_and_pass_an_hour() -> None:
    assert [clock(seconds) for seconds in (0.0, 59.999, 60.0, 3725.5, -1.0)] == [
        "00:00",
        "00:59",
        "01:00",
        "62:05",
        "00:00",
    ]
