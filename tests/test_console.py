import click
import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.console import SpokenOption, table, width_of
from qa_audit.messages import catalogue, set_language
from qa_audit.transcribe.presets import PRESETS
from qa_audit.transcribe.settings import ENGINES
from qa_audit.transcribe.weights import OFFICIAL

COMMANDS = [
    "init",
    "import",
    "transcribe",
    "score",
    "run",
    "status",
    "check",
    "rubric",
    "sample",
    "month",
    "appeal",
    "faults",
    "coach",
    "praise",
    "complaint",
    "find",
    "report",
    "bulletin",
    "check-recordings",
    "archive",
    "retention",
    "hold",
    "listened",
    "roles",
    "verify",
    "backup",
    "restore",
    "doctor",
    "metrics",
    "models",
    "lab",
]


@pytest.fixture(autouse=True)
def _chinese_again(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


def test_commands_stand_in_the_order_of_the_work():
    assert list(cli.commands) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_and_option_is_documented_in_both_languages(name, lang):
    told = CliRunner().invoke(cli, ["--lang", lang, name, "--help"])
    assert told.exit_code == 0
    key = f"cli.help.{name.replace('-', '_')}"
    assert catalogue()[key][lang].split("\n", 1)[0] in " ".join(told.output.split())
    undocumented = [
        option.name
        for option in cli.commands[name].params
        if isinstance(option, click.Option) and not isinstance(option, SpokenOption)
    ]
    assert undocumented == []


def test_the_help_of_init_names_what_can_be_chosen():
    told = {name: catalogue()[f"cli.option.{name}"] for name in ("engine", "model", "preset")}
    for lang in ("zh", "en"):
        assert [name for name in ENGINES if name not in told["engine"][lang]] == []
        assert [name for name in OFFICIAL if name not in told["model"][lang]] == []
        assert [name for name in PRESETS["openai-whisper"] if name not in told["preset"][lang]] == []


def test_the_month_of_a_report_is_its_own_words():
    assert "写哪个月的月报，如 2026-10" in CliRunner().invoke(cli, ["report", "--help"]).output


def test_chinese_takes_two_columns():
    assert width_of("得分ok") == 6
    assert table(["名", "n"], [["张伟", 3], ["A", 12]], right=[1]) == "名     n\n----  --\n张伟   3\nA     12"


def test_a_table_without_rows_is_its_heading():
    assert table(["月份"], []) == "月份\n----"
