"""A month from its closing to a report made later: the digits are those that were closed, everywhere."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import polars as pl
import pytest

from qa_audit.audit.actions import Fault, GiveVerdict
from qa_audit.audit.complaints import open_complaint
from qa_audit.audit.events import append
from qa_audit.closing.filing import json_bytes, read_json
from qa_audit.closing.folder import FIGURES_FILE, MANIFEST, sealed
from qa_audit.closing.report_files import CALLS_FILE, FRAMES_FILE, VERDICTS_FILE
from qa_audit.estimation.audited import assigned_calls
from qa_audit.messages import set_language
from qa_audit.months.closed_report import report_inputs
from qa_audit.workspace import Workspace
from tests.closing.conftest import closed, heard, heard_folder  # noqa: F401 - fixtures
from tests.closing.made_workspace import judge

MONTH, BEFORE = "2026-10", "2026-09"
FORMATS = ("xlsx", "html", "csv", "parquet", "png", "agents")


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


def report(workspace, folder, formats=FORMATS):
    """Content of every file of the month's report, by name."""
    written = workspace.report(MONTH, folder, formats=formats)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in written}


def rows_of(files, name):
    """A CSV of the report."""
    return list(csv.DictReader(io.StringIO(files[f"{MONTH}-{name}.csv"].decode("utf-8-sig"))))


def keep_registers(workspace, nth, when):
    """A fault, a coaching and a complaint; the `nth` drawn call and the day of October say which."""
    assigned = assigned_calls(workspace.samples, MONTH).sort("call_id").select("call_id", "inspector").rows()
    call, who = assigned[nth]
    fault = Fault(f"{nth:032x}", "closing", "major", 1.0, 2.0, "感谢来电，再见", "挂了电话")
    append(workspace.database, call, who, fault, workspace.rubric)
    workspace.follow_up.coach("8002", ["closing"], text="练结束语", who="班长", coached_at=when)
    open_complaint(workspace.database, text="没人管", who="主管", now=when.replace(tzinfo=UTC))


def late_changes(workspace):
    """What comes after a closing: verdicts, a fault, an appeal, a complaint, a coaching, another rubric."""
    assigned = assigned_calls(workspace.samples, MONTH).sort("call_id").select("call_id", "inspector").rows()
    (call, who), (second, other) = assigned[:2]
    append(workspace.database, call, who, GiveVerdict("closing", "fail"), workspace.rubric)
    append(workspace.database, call, who, Fault("f" * 32, "closing", "critical", 1.0, 2.0), workspace.rubric)
    append(workspace.database, second, other, GiveVerdict("greeting", "fail"), workspace.rubric)
    unheard = workspace.calls(MONTH).filter(~pl.col("call_id").is_in([one for one, _ in assigned]))
    for call_id in unheard["call_id"].sort()[:6]:
        for inspector in ("李敏", "王芳"):
            judge(workspace, call_id, inspector, ["closing", "greeting"])
    appeal = workspace.appeals.file(call, "closing", text="我说了再见", who="员工")
    workspace.appeals.reply(appeal.appeal_id, text="再听一遍", who="班长")
    workspace.appeals.decide(appeal.appeal_id, "overturned", reason="听得到", who="主管")
    keep_registers(workspace, 3, datetime(2026, 10, 20, 9))
    file = workspace.folder / "rubric.toml"
    text = file.read_text("utf-8").replace('"1.0.0"', '"1.0.1"', 1)
    file.write_text(text.replace("weight = 8", "weight = 3"), "utf-8")
    workspace.database.dispose()
    changed = Workspace.open(workspace.folder)
    changed.score()
    return changed


def test_a_closed_month_is_reported_with_the_same_digits_whatever_came_after(heard, tmp_path):  # noqa: F811
    keep_registers(heard, 7, datetime(2026, 10, 12, 9))
    heard.month_book.confirm(MONTH, None, "班长")
    heard.month_book.close(MONTH, "主管")
    before = report(heard, tmp_path / "关账时")
    assert [row["应说"] for row in rows_of(before, "工差")] == ["感谢来电，再见"]
    assert [row["项目"] for row in rows_of(before, "辅导")] == ["结束语"]
    assert [row["投诉"] for row in rows_of(before, "服务指标")] == ["1", "1"]
    scores = heard.month(MONTH).agents["mean"].to_list()
    changed = late_changes(heard)
    # The late changes do matter: the live month is another one now.
    assert changed.month(MONTH).agents["mean"].to_list() != scores
    assert changed.faults(MONTH).height == 3
    assert changed.follow_up.before_after(MONTH).height == 2
    assert changed.service_figures(MONTH).figures["complaints"][-1] == 2
    after = report(changed, tmp_path / "后来")
    assert sorted(after) == sorted(before)
    assert [name for name in before if after[name] != before[name]] == []
    changed.database.dispose()


def test_the_digits_are_those_that_agents_confirmed(closed, tmp_path):  # noqa: F811
    changed = late_changes(closed)
    ledger = changed.month_book.ledger
    figures = read_json(ledger.files(ledger.closed(MONTH)), FIGURES_FILE)
    files = report(changed, tmp_path, ("csv", "xlsx", "html"))
    agents = {row["工号"]: row for row in rows_of(files, "员工")}
    for one in figures["agents"]:
        row = agents[one["agent"].removeprefix("person:")]
        for heading, name in (("校正后得分", "estimate"), ("95%下限", "low"), ("95%上限", "high")):
            assert float(row[heading]) == pytest.approx(float(one[name]), abs=0.0051)
        assert float(row["金额（元）"]) == float(one["pay_yuan"])
        assert int(row["人工判一票否决"]) == one["critical_heard"]
        assert float(row["校正后一票否决率"]) == pytest.approx(float(one["critical_rate"]), abs=1e-4)
    teams = {row["班组"]: row for row in rows_of(files, "班组")}
    assert sorted(teams) == ["一班", "二班"]
    for one in figures["teams"]:
        assert float(teams[one["team"]]["校正后得分"]) == pytest.approx(float(one["estimate"]), abs=0.0051)
        assert int(teams[one["team"]]["人工抽听"]) == one["heard"]
    summary = openpyxl.load_workbook(io.BytesIO(files[f"{MONTH}.xlsx"]))["汇总"]
    words = " ".join(str(cell.value) for cell in summary["A"])
    assert f"全部门 {float(figures['department']['estimate']):.2f} 分" in words
    assert "第 1 版结账时的" in words
    assert summary["A2"].value == "机器评分，经人工抽听校正（已结账，第 1 版）"
    page = files[f"{MONTH}.html"].decode()
    assert "评分标准" in page
    assert "版本 1.0.0" in page  # of the rubric that scored it, not of the one in force now
    assert "1.0.1" not in page
    changed.database.dispose()


def test_items_and_the_machine_s_own_columns_are_frozen_too(closed, tmp_path):  # noqa: F811
    kept = closed.month(MONTH)
    changed = late_changes(closed)
    files = report(changed, tmp_path, ("csv", "parquet"))
    agents = pl.read_parquet(io.BytesIO(files[f"{MONTH}-agents.parquet"]))
    assert agents["mean"].to_list() == kept.agents["mean"].to_list()
    closing = [row for row in rows_of(files, "项目") if row["项目"] == "结束语" and row["范围"] == "全部门"]
    failed = kept.findings.filter(item="closing", verdict="fail").height
    assert [int(row["不合格"]) for row in closing] == [failed]
    # 项目 has the critical faults as the last of its rows: for the department, each team and each agent.
    severe = [row for row in rows_of(files, "项目") if row["项目"] == "一票否决"]
    assert [row["范围"] for row in severe] == ["全部门", "班组", "班组", *["员工"] * 4]
    lost = {row["扣分"] for row in rows_of(files, "问题清单") if row["项目"] == "结束语"}
    assert lost == {"8.0"}
    # What was heard there is found by the results that were closed.
    assert all(row["原话"] for row in rows_of(files, "问题清单"))
    assert rows_of(files, "明细")[0]["机器评分"] == f"{kept.calls['score'][0]:.2f}".rstrip("0")
    changed.database.dispose()


def test_a_reopened_month_is_reported_as_it_is_now(closed, tmp_path):  # noqa: F811
    before = report(closed, tmp_path / "关账时", ("csv",))
    changed = late_changes(closed)
    changed.month_book.reopen(MONTH, "主管", "有更正")
    now = report(changed, tmp_path / "重开", ("csv", "html"))
    assert "已结账" not in now[f"{MONTH}.html"].decode()
    for name in ("员工", "班组", "项目"):
        assert rows_of(now, name) != rows_of(before, name)
    assert [row["员工"] if "员工" in row else row["工号"] for row in rows_of(now, "申诉")] == ["8001"]
    changed.month_book.close(MONTH, "主管", without_word="试")
    again = report(changed, tmp_path / "再关", ("csv", "html"))
    assert rows_of(again, "员工") == rows_of(now, "员工")
    assert "（已结账，第 2 版）" in again[f"{MONTH}.html"].decode()
    changed.database.dispose()


def test_the_trend_takes_closed_months_as_they_were_closed(heard):  # noqa: F811
    heard.month_book.close(BEFORE, "主管", without_word="试")
    trend = report_inputs(heard, MONTH).figures.trend
    kept = trend.filter(month=BEFORE)
    assert kept["key"].to_list() == [
        *("all", "person:8001", "person:8002", "person:8003", "person:8004"),
        *("team:一班", "team:二班"),
    ]
    call, who = assigned_calls(heard.samples, BEFORE).select("call_id", "inspector").sort("call_id").row(0)
    unheard = heard.calls(BEFORE).filter(pl.col("call_id") != call)["call_id"].sort()
    judge(heard, unheard[0], "李敏", ["closing"])
    append(heard.database, call, who, GiveVerdict("closing", "fail"), heard.rubric)
    file = heard.folder / "rubric.toml"
    file.write_text(file.read_text("utf-8").replace("weight = 8", "weight = 3"), "utf-8")
    changed = Workspace.open(heard.folder)
    changed.score()
    again = report_inputs(changed, MONTH).figures.trend.filter(month=BEFORE)
    assert again.equals(kept)
    # Opened again it is estimated from what is there.
    changed.month_book.reopen(BEFORE, "主管", "有更正")
    assert not report_inputs(changed, MONTH).figures.trend.filter(month=BEFORE).equals(kept)
    changed.database.dispose()


def closed_by_an_earlier_version(workspace):
    """The month as a program closed it that kept neither the report's files nor teams."""
    ledger = workspace.month_book.ledger
    files = dict(ledger.files(ledger.closed(MONTH)))
    for name in (MANIFEST, CALLS_FILE, VERDICTS_FILE, FRAMES_FILE):
        files.pop(name)
    figures = read_json(files, FIGURES_FILE)
    figures.pop("teams")
    files[FIGURES_FILE] = json_bytes(figures)
    ledger.reopen(MONTH, "主管", "试")
    ledger.close(MONTH, sealed(files), "主管")


def test_a_month_closed_by_an_earlier_version_keeps_its_pay_figures_and_says_what_is_new(closed, tmp_path):  # noqa: F811
    before = report(closed, tmp_path / "关账时", ("csv",))
    closed_by_an_earlier_version(closed)
    assert not closed.month_book.recompute(MONTH).failed
    changed = late_changes(closed)
    after = report(changed, tmp_path / "后来", ("csv", "html"))
    paid = ("工号", "校正后得分", "95%下限", "95%上限", "等级", "金额（元）")
    for name, columns in (("员工", paid), ("班组", ("班组", "校正后得分", "95%下限", "95%上限", "等级"))):
        now, then = (
            [[row[column] for column in columns] for row in rows_of(files, name)] for files in (after, before)
        )
        assert now == then
    assert rows_of(after, "项目") != rows_of(before, "项目")
    assert "机器评分、项目和登记各表，这些是现在的" in after[f"{MONTH}.html"].decode()
    changed.database.dispose()
