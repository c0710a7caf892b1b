"""Reading a rubric from its TOML file; every mistake at once, each with its line, key and what is allowed."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rule_mistakes import rule_mistakes
from qa_audit.store.toml_choices import Likely
from qa_audit.store.toml_file import line_of, parse_toml, read_bytes
from qa_audit.store.toml_mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.store.toml_file import Key

BUILT_IN = "zh_service"
RUBRICS_KEPT = 8
"""How many stay in memory, and their vocabularies: checking one takes half a second, its vocabulary one."""


def load_rubric(path: Path | None = None) -> Rubric:
    """Read a rubric; None is the built-in one.

    >>> load_rubric().id
    'zh_service'

    Raises `QaError` as `store.toml_file.read_toml`; `toml.invalid` lists every mistake.
    """
    if path is None:
        return parse_rubric(_built_in_file().read_bytes(), f"{BUILT_IN}.toml")
    return parse_rubric(read_bytes(path), str(path))


def parse_rubric(content: bytes, path: str) -> Rubric:
    """The rubric in the bytes of a file, the same object for the same bytes; `path` is only shown.

    >>> text = built_in_rubric_text().encode()
    >>> parse_rubric(text, "a.toml") is parse_rubric(text, "b.toml")
    True

    Raises as `load_rubric`.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    rubric = _kept.get(sha256)
    if rubric is None:
        rubric = parse_toml(content, path, Rubric, _crossed)
        # Pydantic allows private attributes of frozen models to be set; the type checker does not know it.
        rubric._sha256 = sha256  # pyright: ignore[reportAttributeAccessIssue]
        rubric._text = content.decode("utf-8")  # pyright: ignore[reportAttributeAccessIssue]
    _kept[sha256] = rubric
    _kept.move_to_end(sha256)
    while len(_kept) > RUBRICS_KEPT:
        _kept.popitem(last=False)
    return rubric


_kept: OrderedDict[str, Rubric] = OrderedDict()


def built_in_rubric_text() -> str:
    """Text of the built-in rubric's file, to start one's own from."""
    return _built_in_file().read_text(encoding="utf-8")


def _built_in_file() -> Any:
    return resources.files("qa_audit.scoring").joinpath("rubrics", f"{BUILT_IN}.toml")


def _crossed(table: Mapping[str, Any], lines: Mapping[Key, int]) -> list[Mistake]:
    """What only shows across items: ids used twice, unknown names, circles, totals, exploding patterns."""
    mistakes = rule_mistakes(table, lines)
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
                line = line_of((kind, place, "id"), lines)
                mistakes.append(Mistake("scoring.rubric_double_id", line, key, {"id": one}))
            seen.add(one)
            if kind == "items":
                items.add(one)
            for field in ("replaces", "keeps"):
                named = entry.get(field, []) if kind == "situations" else []
                names = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
                line = line_of((kind, place, field), lines)
                mistakes += [
                    Mistake(
                        "scoring.rubric_unknown_item",
                        line,
                        f"{kind}.{place}.{field}",
                        {
                            "id": name,
                            "likely": Likely(name, tuple(items)),
                            "allowed": ", ".join(sorted(items)),
                        },
                    )
                    for name in names
                    if name not in items
                ]
    return mistakes
