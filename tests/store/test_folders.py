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
