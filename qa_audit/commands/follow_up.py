"""`qa-audit faults`, `coach` and `praise`: parse and call, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, month_option, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import FILE, SpokenArgument, SpokenCommand, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import QaError, language, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_audit.audit.coaching import Coaching
    from qa_audit.desks.follow_up import FollowUp


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.follow_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.follow_{name}", **settings)


text_option = option("--text", required=True)


@click.group(cls=SpokenGroup, name="faults")
def faults() -> None:
    pass


@faults.command(name="list", says="faults_list")
@month_option
@option("--repeated", is_flag=True)
@workspace_option
@json_option
def list_(month: str | None, repeated: bool, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.shown.follow_up import shown_faults, shown_repeats

    desk = _desk(workspace)
    found = desk.repeated() if repeated else desk.faults(month)
    if as_json:
        print_json({"faults": _plain(found.to_dicts())})
    elif found.is_empty():
        click.echo(say("faults.none"))
    else:
        shown = (shown_repeats if repeated else shown_faults)(found, desk.workspace.rubric, language())
        click.echo(table(*shown[:2], right=shown.right))
    return 0


@faults.command(says="faults_export")
@click.argument("file", type=FILE, cls=SpokenArgument)
@month_option
@option("--no-clips", is_flag=True)
@option("--with-clips", is_flag=True)
@workspace_option
@json_option
def export(
    file: Path, month: str | None, *, no_clips: bool, with_clips: bool, workspace: Path | None, as_json: bool
) -> int:
    desk = _desk(workspace)
    failed = {} if no_clips else desk.keep_clips(month).failed
    written = desk.export(file, month, with_clips=with_clips)
    if as_json:
        errors = {call: {"code": one.code, "message": str(one)} for call, one in failed.items()}
        print_json({"file": str(written), "without_clip": errors})
    else:
        click.echo(str(written))
        _tell(failed)
    return int(bool(failed))


@faults.command(says="faults_clips")
@month_option
@workspace_option
@json_option
def clips(month: str | None, workspace: Path | None, as_json: bool) -> int:
    done = _desk(workspace).keep_clips(month)
    if as_json:
        errors = {call: {"code": one.code, "message": str(one)} for call, one in done.failed.items()}
        print_json({"kept": done.kept, "there": done.there, "failed": errors})
    else:
        click.echo(say("faults.clips", kept=done.kept, there=done.there))
        _tell(done.failed)
    return int(bool(done.failed))


@click.group(cls=SpokenGroup, name="coach")
def coach() -> None:
    pass


@coach.command(says="coach_note")
@click.argument("agent", cls=SpokenArgument)
@option("--item", "items", multiple=True, required=True)
@option("--when", metavar="TIME", default=None)
@text_option
@who_option
@workspace_option
@json_option
def note(agent: str, when: str | None, workspace: Path | None, as_json: bool, **said: Any) -> int:
    from qa_audit.calls.looking import local_time

    moment = None if when is None else local_time(when)
    noted = _desk(workspace).coach(agent, coached_at=moment, **said)
    if as_json:
        print_json(_coaching_json(noted))
    else:
        told = {"coaching": noted.coaching_id, "agent": agent, "when": noted.coached_at}
        click.echo(say("follow_up.coached", **told))
    return 0


@coach.command(says="coach_effect")
@click.argument("agent", cls=SpokenArgument)
@option("--days", type=click.IntRange(min=1, max=366), default=30, show_default=True)
@workspace_option
@json_option
def effect(agent: str, days: int, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.shown.follow_up import shown_effect

    desk = _desk(workspace)
    noted = desk.coachings(agent)
    if not noted:
        raise QaError("follow_up.not_coached", agent=agent)
    found = [(one, desk.effect(one, days=days)) for one in noted]
    if as_json:
        print_json({"coachings": [{**_coaching_json(one), "effect": rows.to_dicts()} for one, rows in found]})
        return 0
    for one, rows in found:
        told = {"coaching": one.coaching_id, "agent": agent, "when": one.coached_at}
        click.echo(say("follow_up.coached", **told))
        click.echo(table(*shown_effect(rows, desk.workspace.rubric, language())[:2]) + "\n")
    click.echo(say("follow_up.caution"))
    return 0


@click.command(cls=SpokenCommand, name="praise")
@click.argument("call", cls=SpokenArgument)
@option("--at", "at_s", metavar="SECONDS", type=click.FloatRange(min=0), default=None)
@text_option
@who_option
@workspace_option
@json_option
def praise(call: str, workspace: Path | None, as_json: bool, **said: Any) -> int:
    given = _desk(workspace).praise(call, **said)
    if as_json:
        print_json({"praise": given.praise_id, "call_id": call, "at_s": given.at_s, "text": given.text})
    else:
        click.echo(say("follow_up.praised", call_id=call))
    return 0


def _desk(folder: Path | None) -> FollowUp:
    import qa_audit

    return qa_audit.open(folder).follow_up


def _tell(failed: Any) -> None:
    for call_id, error in failed.items():
        click.echo(say("faults.no_clip", call_id=call_id, reason=error), err=True)


def _coaching_json(one: Coaching) -> dict[str, Any]:
    return {
        "coaching": one.coaching_id,
        "agent": one.agent,
        "items": list(one.items),
        "text": one.text,
        "coached_at": one.coached_at.isoformat(),
        "who": one.who,
    }


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Times as text."""
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in rows
    ]
