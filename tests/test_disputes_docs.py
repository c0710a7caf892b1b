"""docs/disputes.zh-CN.md: its commands are understood, its figures are the program's."""

import re
import shlex
from pathlib import Path

import click
import pytest

from qa_audit.audit.clips import MARGIN_S
from qa_audit.audit.settings import AppealSettings
from qa_audit.cli import cli
from qa_audit.estimation.coaching_effect import DAYS, LEAST_CALLS
from qa_audit.messages import say
from qa_audit.text.search import find

TEXT = (Path(__file__).parents[1] / "docs" / "disputes.zh-CN.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^qa-audit ([^\n]*)$", TEXT, flags=re.MULTILINE)


def test_every_command_about_disputes_is_on_the_page():
    told = {tuple(shlex.split(line)[:2]) for line in COMMANDS}
    for group in ("appeal", "complaint", "faults", "coach"):
        assert {name for first, name in told if first == group} == set(cli.commands[group].commands)
    assert {"find", "praise"} <= {first for first, _ in told}


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    command, words = cli, shlex.split(line)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    with command.make_context(command.name, words) as context:
        assert context.params


def test_the_deadlines_on_the_page():
    days = AppealSettings()
    for name, start in (("file", "提交评分"), ("reply", "提出申诉"), ("decide", "提出申诉")):
        assert re.search(rf"`{name}_days` \| [^|]*{start} \| {getattr(days, f'{name}_days')} \|", TEXT)


def test_the_other_figures_on_the_page():
    assert f"前后各多 {MARGIN_S:g} 秒" in TEXT
    assert f"前后各 {DAYS} 天" in TEXT
    assert f"一边不到 {LEAST_CALLS} 通" in TEXT
    assert find("退款", "推宽", "pinyin")


def test_the_words_on_the_page_are_the_program_s():
    for outcome in ("upheld", "overturned", "partly"):
        assert f"`{outcome}` {say(f'appeals.state.{outcome}', 'zh')}" in TEXT
    for says in ("nothing", "too_few"):
        assert say(f"follow_up.says.{says}", "zh") in TEXT
    assert say("faults.struck", "zh") in TEXT
