import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli, main


@pytest.fixture(autouse=True)
def _signals():
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_command_in_order(monkeypatch, capsys, sent):
    signal.signal(sent, signal.SIG_DFL)  # the tests themselves may run under `nohup`
    monkeypatch.setattr(cli, "main", lambda **_: os.kill(os.getpid(), sent))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "\n已中断。做完的都已保存；再次运行同一命令会接着做。\n"


def test_nohup_goes_on(monkeypatch):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    monkeypatch.setattr(cli, "main", lambda **_: os.kill(os.getpid(), signal.SIGHUP))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0


def test_wrong_use_is_told_to_scripts_as_well(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["qa-audit", "status", "--jsn", "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert json.loads(out)["error"]["code"] == "cli.usage"
    assert "--jsn" in json.loads(out)["error"]["message"]
    assert "--jsn" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
def test_an_output_that_does_not_fit_is_told():
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "qa_audit.cli", "--lang", "en", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr == (
        "The output could not be written (No space left on device). What was finished is kept; "
        "free some space or send the output elsewhere, and run the same command again.\n"
    )


def test_what_the_terminal_cannot_show_stands_as_escapes(tmp_path):
    lost = tmp_path / "\N{GRINNING FACE}.wav"
    plain, as_json = (
        subprocess.run(
            [sys.executable, "-m", "qa_audit.cli", "status", "--workspace", str(lost), *more],
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": "gbk"},
        )
        for more in ([], ["--json"])
    )
    assert (plain.returncode, as_json.returncode) == (2, 2)
    assert "\\U0001f600.wav" in plain.stderr.decode("gbk")
    told = json.loads(as_json.stdout.decode("gbk"))["error"]
    assert told["code"] == "workspace.not_found"
    assert str(lost) in told["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", ""],
        ["init", ""],
        ["status", "--workspace", ""],
        ["rubric", "status", "--workspace", ""],
        ["report", "--month", "2026-10", "--out", ""],
        ["backup", ""],
    ],
)
def test_an_empty_path_is_not_the_current_folder(arguments):
    found = CliRunner().invoke(cli, arguments)
    assert found.exit_code == 2
    assert "路径是空的" in found.output
