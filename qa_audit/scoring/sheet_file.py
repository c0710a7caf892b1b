"""The sheet 规则文件 of an exported workbook: the rubric's file, from which the rest is restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from qa_audit.messages import QaError
from qa_audit.scoring.rubric_table import WORDING_KEYS
from qa_audit.scoring.rubric_workbook import FILE_HEADING, FILE_SHEET
from qa_audit.scoring.sheet_wordings import wordings_header
from qa_audit.store.toml_file import line_of, parse_toml
from qa_audit.store.toml_mistakes import Mistake, NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from qa_audit.calls.workbook_sheets import Grid
    from qa_audit.store.toml_file import Key


class _Item(BaseModel):
    id: str
    name_zh: str
    source: str
    weight: float
    section: str | None = None
    off_per_hit: float | None = None


class _Situation(BaseModel):
    id: str


class _Named(BaseModel):
    name: str


class _File(BaseModel):
    """What the other sheets are laid upon; whatever else a rubric needs is checked once it is written."""

    items: list[_Item]
    situations: list[_Situation] = []
    sections: list[_Named] = []
    conditions: list[_Named] = []


def file_text(sheets: Mapping[str, Grid], path: Path) -> str | None:
    """Text of the rubric's file in a workbook; None for a workbook that was not exported.

    Raises `QaError` for an export that has lost it, whose items would all be taken for new ones, and for a
    text that is damaged, with every mistake and its row.
    """
    for grid in sheets.values():
        if grid and grid[0] and grid[0][0] == FILE_HEADING:
            text = "\n".join(row[0] or "" for row in grid[1:]).rstrip("\n") + "\n"
            _check(text, path)
            return text
    if any(wordings_header(grid) is not None for grid in sheets.values()):
        raise QaError("scoring.workbook_no_file", path=path, sheet=FILE_SHEET, heading=FILE_HEADING)
    return None


def _check(text: str, path: Path) -> None:
    try:
        # A line for the heading: lines are then rows of the sheet.
        parse_toml(f"\n{text}".encode(), FILE_SHEET, _File, _bad_wordings)
    except QaError as fault:
        raise QaError("scoring.workbook_file_damaged", path=path, sheet=FILE_SHEET, reason=fault) from fault


def _bad_wordings(table: Mapping[str, Any], lines: Mapping[Key, int]) -> Iterator[Mistake]:
    for kind in ("items", "situations", "conditions"):
        for key, got in _no_texts(table.get(kind), (kind,)):
            values = {"got": repr(got), "allowed": NotAllowedError("scoring.refused.no_text")}
            yield Mistake("toml.bad_value", line_of(key, lines), ".".join(map(str, key)), values)


def _no_texts(part: Any, key: Key) -> Iterator[tuple[Key, Any]]:
    """What stands among wordings and is no text."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name in WORDING_KEYS and isinstance(value, list):
                texts = ((one, one.get("text") if isinstance(one, dict) else one) for one in value)
                yield from (((*key, name), one) for one, text in texts if not isinstance(text, str))
            else:
                yield from _no_texts(value, (*key, name))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _no_texts(value, (*key, place))
