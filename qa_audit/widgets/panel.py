"""A panel of a notebook, or what is wrong with the workspace in its place."""

from __future__ import annotations

import asyncio
import contextvars
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets

import qa_audit
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from qa_audit.workspace import Workspace


def or_said(make: Callable[[], widgets.Widget]) -> widgets.Widget:
    """What `make` gives, or the words of the `QaError` that it raises."""
    try:
        return make()
    except QaError as error:
        return widgets.HTML(f"<pre>{escape(str(error))}</pre>")


def monthly_panel(
    folder: str | Path | None, make: Callable[[Workspace, list[str]], widgets.Widget]
) -> widgets.Widget:
    """What `make` gives of a workspace and its months; a workspace without calls is said to be so.

    `folder` as for `qa_audit.open`.
    """

    def made() -> widgets.Widget:
        workspace = qa_audit.open(folder)
        months = workspace.months()
        if not months:
            raise QaError("workspace.no_recordings")
        return make(workspace, months)

    return or_said(made)


def beside(make: Callable[[], Any], show: Callable[[Any], None]) -> Future[Any] | None:
    """Make something that takes long on a thread of its own, and show it when it is there.

    `show` is called by the kernel's loop, so widgets may be changed in it. Where no loop runs (a script) both
    are called at once, and None is returned.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        show(make())
        return None
    context = contextvars.copy_context()
    made = loop.run_in_executor(None, lambda: context.run(make))
    made.add_done_callback(lambda done: done.cancelled() or context.run(show, done.result()))
    return made
