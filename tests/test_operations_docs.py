"""docs/operations.md: its commands, make targets and hashes are as written."""

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.store.rights import RIGHTS, ROLES

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^qa-audit ([^\n]*)$", TEXT, flags=re.MULTILINE)
HASHED = re.findall(r"^(printf [^\n]*sha256sum)\n# ([0-9a-f]{64})$", TEXT, flags=re.MULTILINE)


def test_there_are_commands_and_hashes():
    assert len(COMMANDS) >= 5
    assert len(HASHED) == 1


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    command, name, arguments = cli, "qa-audit", shlex.split(line)
    while isinstance(command, click.Group):
        name, *arguments = arguments
        command = command.commands[name]
    with command.make_context(name, arguments) as context:
        assert context.params


def _block(heading, beginning):
    """The commands of the first block of a section that begins so."""
    section = TEXT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
    return next(one for one in blocks if one.startswith(beginning)).splitlines()


def _run(line, **places):
    for name, place in places.items():
        line = re.sub(rf"(?<=\s){re.escape(name)}(?=\s|$)", str(place), line)
    done = CliRunner().invoke(cli, shlex.split(line)[1:])
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return done.output


def test_the_roles_are_given_as_written(scored, monkeypatch):
    scored.database.dispose()
    monkeypatch.chdir(scored.folder)
    monkeypatch.setenv("JUPYTERHUB_USER", "zhao")
    shown = [_run(line) for line in _block("Who may do what", "qa-audit roles")][-1]
    assert re.search(r"zhao +赵六", shown)
    assert re.search(r"qa-audit +夜间批处理", shown)
    assert not re.search(r"limin +李敏.*(inspector|质检员)", shown)


def test_backup_and_restore_as_written(scored, monkeypatch, tmp_path):
    scored.database.dispose()
    monkeypatch.chdir(scored.folder)
    places = {
        "/backup/centre-2026-11-27": tmp_path / "backup",
        "centre-restored": tmp_path / "restored",
        "centre": tmp_path / "replaced",
    }
    (tmp_path / "replaced").mkdir()
    (tmp_path / "replaced" / "kept").touch()
    for line in _block("Backup and restore", "qa-audit backup"):
        _run(line, **places)
    assert (tmp_path / "restored" / "qa_audit.db").is_file()
    assert (tmp_path / "replaced" / "qa_audit.db").is_file()
    assert [one.name for one in tmp_path.glob("replaced.before-*/*")] == ["kept"]


def test_what_is_run_by_heart_as_written(scored, monkeypatch, tmp_path):
    scored.database.dispose()
    monkeypatch.chdir(scored.folder)
    target = "/var/lib/node_exporter/qa_audit.prom"
    _run(_block("Watching over it", "qa-audit metrics")[0], **{target: tmp_path / "m.prom"})
    assert (tmp_path / "m.prom").read_text(encoding="utf-8").startswith("# HELP qa_audit")
    # One link: the standard by which the calls were scored.
    assert "事件链完好：1 环" in _run(_block("Proof that nothing was changed", "qa-audit verify")[0])
    _run(_block("A look at the whole", "qa-audit doctor")[0])


@pytest.mark.parametrize(("command", "wanted"), HASHED)
def test_sha256sum_prints_what_the_page_says(command, wanted):
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == wanted


def test_the_table_of_roles_is_the_one_of_the_program():
    table = TEXT.split("| role | may |\n", 1)[1].split("\n\n", 1)[0]
    told = re.findall(r"^\| ([a-z ]+) \| ", table, flags=re.MULTILINE)
    assert {name.replace(" ", "_") for name in told} == set(ROLES)


def test_what_the_page_says_of_roles_is_so():
    adds = {role: {table for table, rights in RIGHTS.items() if role in rights.add} for role in ROLES}
    assert "audit_events" in adds["inspector"] & adds["trainer"] & adds["team_leader"] & adds["supervisor"]
    assert adds["agent"] == {"appeals", "appeal_steps", "decision_words", "plays", "chain"}
    assert not adds["batch"] & {"audit_events", "appeals", "rulings", "draws", "closings"}
    assert "coachings" in adds["trainer"] - adds["inspector"]
    assert "draws" in adds["team_leader"] - adds["trainer"]
    decides = {"closings", "erasures", "role_events", "rule_status_events"}
    assert decides <= adds["supervisor"] - adds["team_leader"]
    assert {table for table, rights in RIGHTS.items() if rights.change} == {
        *("imports", "folders", "recordings", "recording_files", "calls", "call_changes"),
        *("roster", "fixed", "jobs"),
    }


def test_make_targets_and_links_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"`make ([a-z-]+)`", TEXT)
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
