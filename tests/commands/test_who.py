"""Commands bear the name of whoever is logged in; another only where nobody was given a role."""

import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.retention.holds import holds_frame
from qa_audit.store.roles import grant
from tests.browser.made_workspace import make_workspace
from tests.made_audits import HARSH, RUDE


@pytest.fixture
def own(tmp_path, monkeypatch):
    made = make_workspace(tmp_path / "ws")
    monkeypatch.setattr("qa_audit.store.persons.login", lambda: "wangfang")
    monkeypatch.setattr("qa_audit.store.roles.own_login", lambda: "wangfang")
    monkeypatch.delenv("QA_AUDIT_WHO", raising=False)
    yield made
    made.database.dispose()


def _run(workspace, *arguments):
    given = ["--workspace", str(workspace.folder), "--json"]
    return CliRunner().invoke(cli, [*arguments, *given], standalone_mode=False)


def test_the_name_is_that_of_the_login_unless_another_is_given(own):
    assert _run(own, "hold", "add", RUDE, "--reason", "法院调取").exception is None
    assert _run(own, "hold", "add", HARSH, "--reason", "法院调取", "--who", "李敏").exception is None
    assert dict(holds_frame(own.database).select("call_id", "who").iter_rows()) == {
        RUDE: "wangfang",
        HARSH: "李敏",
    }


def test_once_roles_were_given_it_is_ones_own_and_no_other(own):
    grant(own.database, "wangfang", "supervisor", name="王芳", reason="主管")
    assert _run(own, "hold", "add", RUDE, "--reason", "法院调取").exception is None
    assert holds_frame(own.database)["who"].to_list() == ["王芳"]
    refused = _run(own, "hold", "add", HARSH, "--reason", "法院调取", "--who", "李敏")
    assert refused.exception.code == "roles.not_you"


def _with_who(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _with_who(command, (*path, name))
        else:
            for one in command.params:
                if "--who" in one.opts:
                    yield " ".join((*path, name)), one


def test_no_command_asks_for_a_name():
    found = dict(_with_who(cli))
    assert len(found) > 20
    assert [name for name, one in found.items() if one.required] == []


def test_the_list_of_callers_is_shown_without_a_name(own):
    assert json.loads(_run(own, "complaint", "vexatious").output) == {"vexatious": []}
    put = _run(own, "complaint", "vexatious", "138", "--reason", "骚扰")
    assert json.loads(put.output)["vexatious"][0]["who"] == "wangfang"
