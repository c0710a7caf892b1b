import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError, catalogue, set_language
from qa_audit.workspace import Workspace


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", [["month", "estimate"], ["rubric", "quality"]])
def test_commands_are_documented_in_both_languages(lang, words):
    told = CliRunner().invoke(cli, ["--lang", lang, *words, "--help"])
    key = f"cli.help.{'_'.join(words)}"
    assert catalogue()[key][lang].split("\n", 1)[0] in told.output


def test_an_empty_workspace_has_nothing_to_estimate(tmp_path):
    Workspace.create(tmp_path / "ws")
    told = CliRunner().invoke(cli, ["month", "estimate", "--workspace", str(tmp_path / "ws")])
    assert isinstance(told.exception, QaError)
    assert told.exception.code == "workspace.no_recordings"


def test_rules_that_nobody_audited_have_no_quality(tmp_path):
    Workspace.create(tmp_path / "ws")
    run = CliRunner().invoke(cli, ["rubric", "quality", "--json", "--workspace", str(tmp_path / "ws")])
    assert json.loads(run.stdout) == {"items": []}
