import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError, set_language
from qa_audit.workspace import Workspace


@pytest.fixture(autouse=True)
def _zhao(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    monkeypatch.setenv("JUPYTERHUB_USER", "zhao")
    yield
    set_language(None)


@pytest.fixture
def folder(tmp_path):
    Workspace.create(tmp_path / "ws").database.dispose()
    return str(tmp_path / "ws")


def _run(folder, *words):
    return CliRunner().invoke(cli, ["roles", *words, "--workspace", folder])


def test_roles_are_given_shown_and_taken(folder):
    assert "任何能打开工作区的人" in _run(folder, "show").output
    supervisor = ("grant", "zhao", "--role", "supervisor", "--name", "赵六", "--why", "负责质检")
    assert "主管" in _run(folder, *supervisor).output
    inspector = ("grant", "li", "--role", "inspector", "--name", "李敏", "--agent", "8002", "--why", "入职")
    given = _run(folder, *inspector, "--json")
    assert json.loads(given.output) == {
        "people": [{"login": "li", "name": "李敏", "agent": "8002", "roles": ["inspector"]}]
    }
    assert _run(folder, "show").output == (
        "登录名  姓名  工号  角色\n------  ----  ----  ------\n"
        "li      李敏  8002  质检员\nzhao    赵六  –     主管\n"
    )
    taken = _run(folder, "revoke", "li", "--role", "inspector", "--why", "离职", "--json")
    assert json.loads(taken.output)["people"][0]["roles"] == []


def test_who_has_no_role_gives_none(folder, monkeypatch):
    _run(folder, "grant", "zhao", "--role", "supervisor", "--name", "赵六", "--why", "负责质检")
    monkeypatch.setenv("JUPYTERHUB_USER", "li")
    refused = _run(folder, "grant", "li", "--role", "supervisor", "--name", "李敏", "--why", "x")
    assert isinstance(refused.exception, QaError)
    assert refused.exception.code == "roles.unknown_login"
    wrong = _run(folder, "grant", "li", "--role", "king", "--why", "x")
    assert wrong.exit_code == 2
