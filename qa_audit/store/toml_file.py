"""TOML files that people edit: every mistake at once, each with its line, key and what is allowed."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from qa_audit.messages import QaError
from qa_audit.store.toml_choices import Choices, Likely, near
from qa_audit.store.toml_mistakes import Mistake, Mistakes, NotAllowedError
from qa_audit.store.toml_syntax import no_toml
from qa_audit.store.toml_text import inline_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

Key = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and XLS begin."""
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read the TOML file at `path` as a `model`.

    Raises `QaError` `toml.unreadable`, `toml.not_utf8`, what `no_toml` tells, or `toml.invalid`, which lists
    every mistake.
    """
    return parse_toml(read_bytes(path), str(path), model)


def read_bytes(path: Path) -> bytes:
    """Content of a file that people edit. Raises `QaError` `toml.unreadable`."""
    try:
        return path.read_bytes()
    except OSError as fault:
        there = not isinstance(fault, FileNotFoundError)
        reason = (fault.strerror or fault) if there else QaError("toml.not_there")
        raise QaError("toml.unreadable", path=path, reason=reason) from fault


def read_text(path: Path) -> str:
    """Text of a file that people edit. Raises `QaError` `toml.unreadable` or `toml.not_utf8`."""
    return _decoded(read_bytes(path), str(path))


def _decoded(content: bytes, path: str) -> str:
    if content.startswith(_WORKBOOKS):
        raise QaError("toml.workbook", path=path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise QaError("toml.not_utf8", path=path, line=line) from fault


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
    text = _decoded(content, path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise no_toml(path, text, fault) from fault
    lines = key_lines(text)
    mistakes: list[Mistake] = []
    value = None
    try:
        value = model.model_validate(table)
    except ValidationError as fault:
        mistakes += [_mistake(error, lines, model) for error in _causes(fault.errors(), model)]
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
    """Line of the nearest key that has one; of a list of tables that of the first.

    >>> line_of(("item",), key_lines('id = "x"\\n[[item]]')), line_of(("x",), {})
    (2, 1)
    """
    key: Key = ()
    for step in location:
        if any(known[: len(key) + 1] == (*key, step) for known in lines):
            key = (*key, step)
    below = [line for known, line in lines.items() if known[: len(key)] == key]
    return lines.get(key, min(below)) if key else 1


def _causes(errors: Sequence[Any], root: type[BaseModel]) -> list[Any]:
    """Errors without those that follow from others.

    A list of nothing but wrong entries counts as empty, and a key that is misspelt is missing.
    """
    places = [error["loc"] for error in errors]
    misspelt = {
        (*place[:-1], near(str(place[-1]), _keys(_walk(place, root)[1])))
        for place, error in zip(places, errors, strict=True)
        if error["type"] == "extra_forbidden"
    }

    def follows(error: Any) -> bool:
        place = error["loc"]
        if error["type"] == "too_short":
            return any(other[: len(place)] == place and other != place for other in places)
        return error["type"] == "missing" and place in misspelt

    return [error for error in errors if not follows(error)]


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


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
            keys = _keys(model)
            likely = Likely(str(shown[-1]), tuple(keys))
            return Mistake("toml.unknown_key", line, key, {"likely": likely, "allowed": ", ".join(keys)})
        case "missing":
            return Mistake("toml.missing_key", line, key, {})
        case "union_tag_not_found":
            return Mistake("toml.missing_key", line, f"{key}.kind", {})
        case kind:
            reason, got = _allowed(error), error["input"]
            if kind == "union_tag_invalid":
                got = error["ctx"]["tag"]
                line, key = line_of((*shown, "kind"), lines), f"{key}.kind"
            got = _shown(got)
            return Mistake("toml.bad_value", line, key, {"got": got, "allowed": reason})


def _shown(got: Any) -> str:
    """What was written, short; of a table that has a name the name, which the reader knows it by."""
    if isinstance(got, dict) and isinstance(got.get("name"), str):
        return f'{{ name = "{got["name"]}", … }}'
    text = inline_text(got) if isinstance(got, dict) else repr(got)
    return text if len(text) <= 60 else text[:57] + "…"


_ALLOWED = {
    "union_tag_invalid": "one_of",
    "literal_error": "one_of",
    "string_type": "text",
    "string_too_short": "some_text",
    "string_pattern_mismatch": "form",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "tuple_type": "list",
    "list_type": "list",
    "too_short": "entries",
    "model_type": "table",
    "model_attributes_type": "table",
    "dict_type": "table",
    "greater_than": "above",
    "greater_than_equal": "from",
    "less_than": "below",
    "less_than_equal": "to",
}
"""Pydantic's kinds of error, and the message that says what would do."""


def _allowed(error: Any) -> object:
    told = error.get("ctx", {})
    if isinstance(told.get("error"), NotAllowedError):
        return told["error"]
    code = _ALLOWED.get(error["type"])
    if code is None:
        return error["msg"].removeprefix("Value error, ")
    names = ("expected", "expected_tags", "gt", "ge", "lt", "le", "pattern", "min_length")
    value = next((told[name] for name in names if name in told), "")
    if code != "one_of":
        shown = f"{value:g}" if isinstance(value, float) else value
        return NotAllowedError(f"toml.allowed.{code}", value=shown)
    words = re.findall(r"'[^']*'|[^\s,']+", value.replace(" or ", ", "))
    likely = Likely(str(told.get("tag", error["input"])), tuple(one.strip("'") for one in words))
    return NotAllowedError("toml.allowed.one_of", value=Choices(tuple(words)), likely=likely)


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
