import os

import pytest

from qa_audit.transcribe.worker_count import cores_here, free_memory_bytes, worker_count

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("wanted", "pending", "cores", "free_bytes", "count"),
    [
        (0, 1000, 2, 16 * GB, 2),
        (0, 1000, 16, 4 * GB, 2),
        (0, 1000, 4, 1 * GB, 1),
        (0, 3, 16, 64 * GB, 3),
        (0, 1000, 4, None, 4),
        (6, 1000, 2, 1 * GB, 6),
        (6, 2, 2, 1 * GB, 2),
        (9999, 1000, 2, 16 * GB, 8),
        (1, 1000, 16, 64 * GB, 1),
        (0, 0, 16, 64 * GB, 1),
    ],
)
def test_workers_by_wish_cores_memory_and_work(wanted, pending, cores, free_bytes, count):
    assert worker_count(wanted, pending, cores=cores, free_bytes=free_bytes) == count


def test_on_a_gpu_one_worker_is_right():
    assert worker_count(4, 1000, cores=16, free_bytes=64 * GB, gpu=True) == 1


def test_cores_are_those_this_process_may_use():
    assert 1 <= cores_here() <= (os.cpu_count() or 1)


def test_free_memory_is_what_the_system_and_the_container_leave(tmp_path):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\n")
    assert free_memory_bytes(meminfo, tmp_path) == 8_192_000_000
    (tmp_path / "memory.current").write_text("3000000000\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 1000000000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory_bytes(meminfo, tmp_path) == 8_192_000_000
    (tmp_path / "memory.max").write_text("5000000000\n")
    assert free_memory_bytes(meminfo, tmp_path) == 3_000_000_000
    assert free_memory_bytes(tmp_path / "none", tmp_path) is None
