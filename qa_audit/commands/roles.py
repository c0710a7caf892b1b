"""`qa-audit roles grant | revoke | show`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.console import SpokenArgument, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import say
from qa_audit.store.rights import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qa_audit.store.persons import Person


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.roles_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.roles_{name}", **settings)


login_argument = click.argument("login", cls=SpokenArgument)
role_option = option("--role", type=click.Choice(ROLES), required=True)
why_option = option("--why", "reason", required=True)


@click.group(cls=SpokenGroup, name="roles")
def roles() -> None:
    pass


@roles.command(says="roles_grant")
@login_argument
@role_option
@option("--name", default=None)
@option("--agent", default=None)
@why_option
@workspace_option
@json_option
def grant(login: str, role: str, workspace: Path | None, as_json: bool, **said: Any) -> int:
    import qa_audit
    from qa_audit.store.roles import grant as give

    return _show([give(qa_audit.open(workspace).database, login, role, **said)], as_json)


@roles.command(says="roles_revoke")
@login_argument
@role_option
@why_option
@workspace_option
@json_option
def revoke(login: str, role: str, workspace: Path | None, as_json: bool, **said: Any) -> int:
    import qa_audit
    from qa_audit.store.roles import revoke as take

    return _show([take(qa_audit.open(workspace).database, login, role, **said)], as_json)


@roles.command(says="roles_show")
@workspace_option
@json_option
def show(workspace: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.store.roles import persons

    return _show(persons(qa_audit.open(workspace).database), as_json)


def _show(found: Sequence[Person], as_json: bool) -> int:
    if as_json:
        people = [
            {"login": one.login, "name": one.name, "agent": one.agent, "roles": sorted(one.roles)}
            for one in found
        ]
        print_json({"people": people})
    elif not found:
        click.echo(say("roles.none"))
    else:
        rows = [
            (
                one.login,
                one.name,
                one.agent or "–",
                say("run.list_comma").join(say(f"roles.name.{role}") for role in sorted(one.roles)) or "–",
            )
            for one in found
        ]
        click.echo(table([say(f"roles.{name}") for name in ("login", "who", "number", "held")], rows))
    return 0
