"""Which machine this is, and whether a process of it still runs: by that, what killed runs left is told."""

from __future__ import annotations

import os
import re
import socket
import uuid
from functools import cache
from pathlib import Path


def host_name() -> str:
    """Name of this machine as far as it may stand in a file's name."""
    return re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname()) or "unnamed"


@cache
def machine_id() -> str:
    """What only processes share that see each other's pids: on Linux one boot and one container.

    Machines and containers may bear one name, and a pid says nothing about another one's processes.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return f"{socket.gethostname()}/{uuid.getnode():012x}"


def is_running(pid: int) -> bool:
    """Whether a process of this machine still runs; one that ended and was not waited for does not.

    >>> is_running(os.getpid())
    True
    """
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    # The name in brackets may hold anything; the state follows it.
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")
