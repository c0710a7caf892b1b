import pytest

from qa_audit.backup_manifest import changed_files, files_below, read_manifest, write_manifest
from qa_audit.messages import QaError
from qa_audit.store.database import open_database


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "results").mkdir()
    for name in ("qa_audit.toml", "results/b", "results/.c.partial", "results/d.damaged"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to(tmp_path / "qa_audit.toml")
    open_database(tmp_path / "qa_audit.db").dispose()
    return tmp_path


def test_links_and_unfinished_files_are_no_part_of_a_backup(folder):
    assert [str(path) for path in files_below(folder, "results")] == ["results/b"]
    assert [str(path) for path in files_below(folder, "")] == ["qa_audit.db", "qa_audit.toml", "results/b"]


def test_a_manifest_tells_which_files_are_others_or_gone(folder):
    manifest = write_manifest(folder, "2026-11-27T12:00:00+00:00")
    assert read_manifest(folder) == manifest
    assert manifest["files"]["results/b"]["bytes"] == 9
    assert changed_files(folder, manifest) == []
    (folder / "results" / "b").write_text("results/c")
    (folder / "qa_audit.toml").unlink()
    assert changed_files(folder, manifest) == ["qa_audit.toml", "results/b"]


def test_a_manifest_without_the_database_is_none(folder):
    write_manifest(folder, "2026-11-27T12:00:00+00:00")
    text = (folder / "manifest.json").read_text().replace("qa_audit.db", "other.db")
    (folder / "manifest.json").write_text(text)
    with pytest.raises(QaError) as error:
        read_manifest(folder)
    assert error.value.code == "backup.not_one"
