"""How many workers transcribe side by side on this machine, and with how many threads each."""

from __future__ import annotations

import os
from pathlib import Path

WORKER_BYTES = 1_500_000_000
"""Memory a worker needs: model, libraries, one batch."""
THREADS_EACH = 1
"""Threads of a worker, however many workers there are: sums of 8-bit layers come out a little otherwise with
other threads, and a recording that is transcribed again must get the same turns."""
MOST_A_CORE = 4
"""Workers that are started for each core at most, whatever is asked for."""


def worker_count(
    wanted: int, pending: int, *, cores: int, free_bytes: int | None = None, gpu: bool = False
) -> int:
    """Workers for `pending` recordings: `wanted`, or (0) what cores and free memory allow; at least 1.

    Never more than `MOST_A_CORE` a core: a slip of the pen would take all memory, and the machine with it.

    On a GPU one worker is right, whatever is wanted: it batches, and a second model would only take memory.

    >>> worker_count(0, 500, cores=8, free_bytes=6_000_000_000)
    4
    >>> worker_count(0, 500, cores=8, gpu=True), worker_count(3, 2, cores=8)
    (1, 2)
    """
    if gpu:
        return 1
    most = min(wanted, MOST_A_CORE * cores)
    if not wanted:
        by_memory = cores if free_bytes is None else free_bytes // WORKER_BYTES
        most = min(cores, by_memory)
    return max(1, min(most, pending))


def cores_here() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory_bytes(
    meminfo: Path = Path("/proc/meminfo"), cgroup: Path = Path("/sys/fs/cgroup")
) -> int | None:
    """Memory that new processes may take: what the system has free, within the container's limit.

    None where the system does not tell (macOS).
    """
    try:
        said = dict(line.split(":", 1) for line in meminfo.read_text(encoding="ascii").splitlines())
        free = int(said["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    try:
        limit = (cgroup / "memory.max").read_text(encoding="ascii").strip()
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
        # Files read once count as used, though the system drops them when memory is wanted.
        stat = dict(
            line.split() for line in (cgroup / "memory.stat").read_text(encoding="ascii").splitlines()
        )
        used -= int(stat.get("inactive_file", 0))
    except (OSError, ValueError):
        return free
    return free if limit == "max" else max(0, min(free, int(limit) - used))
