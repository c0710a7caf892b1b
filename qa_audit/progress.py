"""A bar on long work: in a terminal on standard error, in a notebook as a widget, nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")


def track(items: Iterable[Item], *, label: str, total: int, unit: str = "") -> Iterator[Item]:
    """Pass `items` on while showing how many of `total` are done and how long the rest will take."""
    from tqdm.auto import tqdm

    in_notebook = _in_notebook()
    yield from tqdm(
        items,
        desc=label,
        total=total,
        unit=unit,
        file=sys.stderr,
        disable=total == 0 or not (in_notebook or sys.stderr.isatty()),
        leave=False,
        dynamic_ncols=not in_notebook,
    )


def _in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and hasattr(shell.get_ipython(), "kernel")
