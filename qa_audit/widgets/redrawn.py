"""Panels of one workspace in one notebook: what is decided in one is shown by the others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakMethod

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DRAWN: dict[Path, list[WeakMethod[Callable[[], None]]]] = {}
"""How the panels of each workspace draw themselves again; one that is gone leaves nothing behind."""


def drawn_again(folder: Path, redraw: Callable[[], None]) -> None:
    """Let a panel of the workspace at `folder` be drawn again by `redraw`, a method of it."""
    _DRAWN.setdefault(folder.resolve(), []).append(WeakMethod(redraw))


def redraw_others(folder: Path, own: Callable[[], None]) -> None:
    """Draw all panels of the workspace again but that of `own`, which has done so itself."""
    for kept in list(_DRAWN.get(folder.resolve(), ())):
        redraw = kept()
        if redraw is None:
            _DRAWN[folder.resolve()].remove(kept)
        elif redraw != own:
            redraw()
