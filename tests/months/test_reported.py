"""Reports and bulletins of a real workspace: calls drawn, handed out, judged and handed in."""

import json
from datetime import UTC, datetime

import openpyxl
import pytest
from click.testing import CliRunner

from benchmarks.month import MONTH, audit, make_workspace
from qa_audit.audit.actions import Fault, GiveVerdict, HandIn
from qa_audit.audit.events import append
from qa_audit.audit.handed_in import handed_in_between, latest_hand_in
from qa_audit.cli import cli
from qa_audit.messages import QaError, set_language
from qa_audit.workspace import Workspace
from tests.made_audits import HARSH, RUDE, hand_in


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    workspace = make_workspace(tmp_path_factory.mktemp("month"), 6, 12)
    audit(workspace, 24, 6)
    return workspace


def test_a_report_shows_estimates_with_intervals_and_the_draw(audited, tmp_path):
    written = audited.report(MONTH, tmp_path, formats=("xlsx", "parquet"))
    book = openpyxl.load_workbook(written[0])
    assert book.sheetnames == [
        *("汇总", "班组", "员工", "项目", "工差", "四个一样", "明细", "问题清单"),
        *("校准", "方法", "说明"),
    ]
    assert book["汇总"]["A2"].value == "机器评分，经人工抽听校正"
    headings = [cell.value for cell in book["员工"][1]]
    row = dict(zip(headings, (cell.value for cell in book["员工"][2]), strict=True))
    assert row["人工抽听"] == 4
    assert row["95%下限"] < row["校正后得分"] < row["95%上限"]
    assert row["等级"] in ("不及格", "及格", "良好", "优秀")
    method = [cell.value for cell in book["方法"]["A"]]
    assert {"抽样 1", "清单校验码", "种子", "评分标准校验码"} <= set(method)
    names = {path.name.removeprefix(f"{MONTH}-") for path in written[1:]}
    assert {
        "scores.parquet",
        "estimates.parquet",
        "rates.parquet",
        "faults.parquet",
        "draws.parquet",
    } <= names


def test_the_latest_day_with_audits_is_told(audited):
    page = audited.bulletin()
    assert page.first == page.last == datetime(2026, 11, 2).date()
    assert "名质检员听评了" in page.text
    assert "您好，请稍等" in page.text
    assert "没有交卷" in audited.bulletin("2026-11-09").text
    assert audited.bulletin("2026-11-05", days=7).text.startswith("每周质检情况")


@pytest.mark.parametrize(
    ("day", "days", "code"), [("2026-13-01", 1, "bulletin.bad_day"), (None, 0, "bulletin.bad_days")]
)
def test_a_day_that_is_none_is_refused(audited, day, days, code):
    with pytest.raises(QaError) as caught:
        audited.bulletin(day, days=days)
    assert caught.value.code == code


def test_without_audits_there_is_no_bulletin(tmp_path):
    with pytest.raises(QaError) as caught:
        Workspace.create(tmp_path / "ws").bulletin()
    assert caught.value.code == "bulletin.no_audits"


def test_the_day_is_that_of_the_centre_s_clocks(tmp_path):
    workspace = Workspace.create(tmp_path / "ws")
    rubric, late = workspace.rubric, datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    for item in rubric.items:
        append(workspace.database, "c1", "李敏", GiveVerdict(item.id, "pass"), rubric=rubric, now=late)
    fault = Fault("0" * 32, rubric.items[0].id, "minor", 1.0, 2.0)
    append(workspace.database, "c1", "李敏", fault, rubric=rubric, now=late)
    append(workspace.database, "c1", "李敏", HandIn(), rubric=rubric, now=late)
    assert latest_hand_in(workspace.database) == late
    assert handed_in_between(workspace.database, late, late) == []
    assert handed_in_between(workspace.database, late, datetime(2026, 11, 1, tzinfo=UTC)) == ["c1"]
    assert workspace.bulletin().last == datetime(2026, 11, 1).date()


def test_the_commands_print_text_or_json(audited, tmp_path):
    said = CliRunner().invoke(cli, ["bulletin", "--workspace", str(audited.folder)])
    assert said.output.startswith("每日质检情况\n")
    told = CliRunner().invoke(
        cli, ["bulletin", "--out", str(tmp_path), "--json", "--workspace", str(audited.folder)]
    )
    assert len(json.loads(told.stdout)["files"]) == 3
    command = ["report", "--month", MONTH, "--out", str(tmp_path), "--format", "csv", "--json"]
    files = json.loads(CliRunner().invoke(cli, [*command, "--workspace", str(audited.folder)]).stdout)[
        "files"
    ]
    assert {file.rsplit("-", 1)[1] for file in files} >= {"员工.csv", "项目.csv", "工差.csv"}


def test_faults_and_mean_of_a_bulletin_are_both_those_after_appeals(scored):
    hand_in(scored, RUDE, "李敏", "closing", faults=[("greeting", 1.0, 2.0)])
    hand_in(scored, HARSH, "李敏")
    before = scored.bulletin().text
    assert "记工差 1 条" in before
    made = scored.appeals.file(RUDE, "greeting", text="说了", who="张三").appeal_id
    scored.appeals.reply(made, text="有", who="王芳")
    decided = scored.appeals.decide(made, "overturned", reason="有", who="陈主管")
    assert decided.decision.scores["李敏"].before < decided.decision.scores["李敏"].after
    after = scored.bulletin().text
    assert "记工差 0 条" in after
    mean = (decided.decision.scores["李敏"].after + 100) / 2
    assert f"不代表全体）：{mean:.1f}\n" in after
    assert f"不代表全体）：{mean:.1f}\n" not in before


def test_a_call_with_somebody_else_s_fault_is_not_praised(scored):
    hand_in(scored, RUDE, "李敏")
    assert f"通话 {RUDE}，100.0 分，没有一处工差" in scored.bulletin().text
    hand_in(scored, RUDE, "王芳", faults=[("greeting", 1.0, 2.0)])
    assert "没有一处工差" not in scored.bulletin().text
