"""`qa-audit complaint …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.find import show_found, words_options
from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import SpokenArgument, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_audit.audit.complaints import Complaint, Moment
    from qa_audit.desks.complaints import ComplaintDesk


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.complaint_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.complaint_{name}", **settings)


text_option = option("--text", required=True)
reason_option = option("--reason", required=True)
number_argument = click.argument("complaint_id", metavar="COMPLAINT", type=int, cls=SpokenArgument)


@click.group(cls=SpokenGroup, name="complaint")
def complaint() -> None:
    pass


@complaint.command(name="open", says="complaint_open")
@option("--number", default=None)
@option("--call", "call_id", default=None)
@text_option
@who_option
@workspace_option
@json_option
def open_(number: str | None, workspace: Path | None, as_json: bool, **said: Any) -> int:
    desk = _desk(workspace)
    for one in desk.vexatious():
        if one.customer_no == number:
            told = {"number": number, "who": one.who, "reason": one.reason}
            click.echo(say("vexatious.listed_already", **told), err=True)
    return _show(desk.open(number=number, **said), as_json)


@complaint.command(says="complaint_find")
@words_options
def find(**known: Any) -> int:
    return show_found(**known)


@complaint.command(says="complaint_call")
@number_argument
@click.argument("call", cls=SpokenArgument)
@text_option
@who_option
@workspace_option
@json_option
def call(complaint_id: int, *, call: str, workspace: Path | None, as_json: bool, **said: Any) -> int:
    return _show(_desk(workspace).add_call(complaint_id, call, **said), as_json)


@complaint.command(says="complaint_note")
@number_argument
@option("--heard", metavar="CALL@SECONDS", default=None)
@text_option
@who_option
@workspace_option
@json_option
def note(complaint_id: int, heard: str | None, workspace: Path | None, as_json: bool, **said: Any) -> int:
    desk = _desk(workspace)
    if heard is None:
        return _show(desk.follow_up(complaint_id, **said), as_json)
    return _show(desk.heard(complaint_id, _moment(heard), **said), as_json)


@complaint.command(says="complaint_decide")
@number_argument
@option("--outcome", type=click.Choice(["at_fault", "not_at_fault", "cannot_tell"]), required=True)
@option("--evidence", metavar="CALL@SECONDS", multiple=True)
@reason_option
@who_option
@workspace_option
@json_option
def decide(
    complaint_id: int,
    outcome: Any,
    evidence: tuple[str, ...],
    workspace: Path | None,
    as_json: bool,
    **said: Any,
) -> int:
    moments = [_moment(one) for one in evidence]
    desk = _desk(workspace)
    return _show(desk.decide(complaint_id, outcome, evidence=moments, **said), as_json)


@complaint.command(says="complaint_close")
@number_argument
@text_option
@who_option
@workspace_option
@json_option
def close(complaint_id: int, workspace: Path | None, as_json: bool, **said: Any) -> int:
    return _show(_desk(workspace).close(complaint_id, **said), as_json)


@complaint.command(says="complaint_reopen")
@number_argument
@reason_option
@who_option
@workspace_option
@json_option
def reopen(complaint_id: int, workspace: Path | None, as_json: bool, **said: Any) -> int:
    return _show(_desk(workspace).reopen(complaint_id, **said), as_json)


@complaint.command(name="list", says="complaint_list")
@option("--open", "open_only", is_flag=True)
@workspace_option
@json_option
def list_(open_only: bool, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.shown.complaints import complaint_json, shown_complaints

    found = _desk(workspace).all(open_only=open_only)
    if as_json:
        print_json({"complaints": [complaint_json(one) for one in found]})
    elif not found:
        click.echo(say("complaints.none"))
    else:
        click.echo(table(*shown_complaints(found)[:2]))
    return 0


@complaint.command(says="complaint_vexatious")
@click.argument("number", required=False, cls=SpokenArgument)
@option("--remove", is_flag=True)
@option("--reason", default=None)
@who_option
@workspace_option
@json_option
def vexatious(
    number: str | None,
    *,
    remove: bool,
    reason: str | None,
    who: str,
    workspace: Path | None,
    as_json: bool,
) -> int:
    from qa_audit.shown.complaints import listing_json, shown_listings

    desk = _desk(workspace)
    if number is not None:
        act = desk.take_off_list if remove else desk.put_on_list
        act(number, who=who, reason=_given(reason, "--reason"))
    found = desk.vexatious()
    if as_json:
        print_json({"vexatious": [listing_json(one) for one in found]})
    elif not found:
        click.echo(say("vexatious.none"))
    else:
        click.echo(table(*shown_listings(found)[:2]))
    return 0


def _desk(folder: Path | None) -> ComplaintDesk:
    import qa_audit

    return qa_audit.open(folder).complaints


def _moment(text: str) -> Moment:
    from qa_audit.audit.complaints import Moment

    call_id, _, at_s = text.rpartition("@")
    try:
        return Moment(call_id, float(at_s))
    except ValueError as error:
        raise click.BadParameter(text, param_hint="CALL@SECONDS") from error


def _given(value: str | None, name: str) -> str:
    if value is None:
        raise click.MissingParameter(param_hint=name, param_type="option")
    return value


def _show(one: Complaint, as_json: bool) -> int:
    from qa_audit.shown.complaints import complaint_json, complaint_text

    if as_json:
        print_json(complaint_json(one))
    else:
        click.echo(complaint_text(one))
    return 0
