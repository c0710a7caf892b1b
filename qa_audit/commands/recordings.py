"""`qa-audit archive …`, `retention …`, `hold …`, `check-recordings`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import (
    FOLDER,
    SpokenArgument,
    SpokenCommand,
    SpokenGroup,
    SpokenOption,
    print_json,
    table,
)
from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from qa_audit.desks.housekeeping import Housekeeping, HousekeepingPlan


def option(*declarations: str, says: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.<says>`."""
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.{says}", **settings)


reason_option = option("--reason", says="sample_reason", required=True)
months_option = option(
    "--months", metavar="N", type=click.IntRange(min=1), default=None, says="archive_months"
)
before_option = option("--before", metavar="YYYY-MM", default=None, says="archive_before")
calls_argument = click.argument("calls", nargs=-1, cls=SpokenArgument)


@click.group(cls=SpokenGroup, name="archive")
def archive() -> None:
    pass


@archive.command(name="plan", says="archive_plan")
@months_option
@before_option
@workspace_option
@json_option
def archive_plan(workspace: Path | None, as_json: bool, **age: Any) -> int:
    return _show_plan(_housekeeping(workspace).plan_archive(**age), as_json)


@archive.command(name="move", says="archive_move")
@option("--to", type=FOLDER, default=None, says="archive_to")
@months_option
@before_option
@who_option
@workspace_option
@json_option
def archive_move(workspace: Path | None, as_json: bool, **choice: Any) -> int:
    return _show(_housekeeping(workspace).move(**choice), as_json)


@archive.command(name="verify", says="archive_verify")
@who_option
@workspace_option
@json_option
def archive_verify(workspace: Path | None, who: str, as_json: bool) -> int:
    return _show(_housekeeping(workspace).verify(who), as_json)


@archive.command(name="restore", says="archive_restore")
@calls_argument
@option("--all", "everything", is_flag=True, says="archive_all")
@who_option
@workspace_option
@json_option
def archive_restore(
    calls: tuple[str, ...], everything: bool, who: str, workspace: Path | None, as_json: bool
) -> int:
    if bool(calls) == everything:
        raise click.UsageError(say("archive.calls_or_all"))
    return _show(_housekeeping(workspace).restore(who, None if everything else calls), as_json)


@click.group(cls=SpokenGroup, name="retention")
def retention() -> None:
    pass


@retention.command(name="plan", says="retention_plan")
@months_option
@before_option
@workspace_option
@json_option
def retention_plan(workspace: Path | None, as_json: bool, **age: Any) -> int:
    return _show_plan(_housekeeping(workspace).plan_deletion(**age), as_json)


@retention.command(name="apply", says="retention_apply")
@months_option
@before_option
@who_option
@reason_option
@workspace_option
@json_option
def retention_apply(workspace: Path | None, as_json: bool, **choice: Any) -> int:
    return _show(_housekeeping(workspace).delete(**choice), as_json)


@retention.command(name="words", says="retention_words")
@months_option
@before_option
@who_option
@reason_option
@workspace_option
@json_option
def retention_words(workspace: Path | None, as_json: bool, **choice: Any) -> int:
    return _show(_housekeeping(workspace).delete_words(**choice), as_json)


@retention.command(name="customer", says="retention_customer")
@click.argument("number", cls=SpokenArgument)
@option("--recordings", is_flag=True, says="customer_recordings")
@who_option
@reason_option
@workspace_option
@json_option
def retention_customer(workspace: Path | None, as_json: bool, recordings: bool, **asked: str) -> int:
    return _show(_housekeeping(workspace).forget_customer(**asked, recordings=recordings), as_json)


@retention.command(name="log", says="retention_log")
@workspace_option
@json_option
def retention_log(workspace: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.retention.journal import deletions

    found = deletions(qa_audit.open(workspace).database)
    if as_json:
        print_json({"deleted": _plain(found)})
        return 0
    rows = [
        (f"{row['at']:%Y-%m-%d %H:%M}", row["who"], row["reason"], "、".join(row["call_ids"]), _lay(row))
        for row in found.iter_rows(named=True)
    ]
    click.echo(table(_headings("at", "who", "reason", "call", "path"), rows))
    return 0


def _lay(row: dict[str, Any]) -> str:
    return say("archive.was_gone", path=row["path"]) if row["kind"] == "gone" else row["path"]


@click.group(cls=SpokenGroup, name="hold")
def hold() -> None:
    pass


@hold.command(name="add", says="hold_add")
@calls_argument
@who_option
@reason_option
@workspace_option
@json_option
def hold_add(calls: tuple[str, ...], workspace: Path | None, as_json: bool, **said: str) -> int:
    import qa_audit
    from qa_audit.retention.holds import add_hold

    count = add_hold(qa_audit.open(workspace).database, calls, **said)
    return _count("hold.added", count, as_json)


@hold.command(name="lift", says="hold_lift")
@calls_argument
@who_option
@reason_option
@workspace_option
@json_option
def hold_lift(calls: tuple[str, ...], workspace: Path | None, as_json: bool, **said: str) -> int:
    import qa_audit
    from qa_audit.retention.holds import lift_hold

    count = lift_hold(qa_audit.open(workspace).database, calls, **said)
    return _count("hold.lifted", count, as_json)


@hold.command(name="list", says="hold_list")
@workspace_option
@json_option
def hold_list(workspace: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.retention.holds import holds_frame

    found = holds_frame(qa_audit.open(workspace).database)
    if as_json:
        print_json({"holds": _plain(found)})
        return 0
    rows = [(call, reason, who, f"{at:%Y-%m-%d %H:%M}") for call, reason, who, at in found.iter_rows()]
    click.echo(table(_headings("call", "reason", "who", "at"), rows))
    return 0


@click.command(cls=SpokenCommand)
@option("--call", "call_id", metavar="CALL", default=None, says="listened_call")
@option("--by", "who", metavar="NAME", default=None, says="listened_by")
@option("--agent", metavar="NO", default=None, says="listened_agent")
@workspace_option
@json_option
def listened(workspace: Path | None, as_json: bool, **wanted: str | None) -> int:
    from qa_audit.shown.housekeeping import play_rows

    found = _housekeeping(workspace).listened(**wanted)
    if as_json:
        print_json({"plays": _plain(found)})
    elif found.is_empty():
        click.echo(say("listened.none"))
    else:
        click.echo(table(*play_rows(found), right=(4, 5)))
    return 0


@click.command(name="check-recordings", cls=SpokenCommand)
@click.option("--month", metavar="YYYY-MM", required=True, cls=SpokenOption, says="cli.option.month")
@workspace_option
@json_option
def check_recordings(month: str, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.shown.housekeeping import day_rows, shift_rows

    shifts, days = _housekeeping(workspace).gaps(month)
    if as_json:
        print_json({"month": month, "shifts": _plain(shifts), "days": _plain(days)})
    else:
        click.echo(say("gaps.shifts", month=month, count=shifts.height))
        click.echo(table(*shift_rows(shifts), right=(4, 5)) if shifts.height else say("gaps.none"))
        click.echo("\n" + say("gaps.days", count=days.height))
        if days.height:
            click.echo(table(*day_rows(days)))
    return int(shifts.height > 0)


def _housekeeping(workspace: Path | None) -> Housekeeping:
    import qa_audit

    return qa_audit.open(workspace).housekeeping


def _show(outcome: Any, as_json: bool) -> int:
    if as_json:
        print_json(outcome.as_json())
    else:
        click.echo(str(outcome))
    return int(outcome.failed)


def _show_plan(plan: HousekeepingPlan, as_json: bool) -> int:
    if as_json:
        print_json(plan.as_json())
    else:
        click.echo(plan.summary() + "\n")
        click.echo(table(_headings("month", "files", "size", "kept", "why"), plan.rows(), right=(1, 2, 3)))
    return 0


def _count(key: str, count: int, as_json: bool) -> int:
    if as_json:
        print_json({"count": count})
    else:
        click.echo(say(key, count=count))
    return 0


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows with their times as JSON has them."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in frame.to_dicts()
    ]


def _headings(*names: str) -> list[str]:
    return [say(f"archive.column.{name}") for name in names]
