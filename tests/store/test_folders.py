import errno
import os
import stat

import pytest

from qa_audit.messages import QaError
from qa_audit.store.folders import copy_synced, filling


def test_a_folder_is_there_when_the_block_has_moved_it(tmp_path):
    with filling(tmp_path / "a", 0o700) as unfinished:
        (unfinished / "one.txt").write_text("1")
        assert not (tmp_path / "a").exists()
        unfinished.rename(tmp_path / "a")
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "one.txt"]
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("error", "raised"),
    [(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), QaError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_a_block_that_ends_early_leaves_nothing(tmp_path, error, raised):
    def fill():
        with filling(tmp_path / "a", 0o700) as unfinished:
            (unfinished / "one.txt").write_text("1")
            raise error

    with pytest.raises(raised):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_keeps_rights_and_lies_in_folders_of_its_owner(tmp_path):
    source = tmp_path / "one.txt"
    source.write_text("1")
    source.chmod(0o640)
    copy_synced(source, tmp_path / "a" / "b" / "two.txt")
    copy = tmp_path / "a" / "b" / "two.txt"
    assert (copy.read_text(), stat.S_IMODE(copy.stat().st_mode)) == ("1", 0o640)
    assert stat.S_IMODE(copy.parent.stat().st_mode) & 0o077 == 0


def test_a_file_that_may_not_be_read_is_named_and_not_the_folder_that_was_to_be_filled(tmp_path, monkeypatch):
    source = tmp_path / "results.parquet"
    source.write_bytes(b"x")

    def refused(path, _target):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("qa_audit.store.folders.shutil.copy2", refused)
    with pytest.raises(QaError) as raised, filling(tmp_path / "a", 0o700) as unfinished:
        copy_synced(source, unfinished / "results.parquet")
    assert (raised.value.code, raised.value.values["path"]) == ("store.unreadable", source)
    assert [path.name for path in tmp_path.iterdir()] == ["results.parquet"]
