import json

import click
import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError
from tests.made_audits import RUDE


@pytest.fixture
def ran(scored):
    def run(*arguments, at=("complaint",)):
        words = [*at, *map(str, arguments), "--workspace", str(scored.folder)]
        return CliRunner().invoke(cli, words, standalone_mode=False)

    return run


def test_a_complaint_from_taking_down_to_closing(ran):
    assert "处理中" in ran("open", "--number", "138", "--text", "态度不好", "--who", "李娜").output
    ran("call", 1, RUDE, "--text", "号码对", "--who", "李娜")
    assert (
        f"听到 {RUDE}@4.5" in ran("note", 1, "--heard", f"{RUDE}@4.5", "--text", "打断", "--who", "李").output
    )
    assert "跟进" in ran("note", 1, "--text", "已回电", "--who", "李娜").output
    decided = ran(
        "decide", 1, "--outcome", "at_fault", "--evidence", f"{RUDE}@4.5", "--reason", "打断", "--who", "主管"
    )
    assert "坐席有责" in decided.output
    told = json.loads(ran("close", 1, "--text", "接受", "--who", "李娜", "--json").output)
    assert (told["state"], told["outcome"], told["calls"]) == ("closed", "at_fault", [RUDE])
    assert "态度不好" in ran("list").output
    assert ran("list", "--open").output == "没有投诉。\n"
    assert "已认定" in ran("reopen", 1, "--reason", "又来", "--who", "李娜").output


def test_a_moment_is_a_call_and_seconds(ran):
    ran("open", "--text", "态度不好", "--who", "李娜")
    told = ran("note", 1, "--heard", "A123", "--text", "打断", "--who", "李娜")
    assert isinstance(told.exception, click.BadParameter)


def test_the_list_of_vexatious_callers(ran):
    assert ran("vexatious").output == "名单是空的。\n"
    assert isinstance(ran("vexatious", "138", "--who", "主管").exception, click.MissingParameter)
    assert "骚扰" in ran("vexatious", "138", "--reason", "骚扰", "--who", "主管").output
    told = json.loads(ran("vexatious", "--json").output)
    assert told["vexatious"][0]["number"] == "138"
    opened = ran("open", "--number", "138", "--text", "又来", "--who", "李娜")
    assert "138 已在名单中（主管：骚扰）。" in opened.stderr
    assert ran("vexatious", "138", "--remove", "--reason", "换人", "--who", "主管").output == "名单是空的。\n"


@pytest.mark.parametrize("at", [("complaint", "find"), ("find",)])
def test_calls_are_found_by_words(ran, at):
    told = ran("您好", at=at).output
    assert "坐席：" in told
    found = json.loads(ran("您好", "--most", 1, "--json", at=at).output)
    assert found["found"] > len(found["rows"]) == 1
    assert "只显示前 1 行" in ran("您好", "--most", 1, at=at).output
    assert "没有找到" in ran("今天天气真好啊", at=at).output
    refused = ran("您好", "--at", "yesterday", at=at)
    assert isinstance(refused.exception, QaError)


def test_calls_are_found_without_words(ran):
    assert RUDE in ran(at=("find",)).output
