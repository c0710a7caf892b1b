"""`qa-audit find …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, month_option, workspace_option
from qa_audit.console import SpokenArgument, SpokenCommand, SpokenOption, print_json, table
from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

SHOWN = 50
_COLUMNS = ("start", "agent_no", "agent_name", "customer_no", "call_id")


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.find_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.find_{name}", **settings)


_OPTIONS = (
    click.argument("words", nargs=-1, cls=SpokenArgument),
    month_option,
    option("--number", default=None),
    option("--agent", default=None),
    option("--at", metavar="TIME", default=None),
    option("--within", "within_minutes", metavar="MINUTES", type=click.FloatRange(min=0), default=60.0),
    option("--near", is_flag=True),
    option("--most", type=click.IntRange(min=1), default=SHOWN, show_default=True),
    workspace_option,
    json_option,
)


def words_options(command: Any) -> Any:
    """What a call may be looked for by."""
    for one in reversed(_OPTIONS):
        command = one(command)
    return command


@click.command(cls=SpokenCommand, name="find")
@words_options
def find(**known: Any) -> int:
    return show_found(**known)


def show_found(
    *,
    words: tuple[str, ...],
    at: str | None,
    near: bool,
    most: int,
    workspace: Path | None,
    as_json: bool,
    **known: Any,
) -> int:
    """Look for calls and print them; nothing found is no failure."""
    import qa_audit
    from qa_audit.calls.looking import local_time
    from qa_audit.retention.masked_tables import ids_in, mask_calls, mask_ids, mask_written

    moment = None if at is None else local_time(at)
    tolerance = "near" if near else "pinyin"
    opened = qa_audit.open(workspace)
    found = opened.find(*words, at=moment, tolerance=tolerance, **known)
    if (as_json or not sys.stdout.isatty()) and not opened.sees_unmasked:
        # What is no screen becomes a file that is passed on.
        numbers = opened.numbers_of(ids_in(found))
        found = mask_ids(mask_written(mask_calls(found), opened.names_known()), numbers)
    if as_json:
        rows = [{**row, "start": row["start"] and row["start"].isoformat()} for row in found.to_dicts()]
        print_json({"found": found.height, "rows": rows[:most]})
        return 0
    if found.is_empty():
        click.echo(say("find.nothing"))
        return 0
    click.echo(table(*_table(found.head(most), with_words=bool(words))))
    if found.height > most:
        click.echo("\n" + say("find.more", shown=most, found=found.height))
    return 0


def _table(found: pl.DataFrame, *, with_words: bool) -> tuple[list[str], list[list[object]]]:
    headings = [
        say(f"find.column.{name}") for name in (*_COLUMNS, *(("place", "said") if with_words else ()))
    ]
    rows = []
    for row in found.iter_rows(named=True):
        shown = [row["start"] or "–", *(row[name] or "–" for name in _COLUMNS[1:])]
        if with_words:
            at_s = int(row["at_s"] or 0)
            shown += [f"{at_s // 60:02d}:{at_s % 60:02d}", f"{say('role.' + row['role'])}：{row['text']}"]
        rows.append(shown)
    return headings, rows
