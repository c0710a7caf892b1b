import errno
import os
from pathlib import Path

import pytest

from qa_audit.messages import QaError
from qa_audit.store import files
from qa_audit.store.processes import host_name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_text_is_written_as_utf8_and_nothing_else_stays(tmp_path):
    files.write_text(tmp_path / "新" / "a.txt", "您好\r\n")
    assert (tmp_path / "新" / "a.txt").read_bytes() == b"\xe6\x82\xa8\xe5\xa5\xbd\r\n"
    assert names(tmp_path / "新") == ["a.txt"]


def test_killed_between_write_and_rename_leaves_the_old_file_whole(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    files.write_text(target, "old")

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        files.write_text(target, "new")
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "store.disk_full"),
        (errno.EDQUOT, "store.disk_full"),
        (errno.EROFS, "store.not_writable"),
        (errno.EACCES, "store.not_writable"),
        (errno.EIO, "store.write_failed"),
    ],
)
def test_a_failing_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch, number, code):
    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(QaError) as raised:
        files.write_bytes(tmp_path / "a.bin", b"1234")
    assert raised.value.code == code
    assert str(tmp_path / "a.bin") in str(raised.value)
    assert names(tmp_path) == []


def test_a_really_full_device_is_told():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(OSError, match="No space") as raised:
        Path("/dev/full").write_bytes(b"x")
    assert files.write_error(Path("a"), raised.value).code == "store.disk_full"


def test_file_and_folder_are_synced_in_that_order_round_the_rename(tmp_path, monkeypatch):
    steps = []
    real_sync, real_replace = os.fsync, os.replace

    def sync(handle):
        steps.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        real_sync(handle)

    def replace(*paths):
        steps.append("rename")
        real_replace(*paths)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to tell what is synced")
    monkeypatch.setattr(files.os, "fsync", sync)
    monkeypatch.setattr(files.os, "replace", replace)
    files.write_text(tmp_path / "a.txt", "x")
    assert steps == ["file", "rename", "folder"]


def test_every_folder_that_is_new_is_synced_in_the_one_above_it(tmp_path, monkeypatch):
    synced, real_sync = [], os.fsync

    def told(handle):
        synced.append(os.fstat(handle).st_ino)
        real_sync(handle)

    monkeypatch.setattr(files.os, "fsync", told)
    for _ in range(2):
        files.make_folders(tmp_path / "disk" / "七月")
    assert synced == [one.stat().st_ino for one in (tmp_path, tmp_path / "disk")]


def test_what_is_gone_cannot_be_synced(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.sync(tmp_path / "gone")


@pytest.mark.skipif(os.name == "nt", reason="has no set-group-ID")
def test_in_a_folder_of_a_group_files_and_folders_are_the_groups_whatever_the_umask(tmp_path):
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    own.mkdir()
    shared.chmod(0o2770)
    own.chmod(0o700)
    former = os.umask(0o077)
    try:
        for folder in (shared, own):
            files.write_text(folder / "results" / "2026-10" / "a.txt", "x")
            with files.replacing(folder / "results" / "2026-10" / "b.png") as temporary:
                temporary.write_bytes(b"y")
    finally:
        os.umask(former)

    def rights(folder):
        return [oct(one.stat().st_mode & 0o7777) for one in (folder, *sorted(folder.rglob("*")))]

    assert rights(shared) == ["0o2770", "0o2770", "0o2770", "0o660", "0o660"]
    assert rights(own) == ["0o700", "0o700", "0o700", "0o600", "0o600"]


def test_leftovers_of_the_dead_go_and_those_of_the_living_stay(tmp_path):
    host = host_name()
    folder = tmp_path / "turns" / "2026-10"
    folder.mkdir(parents=True)
    dead = folder / f".a.parquet.{host}.4194304.0a1b2c3d.partial"  # above the largest process id
    alive = folder / f".b.parquet.{host}.{os.getpid()}.0a1b2c3d.partial"
    elsewhere = folder / ".c.parquet.otherhost.1.0a1b2c3d.partial"
    old = folder / ".d.parquet.otherhost.1.0a1b2c3d.partial"
    foreign = folder / ".e.partial"
    for file in (dead, alive, elsewhere, old, foreign):
        file.write_bytes(b"half")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    assert files.remove_leftovers(tmp_path) == 2
    assert names(folder) == sorted(file.name for file in (alive, elsewhere, foreign))


def test_a_killed_process_leaves_a_leftover_that_is_known(tmp_path):
    pid = os.fork()
    if pid == 0:
        with files.replacing(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            os._exit(9)
    os.waitpid(pid, 0)
    assert len(names(tmp_path)) == 1
    assert files.remove_leftovers(tmp_path) == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["长" * 83 + ".wav", "a" * 251 + ".wav"])
def test_a_name_as_long_as_may_be_is_written_too(tmp_path, name):
    with files.replacing(tmp_path / name) as temporary:
        temporary.write_text("whole")
        assert files._TEMPORARY.match(temporary.name)
    assert [one.name for one in tmp_path.iterdir()] == [name]
