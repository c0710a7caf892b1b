"""What the READMEs promise exists: commands with their options, make targets, linked files, sheet names."""

import re
import shlex
from pathlib import Path

import click
import pytest

from qa_audit.cli import cli
from qa_audit.reports import tables, workbook

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def _shell_lines(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    whole = (block.replace("\\\n", " ") for block in blocks)
    return [line for block in whole for line in block.splitlines() if line]


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_exists(name):
    used = [shlex.split(line) for line in _shell_lines(name) if line.startswith("qa-audit")]
    assert len(used) >= 3
    for _, command, *arguments in used:
        known = {flag for option in cli.commands[command].params for flag in option.opts}
        given = {word for word in arguments if word.startswith("--")}
        assert given <= known, (command, given - known)
        names = [param for param in cli.commands[command].params if isinstance(param, click.Argument)]
        assert names or not arguments[0:1] or arguments[0].startswith("--")


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_exists(name):
    targets = {line.split()[1] for line in _shell_lines(name) if line.startswith("make ")}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


@pytest.mark.parametrize("name", READMES)
def test_every_linked_file_is_there(name):
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert len(links) >= 5
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_sheet_is_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for sheet in (workbook.SUMMARY, tables.TEAMS, tables.AGENTS, tables.CALLS, tables.FAULTS, workbook.NOTES):
        assert sheet in text


def test_the_python_example_runs_on_what_exists():
    import qa_audit
    from qa_audit.months.scored_month import Month
    from qa_audit.workspace import Workspace

    assert callable(qa_audit.open)
    for name in ("run", "month", "report"):
        assert hasattr(Workspace, name)
    assert {"calls", "findings", "agents", "teams", "items"} <= set(Month.__dataclass_fields__)
