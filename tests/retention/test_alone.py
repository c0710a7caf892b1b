"""The lock of the housekeeping: one holder at a time, let go however the holder ends."""

import os
import stat
import subprocess
import sys

import pytest

from qa_audit.messages import QaError
from qa_audit.retention.alone import LOCK_FILE, alone

HOLD = """
import sys
from pathlib import Path
from qa_audit.retention.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def refused(workspace):
    """How somebody else is refused; None where the lock is free."""
    try:
        with alone(workspace):
            return None
    except QaError as error:
        return error.code, error.values


def free(workspace):
    return refused(workspace) is None


def test_whoever_is_refused_does_not_take_the_lock_from_its_holder(tmp_path):
    with alone(tmp_path):
        for _ in range(2):
            assert refused(tmp_path) == ("archive.running", {"workspace": tmp_path})
    assert free(tmp_path)


def test_other_workspaces_are_not_held_up(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with alone(tmp_path / "one"):
        assert free(tmp_path / "two")


def test_a_fault_in_the_block_passes_and_lets_go(tmp_path):
    with pytest.raises(ValueError, match="odd"), alone(tmp_path):
        raise ValueError("odd")
    assert free(tmp_path)


def test_a_killed_run_holds_it_no_longer(tmp_path):
    command = [sys.executable, "-c", HOLD, tmp_path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        assert not free(tmp_path)
        run.kill()
    assert free(tmp_path)


def test_a_lock_file_that_lies_there_is_no_lock(tmp_path):
    (tmp_path / LOCK_FILE).write_text("4711")
    assert free(tmp_path)


@pytest.mark.parametrize(
    ("mask", "rights"), [(0o007, "-rw-rw----"), (0o022, "-rw-r--r--"), (0o077, "-rw-------")]
)
def test_whoever_may_write_in_the_workspace_may_hold_it_next(tmp_path, mask, rights):
    former = os.umask(mask)
    try:
        assert free(tmp_path)
    finally:
        os.umask(former)
    assert stat.filemode((tmp_path / LOCK_FILE).stat().st_mode) == rights


def test_a_workspace_that_is_gone_is_told_with_the_place(tmp_path):
    with pytest.raises(QaError) as error, alone(tmp_path / "gone"):
        pytest.fail("the lock cannot be held there")
    assert error.value.code == "store.write_failed"
    assert error.value.values["path"] == tmp_path / "gone" / LOCK_FILE
