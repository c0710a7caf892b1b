"""`qa-audit rubric …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.console import FILE, FOLDER, SpokenArgument, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.shown.rubric_call_list import CallListCheck
    from qa_audit.workspace import Workspace

json_option = click.option("--json", "as_json", is_flag=True, cls=SpokenOption, says="cli.option.json")
workspace_option = click.option(
    "--workspace", type=FOLDER, default=None, cls=SpokenOption, says="cli.option.workspace"
)
month_option = click.option(
    "--month", metavar="YYYY-MM", default=None, cls=SpokenOption, says="cli.option.month"
)
rubric_option = click.option(
    "--rubric", "file", type=FILE, default=None, cls=SpokenOption, says="cli.option.rubric_file"
)
item_option = click.option("--item", default=None, cls=SpokenOption, says="cli.option.item")
file_argument = click.argument("file", type=FILE, required=False, cls=SpokenArgument)


@click.group(cls=SpokenGroup, name="rubric")
def rubric() -> None:
    pass


@rubric.command(says="rubric_check")
@file_argument
@workspace_option
@json_option
def check(file: Path | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.scoring.rubric_check import check_rubric

    checked = check_rubric(_file(file, workspace))
    asked = None if checked.rubric is None else _asked_of_calls(checked.rubric, workspace)
    if as_json:
        print_json(checked.as_json() | ({} if asked is None else {"call_list": asked.as_json()}))
    else:
        click.echo(str(checked))
        if asked is not None and asked.unanswered:
            click.echo(str(asked))
    return 2 if checked.failed else 0


@rubric.command(says="rubric_test")
@file_argument
@item_option
@workspace_option
@json_option
def test(file: Path | None, item: str | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.scoring import load_rubric
    from qa_audit.scoring.rubric_test import run_examples

    rules = load_rubric(_file(file, workspace))
    tested = run_examples(rules, item)
    if as_json:
        print_json(tested.as_json())
    else:
        click.echo(tested.explained(rules))
    return int(tested.failed)


@rubric.command(says="rubric_show")
@file_argument
@item_option
@workspace_option
@json_option
def show(file: Path | None, item: str | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.scoring import load_rubric, rubric_shared, rubric_table

    rules = load_rubric(_file(file, workspace))
    if as_json:
        print_json(rules.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        return 0
    if item is not None:
        told = (rubric_table.item_text(rules, item), rubric_shared.shared_text(rules, item))
        click.echo("\n".join(filter(None, told)))
        return 0
    click.echo(say("scoring.show_heading", name=rules.name_zh, id=rules.id, version=rules.version))
    headings = [say(f"scoring.column.{name}") for name in rubric_table.HEADINGS]
    click.echo(table(headings, rubric_table.item_rows(rules), right=[3]))
    if rules.sections:
        headings = [say(f"scoring.column.{name}") for name in ("section", "points", "max_loss")]
        click.echo("\n" + table(headings, rubric_table.section_rows(rules), right=[1, 2]))
    return 0


@rubric.command(says="rubric_explain")
@click.argument("item", cls=SpokenArgument)
@click.argument("call", cls=SpokenArgument)
@rubric_option
@workspace_option
@json_option
def explain(item: str, call: str, file: Path | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring import load_rubric
    from qa_audit.scoring.learned.learn import with_accepted
    from qa_audit.scoring.rubric_explain import explain as explained
    from qa_audit.scoring.rubric_test import typed_call

    rules = load_rubric(_file(file, workspace))
    text = _call_lines(call)
    if text is not None:
        told = explained(item, typed_call(text), CallFacts(), rules)
    else:
        try:
            opened = _open(workspace)
            known = opened.transcript(call)
        except QaError as fault:
            if _names_file(call) and fault.code in ("workspace.not_found", "workspace.unknown_call"):
                raise QaError("scoring.no_call_file", path=call) from fault
            raise
        rules = with_accepted(rules, opened.folder)
        told = explained(item, *known, rules, answers=opened.answers(call))
    if as_json:
        print_json(told.as_json())
    else:
        click.echo(str(told))
    return 0


@rubric.command(says="rubric_diff")
@click.argument("old", type=FILE, cls=SpokenArgument)
@click.argument("new", type=FILE, cls=SpokenArgument)
@workspace_option
@month_option
@json_option
def diff(old: Path, new: Path, workspace: Path | None, month: str | None, as_json: bool) -> int:
    from qa_audit.scoring import load_rubric
    from qa_audit.scoring.learned.learn import with_accepted
    from qa_audit.scoring.rubric_diff import diff_rubrics
    from qa_audit.shown.rubric_compared import compared, compared_lines

    before, after, calls = load_rubric(old), load_rubric(new), None
    judged = None
    if workspace is not None or month is not None:
        from qa_audit.months.audited_figures import judged_of

        opened = _open(workspace)
        before, after = (with_accepted(one, opened.folder) for one in (before, after))
        calls, judged = opened.transcripts(month), judged_of(opened, None if month is None else [month])
    told = diff_rubrics(before, after, calls, () if judged is None else frozenset(judged["call_id"]))
    if as_json:
        heard = {} if judged is None else {"heard": [one._asdict() for one in compared(told, judged)]}
        print_json(told.as_json() | heard)
    else:
        click.echo(str(told))
        if judged is not None:
            for line in compared_lines(told, judged):
                click.echo(line)
    return 0


@rubric.command(says="rubric_export")
@click.argument("out", type=FILE, cls=SpokenArgument)
@rubric_option
@workspace_option
def export(out: Path, file: Path | None, workspace: Path | None) -> int:
    from qa_audit.scoring import load_rubric
    from qa_audit.scoring.rubric_file import built_in_rubric_text
    from qa_audit.scoring.rubric_workbook import write_workbook
    from qa_audit.store.toml_file import read_text

    if out.exists():
        raise QaError("scoring.exists", path=out)
    source = _file(file, workspace)
    text = built_in_rubric_text() if source is None else read_text(source)
    write_workbook(load_rubric(source), text, out)
    click.echo(say("scoring.exported", path=out))
    return 0


@rubric.command(name="import", says="rubric_import")
@click.argument("workbook", type=FILE, cls=SpokenArgument)
@click.argument("out", type=FILE, cls=SpokenArgument)
def import_(workbook: Path, out: Path) -> int:
    from qa_audit.scoring.rubric_check import check_rubric
    from qa_audit.scoring.rubric_sheets import read_workbook
    from qa_audit.store.files import write_text

    if out.exists():
        raise QaError("scoring.exists", path=out)
    read = read_workbook(workbook)
    write_text(out, read.text)
    click.echo(
        say("scoring.imported" if read.changed else "scoring.imported_same", path=out, items=read.items)
    )
    if read.notes:
        click.echo(say("scoring.workbook_notes", count=len(read.notes)))
        click.echo("\n".join(f"  {one}" for one in read.notes))
    checked = check_rubric(out)
    if checked.failed or checked.notes:
        click.echo(str(checked))
    return 2 if checked.failed else 0


def _asked_of_calls(rubric: Rubric, folder: Path | None) -> CallListCheck | None:
    """What the calls of the workspace do not answer; None outside one."""
    from qa_audit.shown.rubric_call_list import check_call_list

    try:
        opened = _open(folder)
    except QaError:
        if folder is not None:
            raise
        return None
    return check_call_list(opened, rubric)


def _open(folder: Path | None) -> Workspace:
    from qa_audit.workspace import Workspace
    from qa_audit.workspace_folder import find_workspace

    return Workspace.open(folder if folder is not None else find_workspace(Path.cwd()))


def _file(given: Path | None, workspace: Path | None) -> Any:
    """The rubric's file: as given, else that of the workspace, if there is one; None is the built-in one."""
    from qa_audit.settings import RUBRIC_FILE
    from qa_audit.workspace_folder import find_workspace

    if given is not None:
        return given
    try:
        folder = workspace if workspace is not None else find_workspace(Path.cwd())
    except QaError:
        return None
    own = folder / RUBRIC_FILE
    return own if own.is_file() else None


def _call_lines(call: str) -> str | None:
    """Text of a call given as such or as a file; None for the id of a call."""
    from qa_audit.scoring.rubric_test import is_call_text

    if is_call_text(call):
        return call
    path = Path(call)
    try:
        is_file = path.is_file()
    except OSError as fault:
        if fault.errno == errno.ENAMETOOLONG:
            return call
        is_file = True  # reading tells what is wrong
    if is_file:
        from qa_audit.store.toml_file import read_text

        return read_text(path)
    return None


def _names_file(call: str) -> bool:
    """Whether what is the text of no call looks like the name of a file, and not like the id of a call."""
    return "/" in call or "\\" in call or re.search(r"\.[A-Za-z]{1,5}$", call) is not None


@rubric.command(says="rubric_learn")
@click.argument("table", type=FILE, required=False, cls=SpokenArgument)
@click.option("--accept", metavar="VERSION", default=None, cls=SpokenOption, says="cli.option.accept")
@click.option("--semantic", metavar="MODEL", default=None, cls=SpokenOption, says="cli.option.semantic")
@workspace_option
@json_option
def learn(
    table: Path | None, accept: str | None, semantic: str | None, workspace: Path | None, as_json: bool
) -> int:
    from qa_audit.audit.rubric_uses import keep_rubric_use
    from qa_audit.scoring.learned import learn as lessons

    opened = _open(workspace)
    folder = opened.folder
    if (table is not None or semantic is not None) and accept is None:
        lesson = lessons.learn(folder, table, semantic)
        if as_json:
            print_json(lesson.as_json())
        else:
            click.echo(str(lesson))
        return 0
    if accept is None or table is not None or semantic is not None:
        raise QaError("learned.nothing_to_do", version=lessons.accepted(folder))
    version = lessons.accept(folder, accept)
    keep_rubric_use(opened.database, opened.rubric, version, "accepted")
    if as_json:
        print_json({"version": version, "accepted": True})
    else:
        click.echo(say("learned.now_used", version=version))
    return 0


@rubric.command(says="rubric_quality")
@workspace_option
@month_option
@json_option
def quality(workspace: Path | None, month: str | None, as_json: bool) -> int:
    from qa_audit.shown.audited import left_out, shown_quality

    opened = _open(workspace)
    found = opened.rule_quality(None if month is None else [month])
    if as_json:
        print_json({"items": found.to_dicts()})
    else:
        shown = shown_quality(found, opened.rubric)
        click.echo(table(*shown[:2], right=shown.right) if shown.rows else say("audited.nothing"))
        for line in left_out(found.iter_rows(named=True)):
            click.echo(line)
        if shown.rows:
            click.echo(f"\n{say('audited.quality_note')}")
    return 0
