"""`qa-audit month …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import FILE, FOLDER, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_audit.months.book import MonthBook


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.pay_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.pay_{name}", **settings)


month_option = option("--month", "name", metavar="YYYY-MM", required=True)
version_option = option("--version", type=click.IntRange(min=1), default=None)


@click.group(cls=SpokenGroup, name="month")
def month() -> None:
    pass


@month.command(says="month_estimate")
@workspace_option
@option("--month", "name", metavar="YYYY-MM", default=None)
@json_option
def estimate(workspace: Path | None, name: str | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.shown.month import figures_json, month_notes, shown_figures

    opened = qa_audit.open(workspace)
    months = opened.months()
    if not months:
        raise QaError("workspace.no_recordings")
    chosen = name or months[-1]
    book = opened.month_book
    told = book.told(chosen)
    if as_json:
        closed = None if told.closed is None else told.closed.version
        before, unjudged = list(told.provenance), dict(told.unjudged)
        more = {"closed": closed, "months_before": before, "items_unjudged": unjudged}
        print_json({**figures_json(told.figures), **more})
        return 0
    if told.closed is not None:
        click.echo(say("closing.version_of", month=chosen, version=told.closed.version))
    shown = shown_figures(told.figures, book.names(chosen))
    click.echo(say("closing.heading", month=chosen) + "\n")
    click.echo(table(*shown[:2], right=shown.right) + "\n")
    click.echo("\n".join(month_notes(told.figures, told.provenance, told.unjudged)))
    return 0


@month.command(says="month_status")
@month_option
@workspace_option
@json_option
def status(name: str, workspace: Path | None, as_json: bool) -> int:
    state = _book(workspace).state(name)
    if as_json:
        print_json(state.as_json())
    else:
        click.echo(str(state))
    return 0


@month.command(says="month_confirm")
@month_option
@option("--agent", "agents", multiple=True)
@option("--all", "everyone", is_flag=True)
@who_option
@option("--withdraw", is_flag=True)
@option("--note", default=None)
@workspace_option
@json_option
def confirm(
    name: str,
    *,
    agents: tuple[str, ...],
    everyone: bool,
    who: str,
    withdraw: bool,
    note: str | None,
    workspace: Path | None,
    as_json: bool,
) -> int:
    if not agents and not everyone:
        raise QaError("closing.no_agents")
    kept = _book(workspace).confirm(name, None if everyone else agents, who, agreed=not withdraw, note=note)
    if as_json:
        rows = [{"agent": one.agent, "figure": one.figure, "agreed": one.agreed} for one in kept]
        print_json({"month": name, "confirmations": rows})
    else:
        click.echo(say("closing.withdrawn" if withdraw else "closing.confirmed", count=len(kept)))
    return 0


@month.command(says="month_close")
@month_option
@who_option
@option("--leave-open", default=None)
@option("--without-word", default=None)
@workspace_option
@json_option
def close(name: str, who: str, workspace: Path | None, as_json: bool, **reasons: str | None) -> int:
    book = _book(workspace)
    made = book.close(name, who, **reasons)
    told = {"month": name, "version": made.version, "receipt": made.receipt, "head": str(book.workspace.head)}
    if as_json:
        print_json(told)
    else:
        click.echo(say("closing.done", **told))
    return 0


@month.command(says="month_reopen")
@month_option
@who_option
@option("--reason", required=True)
@workspace_option
@json_option
def reopen(name: str, who: str, reason: str, workspace: Path | None, as_json: bool) -> int:
    ended = _book(workspace).reopen(name, who, reason)
    told = {"month": name, "version": ended.version}
    if as_json:
        print_json(told)
    else:
        click.echo(say("closing.reopened", **told))
    return 0


@month.command(says="month_recompute")
@option("--month", "name", metavar="YYYY-MM", default=None)
@option("--from", "folder", type=FOLDER, default=None)
@version_option
@workspace_option
@json_option
def recompute(
    name: str | None, folder: Path | None, version: int | None, workspace: Path | None, as_json: bool
) -> int:
    from qa_audit.closing.folder import read_folder
    from qa_audit.closing.recompute import recompute as again

    if folder is not None and name is None:
        found = again(read_folder(folder))
    elif name is not None and folder is None:
        found = _book(workspace).recompute(name, version)
    else:
        raise QaError("closing.from_or_month")
    if as_json:
        print_json(found.as_json())
    else:
        click.echo(str(found))
    return int(found.failed)


@month.command(says="month_export")
@month_option
@option("--out", type=FOLDER, required=True)
@version_option
@workspace_option
@json_option
def export(name: str, out: Path, version: int | None, workspace: Path | None, as_json: bool) -> int:
    written = _book(workspace).export(name, out, version)
    if as_json:
        print_json({"month": name, "files": [str(path) for path in written]})
    else:
        click.echo(say("closing.exported", count=len(written), folder=out))
    return 0


def _book(folder: Path | None) -> MonthBook:
    import qa_audit

    return qa_audit.open(folder).month_book


@month.command(says="month_sameness")
@workspace_option
@click.option("--month", "name", metavar="YYYY-MM", required=True, cls=SpokenOption, says="cli.option.month")
@click.option("--chart", "file", type=FILE, default=None, cls=SpokenOption, says="cli.option.chart")
@json_option
def sameness(workspace: Path | None, name: str, file: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.messages import language, say
    from qa_audit.reports.service_tables import sameness_table, shown

    opened = qa_audit.open(workspace)
    found = opened.sameness(name)
    names = opened.month_book.names(name)
    if file is not None:
        from qa_audit.reports.charts import save_png
        from qa_audit.reports.sameness_chart import sameness_chart

        save_png(sameness_chart(found, opened.report_context(name), names, opened.settings.sameness), file)
    if as_json:
        print_json({"month": name, "sameness": found.to_dicts()})
    else:
        click.echo(say("sameness.heading", month=name) + "\n")
        headings, rows, right = shown(sameness_table(found, language(), names))
        click.echo(table(headings, rows, right=right))
    return 0


@month.command(says="month_service")
@workspace_option
@click.option("--month", "name", metavar="YYYY-MM", required=True, cls=SpokenOption, says="cli.option.month")
@json_option
def service(workspace: Path | None, name: str, as_json: bool) -> int:
    import qa_audit
    from qa_audit.messages import language, say
    from qa_audit.reports.service_tables import on_its_side, service_table

    found = qa_audit.open(workspace).service_figures(name)
    if as_json:
        times = ("start", "callback_start")
        customers = [
            row | {one: row[one] and row[one].isoformat() for one in times}
            for row in found.callbacks.to_dicts()
        ]
        print_json({"month": name, "teams": found.figures.to_dicts(), "callbacks": customers})
        return 0
    click.echo(say("service.heading", month=name) + "\n")
    headings, rows, right = on_its_side(service_table(found.figures, language()))
    click.echo(table(headings, rows, right=right))
    if found.figures["complaints"].null_count():
        click.echo("\n" + say("service.no_complaints"))
    return 0
