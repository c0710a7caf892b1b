"""`qa-audit verify | backup | restore | doctor | metrics`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.console import FILE, FOLDER, SpokenArgument, SpokenCommand, SpokenOption, print_json


@click.command(cls=SpokenCommand)
@click.option("--head", "heads", multiple=True, metavar="HEAD", cls=SpokenOption, says="cli.option.head")
@workspace_option
@json_option
def verify(heads: tuple[str, ...], workspace: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.store.chain import parse_head
    from qa_audit.verified import verify_workspace

    kept = [parse_head(one) for one in heads]
    opened = qa_audit.open(workspace)
    return _show(verify_workspace(opened.database, opened.results, kept), as_json)


@click.command(cls=SpokenCommand)
@click.argument("out", type=FOLDER, cls=SpokenArgument)
@workspace_option
@json_option
def backup(out: Path, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.backup import back_up
    from qa_audit.workspace_folder import find_workspace

    folder = find_workspace(Path.cwd()) if workspace is None else workspace.absolute()
    return _show(back_up(folder, out.absolute()), as_json)


@click.command(cls=SpokenCommand)
@click.argument("backup", type=FOLDER, cls=SpokenArgument)
@click.argument("folder", type=FOLDER, cls=SpokenArgument)
@click.option("--replace", is_flag=True, cls=SpokenOption, says="cli.option.replace")
@json_option
def restore(backup: Path, folder: Path, replace: bool, as_json: bool) -> int:
    from qa_audit.restored import restore as brought_back

    return _show(brought_back(backup, folder.absolute(), replace=replace), as_json)


@click.command(cls=SpokenCommand)
@workspace_option
@json_option
def doctor(workspace: Path | None, as_json: bool) -> int:
    from qa_audit.doctor import look_at
    from qa_audit.workspace_folder import find_workspace

    return _show(look_at(find_workspace(Path.cwd()) if workspace is None else workspace.absolute()), as_json)


@click.command(cls=SpokenCommand)
@click.option("--to", "path", type=FILE, default=None, cls=SpokenOption, says="cli.option.metrics_to")
@workspace_option
@json_option
def metrics(path: Path | None, workspace: Path | None, as_json: bool) -> int:
    import qa_audit
    from qa_audit.metrics import metrics_json, metrics_text, write_metrics

    opened = qa_audit.open(workspace)
    if as_json:
        print_json(metrics_json(opened))
    elif path is None:
        click.echo(metrics_text(opened), nl=False)
    if path is not None:
        write_metrics(opened, path)
    return 0


COMMANDS = (verify, backup, restore, doctor, metrics)


def _show(report: Any, as_json: bool) -> int:
    if as_json:
        print_json(report.as_json())
    else:
        click.echo(str(report))
    return int(getattr(report, "failed", False))
