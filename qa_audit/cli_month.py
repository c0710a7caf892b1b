"""`qa-audit month …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qa_audit.cli_rubric import json_option, workspace_option
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
