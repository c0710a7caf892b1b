"""Processor time of the commands that a benchmark ran."""

from __future__ import annotations

import resource


def children_s() -> float:
    """Seconds that ended child processes have used until now, the system's work for them included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
