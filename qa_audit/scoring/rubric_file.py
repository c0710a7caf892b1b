"""Reading a rubric from its TOML file; every mistake at once, each with its line, key and what is allowed."""

from __future__ import annotations

import hashlib
import re
import tomllib
import types
import typing
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from qa_audit.messages import QaError, say
from qa_audit.scoring.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BUILT_IN = "zh_service"

_Key = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_\-.\"']+)\s*=")


def load_rubric(path: Path | None = None) -> Rubric:
    """Read a rubric; None is the built-in one.

    >>> load_rubric().id
    'zh_service'

    Raises `QaError` `scoring.rubric_unreadable`, `scoring.rubric_not_toml`, or `scoring.rubric_invalid`,
    which lists every mistake.
    """
    if path is None:
        return _built_in()
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise QaError("scoring.rubric_unreadable", path=path, reason=fault.strerror or fault) from fault
    return _parse(content, str(path))


def built_in_rubric_text() -> str:
    """Text of the built-in rubric's file, to start one's own from."""
    return _built_in_file().read_text(encoding="utf-8")


def _built_in_file() -> Any:
    return resources.files("qa_audit.scoring").joinpath("rubrics", f"{BUILT_IN}.toml")


@cache
def _built_in() -> Rubric:
    return _parse(_built_in_file().read_bytes(), f"{BUILT_IN}.toml")


def _parse(content: bytes, path: str) -> Rubric:
    try:
        text = content.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise QaError("scoring.rubric_not_utf8", path=path, line=line) from fault
    except tomllib.TOMLDecodeError as fault:
        raise QaError("scoring.rubric_not_toml", path=path, reason=fault) from fault
    lines = key_lines(text)
    try:
        rubric = Rubric.model_validate(table)
    except ValidationError as fault:
        mistakes = [_mistake(error, lines) for error in _causes(fault.errors())]
        mistakes += _crossed(table, lines)
    else:
        mistakes = _crossed(table, lines)
        if not mistakes:
            # Pydantic allows private attributes of frozen models to be set; pyright does not know it.
            rubric._sha256 = hashlib.sha256(content).hexdigest()  # pyright: ignore[reportAttributeAccessIssue]
            return rubric
    mistakes.sort(key=lambda mistake: mistake.line)
    raise QaError("scoring.rubric_invalid", path=path, count=len(mistakes), mistakes=Mistakes(mistakes))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a rubric file."""

    code: str
    """Key of its message in the catalogue."""
    line: int
    key: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(self.code, line=self.line, key=self.key, **self.values)


class Mistakes(tuple[Mistake, ...]):
    """All mistakes of a file; their text, a line each, follows the language in force when it is read."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(f"  {mistake}" for mistake in self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def key_lines(text: str) -> dict[_Key, int]:
    """Line (from 1) on which each key of a TOML text stands; tomllib keeps none.

    Keys inside an inline table or a list have the line of the key that holds them.

    >>> key_lines('[[items]]\\nid = "a"\\n[items.check]\\nkind = "parts"')[("items", 0, "check", "kind")]
    4
    """
    lines: dict[_Key, int] = {}
    counts: dict[_Key, int] = {}
    table: _Key = ()
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


def _entered(table: _Key, counts: Mapping[_Key, int]) -> _Key:
    return (*table, counts[table]) if table in counts else table


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _line_of(location: Sequence[str | int], lines: Mapping[_Key, int]) -> int:
    """Line of the nearest key that has one."""
    key: _Key = ()
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


def _mistake(error: Any, lines: Mapping[_Key, int]) -> Mistake:
    location: tuple[str | int, ...] = error["loc"]
    shown, model = _walk(location)
    line = _line_of(shown, lines)
    key = ".".join(str(step) for step in shown)
    match error["type"]:
        case "extra_forbidden":
            allowed = ", ".join(_keys_of(model))
            return Mistake("scoring.rubric_unknown_key", line, key, {"allowed": allowed})
        case "missing":
            return Mistake("scoring.rubric_missing_key", line, key, {})
        case _:
            reason = error["msg"].removeprefix("Value error, ")
            got = repr(error["input"])
            got = got if len(got) <= 60 else got[:57] + "…"
            return Mistake("scoring.rubric_bad_value", line, key, {"got": got, "allowed": reason})


def _keys_of(model: type[BaseModel]) -> Iterable[str]:
    return (field.alias or name for name, field in model.model_fields.items())


def _walk(location: Sequence[str | int]) -> tuple[list[str | int], type[BaseModel]]:
    """The location without the names of a union's choices, and the model that its last key belongs to."""
    model: type[BaseModel] = Rubric
    shown: list[str | int] = []
    choices: list[type[BaseModel]] = []
    for step in location:
        if choices and isinstance(step, str):
            chosen = [one for one in choices if step in typing.get_args(one.model_fields["kind"].annotation)]
            choices = []
            if chosen:
                model = chosen[0]
                continue
        shown.append(step)
        if isinstance(step, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            if step in fields and step != location[-1]:
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


def _crossed(table: Mapping[str, Any], lines: Mapping[_Key, int]) -> list[Mistake]:
    """What only shows across items: ids used twice, situations that name unknown items."""
    mistakes: list[Mistake] = []
    seen: set[str] = set()
    items: set[str] = set()
    for kind in ("items", "situations"):
        entries = table.get(kind)
        if not isinstance(entries, list):
            continue
        for place, entry in enumerate(entries):
            if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                continue
            one = entry["id"]
            key = f"{kind}.{place}.id"
            if one in seen:
                line = _line_of((kind, place, "id"), lines)
                mistakes.append(Mistake("scoring.rubric_double_id", line, key, {"id": one}))
            seen.add(one)
            if kind == "items":
                items.add(one)
            for field in ("replaces", "keeps"):
                named = entry.get(field, []) if kind == "situations" else []
                unknown = [name for name in named if name not in items] if isinstance(named, list) else []
                line = _line_of((kind, place, field), lines)
                mistakes += [
                    Mistake(
                        "scoring.rubric_unknown_item",
                        line,
                        f"{kind}.{place}.{field}",
                        {"id": name, "allowed": ", ".join(sorted(items))},
                    )
                    for name in unknown
                ]
    return mistakes
