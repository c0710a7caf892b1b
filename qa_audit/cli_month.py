"""`qa-audit month …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qa_audit.cli_rubric import FILE, json_option, workspace_option
from qa_audit.console import SpokenGroup, SpokenOption, print_json, table

if TYPE_CHECKING:
    from pathlib import Path


@click.group(cls=SpokenGroup, name="month")
def month() -> None:
    pass


@month.command(says="month_estimate")
@workspace_option
@click.option("--month", "name", metavar="YYYY-MM", default=None, cls=SpokenOption, says="cli.option.month")
@json_option
def estimate(workspace: Path | None, name: str | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.audited_shown import agent_names, shown_estimates
    from qa_audit.messages import QaError, say

    opened = qa_audit.open(workspace)
    months = opened.months()
    if not months:
        raise QaError("workspace.no_recordings")
    chosen = name or months[-1]
    found = opened.estimates(chosen).agents
    if as_json:
        print_json({"month": chosen, "agents": found.to_dicts()})
    else:
        shown = shown_estimates(found, agent_names(opened.calls(chosen)))
        click.echo(say("audited.heading", month=chosen) + "\n")
        click.echo(table(*shown[:2], right=shown.right))
    return 0


@month.command(says="month_sameness")
@workspace_option
@click.option("--month", "name", metavar="YYYY-MM", required=True, cls=SpokenOption, says="cli.option.month")
@click.option("--chart", "file", type=FILE, default=None, cls=SpokenOption, says="cli.option.chart")
@json_option
def sameness(workspace: Path | None, name: str, file: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.audited_shown import agent_names
    from qa_audit.messages import language, say
    from qa_audit.reports.service_tables import sameness_table, shown

    opened = qa_audit.open(workspace)
    found = opened.sameness(name)
    names = agent_names(opened.calls(name))
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
