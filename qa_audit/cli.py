"""The `qa-audit` command: parses and calls, nothing else.

Exit codes: 0 all fine, 1 some recording failed or work was left unfinished, 2 wrong use, 130 interrupted.
Heavy modules are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit import __version__
from qa_audit.click_words import speak_click
from qa_audit.commands.appeal import appeal
from qa_audit.commands.complaint import complaint
from qa_audit.commands.find import find
from qa_audit.commands.follow_up import coach, faults, praise
from qa_audit.commands.month import month
from qa_audit.commands.recordings import archive, check_recordings, hold, listened, retention
from qa_audit.commands.report import bulletin, report
from qa_audit.commands.roles import roles
from qa_audit.commands.rubric_history import rubric
from qa_audit.commands.sample import sample
from qa_audit.commands.trust import COMMANDS as TRUST
from qa_audit.console import (
    FILE,
    FOLDER,
    SpokenArgument,
    SpokenGroup,
    SpokenOption,
    never_refuse_characters,
    print_json,
    table,
)
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_audit.transcribe.settings import TranscribeSettings
    from qa_audit.transcribe.trial_call import TrialCall
    from qa_audit.workspace import Workspace

speak_click()

# Faults of the surroundings, not of the caller: the same command may succeed later.
_UNFINISHED = ("store.",)


def main() -> None:
    """Entry point: runs the command and turns what can go wrong into a message and an exit code."""
    _stop_in_order()
    never_refuse_characters()
    try:
        status = cli.main(prog_name="qa-audit", standalone_mode=False)
    except QaError as error:
        if "--json" in sys.argv:
            print_json({"error": {"code": error.code, "message": str(error)}})
        click.echo(str(error), err=True)
        sys.exit(1 if error.code.startswith(_UNFINISHED) else 2)
    except click.ClickException as error:
        if "--json" in sys.argv:
            print_json({"error": {"code": "cli.usage", "message": error.format_message()}})
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\n" + say("cli.interrupted"), err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has gone; Python must not complain again while it flushes on exit.
        _silence_stdout()
        sys.exit(1)
    except OSError as error:
        # A file that can't be used is named; what has no name is the output, into a file on a full disk.
        if error.filename is not None:
            raise
        _silence_stdout()
        click.echo(say("cli.no_output", reason=error.strerror or error), err=True)
        sys.exit(1)
    sys.exit(status or 0)


def _stop_in_order() -> None:
    """End by a signal as by Ctrl-C: what is in hand is given back, and no attempt is counted against it."""
    for name in ("SIGTERM", "SIGHUP"):  # SIGHUP: a terminal that is closed; `nohup` has it ignored
        found = getattr(signal, name, None)
        if found is not None and signal.getsignal(found) != signal.SIG_IGN:
            signal.signal(found, signal.default_int_handler)


def _silence_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.{name}", **settings)


def argument(name: str, **settings: Any) -> Callable[[Any], Any]:
    """A positional argument."""
    return click.argument(name, cls=SpokenArgument, **settings)


workspace_option = option("--workspace", type=FOLDER, default=None)
json_option = option("--json", "as_json", is_flag=True)
month_option = option("--month", metavar="YYYY-MM", default=None)
limit_option = option("--limit", type=click.IntRange(min=1), default=None)
workers_option = option("--workers", type=click.IntRange(min=0), default=None)
on_option = option("--on", type=click.Choice(["here", "ray"]), default="here")
retry_option = option("--retry-failed", is_flag=True)
rehash_option = option("--rehash", is_flag=True)


def _open(folder: Path | None) -> Workspace:
    from qa_audit.workspace import Workspace
    from qa_audit.workspace_folder import find_workspace

    return Workspace.open(folder if folder is not None else find_workspace(Path.cwd()))


@click.group(cls=SpokenGroup, name="main", invoke_without_command=False)
@click.version_option(__version__, prog_name="qa-audit", cls=SpokenOption, says="cli.option.version")
def cli() -> None:
    pass


@cli.command()
@argument("folder", type=FOLDER)
@option("--recordings", type=FOLDER, default=None)
@option("--call-list", type=FILE, default=None)
@option("--roster", type=FILE, default=None)
@option("--department", default=None)
@option("--database", "database_url", metavar="URL", default=None)
@option("--engine", default=None)
@option("--model", default=None)
@option("--preset", default=None)
@option("--agent-channel", type=click.Choice(["left", "right", "auto"]), default=None)
def init(folder: Path, **choices: Any) -> None:
    from qa_audit.workspace import Workspace

    workspace = Workspace.create(folder, **choices)
    click.echo(say("cli.made", folder=workspace.folder, settings=workspace.settings_file))


@cli.command(name="import")
@argument("recordings", type=FOLDER, required=False)
@option("--call-list", type=FILE, default=None)
@option("--roster", type=FILE, default=None)
@rehash_option
@workspace_option
@json_option
def import_(workspace: Path | None, as_json: bool, **sources: Any) -> int:
    report = _open(workspace).import_calls(**sources)
    return _show(report, as_json)


@cli.command()
@month_option
@limit_option
@workers_option
@on_option
@retry_option
@workspace_option
@json_option
def transcribe(workspace: Path | None, as_json: bool, **choice: Any) -> int:
    return _show(_open(workspace).transcribe(**choice), as_json)


@cli.command()
@month_option
@workspace_option
@json_option
def score(workspace: Path | None, as_json: bool, **choice: Any) -> int:
    return _show(_open(workspace).score(**choice), as_json)


@cli.command()
@month_option
@limit_option
@workers_option
@on_option
@retry_option
@rehash_option
@workspace_option
@json_option
def run(workspace: Path | None, as_json: bool, **choice: Any) -> int:
    return _show(_open(workspace).run(**choice), as_json)


@cli.command()
@workspace_option
@json_option
def status(workspace: Path | None, as_json: bool) -> int:
    return _show(_open(workspace).status(), as_json)


@cli.command()
@argument("files", nargs=-1, required=True, type=click.Path())
@option("--engine", default="openai-whisper")
@option("--model", default="base")
@option("--preset", default="balanced")
@option("--agent-channel", type=click.Choice(["left", "right", "auto"]), default="left")
@option("--rubric", type=FILE, default=None)
@option("--meta", type=FILE, default=None)
@option("--glossary", type=FILE, default=None)
@json_option
def check(files: tuple[str, ...], as_json: bool, **choices: Any) -> int:
    from qa_audit.check import check_recordings

    failed = False
    for checked in check_recordings(files, **choices):
        failed |= checked.error is not None
        if as_json:
            print_json(checked.as_json())
        else:
            click.echo(checked.as_text())
    return int(failed)


cli.add_command(rubric)
cli.add_command(sample)
cli.add_command(month)
for command in (appeal, faults, coach, praise, complaint, find, report, bulletin):
    cli.add_command(command)
for command in (check_recordings, archive, retention, hold, listened, roles, *TRUST):
    cli.add_command(command)


@cli.group(cls=SpokenGroup, invoke_without_command=True)
@option("--download", metavar="MODEL", default=None)
@workspace_option
@json_option
@click.pass_context
def models(context: click.Context, download: str | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.transcribe import weights

    if download is not None:
        weights.download(download)
    if context.invoked_subcommand is not None:
        return 0
    try:
        chosen = _open(workspace).settings.transcribe
        found = weights.available_models(chosen.weights, chosen.model)
    except QaError as error:
        if workspace is not None or error.code != "workspace.not_found":
            raise
        found = weights.available_models()
    if as_json:
        print_json({"models": [place.as_json() for place in found]})
        return 0
    marks = {True: say("cli.models.chosen"), False: ""}
    rows = [(place.model, marks[place.chosen], place.why, place.path) for place in found]
    click.echo(table([say(f"cli.models.{head}") for head in ("model", "use", "why", "path")], rows))
    return 0


@models.command()
@option("--hours-per-day", metavar="H", type=click.FloatRange(min=0, min_open=True), default=None)
@option("--recording", type=FILE, default=None)
@workspace_option
@json_option
@click.pass_context
def recommend(
    context: click.Context,
    hours_per_day: float | None,
    recording: Path | None,
    workspace: Path | None,
    as_json: bool,
) -> int:
    from qa_audit.transcribe.recommend import recommend as tried

    before = context.parent.params if context.parent else {}
    folder, as_json = workspace or before.get("workspace"), as_json or before.get("as_json", False)
    settings, call = _trial(folder, recording)
    return _show(tried(settings, call, hours_per_day), as_json)


def _trial(folder: Path | None, recording: Path | None) -> tuple[TranscribeSettings, TrialCall]:
    """Settings and speech for a trial: of the workspace, if there is one; speech of `recording`, if given."""
    from qa_audit.transcribe.settings import TranscribeSettings
    from qa_audit.transcribe.trial_call import trial_call

    settings, paths = TranscribeSettings(), []
    try:
        workspace = _open(folder)
        settings = workspace.settings.transcribe
        paths = workspace.recordings_by_length() if recording is None else []
    except QaError as error:
        if folder is not None or error.code != "workspace.not_found":
            raise
    if recording is not None:
        paths = [recording]
    return settings, trial_call(paths, settings.speech, settings.raw_format_of)


@cli.command()
@option("--notebooks", type=FOLDER, default=None)
@option("--as-root", is_flag=True)
@workspace_option
@argument("jupyter_arguments", nargs=-1, type=click.UNPROCESSED)
def lab(
    workspace: Path | None, notebooks: Path | None, as_root: bool, jupyter_arguments: tuple[str, ...]
) -> int:
    from qa_audit.lab import start_lab

    return start_lab(notebooks, workspace, jupyter_arguments, as_root=as_root)


def _show(report: Any, as_json: bool) -> int:
    if as_json:
        print_json(report.as_json())
    else:
        click.echo(str(report))
    return int(report.failed)


if __name__ == "__main__":
    main()
