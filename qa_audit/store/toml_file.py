"""TOML files that people edit: every mistake at once, each with its line, key and what is allowed."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

Key = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file."""

    code: str
    """Key of its message in the catalogue."""
    line: int
    key: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(self.code, line=self.line, key=self.key, **self.values)


class NotAllowedError(QaError, ValueError):
    """What a validator of a model refuses, told in the language in which the list of mistakes is read."""


class Mistakes(tuple[Mistake, ...]):
    """All mistakes of a file; their text, a line each, follows the language in force when it is read."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(f"  {mistake}" for mistake in self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read the TOML file at `path` as a `model`.

    Raises `QaError` `toml.unreadable`, `toml.not_utf8`, `toml.not_toml`, or `toml.invalid`, which lists
    every mistake.
    """
    return parse_toml(read_bytes(path), str(path), model)


def read_bytes(path: Path) -> bytes:
    """Content of a file that people edit. Raises `QaError` `toml.unreadable`."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise QaError("toml.unreadable", path=path, reason=fault.strerror or fault) from fault


def parse_toml(
    content: bytes,
    path: str,
    model: type[Model],
    crossed: Callable[[Mapping[str, Any], Mapping[Key, int]], Iterable[Mistake]] = lambda _table, _lines: (),
) -> Model:
    """Check the bytes of a TOML file against `model`; `path` is only shown.

    `crossed` finds what shows only across keys, from the raw table and the line of each key; it is asked
    also when single keys are wrong, so that all mistakes come at once. Raises as `read_toml`.
    """
    try:
        text = content.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise QaError("toml.not_utf8", path=path, line=line) from fault
    except tomllib.TOMLDecodeError as fault:
        raise QaError("toml.not_toml", path=path, reason=fault) from fault
    lines = key_lines(text)
    mistakes: list[Mistake] = []
    value = None
    try:
        value = model.model_validate(table)
    except ValidationError as fault:
        mistakes += [_mistake(error, lines, model) for error in _causes(fault.errors())]
    mistakes += crossed(table, lines)
    if value is not None and not mistakes:
        return value
    mistakes.sort(key=lambda mistake: mistake.line)
    raise QaError("toml.invalid", path=path, count=len(mistakes), mistakes=Mistakes(mistakes))


def key_lines(text: str) -> dict[Key, int]:
    """Line (from 1) on which each key of a TOML text stands; tomllib keeps none.

    Keys inside an inline table or a list have the line of the key that holds them.

    >>> key_lines('id = "x"\\n[[items]]\\nid = "a"\\n[items.check]')
    {('id',): 1, ('items', 0): 2, ('items', 0, 'id'): 3, ('items', 0, 'check'): 4}
    """
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            *parents, last = _names(header[2])
            table = ()
            for name in parents:
                table = _entered((*table, name), counts)
            table = (*table, last)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
            table = _entered(table, counts)
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault((*table, *_names(assignment[1])), number)
    return lines


def line_of(location: Sequence[str | int], lines: Mapping[Key, int]) -> int:
    """Line of the nearest key that has one."""
    key: Key = ()
    for step in location:
        if any(known[: len(key) + 1] == (*key, step) for known in lines):
            key = (*key, step)
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def _causes(errors: Sequence[Any]) -> list[Any]:
    """Errors without those that follow from others: a list of nothing but wrong entries counts as empty."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(place[: len(error["loc"])] == error["loc"] and place != error["loc"] for place in places)
    ]


def _entered(table: Key, counts: Mapping[Key, int]) -> Key:
    return (*table, counts[table]) if table in counts else table


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _mistake(error: Any, lines: Mapping[Key, int], root: type[BaseModel]) -> Mistake:
    location: tuple[str | int, ...] = error["loc"]
    shown, model = _walk(location, root)
    line = line_of(shown, lines)
    key = ".".join(str(step) for step in shown)
    match error["type"]:
        case "extra_forbidden":
            allowed = ", ".join(field.alias or name for name, field in model.model_fields.items())
            return Mistake("toml.unknown_key", line, key, {"allowed": allowed})
        case "missing":
            return Mistake("toml.missing_key", line, key, {})
        case _:
            cause = error.get("ctx", {}).get("error")
            spoken = isinstance(cause, NotAllowedError)
            reason = cause if spoken else error["msg"].removeprefix("Value error, ")
            got = repr(error["input"])
            got = got if len(got) <= 60 else got[:57] + "…"
            return Mistake("toml.bad_value", line, key, {"got": got, "allowed": reason})


def _walk(location: Sequence[str | int], root: type[BaseModel]) -> tuple[list[str | int], type[BaseModel]]:
    """The location without the names of a union's choices, and the model that its last key belongs to."""
    model = root
    shown: list[str | int] = []
    choices: list[type[BaseModel]] = []
    for place, step in enumerate(location):
        if choices and isinstance(step, str):
            chosen = [one for one in choices if step in typing.get_args(one.model_fields["kind"].annotation)]
            choices = []
            if chosen:
                model = chosen[0]
                continue
        shown.append(step)
        if isinstance(step, str) and place < len(location) - 1:
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            if step in fields:
                found = _models_in(fields[step].annotation)
                model = found[0] if found else model
                choices = found if len(found) > 1 else []
    return shown, model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) is None and not isinstance(annotation, types.UnionType):
        return []
    return [model for inner in typing.get_args(annotation) for model in _models_in(inner)]
