"""`qa-audit report` and `qa-audit bulletin`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.console import FOLDER, SpokenCommand, SpokenOption, print_json

if TYPE_CHECKING:
    from qa_audit.reports.month_files import Format

# Written out, for importing the reports to list them would slow every command's start.
FORMATS = ("xlsx", "html", "pdf", "csv", "parquet", "png", "agents")


@click.command(cls=SpokenCommand, says="report")
@click.option("--month", metavar="YYYY-MM", required=True, cls=SpokenOption, says="cli.option.report_month")
@click.option("--out", type=FOLDER, required=True, cls=SpokenOption, says="cli.option.out")
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    cls=SpokenOption,
    says="cli.option.format",
)
@workspace_option
@json_option
def report(workspace: Path | None, month: str, out: Path, formats: tuple[Format, ...], as_json: bool) -> int:
    import qa_audit

    files = qa_audit.open(workspace).report(month, out, formats=formats or None)
    if as_json:
        print_json({"month": month, "files": [str(path) for path in files]})
    else:
        click.echo("\n".join(str(path) for path in files))
    return 0


@click.command(cls=SpokenCommand, says="bulletin")
@click.option("--day", metavar="YYYY-MM-DD", default=None, cls=SpokenOption, says="cli.option.day")
@click.option("--days", type=int, default=1, cls=SpokenOption, says="cli.option.days")
@click.option("--out", type=FOLDER, default=None, cls=SpokenOption, says="cli.option.bulletin_out")
@workspace_option
@json_option
def bulletin(workspace: Path | None, day: str | None, days: int, out: Path | None, as_json: bool) -> int:
    import qa_audit

    page = qa_audit.open(workspace).bulletin(day, days=days)
    files = [] if out is None else page.write(out)
    if as_json:
        print_json(
            {"day": f"{page.last}", "days": days, "text": page.text, "files": [str(file) for file in files]}
        )
    else:
        click.echo(page.text if out is None else "\n".join(map(str, files)))
    return 0
