"""docs/recordings.zh-CN.md and docs/sameness.zh-CN.md: commands and figures are those of the program."""

import re
import shlex
from pathlib import Path

import click
import pytest

from qa_audit.cli import cli
from qa_audit.estimation.conditions import SamenessSettings
from qa_audit.estimation.looking_often import FALSE_SHARE
from qa_audit.retention.place import MARK_FILE
from qa_audit.settings import Settings
from qa_audit.store.toml_file import parse_toml

DOCS = Path(__file__).parents[1] / "docs"
RECORDINGS = (DOCS / "recordings.zh-CN.md").read_text(encoding="utf-8")
SAMENESS = (DOCS / "sameness.zh-CN.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^qa-audit ([^\n]*)$", RECORDINGS + SAMENESS, flags=re.MULTILINE)


def test_all_commands_of_the_housekeeping_are_there():
    used = {tuple(word for word in shlex.split(line)[:2] if not word.startswith("-")) for line in COMMANDS}
    wanted = {("check-recordings",), ("month", "sameness"), ("listened",)}
    for group in ("archive", "retention", "hold"):
        wanted |= {(group, name) for name in cli.commands[group].commands}
    assert used == wanted


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    command, (name, *words) = cli, shlex.split(line)
    command = command.commands[name]
    while isinstance(command, click.Group):
        name, *words = words
        command = command.commands[name]
    with command.make_context(name, words) as context:
        assert context.params


def test_the_settings_shown_are_settings():
    shown = re.search(r"```toml\n(.*?)```", RECORDINGS, re.S)[1]
    assert parse_toml(shown.encode(), "doc", Settings).retention.archive_after_months == 3
    assert f"`{MARK_FILE}`" in RECORDINGS


def test_the_figures_of_the_page_on_sameness_are_the_defaults():
    rules = SamenessSettings()
    assert (rules.busy_share, rules.shift_part) == (1 / 3, 1 / 3)
    assert f"{rules.repeat_days} 天内打过" in SAMENESS
    assert f"不足 {rules.shift_least_h:g} 小时的班" in SAMENESS
    assert f"隔 {rules.shift_gap_h:g} 小时没有通话" in SAMENESS
    assert f"±{rules.matters_points:g} 分" in SAMENESS
    assert f"一边不到 {rules.least_calls} 通已评分，或不到 {rules.least_days} 天" in SAMENESS
    assert f"不超过 {FALSE_SHARE * 100:g} %" in SAMENESS
    assert f"隔 {rules.shift_gap_h:g} 小时" in RECORDINGS
