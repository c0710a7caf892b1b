"""What lies in deploy/ is whole: units that systemd accepts, commands that exist, a hub recipe that loads."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from qa_audit.cli import cli

DEPLOY = Path(__file__).parents[1] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
UNITS = sorted([*SERVICES, *DEPLOY.glob("*.timer")])


def _settings(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_each_service_has_its_timer():
    assert [path.stem for path in SERVICES] == ["qa-audit-backup", "qa-audit"]
    assert all(path.with_suffix(".timer").is_file() for path in SERVICES)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_a_command_that_exists_and_has_no_network(path):
    found = _settings(path)
    words = shlex.split(found["ExecStart"])
    words = shlex.split(words[-1]) if words[0] == "/bin/sh" else words
    program, name, *arguments = words[1:] if words[0] == "exec" else words
    assert program == "/opt/qa-audit/.venv/bin/qa-audit"
    told = cli.commands[name].make_context(name, arguments).params
    assert told["workspace"] == Path("/srv/qa-audit/centre")
    wanted = {
        "PrivateNetwork": "yes",
        "IPAddressDeny": "any",
        "RestrictAddressFamilies": "AF_UNIX",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "User": "qa-audit",
    }
    assert found["UMask"] == ("0077" if name == "backup" else "0007")
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_has_nothing_to_complain_of(tmp_path):
    for path in UNITS:  # the program and the user are not on this machine
        text = path.read_text(encoding="utf-8").replace("/opt/qa-audit/.venv/bin/qa-audit", "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path in UNITS)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_hub_recipe_gives_kernels_the_workspace_and_keeps_jupyterlab_at_home():
    sections = {}

    class Config:
        def __getattr__(self, name):
            return sections.setdefault(name, SimpleNamespace())

    source = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
    before = os.umask(0o022)
    try:
        exec(compile(source, "jupyterhub_config.py", "exec"), {"get_config": Config})
    finally:
        assert os.umask(before) == 0o007
    spawner = sections["Spawner"]
    assert spawner.environment["QA_AUDIT_WORKSPACE"] == "/srv/qa-audit/centre"
    assert "jupyter_config" in spawner.environment["JUPYTER_CONFIG_PATH"]
    assert "--LabApp.news_url=None" in spawner.args
    assert sections["LocalAuthenticator"].allowed_groups == {"qa-audit"}
    assert re.match(r"http://127\.0\.0\.1:", sections["JupyterHub"].bind_url)
