import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.backup import back_up, read_backup
from qa_audit.messages import QaError, speaking
from qa_audit.restored import restore
from qa_audit.store.files import temporary_path
from qa_audit.workspace import Workspace
from tests.commented_workspace import comments_in, make_commented
from tests.refusal import code_of

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    made = make_commented(tmp_path / "ws")
    (made.results / "turns" / "2026-10" / ".k2.host.1.00000000.partial").write_bytes(b"half")
    yield made
    made.database.dispose()


def test_a_database_on_a_server_is_not_copied_with_the_folder(workspace, tmp_path):
    settings = workspace.settings_file
    url = "postgresql+psycopg://qa:geheim@server/department"
    settings.write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
    with pytest.raises(QaError) as error:
        back_up(workspace.folder, tmp_path / "kept")
    assert error.value.code == "backup.postgres"
    assert "pg_dump -Fc department" in error.value.text("zh")
    assert "geheim" not in error.value.text("zh")


def test_what_was_backed_up_comes_back(workspace, tmp_path):
    backup = back_up(workspace.folder, tmp_path / "kept", now=NOON)
    assert (backup.files, backup.head, backup.made_at) == (
        5,
        str(workspace.head),
        "2026-11-27T12:00:00+00:00",
    )
    append(workspace.database, "c1", "李敏", WriteComment("二"), workspace.rubric)
    back = restore(tmp_path / "kept", tmp_path / "new")
    assert (back.failed, back.moved_to, back.verified.parts) == (False, None, 1)
    assert comments_in(tmp_path / "new") == ["一"]
    assert comments_in(workspace.folder) == ["一", "二"]
    assert Workspace.open(tmp_path / "new").choices == workspace.choices
    for lang in ("zh", "en"):
        with speaking(lang):
            assert backup.head in str(backup)
            assert str(tmp_path / "new") in str(back)
    json.dumps([backup.as_json(), back.as_json()])


def test_a_backup_is_for_its_owner_only(workspace, tmp_path):
    back_up(workspace.folder, tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


def test_a_backup_is_not_written_over(workspace, tmp_path):
    back_up(workspace.folder, tmp_path / "kept")
    assert code_of(back_up, workspace.folder, tmp_path / "kept") == "backup.exists"
    assert code_of(back_up, tmp_path, tmp_path / "other") == "workspace.not_found"
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["qa_audit.db", "rubric.toml", "results/turns/2026-10/k1.parquet"])
def test_a_backup_with_a_changed_or_missing_file_restores_nothing(workspace, tmp_path, name):
    back_up(workspace.folder, tmp_path / "kept")
    file = tmp_path / "kept" / name
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert code_of(restore, tmp_path / "kept", tmp_path / "new") == "backup.damaged"
    file.unlink()
    assert code_of(read_backup, tmp_path / "kept") == "backup.damaged"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/../../b", "..\\b"])
def test_a_manifest_that_leads_out_of_the_backup_is_refused(workspace, tmp_path, name):
    back_up(workspace.folder, tmp_path / "kept")
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    manifest["files"][name] = {"sha256": "0" * 64, "bytes": 0}
    (tmp_path / "kept" / "manifest.json").write_text(json.dumps(manifest))
    assert code_of(restore, tmp_path / "kept", tmp_path / "new") == "backup.not_one"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": 2, "files": {}}', '{"format": 1, "files": {}, "head": "x"}']
)
def test_a_folder_without_a_manifest_is_no_backup(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    assert code_of(read_backup, tmp_path) == "backup.not_one"


def test_a_backup_that_was_cut_off_leaves_nothing(workspace, tmp_path):
    (workspace.folder / "qa_audit.db").write_bytes(b"no database" * 500)
    assert code_of(back_up, workspace.folder, tmp_path / "kept") == "store.not_a_database"
    assert [one.name for one in tmp_path.iterdir()] == ["ws"]


def test_what_others_laid_beside_is_not_deleted(workspace, tmp_path):
    for name in ("kept.partial", "new.restoring"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("mine")
    back_up(workspace.folder, tmp_path / "kept")
    restore(tmp_path / "kept", tmp_path / "new")
    for name in ("kept.partial", "new.restoring"):
        assert (tmp_path / name / "notes.txt").read_text() == "mine"


def test_what_a_killed_backup_left_is_removed_by_the_next_and_a_running_one_is_left(workspace, tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    running = temporary_path(tmp_path / "kept")
    killed = running.with_name(running.name.replace(f".{os.getpid()}.", f".{ended.pid}."))
    for place in (running, killed):
        place.mkdir()
        (place / "qa_audit.db").write_bytes(b"half")
    back_up(workspace.folder, tmp_path / "kept")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([running.name, "kept", "ws"])


def test_of_two_backups_into_one_folder_the_first_stays_whole(workspace, tmp_path, monkeypatch):
    from qa_audit import backup

    copied = backup._copy_database

    def overtaken(source, target):
        monkeypatch.setattr(backup, "_copy_database", copied)
        back_up(workspace.folder, tmp_path / "kept", now=NOON)
        copied(source, target)

    monkeypatch.setattr(backup, "_copy_database", overtaken)
    assert code_of(back_up, workspace.folder, tmp_path / "kept") == "backup.exists"
    assert read_backup(tmp_path / "kept").made_at == "2026-11-27T12:00:00+00:00"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept", "ws"]


WRITER = """
import sys
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
database, rubric = open_database(sys.argv[1]), load_rubric()
for number in range(10_000):
    append(database, f"w{number % 50}", "王芳", WriteComment(str(number)), rubric)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_backups_are_whole_while_somebody_writes(workspace, tmp_path):
    command = [sys.executable, "-c", WRITER, str(workspace.folder / "qa_audit.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        for number in range(5):
            confirmed = int(writer.stdout.readline())
            back_up(workspace.folder, tmp_path / f"kept{number}")
            back = restore(tmp_path / f"kept{number}", tmp_path / f"new{number}")
            assert not back.failed
            with closing(sqlite3.connect(tmp_path / f"new{number}" / "qa_audit.db")) as plain:
                (events,) = plain.execute("SELECT count(*) FROM audit_events").fetchone()
            assert events >= confirmed + 2
        writer.kill()
