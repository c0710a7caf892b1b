"""A bar on long work: in a terminal on standard error, in a notebook as a widget, nowhere else."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tqdm import tqdm

Item = TypeVar("Item")


def track(items: Iterable[Item], *, label: str, total: int) -> Iterator[Item]:
    """Pass `items` on while showing how many of `total` are done and how long the rest will take."""
    yield from _bar(items, label, total)


def counting(label: str) -> Callable[[int, int], None]:
    """The same for work that reports (done, total) itself."""
    bar: tqdm | None = None

    def show(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = _bar(None, label, total)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return show


@contextmanager
def hours_bar(label: str, total_s: float) -> Iterator[Callable[[float], None]]:
    """A bar over `total_s` seconds of audio; call what it gives with the seconds that are done.

    It shows hours of audio left and, once something is done, the time that they will take.
    """
    bar = _bar(None, label, total_s)
    started = time.monotonic()
    done_s = 0.0

    def show() -> None:
        left = left_text(done_s, total_s, time.monotonic() - started)
        bar.bar_format = f"{{desc}} {{percentage:3.0f}}%|{{bar}}| {left}"
        bar.refresh()

    def advance(seconds: float) -> None:
        nonlocal done_s
        done_s += seconds
        bar.update(seconds)
        show()

    try:
        show()
        yield advance
    finally:
        bar.close()


def left_text(done_s: float, total_s: float, elapsed_s: float) -> str:
    """Hours of audio left, and how long they take at the speed so far.

    >>> from qa_audit.messages import speaking
    >>> with speaking("en"):
    ...     left_text(3600.0, 5 * 3600.0, 900.0)
    '4.0 h of audio left, about 1:00:00'
    """
    left_s = max(0.0, total_s - done_s)
    hours = f"{left_s / 3600:.1f}"
    if not done_s:
        return say("progress.audio_left", hours=hours)
    minutes, seconds = divmod(round(elapsed_s * left_s / done_s), 60)
    return say("progress.time_left", hours=hours, time=f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}")


def _bar(items: Iterable[Any] | None, label: str, total: float) -> tqdm:
    from tqdm.auto import tqdm

    in_notebook = _in_notebook()
    return tqdm(
        items,
        desc=label,
        total=total,
        file=sys.stderr,
        disable=total == 0 or not (in_notebook or sys.stderr.isatty()),
        leave=False,
        dynamic_ncols=not in_notebook,
    )


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and hasattr(shell.get_ipython(), "kernel")
