"""`qa-audit appeal …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, month_option, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import SpokenArgument, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import language, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_audit.audit.appeal import Appeal
    from qa_audit.desks.appeals import AppealDesk


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.appeal_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.appeal_{name}", **settings)


text_option = option("--text", required=True)
reason_option = option("--reason", required=True)
number_argument = click.argument("appeal_id", metavar="APPEAL", type=int, cls=SpokenArgument)


@click.group(cls=SpokenGroup, name="appeal")
def appeal() -> None:
    pass


@appeal.command(name="file", says="appeal_file")
@click.argument("call", cls=SpokenArgument)
@click.argument("item", cls=SpokenArgument)
@option("--at", "at_s", metavar="SECONDS", type=click.FloatRange(min=0), default=None)
@text_option
@who_option
@workspace_option
@json_option
def file_(call: str, item: str, workspace: Path | None, as_json: bool, **said: Any) -> int:
    desk = _desk(workspace)
    return _show(desk, desk.file(call, item, **said), as_json)


@appeal.command(says="appeal_reply")
@number_argument
@text_option
@who_option
@workspace_option
@json_option
def reply(appeal_id: int, workspace: Path | None, as_json: bool, **said: Any) -> int:
    desk = _desk(workspace)
    return _show(desk, desk.reply(appeal_id, **said), as_json)


@appeal.command(says="appeal_decide")
@number_argument
@option("--outcome", type=click.Choice(["upheld", "overturned", "partly"]), required=True)
@option("--verdict", type=click.Choice(["pass", "not_applicable", "uncertain"]), default=None)
@option("--points", type=click.FloatRange(min=0), default=None)
@option("--not-critical", is_flag=True)
@reason_option
@who_option
@workspace_option
@json_option
def decide(
    appeal_id: int, outcome: Any, not_critical: bool, workspace: Path | None, as_json: bool, **said: Any
) -> int:
    critical = False if not_critical else None
    desk = _desk(workspace)
    return _show(desk, desk.decide(appeal_id, outcome, critical=critical, **said), as_json)


@appeal.command(says="appeal_withdraw")
@number_argument
@reason_option
@who_option
@workspace_option
@json_option
def withdraw(appeal_id: int, workspace: Path | None, as_json: bool, **said: Any) -> int:
    desk = _desk(workspace)
    return _show(desk, desk.withdraw(appeal_id, **said), as_json)


@appeal.command(name="list", says="appeal_list")
@month_option
@option("--open", "open_only", is_flag=True)
@workspace_option
@json_option
def list_(month: str | None, open_only: bool, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.shown.appeals import appeal_json, shown_appeals

    desk = _desk(workspace)
    found = desk.all(month, open_only=open_only)
    if as_json:
        print_json({"appeals": [appeal_json(one) for one in found]})
    elif not found:
        click.echo(say("appeals.none"))
    else:
        shown = shown_appeals(found, desk.workspace.rubric, language())
        click.echo(table(*shown[:2], right=shown.right))
    return 0


def _desk(folder: Path | None) -> AppealDesk:
    import qa_audit

    return qa_audit.open(folder).appeals


def _show(desk: AppealDesk, one: Appeal, as_json: bool) -> int:
    from qa_audit.shown.appeals import appeal_json, appeal_text

    if as_json:
        print_json(appeal_json(one))
    else:
        click.echo(appeal_text(one, desk.workspace.rubric))
    return 0
