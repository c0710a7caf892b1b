"""docs/trainer.zh-CN.md, docs/supervisor.zh-CN.md: what they name is in the panels, what they count is so."""

import re
import shlex
from pathlib import Path

import pytest

from qa_audit.cli import cli
from qa_audit.estimation.training_needs import COMMON_RATE, LEAST_JUDGED
from qa_audit.estimation.training_needs import MOST as MOST_NEEDS
from qa_audit.messages import catalogue
from qa_audit.reports.moments import EXEMPLARY_SCORE
from qa_audit.widgets.first_look import TREND_MONTHS
from qa_audit.widgets.listing import MOST
from qa_audit.widgets.moment_list import AFTER_S, BEFORE_S
from qa_audit.widgets.monthly_scores import REPORTS
from qa_audit.widgets.sample_calls import NEW_AGENT_CALLS
from qa_audit.widgets.trainer_review import PLAYLISTS

DOCS = Path(__file__).parents[1] / "docs"
TEXTS = {name: (DOCS / f"{name}.zh-CN.md").read_text("utf-8") for name in ("trainer", "supervisor")}
SHOWN = {message["zh"] for message in catalogue().values()}
COMMANDS = [
    line for text in TEXTS.values() for line in re.findall(r"^qa-audit ([^\n]*)$", text, re.MULTILINE)
]


@pytest.mark.parametrize("name", TEXTS)
def test_every_button_and_heading_is_one_of_the_panels(name):
    named = set(re.findall(r"【([^】]+)】", TEXTS[name]))
    assert len(named) > 10
    assert named <= SHOWN


@pytest.mark.parametrize("name", TEXTS)
def test_what_it_links_and_shows_is_there(name):
    links = re.findall(r"\]\(([^)]+)\)", TEXTS[name])
    assert links
    for link in links:
        assert (DOCS / link).is_file()


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    command, (name, *rest) = cli, shlex.split(line)
    while hasattr(command := command.commands[name], "commands"):
        name, *rest = rest
    with command.make_context(name, rest) as context:
        assert context.command is command


def test_the_figures_are_those_of_the_product():
    trainer, supervisor = TEXTS["trainer"], TEXTS["supervisor"]
    assert f"只看评过至少 {LEAST_JUDGED} 次" in trainer
    assert trainer.count(f"最多 {MOST_NEEDS} 项") == 2
    assert COMMON_RATE == 0.1
    assert "占十分之一以上" in trainer
    assert f"在 {EXEMPLARY_SCORE:g} 分以上" in trainer
    assert BEFORE_S == AFTER_S
    assert f"前后各多放 {BEFORE_S:g} 秒" in trainer
    assert f"最多列 {MOST:,} 条" in trainer
    assert f"最近 {TREND_MONTHS} 个月" in trainer
    assert f"每名新人抽 {NEW_AGENT_CALLS} 通" in supervisor
    assert f"`{PLAYLISTS}` 文件夹" in trainer
    assert f"`{REPORTS}` 文件夹" in supervisor


def test_every_design_of_the_panel_is_explained():
    designs = [text["zh"] for key, text in catalogue().items() if key.startswith("widget.sample.kind.")]
    assert len(designs) == 7
    for design in designs:
        assert f"| 【{design}】 |" in TEXTS["supervisor"]
