"""TOML files that people edit: every mistake at once, each with its line, key and what is allowed."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class _Likely:
    """Asks whether a word was meant, in the language in which it is read; nothing when none is near."""

    word: str | None

    def __str__(self) -> str:
        return "" if self.word is None else say("toml.likely", value=self.word)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a text is no TOML, told in the language in which it is read."""

    told: str
    """By tomllib, in English."""
    text: str

    def __str__(self) -> str:
        for start, code in _REASONS.items():
            if self.told.startswith(start):
                place = re.search(r"at line (\d+), column (\d+)", self.told)
                where = say("toml.at", line=place[1], column=place[2]) if place else say("toml.at_end")
                braces = place and _breaks_braces(self.text, int(place[1]), int(place[2]))
                return where + say(f"toml.reason.{'braces' if braces else code}")
        return self.told


_REASONS = {
    "Invalid value": "value",
    "Unclosed array": "array",
    "Unclosed inline table": "table",
    "Unterminated string": "string",
    "Illegal character": "string",
    "Unescaped '\\' in a string": "backslash",
    "Invalid statement": "statement",
    "Invalid initial character for a key part": "statement",
    "Expected '=' after a key": "equals",
    "Expected newline or end of document": "rest",
    "Cannot overwrite a value": "twice",
    "Cannot declare": "twice",
    "Cannot mutate immutable namespace": "twice",
    "Duplicate inline table key": "twice",
    "Expected ']": "heading",
}
"""How tomllib's reasons begin, and the message that says the same."""

_HALF_WIDTH = dict(
    zip("“”＂‘’＇，、＝［］【】｛｝＃．０１２３４５６７８９", "\"\"\"''',,=[][]{}#.0123456789", strict=True)
)
_BLANKS = {
    "\u3000": "wide_blank",
    **dict.fromkeys("\u00a0\u2007\u202f\u2002\u2003\u2009", "hard_blank"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "no_width"),
}
"""Characters that nobody sees and TOML has no use for, and the message that names them."""
_STRING = r"\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z)|\"(?:\\.|[^\"\\\n])*\"?|'[^'\n]*'?|#[^\n]*"
_STRING_OR_SIGN = re.compile(f"{_STRING}|[{''.join(_HALF_WIDTH)}{''.join(_BLANKS)}]", re.DOTALL)
_STRING_OR_BRACE = re.compile(_STRING + r"|[{}]", re.DOTALL)


def _wrong_signs(text: str) -> Iterator[Mistake]:
    """Signs of a Chinese keyboard where TOML has its own, and blanks that are none, each once a line."""
    seen: set[tuple[int, str]] = set()
    for found in _STRING_OR_SIGN.finditer(text):
        sign = found[0]
        start = text.rfind("\n", 0, found.start()) + 1
        line = text.count("\n", 0, start) + 1
        if (line, sign) in seen:
            continue
        seen.add((line, sign))
        if sign in _HALF_WIDTH:
            yield Mistake("toml.full_width_sign", line, sign, {"instead": _HALF_WIDTH[sign]})
        elif sign in _BLANKS:
            column = found.start() - start + 1
            yield Mistake(f"toml.{_BLANKS[sign]}", line, f"U+{ord(sign):04X}", {"column": column})


def _breaks_braces(text: str, line: int, column: int) -> bool:
    """Whether what is wrong there is that braces go over several lines, or have a comma after the last."""
    place = sum(len(one) + 1 for one in text.split("\n")[: line - 1]) + column - 1
    opened: list[int] = []
    for found in _STRING_OR_BRACE.finditer(text, 0, place):
        if found[0] == "{":
            opened.append(found.end())
        elif found[0] == "}" and opened:
            opened.pop()
    if not opened:
        return False
    before = _STRING_OR_BRACE.sub(lambda one: "" if one[0][0] == "#" else one[0], text[opened[-1] : place])
    return text[place : place + 1] in ("\n", "\r", "#") or (
        text[place : place + 1] == "}" and before.rstrip().endswith(",")
    )


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read the TOML file at `path` as a `model`.

    Raises `QaError` `toml.unreadable`, `toml.not_utf8`, `toml.not_toml`, `toml.full_width`, which lists
    signs of a Chinese keyboard and blanks that nobody sees, or `toml.invalid`, which lists every mistake.
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
        if signs := tuple(_wrong_signs(text)):
            raise QaError("toml.full_width", path=path, mistakes=Mistakes(signs)) from fault
        raise QaError("toml.not_toml", path=path, reason=_Reason(str(fault), text)) from fault
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
    """Line of the nearest key that has one."""
    key: Key = ()
    for step in location:
        if any(known[: len(key) + 1] == (*key, step) for known in lines):
            key = (*key, step)
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


def _causes(errors: Sequence[Any], root: type[BaseModel]) -> list[Any]:
    """Errors without those that follow from others.

    A list of nothing but wrong entries counts as empty, and a key that is misspelt is missing.
    """
    places = [error["loc"] for error in errors]
    misspelt = {
        (*place[:-1], _near(str(place[-1]), _keys(_walk(place, root)[1])))
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


def _near(word: str, allowed: Sequence[str]) -> str | None:
    return next(iter(get_close_matches(word.casefold(), allowed, 1, cutoff=0.7)), None)


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
            likely = _Likely(_near(str(shown[-1]), keys))
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
            got = repr(got)
            got = got if len(got) <= 60 else got[:57] + "…"
            return Mistake("toml.bad_value", line, key, {"got": got, "allowed": reason})


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
        return NotAllowedError(f"toml.allowed.{code}", value=value)
    words = value.replace(" or ", ", ")
    near = _near(str(told.get("tag", error["input"])), re.findall("'([^']*)'", words))
    return NotAllowedError("toml.allowed.one_of", value=words, likely=_Likely(near))


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
