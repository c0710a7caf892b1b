"""`qa-audit report` and `qa-audit bulletin` on a workspace of two heard months."""

import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.commands.report import FORMATS
from qa_audit.messages import QaError, catalogue
from qa_audit.reports import month_files
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures


@pytest.fixture
def run(heard):  # noqa: F811
    def call(*arguments):
        done = CliRunner().invoke(cli, [*arguments, "--workspace", str(heard.folder)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


def test_every_format_there_is_can_be_asked_for():
    assert FORMATS == month_files.FORMATS


def test_the_formats_asked_for_are_written_and_named(run, tmp_path):
    out = tmp_path / "月报"
    wanted = ("--format", "html", "--format", "csv")
    said = run("report", "--month", "2026-10", "--out", str(out), *wanted)
    names = [line.removeprefix(f"{out}/") for line in said.splitlines()]
    assert names == [
        "2026-10.html",
        *(f"2026-10-{name}.csv" for name in ("班组", "员工", "项目", "四个一样", "明细", "问题清单")),
    ]
    assert {path.name for path in out.iterdir()} == set(names)
    again = run("report", "--month", "2026-10", "--out", str(out), *wanted, "--json")
    assert json.loads(again) == {"month": "2026-10", "files": [f"{out}/{name}" for name in names]}


def test_a_month_without_calls_is_refused(heard, tmp_path):  # noqa: F811
    arguments = ["report", "--month", "2025-01", "--out", str(tmp_path), "--workspace", str(heard.folder)]
    with pytest.raises(QaError) as refused:
        CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert refused.value.code == "workspace.empty_month"


def test_the_bulletin_is_printed_or_written(run, heard, tmp_path):  # noqa: F811
    day = f"{heard.bulletin().last}"
    assert run("bulletin", "--day", day).startswith("每日质检情况\n")
    assert run("bulletin", "--day", day, "--days", "7").startswith("每周质检情况\n")
    told = json.loads(run("bulletin", "--out", str(tmp_path), "--json"))
    assert (told["day"], told["days"], len(told["files"])) == (day, 1, 3)
    assert told["text"].startswith("每日质检情况\n")


@pytest.mark.parametrize("command", ["report", "bulletin"])
def test_both_are_documented_in_two_languages(command):
    message = catalogue()[f"cli.help.{command}"]
    for lang in ("zh", "en"):
        told = CliRunner().invoke(cli, ["--lang", lang, command, "--help"])
        assert message[lang].split("\n", 1)[0] in " ".join(told.output.split())
