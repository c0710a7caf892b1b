"""Wordings that were changed in the sheet 话术, put back to where they stand in the rubric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.scoring.rubric_workbook import (
    SHARED,
    WORDINGS,
    WORDINGS_SHEET,
    holders_in,
)
from qa_audit.scoring.rule_mistakes import PATTERN_KEYS
from qa_audit.scoring.said import compiles, has_words
from qa_audit.scoring.sheet_columns import unspaced
from qa_audit.store.toml_mistakes import Mistake, NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa_audit.calls.workbook_sheets import Grid

_HEADER_WITHIN = 5
_LOOKED_FOR = ("phrases", "patterns", "entities", "similar", "to")
"""Of which a condition must have one."""
_HEADER_ROW = 2
"""Where an export has the headings."""


def wordings_header(grid: Grid) -> int | None:
    """At which place the headings of wordings stand, if the sheet has them."""
    rows = enumerate(grid[:_HEADER_WITHIN])
    return next((number for number, row in rows if tuple(map(unspaced, row[:5])) == WORDINGS), None)


def apply_wordings(table: Mapping[str, Any], sheet: str, grid: Grid) -> list[Mistake]:
    """Change the wordings in a rubric's table to those of the sheet; what of it fits nowhere."""
    header = wordings_header(grid)
    if header is None:
        if sheet != WORDINGS_SHEET:
            return []
        return [_mistake("wordings_heading", _HEADER_ROW, sheet, allowed="、".join(WORDINGS))]
    holders = {(one.id, one.shared): one for one in holders_in(table)}
    mistakes: list[Mistake] = []
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(grid[header + 1 :], header + 2):
        identifier, _, place, _, texts = (cell or "" for cell in (*row, *[""] * 5)[:5])
        identifier, place = identifier.strip(), place.strip()
        if not place and not texts.strip():
            continue  # a remark
        shared = place.split(".")[0] == SHARED or (identifier, False) not in holders
        holder = holders.get((identifier, shared))
        if holder is None:
            mistakes.append(_mistake("no_such_id", number, sheet, id=identifier or "–"))
            continue
        places = holder.places()
        if place not in places:
            allowed = "、".join(places) or "–"
            values = {"id": identifier, "place": place or "–", "allowed": allowed}
            mistakes.append(_mistake("no_place", number, sheet, **values))
        elif (before := first.setdefault((identifier, place), number)) != number:
            values = {"id": identifier, "place": place, "first": before}
            mistakes.append(_mistake("double_place", number, sheet, **values))
        else:
            wrong = _put(holder.table, places[place][0], texts)
            mistakes += [_mistake(code, number, sheet, id=identifier, **values) for code, values in wrong]
    return mistakes


def _mistake(code: str, row: int, sheet: str, **values: object) -> Mistake:
    return Mistake(f"scoring.workbook_{code}", row, sheet, values)


def _put(holder: Any, path: Sequence[str], cell: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Put the wordings of a cell in their place; code and values of what is wrong with them."""
    *steps, last = path
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    old = [one if isinstance(one, str) else one["text"] for one in holder[last]]
    if cell == "\n".join(old):
        return  # also where a wording is more than a line
    lines = [one for one in cell.replace("\r\n", "\n").split("\n") if one.strip()]
    texts = [one if one in old else one.strip() for one in lines]
    if texts != old:
        kept = dict(zip(old, holder[last], strict=True))  # with their tolerance
        holder[last] = [kept.get(one, one) for one in texts]
    if not texts and last != "unless" and not any(holder.get(key) for key in _LOOKED_FOR):
        yield "wordings_empty", {}
    check = compiles if last in PATTERN_KEYS else has_words
    for text in texts:
        if text not in old:
            try:
                check(text)
            except NotAllowedError as fault:
                yield "wording_bad", {"written": text, "allowed": fault}
