"""docs/operations.md: its commands, make targets and hashes are as written."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from qa_audit.cli import cli

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^qa-audit ([^\n]*)$", TEXT, flags=re.MULTILINE)
HASHED = re.findall(r"^(printf [^\n]*sha256sum)\n# ([0-9a-f]{64})$", TEXT, flags=re.MULTILINE)


def test_there_are_commands_and_hashes():
    assert len(COMMANDS) >= 5
    assert len(HASHED) == 1


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    name, *arguments = shlex.split(line)
    with cli.commands[name].make_context(name, arguments) as context:
        assert context.params


@pytest.mark.parametrize(("command", "wanted"), HASHED)
def test_sha256sum_prints_what_the_page_says(command, wanted):
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == wanted


def test_make_targets_and_links_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"`make ([a-z-]+)`", TEXT)
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
