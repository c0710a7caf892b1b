"""Copies one by one: what they hold, when they are refused, and what is left lying then."""

import hashlib
import os
from pathlib import Path

import pytest

from qa_audit.messages import QaError
from qa_audit.retention.copying import Seen, copy_checked, same_still

CHUNK = 1 << 20
SAID = b"RIFF" + bytes(2000)


def digest(contents):
    return hashlib.sha256(contents).hexdigest()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "录音" / "a.wav"
    path.parent.mkdir()
    path.write_bytes(SAID)
    os.utime(path, ns=(1, 1_750_000_000_123_456_789))
    return path


@pytest.fixture
def target(tmp_path):
    return tmp_path / "disk" / "七月" / "a.wav"


def refused(source, target, sha256):
    with pytest.raises(QaError) as error:
        copy_checked(source, target, sha256)
    return error.value.code


@pytest.mark.parametrize("length", [0, 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1])
def test_a_copy_is_the_same_bytes_however_many(source, target, length):
    source.write_bytes(os.urandom(length))
    copy_checked(source, target, digest(source.read_bytes()))
    assert target.read_bytes() == source.read_bytes()
    assert [path.name for path in target.parent.iterdir()] == ["a.wav"]


def test_a_copy_bears_the_time_of_change_of_its_source(source, target):
    copy_checked(source, target, digest(SAID))
    assert target.stat().st_mtime_ns == 1_750_000_000_123_456_789


def test_what_holds_the_same_already_is_taken_as_it_is(source, target):
    target.parent.mkdir(parents=True)
    target.write_bytes(SAID)
    lying = target.stat()
    seen = copy_checked(source, target, digest(SAID))
    assert same_still(source, seen)
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (lying.st_ino, lying.st_mtime_ns)


@pytest.mark.parametrize("copied", [False, True], ids=["no copy yet", "copied before"])
def test_a_source_that_holds_something_else_is_refused(source, target, copied):
    if copied:
        copy_checked(source, target, digest(SAID))
    source.write_bytes(b"another call")
    assert refused(source, target, digest(SAID)) == "archive.changed"
    assert [path.read_bytes() for path in target.parent.iterdir()] == [SAID] * copied


@pytest.mark.parametrize("copied", [False, True], ids=["no copy yet", "copied before"])
def test_a_source_that_is_gone_is_told(source, target, copied):
    if copied:
        copy_checked(source, target, digest(SAID))
    source.unlink()
    assert refused(source, target, digest(SAID)) == "archive.source_gone"
    assert [path.read_bytes() for path in target.parent.iterdir()] == [SAID] * copied


def test_a_source_that_cannot_be_read_is_told_with_the_systems_reason(tmp_path, target):
    with pytest.raises(QaError) as error:
        copy_checked(tmp_path, target, digest(SAID))
    assert error.value.code == "archive.source_unreadable"
    assert error.value.values == {"path": tmp_path, "reason": "Is a directory"}


@pytest.mark.parametrize("lying", ["file", "folder"])
def test_something_else_at_the_target_is_never_replaced(source, target, lying):
    if lying == "file":
        target.parent.mkdir(parents=True)
        target.write_bytes(SAID[:-1])
    else:
        target.mkdir(parents=True)
    assert refused(source, target, digest(SAID)) == "archive.taken"
    assert target.is_dir() if lying == "folder" else target.read_bytes() == SAID[:-1]


def test_a_file_where_a_folder_must_be_is_told(source, target):
    target.parent.parent.write_bytes(b"mine")
    assert refused(source, target, digest(SAID)) == "store.write_failed"
    assert target.parent.parent.read_bytes() == b"mine"


def _write(path):
    path.write_bytes(SAID + b"more")


def _replace(path):
    twin = path.with_name("b.wav")
    twin.write_bytes(path.read_bytes())
    os.utime(twin, ns=(1, path.stat().st_mtime_ns))
    twin.replace(path)


def _touch(path):
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))


@pytest.mark.parametrize("done", [_write, _replace, _touch, Path.unlink])
def test_whatever_is_done_to_the_source_afterwards_shows(source, target, done):
    seen = copy_checked(source, target, digest(SAID))
    assert same_still(source, seen)
    done(source)
    assert not same_still(source, seen)


def test_a_copy_has_the_rights_of_its_source_whatever_those_of_its_folder(source, target):
    source.chmod(0o440)
    target.parent.mkdir(parents=True)
    target.parent.chmod(0o2770)
    copy_checked(source, target, digest(SAID))
    assert target.stat().st_mode & 0o7777 == 0o440


def test_a_copy_is_not_taken_for_its_source(source, target):
    seen = copy_checked(source, target, digest(SAID))
    assert seen == Seen.of(source.stat())
    assert not same_still(target, seen)


@pytest.fixture
def synced(monkeypatch):
    """Files and folders that were synced, by their numbers."""
    found, sync = [], os.fsync

    def told(handle):
        found.append(os.fstat(handle).st_ino)
        sync(handle)

    monkeypatch.setattr(os, "fsync", told)
    return found


@pytest.mark.parametrize("lying", [False, True], ids=["new", "left by a killed run"])
def test_a_copy_is_on_the_disk_with_its_name_before_anything_is_said_of_it(source, target, synced, lying):
    if lying:
        target.parent.mkdir(parents=True)
        target.write_bytes(SAID)
    copy_checked(source, target, digest(SAID))
    assert {one.stat().st_ino for one in (target, target.parent)} <= set(synced)
