import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.console import SpokenOption
from qa_audit.messages import QaError, catalogue
from tests.made_audits import RUDE, hand_in

GROUPS = ("appeal", "complaint", "faults", "coach")
COMMANDS = [(group, name) for group in GROUPS for name in cli.commands[group].commands]


@pytest.fixture
def ran(scored):
    """Runs `qa-audit appeal …` on a workspace in which 李敏 failed a greeting."""
    hand_in(scored, RUDE, "李敏", "greeting")

    def run(*arguments):
        words = ["appeal", *map(str, arguments), "--workspace", str(scored.folder)]
        return CliRunner().invoke(cli, words, standalone_mode=False)

    return run


@pytest.mark.parametrize(("group", "name"), COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_is_documented_in_both_languages(group, name, lang):
    told = CliRunner().invoke(cli, ["--lang", lang, group, name, "--help"])
    assert told.exit_code == 0
    assert catalogue()[f"cli.help.{group}_{name}"][lang].split("\n", 1)[0] in told.output
    options = [one for one in cli.commands[group].commands[name].params if one.param_type_name == "option"]
    assert all(type(one) is SpokenOption for one in options)


def test_an_appeal_from_filing_to_decision(ran):
    told = ran("file", RUDE, "greeting", "--at", 1, "--text", "说了您好", "--who", "张三").output
    assert f"第 1 号申诉：{RUDE}，项目 开头语，待答复。" in told
    assert "答复期限" in told
    assert "待裁决" in ran("reply", 1, "--text", "有", "--who", "王芳").output
    done = ran("decide", 1, "--outcome", "overturned", "--reason", "有", "--who", "主管", "--json")
    told = json.loads(done.output)
    assert (told["state"], told["steps"][-1]["outcome"]) == ("overturned", "overturned")
    before, after = told["steps"][-1]["scores"]["李敏"]
    assert before < after
    listed = ran("list", "--month", "2026-10").output
    assert "改判" in listed
    assert "开头语" in listed
    assert ran("list", "--open").output == "没有申诉。\n"
    assert json.loads(ran("list", "--open", "--json").output) == {"appeals": []}


def test_withdrawn_and_part_of_the_points(ran):
    ran("file", RUDE, "greeting", "--text", "说了您好", "--who", "张三")
    assert "已撤回" in ran("withdraw", 1, "--reason", "认可", "--who", "张三").output
    ran("file", RUDE, "greeting", "--text", "说了一半", "--who", "张三")
    ran("reply", 2, "--text", "有一半", "--who", "王芳")
    told = ran("decide", 2, "--outcome", "partly", "--points", 4, "--reason", "一半", "--who", "主管").output
    assert "部分改判" in told
    assert "李敏 的评分：" in told


def test_what_is_refused_says_why(ran):
    told = ran("reply", 7, "--text", "有", "--who", "王芳")
    assert isinstance(told.exception, QaError)
    assert told.exception.code == "appeals.unknown"
