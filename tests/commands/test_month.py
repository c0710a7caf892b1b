import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError, catalogue
from qa_audit.store.chain import parse_head
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures

MONTH = ("estimate", "status", "confirm", "close", "reopen", "recompute", "export")
COMMANDS = [*(["month", name] for name in MONTH), ["rubric", "quality"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", COMMANDS)
def test_commands_are_documented_in_both_languages(lang, words):
    told = CliRunner().invoke(cli, ["--lang", lang, *words, "--help"])
    key = f"cli.help.{'_'.join(words)}"
    assert catalogue()[key][lang].split("\n", 1)[0] in " ".join(told.output.split())


def test_an_empty_workspace_has_nothing_to_estimate(tmp_path):
    Workspace.create(tmp_path / "ws")
    told = CliRunner().invoke(cli, ["month", "estimate", "--workspace", str(tmp_path / "ws")])
    assert isinstance(told.exception, QaError)
    assert told.exception.code == "workspace.no_recordings"


def test_rules_that_nobody_audited_have_no_quality(tmp_path):
    Workspace.create(tmp_path / "ws")
    run = CliRunner().invoke(cli, ["rubric", "quality", "--json", "--workspace", str(tmp_path / "ws")])
    assert json.loads(run.stdout) == {"items": []}


def test_a_month_from_its_figures_to_its_export(heard, tmp_path):  # noqa: F811
    def run(*words, code=0):
        found = CliRunner().invoke(
            cli, ["month", *words, "--workspace", str(heard.folder)], standalone_mode=False
        )
        if found.exception is not None:
            return found.exception.code
        assert found.return_value == code
        return found.stdout

    october = ("--month", "2026-10")
    shown = run("estimate", *october)
    assert shown.startswith("2026-10 计酬得分（95 % 区间）\n\n员工")
    assert "8001 张三" in shown
    assert "参考了以前的月份：2026-09（未关账，按其抽听计算）" in shown
    told = json.loads(run("estimate", *october, "--json"))
    assert (told["closed"], len(told["agents"]), len(told["figures"])) == (None, 4, 4)
    assert told["printed"]["agents"][0]["estimate"] in shown
    assert run("confirm", *october, "--who", "班长") == "closing.no_agents"
    assert run("close", *october, "--who", "主管") == "closing.unconfirmed"
    assert run("confirm", *october, "--all", "--who", "班长") == "已记录 4 名员工的确认。\n"
    assert "已确认：4 / 4 名员工" in run("status", *october)
    told = json.loads(run("close", *october, "--who", "主管", "--json"))
    receipt, head = told["receipt"], parse_head(told["head"])
    assert run("estimate", *october).startswith("2026-10：第 1 版，已关账\n")
    assert receipt in run("recompute", *october)
    assert "关账以后没有变化" in run("status", *october)
    assert "17 个文件" in run("export", *october, "--out", str(tmp_path / "存档"))
    about = json.loads((tmp_path / "存档" / "about.json").read_text(encoding="utf-8"))
    # The closing itself is the link after what the month was made from.
    assert parse_head(about["chain_head"]).length == head.length - 1
    again = json.loads(run("recompute", "--from", str(tmp_path / "存档"), "--json"))
    assert (again["same"], again["receipt"]) == (True, receipt)
    assert run("recompute") == "closing.from_or_month"
    (tmp_path / "存档" / "events.jsonl").write_bytes(b"")
    assert run("recompute", "--from", str(tmp_path / "存档")) == "closing.file_changed"
    assert run("reopen", *october, "--who", "主管", "--reason", "申诉") == (
        "2026-10 第 1 版已重新打开；原版存档保留，再次关账为下一版。\n"
    )
    assert json.loads(run("status", *october, "--json"))["closed"] is None
