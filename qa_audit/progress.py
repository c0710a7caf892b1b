"""A bar on long work: in a terminal on standard error, in a notebook as a widget, nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

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


def _bar(items: Iterable[Any] | None, label: str, total: int) -> tqdm:
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
