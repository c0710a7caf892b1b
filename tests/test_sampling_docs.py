"""docs/sampling.zh-CN.md: its commands, hashes and figures come out as written."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from qa_audit.commands.sample import sample
from qa_audit.sampling.allocation import Share
from qa_audit.sampling.interval import calls_for, half_width

TEXT = (Path(__file__).parents[1] / "docs" / "sampling.zh-CN.md").read_text(encoding="utf-8")
HASHED = re.findall(r"^ *(printf [^\n]*sha256sum)\n *# ([0-9a-f]{64})$", TEXT, flags=re.MULTILINE)
COMMANDS = re.findall(r"^qa-audit sample ([^\n]*)$", TEXT, flags=re.MULTILINE)


def test_there_are_hashes_and_commands():
    assert len(HASHED) == 4
    assert {shlex.split(line)[0] for line in COMMANDS} == set(sample.commands)


@pytest.mark.parametrize(("command", "wanted"), HASHED)
def test_sha256sum_prints_what_the_page_says(command, wanted):
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == wanted


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    name, *arguments = shlex.split(line)
    command = sample.commands[name]
    with command.make_context(name, arguments) as context:
        assert context.params


def test_the_widths_on_the_page():
    assert "| 8（3 通低分 + 5 通其余） | ±10.4 |" in TEXT
    assert round(half_width([Share("flagged", 120, 3), Share("rest", 480, 5)]), 1) == 10.4
    assert [calls_for(aim, 600) for aim in (5, 3)] == [28, 69]
    assert "| 28 | ±5 |" in TEXT
    assert "| 69 | ±3 |" in TEXT


def test_texts_are_packed_as_the_page_says():
    from qa_audit.sampling.tickets import packed

    assert packed("种子", "通话").decode() == "6:种子6:通话"
    assert "`6:种子6:通话`" in TEXT
