"""What a file on the disk holds, however long it is and whatever the system can do."""

import hashlib
import os
import random

import pytest

from qa_audit.retention.read_back import sha256_from_disk

CHUNK = 1 << 20
LENGTHS = (0, 1, 4095, 4096, 4097, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 4096)


def written(path, length):
    """So many bytes, on the disk; their hash."""
    contents = random.Random(length).randbytes(length)
    with path.open("wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(contents).hexdigest()


@pytest.fixture(params=["direct", "cached", "neither"])
def system(request, monkeypatch):
    """Systems that read past their cache, that can be asked to forget it, and that know nothing of this."""
    if request.param != "direct":
        monkeypatch.delattr(os, "O_DIRECT", raising=False)
    if request.param == "neither":
        monkeypatch.delattr(os, "posix_fadvise", raising=False)


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("length", LENGTHS)
def test_every_byte_counts_at_whatever_edge_the_file_ends(tmp_path, length):
    wanted = written(tmp_path / "a.wav", length)
    assert sha256_from_disk(tmp_path / "a.wav") == wanted


@pytest.mark.usefixtures("system")
def test_what_was_written_over_is_seen(tmp_path):
    path = tmp_path / "a.wav"
    before = written(path, 5000)
    assert sha256_from_disk(path) == before
    with path.open("r+b") as file:
        file.seek(4999)
        file.write(b"\0")
    assert sha256_from_disk(path) != before


@pytest.mark.usefixtures("system")
def test_what_cannot_be_read_is_no_hash(tmp_path):
    with pytest.raises(FileNotFoundError):
        sha256_from_disk(tmp_path / "gone.wav")
    with pytest.raises(IsADirectoryError):
        sha256_from_disk(tmp_path)
