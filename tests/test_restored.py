import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.backup import back_up
from qa_audit.messages import QaError, speaking
from qa_audit.restored import restore
from tests.commented_workspace import comments_in, make_commented
from tests.refusal import code_of

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    made = make_commented(tmp_path / "ws")
    yield made
    made.database.dispose()


def test_a_living_workspace_is_never_written_over(workspace, tmp_path):
    back_up(workspace.folder, tmp_path / "kept")
    append(workspace.database, "c1", "李敏", WriteComment("二"), workspace.rubric)
    assert code_of(restore, tmp_path / "kept", workspace.folder) == "backup.in_the_way"
    assert comments_in(workspace.folder) == ["一", "二"]
    back = restore(tmp_path / "kept", workspace.folder, replace=True, now=NOON)
    assert back.moved_to == tmp_path / "ws.before-20261127T120000Z"
    assert (comments_in(workspace.folder), comments_in(back.moved_to)) == (["一"], ["一", "二"])


@pytest.mark.skipif(os.name == "nt", reason="making links takes a right there")
def test_a_link_is_followed_to_the_workspace(workspace, tmp_path):
    back_up(workspace.folder, tmp_path / "kept")
    append(workspace.database, "c1", "李敏", WriteComment("二"), workspace.rubric)
    link = tmp_path / "home" / "centre"
    link.parent.mkdir()
    link.symlink_to(workspace.folder)
    back = restore(tmp_path / "kept", link, replace=True, now=NOON)
    assert (back.workspace, link.readlink()) == (workspace.folder, workspace.folder)
    assert back.moved_to == tmp_path / "ws.before-20261127T120000Z"
    assert comments_in(workspace.folder) == ["一"]
    assert [one.name for one in link.parent.iterdir()] == ["centre"]


def _rights(folder):
    """Type, rights and set-group bit of the folder and what is in it, as `ls` shows them."""
    paths = [folder, *(folder / name for name in ("results/turns", "qa_audit.db", "qa_audit.toml"))]
    return [stat.filemode(path.stat().st_mode) for path in paths]


GROUP = ["drwxrws---", "drwxrws---", "-rw-rw----", "-rw-rw----"]


def _give_to_group(folder):
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o2770 if path.is_dir() else 0o660)


def test_a_group_can_open_what_takes_the_place_of_its_workspace(workspace, tmp_path):
    _give_to_group(workspace.folder)
    assert _rights(workspace.folder) == GROUP
    back_up(workspace.folder, tmp_path / "kept")
    former = os.umask(0o077)
    try:
        back = restore(tmp_path / "kept", workspace.folder, replace=True, now=NOON)
    finally:
        os.umask(former)
    assert _rights(workspace.folder) == _rights(back.moved_to) == GROUP


def test_what_was_closed_to_the_group_stays_closed(workspace, tmp_path):
    _give_to_group(workspace.folder)
    workspace.folder.chmod(0o700)
    (workspace.folder / "qa_audit.toml").chmod(0o640)
    back_up(workspace.folder, tmp_path / "kept")
    restore(tmp_path / "kept", workspace.folder, replace=True)
    assert _rights(workspace.folder) == ["drwx------", "drwxrws---", "-rw-rw----", "-rw-r-----"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives to other groups")
def test_the_group_stays_the_one_of_what_is_replaced(workspace, tmp_path):
    _give_to_group(workspace.folder)
    back_up(workspace.folder, tmp_path / "kept")
    for path in (workspace.folder, *workspace.folder.rglob("*")):
        os.chown(path, -1, 4711)
    workspace.folder.chmod(0o2770)
    (workspace.folder / "rubric.toml").unlink()
    restore(tmp_path / "kept", workspace.folder, replace=True)
    found = [workspace.folder / name for name in ("", "results/turns", "qa_audit.db", "rubric.toml")]
    assert [path.stat().st_gid for path in found] == [4711] * 4
    assert stat.filemode(found[-1].stat().st_mode) == "-rw-rw----"


def test_rights_of_a_group_that_cannot_be_given_go_to_no_other(workspace, tmp_path, monkeypatch):
    _give_to_group(workspace.folder)
    back_up(workspace.folder, tmp_path / "kept")

    def refused(*_):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "chown", refused)
    restore(tmp_path / "kept", workspace.folder, replace=True)
    assert _rights(workspace.folder) == ["drwx------", "drwx------", "-rw-------", "-rw-------"]


@pytest.mark.parametrize(
    ("mask", "rights"),
    [
        (0o007, ["drwxrwx---", "drwxrwx---", "-rw-rw----", "-rw-rw----"]),
        (0o022, ["drwxr-x---", "drwxr-x---", "-rw-r-----", "-rw-r-----"]),
        (0o077, ["drwx------", "drwx------", "-rw-------", "-rw-------"]),
    ],
)
def test_in_a_new_place_the_umask_decides_for_the_group_and_others_stay_out(
    workspace, tmp_path, mask, rights
):
    back_up(workspace.folder, tmp_path / "kept")
    former = os.umask(mask)
    try:
        restore(tmp_path / "kept", tmp_path / "new")
    finally:
        os.umask(former)
    assert _rights(tmp_path / "new") == rights


def test_a_folder_made_for_it_and_still_empty_keeps_its_rights(workspace, tmp_path):
    back_up(workspace.folder, tmp_path / "kept")
    (tmp_path / "new").mkdir()
    (tmp_path / "new").chmod(0o2770)
    restore(tmp_path / "kept", tmp_path / "new")
    assert _rights(tmp_path / "new") == GROUP


def _failing_renames(monkeypatch, *sources):
    """Renames of these paths fail; of "" that of the restored copy."""
    rename = Path.rename

    def failing(path, target):
        if path.name in sources or ("" in sources and path.name.endswith(".partial")):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)


def test_a_workspace_that_cannot_be_replaced_stays_in_its_place(workspace, tmp_path, monkeypatch):
    back_up(workspace.folder, tmp_path / "kept")
    append(workspace.database, "c1", "李敏", WriteComment("二"), workspace.rubric)
    _failing_renames(monkeypatch, "")
    assert code_of(restore, tmp_path / "kept", workspace.folder, replace=True) == "store.write_failed"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept", "ws"]
    assert comments_in(workspace.folder) == ["一", "二"]


def test_where_the_workspace_lies_is_told_when_it_cannot_be_put_back(workspace, tmp_path, monkeypatch):
    back_up(workspace.folder, tmp_path / "kept")
    moved = "ws.before-20261127T120000Z"
    _failing_renames(monkeypatch, "", moved)
    with pytest.raises(QaError) as error:
        restore(tmp_path / "kept", workspace.folder, replace=True, now=NOON)
    assert error.value.code == "backup.not_put_back"
    for lang in ("zh", "en"):
        assert str(tmp_path / moved) in error.value.text(lang)
    assert comments_in(tmp_path / moved) == ["一"]


def test_whoever_restores_is_told_that_deleted_words_are_back(workspace, tmp_path):
    back_up(workspace.folder, tmp_path / "kept", now=NOON)
    back = restore(tmp_path / "kept", tmp_path / "new")
    told = {
        "zh": "此后删除的文字又回来了，请再删一次",
        "en": "words deleted after that are back: delete them again",
    }
    for lang, words in told.items():
        with speaking(lang):
            assert words in str(back)
