"""`qa-audit sample …`: parses and calls, nothing else."""

# A command is documented by its message in the catalogue, in both languages.
# ruff: noqa: D103

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.commands.rubric import json_option, workspace_option
from qa_audit.commands.who import who_option
from qa_audit.console import FOLDER, SpokenArgument, SpokenGroup, SpokenOption, print_json, table
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa_audit.sampling.book import SampleBook
    from qa_audit.sampling.draws import Draw
    from qa_audit.sampling.frame import Frame
    from qa_audit.workspace import Workspace


def option(*declarations: str, **settings: Any) -> Callable[[Any], Any]:
    """A documented option: its text is the message `cli.option.sample_<name>`."""
    name = declarations[0].lstrip("-").replace("-", "_")
    return click.option(*declarations, cls=SpokenOption, says=f"cli.option.sample_{name}", **settings)


month_option = option("--month", metavar="YYYY-MM", required=True)
draw_argument = click.argument("draw_id", metavar="DRAW", type=int, cls=SpokenArgument)
any_draw_argument = click.argument("draw_id", metavar="DRAW", type=int, required=False, cls=SpokenArgument)
_FRAME_OPTIONS = (
    option("--team", "teams", multiple=True),
    option("--days", metavar="D-D", default=None),
    option("--calls-per-agent", type=int, default=8, show_default=True),
    option("--new-agent-calls", type=int, default=0),
    option("--team-at-least", type=int, default=0),
    option("--flagged-share", default="0.2", show_default=True),
    option("--oversampling", default="3", show_default=True),
)


def frame_options(command: Any) -> Any:
    """The options that say what is drawn from and how."""
    for one in reversed(_FRAME_OPTIONS):
        command = one(command)
    return command


@click.group(cls=SpokenGroup, name="sample")
def sample() -> None:
    pass


@sample.command(says="sample_plan")
@month_option
@frame_options
@option("--sd", type=click.FloatRange(min=0, min_open=True), default=None)
@workspace_option
@json_option
def plan(workspace: Path | None, as_json: bool, sd: float | None, **choice: Any) -> int:
    from qa_audit.sampling.interval import ASSUMED_SD
    from qa_audit.sampling.plan import Plan
    from qa_audit.sampling.shown import PLAN_COLUMNS, headings, plan_rows

    planned = Plan(_frame(_book(workspace), **choice), sd or ASSUMED_SD)
    if as_json:
        print_json(planned.as_json())
        return 0
    click.echo(planned.summary() + "\n")
    click.echo(table(headings(PLAN_COLUMNS), plan_rows(planned), right=range(3, 8)))
    for note in planned.notes():
        click.echo("\n" + note)
    return 0


@sample.command(says="sample_commit")
@month_option
@who_option
@option("--words", default=None)
@workspace_option
@json_option
def commit(month: str, who: str, words: str | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.sampling.tickets import new_words

    said = words or new_words()
    bound = _book(workspace).commit(month, who, said)
    if as_json:
        print_json({"month": month, "who": bound.who, "sha256": bound.sha256, "words": said})
    else:
        click.echo(say("sampling.committed", who=bound.who, month=month, sha256=bound.sha256, words=said))
    return 0


@sample.command(says="sample_freeze")
@month_option
@who_option
@frame_options
@workspace_option
@json_option
def freeze(who: str, workspace: Path | None, as_json: bool, **choice: Any) -> int:
    book = _book(workspace)
    frame = _frame(book, **choice)
    frozen = book.freeze(frame, who)
    told = {"frame": frozen.frame_id, "sha256": frozen.sha256, "calls": frame.drawable.height}
    if as_json:
        print_json(told)
    else:
        click.echo(say("sampling.frozen", **told))
    return 0


@sample.command(says="sample_draw")
@option("--month", metavar="YYYY-MM", default=None)
@who_option
@option("--frame", "frame_id", metavar="ID", type=int, default=None)
@option("--words", "words", metavar="NAME=WORDS", multiple=True)
@frame_options
@option("--instead-of", metavar="DRAW", type=int, default=None)
@option("--reason", default=None)
@option("--kind", type=click.Choice(["random", "coaching", "complaint", "appeal"]), default="random")
@option("--call", "calls", multiple=True)
@option("--agent", default=None)
@workspace_option
@json_option
def draw(
    *,
    month: str | None,
    who: str,
    frame_id: int | None,
    words: tuple[str, ...],
    instead_of: int | None,
    reason: str | None,
    kind: Any,
    calls: tuple[str, ...],
    agent: str | None,
    workspace: Path | None,
    as_json: bool,
    **choice: Any,
) -> int:
    from qa_audit.sampling.shown import drawn_text

    book = _book(workspace)
    if kind != "random":
        chosen = list(calls)
        if agent is not None:
            chosen += book.calls_of_agent(_given(month, "--month"), agent)
        made = book.choose(chosen, kind, who, reason or "")
    else:
        parts = [one.partition("=") for one in words]
        said = {name: told for name, _, told in parts}
        if frame_id is None and said:
            raise QaError("sampling.freeze_first")
        source = frame_id or _frame(book, month=_given(month, "--month"), **choice)
        made = book.draw(source, who, words=said, instead_of=instead_of, reason=reason)
    if as_json:
        print_json(book.as_json(made.draw_id))
    else:
        click.echo(drawn_text(made))
    return 0


@sample.command(name="hand-out", says="sample_hand_out")
@draw_argument
@option("--inspector", "inspectors", multiple=True, required=True)
@who_option
@option("--twice", default="0.08", show_default=True)
@option("--common", type=click.IntRange(min=0), default=0, show_default=True)
@option("--lock", is_flag=True)
@workspace_option
@json_option
def hand_out(draw_id: int, who: str, lock: bool, workspace: Path | None, as_json: bool, **choice: Any) -> int:
    book = _book(workspace)
    handed = book.hand_out(draw_id, who=who, **choice)
    locked = book.lock(draw_id, who) if lock else None
    if as_json:
        print_json(book.as_json(draw_id))
        return 0
    click.echo(say("sampling.handed_out", draw=draw_id, count=len(handed.assignments)))
    for name in handed.inspectors:
        own = [one.purpose for one in handed.assignments if one.inspector == name]
        counts = {"second": own.count("second"), "common": own.count("common")}
        click.echo("  " + say("sampling.handed_out_row", who=name, count=len(own), **counts))
    if locked is not None:
        click.echo(say("sampling.now_locked", draw=draw_id, receipt=locked.receipt[:8]))
    return 0


@sample.command(says="sample_replace")
@draw_argument
@click.argument("call", cls=SpokenArgument)
@option("--why", type=click.Choice(["no_audio", "wrong_agent", "private_call"]), required=True)
@who_option
@workspace_option
@json_option
def replace(draw_id: int, *, call: str, why: Any, who: str, workspace: Path | None, as_json: bool) -> int:
    done = _book(workspace).replace(draw_id, call, why, who)
    if as_json:
        print_json({"draw": draw_id, "call": call, "reason": why, "replaced_by": done.replaced_by})
        return 0
    values = {"call": call, "reason": say(f"sampling.reason.{why}")}
    key = "sampling.replaced_by_none" if done.replaced_by is None else "sampling.replaced"
    click.echo(say(key, by=done.replaced_by, **values))
    return 0


@sample.command(says="sample_show")
@any_draw_argument
@option("--out", type=FOLDER, default=None)
@workspace_option
@json_option
def show(draw_id: int | None, out: Path | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.sampling.shown import SKIP_COLUMNS, drawn_text, headings, skip_rows

    book = _book(workspace)
    if draw_id is None:
        found = book.draws()
        if as_json:
            print_json({"draws": [book.as_json(one.draw_id) for one in found]})
        elif not found:
            click.echo(say("sampling.none_yet"))
        else:
            names = ("draw", "month", "kind", "drawn", "who", "alone", "receipt")
            click.echo(table(headings(names), map(_row, found)))
        return 0
    kept = book.as_json(draw_id)
    if out is not None:
        written = [str(path) for path in book.export(draw_id, out)]
        if as_json:
            print_json({"draw": draw_id, "files": written})
        else:
            click.echo("\n".join(written))
        return 0
    if as_json:
        print_json(kept)
        return 0
    (made,) = (one for one in book.draws() if one.draw_id == draw_id)
    click.echo(drawn_text(made) + "\n")
    click.echo(_calls_table(kept, _names(book, made)))
    skips = book.skips(draw_id)
    if not skips.is_empty():
        click.echo("\n" + table(headings(SKIP_COLUMNS), skip_rows(skips), right=(1, 2, 3)))
    return 0


@sample.command(says="sample_verify")
@any_draw_argument
@workspace_option
@json_option
def verify(draw_id: int | None, workspace: Path | None, as_json: bool) -> int:
    found = _book(workspace).verify(draw_id)
    if as_json:
        print_json({"ok": not any(one.failed for one in found), "draws": [one.as_json() for one in found]})
    else:
        click.echo("\n\n".join(map(str, found)) or say("sampling.none_yet"))
    return int(any(one.failed for one in found))


@sample.command(says="sample_board")
@option("--month", metavar="YYYY-MM", default=None)
@workspace_option
@json_option
def board(month: str | None, workspace: Path | None, as_json: bool) -> int:
    from qa_audit.shown.board import board_line, shown_load, shown_waiting

    found = _workspace(workspace).board(month)
    if as_json:
        print_json(found.as_json())
        return 0
    click.echo(board_line(found))
    for shown, rows in ((shown_load(found), found.inspectors), (shown_waiting(found), found.waiting)):
        if not rows.is_empty():
            click.echo("\n" + table(*shown[:2], right=shown.right))
    return 0


def _workspace(folder: Path | None) -> Workspace:
    from qa_audit.workspace import Workspace
    from qa_audit.workspace_folder import find_workspace

    return Workspace.open(folder if folder is not None else find_workspace(Path.cwd()))


def _book(folder: Path | None) -> SampleBook:
    return _workspace(folder).samples


def _frame(book: SampleBook, *, month: str, teams: tuple[str, ...], days: str | None, **design: Any) -> Frame:
    from qa_audit.sampling.design import Design

    return book.frame(month, Design(**design), teams=teams, days=None if days is None else _days(days))


def _days(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    try:
        return int(first), int(last or first)
    except ValueError as error:
        raise click.BadParameter(text, param_hint="--days") from error


def _given(value: str | None, name: str) -> str:
    if value is None:
        raise click.MissingParameter(param_hint=name, param_type="option")
    return value


def _row(made: Draw) -> tuple[object, ...]:
    alone = say("sampling.yes") if made.kind == "random" and made.alone else ""
    kind = say(f"sampling.kind.{made.kind}")
    return made.draw_id, made.month, kind, len(made.first_calls()), made.who, alone, made.receipt[:8]


def _names(book: SampleBook, made: Draw) -> dict[str, str]:
    """Number and name of the agents of a draw by key, as they were frozen."""
    if made.kind != "random":
        return {}
    people = book.frame_of(made.draw_id).calls.select("agent", "agent_no", "agent_name").drop_nulls("agent")
    named = {agent: " ".join(filter(None, own)) for agent, *own in people.iter_rows()}
    return {agent: name or agent.partition(":")[2] for agent, name in named.items()}


def _calls_table(kept: dict[str, Any], people: Mapping[str, str]) -> str:
    """`people` are names of agents by key."""
    why = {one["call_id"]: say(f"sampling.reason.{one['reason']}") for one in kept["replacements"]}
    names = ("agent", "stratum", "call", "inclusion", "ticket", "replaced")
    rows = [
        (
            people.get(one["agent"], one["agent"]) or "–",
            say(f"sampling.stratum.{one['stratum']}") if one["stratum"] else "–",
            one["call_id"],
            "–" if one["inclusion"] is None else f"{one['inclusion']:.4f}",
            (one["ticket"] or "–")[:8],
            why.get(one["call_id"], ""),
        )
        for one in kept["tickets"]
    ]
    return table([say(f"sampling.column.{name}") for name in names], rows)
