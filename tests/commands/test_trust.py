import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.cli import cli
from qa_audit.messages import QaError, catalogue
from qa_audit.workspace import Workspace


@pytest.fixture
def folder(tmp_path):
    made = Workspace.create(tmp_path / "ws")
    append(made.database, "c1", "李敏", WriteComment("一"), made.rubric)
    made.database.dispose()
    return str(tmp_path / "ws")


def _run(*words):
    return CliRunner().invoke(cli, words, standalone_mode=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["verify", "backup", "restore"])
def test_commands_are_documented_in_both_languages(lang, name):
    told = CliRunner().invoke(cli, ["--lang", lang, name, "--help"])
    assert catalogue()[f"cli.help.{name}"][lang].split("\n", 1)[0] in told.output


def test_verify_prints_a_head_and_compares_one(folder):
    run = _run("verify", "--workspace", folder, "--json")
    told = json.loads(run.stdout)
    assert (run.return_value, told["ok"], told["chain"]["links"]) == (0, True, {"audit_events": 1})
    head = told["chain"]["head"]
    again = _run("verify", "--workspace", folder, "--head", head)
    assert again.return_value == 0
    assert head in again.stdout
    with closing(sqlite3.connect(f"{folder}/qa_audit.db")) as plain, plain:
        plain.execute("UPDATE audit_events SET call_id = 'c2'")
    after = _run("verify", "--workspace", folder, "--head", head)
    assert after.return_value == 1
    assert "audit_events 第 1 行被改动" in after.stdout
    refused = _run("verify", "--workspace", folder, "--head", "x")
    assert isinstance(refused.exception, QaError)


def test_backup_and_restore(folder, tmp_path):
    made = json.loads(_run("backup", str(tmp_path / "kept"), "--workspace", folder, "--json").stdout)
    assert made["folder"] == str(tmp_path / "kept")
    refused = _run("restore", str(tmp_path / "kept"), folder)
    assert refused.exception.code == "backup.in_the_way"
    back = _run("restore", str(tmp_path / "kept"), folder, "--replace", "--json")
    assert back.return_value == 0
    told = json.loads(back.stdout)
    assert told["verified"]["ok"]
    assert told["moved_to"].startswith(f"{folder}.before-")
