"""How long something takes, whatever else this process and this machine are about."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 3


def own_seconds(call: Callable[[], object], within: float) -> float:
    """Processor seconds of this thread: the first that are less than `within`, else the least of `TRIES`.

    Collecting the garbage of ten minutes of tests takes seconds now and then, as do threads they left.
    """
    least = float("inf")
    for _ in range(TRIES):
        begun = time.thread_time()
        call()
        least = min(least, time.thread_time() - begun)
        if least < within:
            break
    return least
