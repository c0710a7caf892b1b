"""Writing TOML: tables, lists and plain values; comments are not kept. Reading is tomllib's."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def toml_text(table: Mapping[str, Any]) -> str:
    """A table as TOML: values first, then tables; lists of tables as `[[…]]`.

    Values: text, whole and other numbers, true and false, dates and times, lists, tables.

    >>> print(toml_text({"id": "mine", "items": [{"id": "a", "window": {"last_turns": 2}}]}), end="")
    id = "mine"
    <BLANKLINE>
    [[items]]
    id = "a"
    window = { last_turns = 2 }
    """
    return "\n".join(_lines(table, ())).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    tables = {key: value for key, value in table.items() if _stands_apart(key, value, path)}
    for key, value in table.items():
        if key not in tables:
            yield f"{_key(key)} = {_value(value, len(key) + 3)}"
    for key, value in tables.items():
        name = ".".join(map(_key, (*path, key)))
        for one in value if isinstance(value, list) else [value]:
            yield from ("", f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            yield from _lines(one, (*path, key))


def _stands_apart(key: str, value: Any, path: tuple[str, ...]) -> bool:
    """Whether a value becomes a table of its own: lists of tables, and tables too large for a line."""
    if isinstance(value, list):
        tables = bool(value) and all(isinstance(one, dict) for one in value)
        return tables and (not path or len(_value(value, 0)) > _WIDTH / 2)
    return isinstance(value, dict) and len(f"{key} = {inline_text(value)}") > _WIDTH


def _value(value: Any, indent: int) -> str:
    if isinstance(value, list):
        short = f"[{', '.join(map(inline_text, value))}]"
        if len(short) + indent <= _WIDTH or any(isinstance(one, dict) for one in value):
            return short
        return "[\n" + "".join(f"  {inline_text(one)},\n" for one in value) + "]"
    return inline_text(value)


def inline_text(value: Any) -> str:
    """A value on one line.

    >>> print(inline_text({"after": "谢谢", "within_s": 5, "hit": "each"}))
    { after = "谢谢", within_s = 5, hit = "each" }
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(inline_text, value))}]"
    inner = ", ".join(f"{_key(key)} = {inline_text(one)}" for key, one in value.items())
    return f"{{ {inner} }}" if inner else "{}"


def _text(text: str) -> str:
    escaped = "".join(
        _ESCAPES.get(sign) or (f"\\u{ord(sign):04X}" if ord(sign) < 32 or ord(sign) == 127 else sign)
        for sign in text
    )
    return f'"{escaped}"'


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)
