"""What is found goes masked into files and to other programs, and as it is to a screen."""

import json
import sys

from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.commands.find import show_found
from tests.browser.made_workspace import make_workspace


def _shown(workspace, capsys, **known):
    wanted = {"words": (), "at": None, "near": False, "most": 5, "as_json": False, "month": None}
    wanted |= {"number": None, "agent": None, "within_minutes": 60.0}
    assert show_found(workspace=workspace.folder, **(wanted | known)) == 0
    return capsys.readouterr().out


def test_customers_numbers_are_masked_unless_a_screen_shows_them(tmp_path, capsys, monkeypatch):
    made = make_workspace(tmp_path / "ws")
    number = made.find()["customer_no"].drop_nulls()[0]
    assert number not in _shown(made, capsys)
    assert number not in _shown(made, capsys, as_json=True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert number in _shown(made, capsys)
    told = CliRunner().invoke(cli, ["find", "--json", "--workspace", str(made.folder)], standalone_mode=False)
    assert number not in told.output
    assert json.loads(told.output)["found"] == made.find().height
    made.database.dispose()
