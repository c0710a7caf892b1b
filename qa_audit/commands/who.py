"""`--who`: the name under which something is decided, by default that of whoever is logged in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from qa_audit.console import SpokenOption

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def name_of(workspace: Path | None, who: str | None) -> str:
    """The name to decide under. Raises `QaError` as `Workspace.me`."""
    import qa_audit

    return qa_audit.open(workspace).me(who)


def who_option(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command of a workspace `--who`, and the command the name that `Workspace.me` makes of it.

    As long as nobody was given a role any name is taken, afterwards one's own alone: that of the login.
    """

    @functools.wraps(command)
    def named(*, who: str | None, workspace: Path | None, **given: Any) -> int:
        return command(who=name_of(workspace, who), workspace=workspace, **given)

    return click.option("--who", default=None, cls=SpokenOption, says="cli.option.who")(named)
