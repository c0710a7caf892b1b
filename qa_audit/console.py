"""The command line's voice: help from the catalogue, tables that line up in Chinese, JSON alone."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.messages import LANGUAGES, catalogue, say, set_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def width_of(text: str) -> int:
    """Columns that a text takes in a terminal: Chinese characters and full-width signs take two.

    >>> width_of("质检 QA")
    7
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


class _Folder(click.Path):
    """A folder; an empty text is refused: it would mean the current one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As Click does."""
        if value == "":
            self.fail(say("cli.empty_path"), param, ctx)
        return super().convert(value, param, ctx)


FOLDER = _Folder(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()) -> str:
    """A plain table for the terminal; `right` names the columns set flush right.

    >>> print(table(["员工", "分数"], [["王芳", 91.5], ["Li", 8]], right=[1]))
    员工  分数
    ----  ----
    王芳  91.5
    Li       8
    """
    cells = [[str(cell) for cell in row] for row in rows]
    to_the_right = frozenset(right)
    widths = [max(map(width_of, column)) for column in zip(headings, *cells, strict=True)]

    def line(row: Sequence[str]) -> str:
        padded = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - width_of(cell))
            padded.append(gap + cell if place in to_the_right else cell + gap)
        return "  ".join(padded).rstrip()

    return "\n".join([line(headings), line(["-" * width for width in widths]), *map(line, cells)])


def print_json(value: object) -> None:
    """Print one JSON object on a line of its own, Chinese as it is where the output can hold it all."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # a GBK terminal, a file's name that is no text
        text = json.dumps(value, allow_nan=False)
    click.echo(text)


def never_refuse_characters() -> None:
    """Show what the terminal's encoding lacks as escapes: a name must not end a command with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _choose_language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        set_language(value)  # pyright: ignore[reportArgumentType]  # click.Choice has checked it


def _language_option() -> click.Option:
    return SpokenOption(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        callback=_choose_language,
        is_eager=True,
        expose_value=False,
        says="cli.option.lang",
    )


class SpokenOption(click.Option):
    """An option whose help is a message of the catalogue, read in the language in force when shown."""

    def __init__(self, *declarations: Any, says: str, **settings: Any) -> None:
        super().__init__(*declarations, **settings)
        self.says = says
        catalogue()[says]  # an option without documentation must not start

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Name and help text, the latter looked up now."""
        self.help = say(self.says)
        return super().get_help_record(ctx)


class SpokenArgument(click.Argument):
    """A positional argument; its meaning is told in the command's own text."""


class _Spoken(click.Command):
    """What commands and groups share: long and short help looked up when it is shown."""

    says: str | None = None
    """Name of its text in the catalogue, where that is not the command's own."""

    @property
    def _help_key(self) -> str:
        return f"cli.help.{self.says or (self.name or 'main').replace('-', '_')}"

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        text = say(self._help_key)
        for paragraph in text.strip().split("\n\n"):
            formatter.write_paragraph()
            with formatter.indentation():
                if paragraph.startswith("\b\n"):
                    for line in paragraph[2:].split("\n"):
                        formatter.write(" " * formatter.current_indent + line + "\n")
                else:
                    formatter.write_text(paragraph)

    def get_short_help_str(self, limit: int = 45) -> str:
        return say(self._help_key).split("\n", 1)[0]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:  # Click keeps it, with the text of the language in which it was made
            option.help = say("click.help")
        return option


class SpokenCommand(_Spoken):
    """A command documented by the catalogue's `cli.help.<name>` (or `says`); every one takes `--lang`."""

    def __init__(self, *arguments: Any, says: str | None = None, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.says = says
        self.params.append(_language_option())


class SpokenGroup(_Spoken, click.Group):
    """The group of all commands, in the order of the work rather than of the alphabet."""

    command_class = SpokenCommand

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params.append(_language_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As Click does; a language named anywhere is in force before Click finds fault with the rest."""
        for flag, value in pairwise([*args, ""]):
            wanted = value if flag == "--lang" else flag.removeprefix("--lang=")
            if flag.startswith("--lang") and wanted in LANGUAGES:
                set_language(wanted)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Commands in the order in which they were declared."""
        return list(self.commands)
