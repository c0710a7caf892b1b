"""`qa-audit rubric status | promote | demote`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from qa_audit.audit.status_names import STATUSES
from qa_audit.commands.rubric import item_option, json_option, month_option, rubric, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import SpokenArgument, SpokenOption, print_json, table
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_audit.audit.rule_statuses import StatusEvent
    from qa_audit.audit.status_names import Status


def _option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.rule_<name>`."""
    name = declarations[0].lstrip("-")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.rule_{name}", **settings)


_to = _option("--to", type=click.Choice(STATUSES), required=True)
_reason = _option("--reason", required=True)
_override = _option("--override", is_flag=True)
_item = click.argument("item", cls=SpokenArgument)


def _deciding(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command what a decision on an item asks for."""
    for option in (json_option, workspace_option, _override, who_option, _reason, _to, _item):
        command = option(command)
    return command


@rubric.command(says="rubric_status")
@item_option
@month_option
@_option("--history", is_flag=True)
@workspace_option
@json_option
def status(
    item: str | None, month: str | None, *, history: bool, workspace: Path | None, as_json: bool
) -> int:
    import qa_audit
    from qa_audit.shown.audited import left_out
    from qa_audit.shown.rule_status import shown_history, shown_standings

    opened = qa_audit.open(workspace)
    rules = opened.rule_status
    if item is not None and item not in rules.rules:
        raise QaError("rule_status.no_item", item=item, allowed=", ".join(rules.rules))
    standings = [one for one in rules.standings([month] if month else None) if item in (None, one.item)]
    events = rules.events(item) if history else []
    if as_json:
        told = {"items": [one.as_json() for one in standings]}
        print_json(told | ({"history": [_as_json(one) for one in events]} if history else {}))
        return 0
    shown = shown_standings(standings, opened.rubric)
    told = [*left_out(one.figures for one in standings), say("rule_status.note")]
    click.echo("\n".join([table(*shown[:2]), "", *told]))
    if history:
        past = shown_history(events, opened.rubric, rules.rules)
        click.echo("\n" + (table(*past[:2]) if past.rows else say("rule_status.no_history")))
    return 0


@rubric.command(says="rubric_promote")
@_deciding
def promote(item: str, workspace: Path | None, as_json: bool, **decided: Any) -> int:
    return _change("promote", item, workspace, as_json=as_json, **decided)


@rubric.command(says="rubric_demote")
@_deciding
def demote(item: str, workspace: Path | None, as_json: bool, **decided: Any) -> int:
    return _change("demote", item, workspace, as_json=as_json, **decided)


def _change(
    direction: Literal["promote", "demote"],
    item: str,
    workspace: Path | None,
    *,
    as_json: bool,
    to: Status,
    who: str,
    reason: str,
    override: bool,
) -> int:
    import qa_audit
    from qa_audit.shown.rule_status import told_change

    opened = qa_audit.open(workspace)
    kept = opened.rule_status.change(item, to, who=who, reason=reason, override=override, direction=direction)
    if as_json:
        print_json(_as_json(kept))
    else:
        click.echo(told_change(kept, opened.rubric))
    return 0


def _as_json(event: StatusEvent) -> dict[str, Any]:
    return {
        "number": event.rule_status_event_id,
        "item": event.item,
        "before": event.before,
        "status": event.status,
        "overridden": event.overridden,
        "from_month": event.from_month,
        "rubric": event.rubric,
        "rubric_version": event.rubric_version,
        "rubric_sha256": event.rubric_sha256,
        "rule_sha256": event.rule_sha256,
        "figures": dict(event.figures),
        "reason": event.reason,
        "who": event.who,
        "at": event.at.isoformat(),
    }
