"""`qa-audit rubric status | promote | demote`."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import set_language
from qa_audit.widgets.calibrate import Calibration
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    monkeypatch.setenv("QA_AUDIT_WHO", "主管")
    yield
    set_language(None)


@pytest.fixture
def ran(heard):  # noqa: F811
    def run(*arguments):
        said = ["rubric", *arguments, "--workspace", str(heard.folder)]
        return CliRunner().invoke(cli, said, standalone_mode=False)

    return run


def line(output, item):
    return next(one for one in output.splitlines() if one.startswith(item))


def test_status_tells_figures_proposals_and_what_is_lacking(ran):
    told = ran("status").output
    assert line(told, "结束语").split()[:2] == ["结束语", "辅助"]
    assert "5/10" in line(told, "结束语")
    assert "89（若都对）" in line(told, "结束语")
    assert "降为“人工”" in line(told, "称呼")
    assert "从还没有抽样的月份起算" in told


def test_a_change_is_said_and_stands_in_the_history(ran):
    done = ran("demote", "title", "--to", "manual", "--reason", "40 条都不对")
    assert done.return_value == 0
    assert done.output == "主管 把“称呼”从“辅助”改为“人工”，自 2026-11 起算；已记录。\n"
    over = ran("promote", "closing", "--to", "automatic", "--reason", "快些", "--override", "--json")
    kept = json.loads(over.output)
    assert (kept["overridden"], kept["before"], kept["status"]) == (True, "assisted", "automatic")
    assert (kept["who"], kept["figures"]["flags"], kept["from_month"]) == ("主管", 10, "2026-11")
    told = ran("status", "--history").output
    past = told.split("时间")[1]
    assert "辅助 → 人工" in past
    assert "人的决定（数据不支持）" in past
    assert past.index("辅助 → 自动") < past.index("辅助 → 人工")
    found = json.loads(ran("status", "--item", "closing", "--history", "--json").output)
    assert [one["proposed"] for one in found["items"]] == ["manual"]
    assert [one["reason"] for one in found["history"]] == ["快些"]


def test_what_the_figures_do_not_support_is_refused_with_the_way_out(ran):
    refused = ran("promote", "closing", "--to", "automatic", "--reason", "快些")
    assert refused.exception.code == "rule_status.not_supported"
    assert "抽听了 10 条，其中 5 条不对" in str(refused.exception)
    assert "--override" in str(refused.exception)
    wrong_way = ran("promote", "closing", "--to", "manual", "--reason", "快些")
    assert wrong_way.exception.code == "rule_status.no_promotion"
    assert ran("status", "--item", "nothing").exception.code == "rule_status.no_item"


def test_calls_that_wait_to_be_scored_are_told_wherever_rules_are(ran, heard):  # noqa: F811
    waiting = "40 通还没有按现在的标准评分，没有计入。"
    assert waiting not in ran("status").output
    file = heard.folder / "rubric.toml"
    file.write_text(file.read_text("utf-8").replace('version = "1.0.0"', 'version = "1.0.1"', 1), "utf-8")
    assert waiting in ran("status", "--item", "closing").output
    assert waiting in ran("quality").output
    assert waiting in Calibration(Workspace.open(heard.folder), ["2026-10"]).quality.value
    refused = ran("demote", "title", "--to", "manual", "--reason", "40 条都不对").exception
    assert (refused.code, refused.values["calls"]) == ("rule_status.unscored", 40)
    assert "qa-audit score" in str(refused)


def test_the_documented_commands_are_understood(ran):
    page = (Path(__file__).parents[2] / "docs" / "rubric.zh-CN.md").read_text(encoding="utf-8")
    lines = re.findall(r"^qa-audit rubric ((?:status|promote|demote).*)$", page, re.M)
    told = [ran(*shlex.split(line)) for line in lines]
    # Of these few calls the figures do not say that the item may be automatic.
    assert [getattr(one.exception, "code", None) for one in told] == [
        *(None, "rule_status.not_supported", None, None)
    ]
    assert "新系统的提示音被当成没说" in told[-1].output


def test_it_speaks_english(heard):  # noqa: F811
    said = ["--lang", "en", "rubric", "status", "--item", "title", "--workspace", str(heard.folder)]
    told = CliRunner().invoke(cli, said, standalone_mode=False).output
    assert "demote to manual" in told
    assert "0/40" in told
