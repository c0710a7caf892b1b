"""Reading a rubric from a workbook: one that was exported and changed, or a supervisor's own list."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.calls.workbook_sheets import sheets_apart, sheets_of
from qa_audit.calls.workbooks import look_inside
from qa_audit.messages import QaError
from qa_audit.scoring.sheet_columns import HEADINGS
from qa_audit.scoring.sheet_file import file_text
from qa_audit.scoring.sheet_rows import listed_rows
from qa_audit.scoring.sheet_wordings import apply_wordings
from qa_audit.store.toml_file import read_bytes
from qa_audit.store.toml_mistakes import Mistake, Mistakes
from qa_audit.store.toml_text import toml_text
from qa_audit.text.normalise import normalise
from qa_audit.text.pinyin import syllables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from qa_audit.calls.workbook_sheets import Grid
    from qa_audit.scoring.cell_wordings import CellWordings

MOST_MB = 50
"""To which a workbook may unpack."""


class ReadRubric(NamedTuple):
    """A rubric's file as read from a workbook."""

    text: str
    items: int
    changed: bool
    """False when the workbook says just what the file in it says, whose text then comes back as it was."""
    notes: tuple[Mistake, ...] = ()
    """What was read otherwise than it is written, or not at all, with its row."""


def read_workbook(path: Path) -> ReadRubric:
    """The TOML text of the rubric in a workbook.

    A workbook that `write_workbook` made gives its rubric with what was changed in the sheets; any other
    gives a new rubric: wordings that must be said or must not become rules, an item without any is judged
    by people. Raises `QaError` for what is no workbook, has no list of items, or has lost its rubric's file;
    rows that are wrong are told all at once.
    """
    sheets = _sheets(path)
    text = file_text(sheets, path)
    table: dict[str, Any] = tomllib.loads(text) if text is not None else _new_rubric(path)
    exported = None if text is None else frozenset(one["id"] for one in table["items"])
    found = listed_rows(sheets, exported)
    if found is None:
        code = "workbook_no_items" if exported is None else "workbook_no_ids"
        raise QaError(f"scoring.{code}", path=path, allowed="、".join(HEADINGS["name"]))
    rows, mistakes, notes = found
    if exported is not None:
        for name, grid in sheets.items():
            mistakes += apply_wordings(table, name, grid)
    if mistakes:
        raise QaError("scoring.workbook_mistakes", path=path, mistakes=Mistakes(mistakes))
    _apply_rows(table, rows)
    changed = text is None or table != tomllib.loads(text)
    return ReadRubric(
        toml_text(table) if changed else (text or ""), len(table["items"]), changed, tuple(notes)
    )


def _sheets(path: Path) -> dict[str, Grid]:
    content = read_bytes(path)
    try:
        # What others made may unpack to more than fits into memory.
        if zipfile.is_zipfile(io.BytesIO(content)):
            look_inside(path, content, MOST_MB)
            return sheets_of(content)
        return sheets_apart(content)
    except ValueError as fault:
        raise QaError("scoring.workbook_unreadable", path=path, reason=fault) from fault


def _new_rubric(path: Path) -> dict[str, Any]:
    stem = normalise(path.stem).text or "mine"
    return {
        "id": _slug(path.stem, set()) or "mine",
        "version": "0.1.0",
        "name_zh": path.stem or stem,
        "name_en": path.stem or stem,
        "items": [],
    }


def _apply_rows(table: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    known = {item["id"]: item for item in table["items"]}
    taken = set(known) | {one["id"] for one in table.get("situations", [])}
    items = []
    for row in rows:
        item = known.get(row.get("id", ""))
        if item is None:
            item = _new_item(row, taken)
        _put(item, "name_zh", row["name"])
        _put(item, "source", row.get("source") or item["source"])
        if not _same(item["weight"], row["weight"]):
            item["weight"] = row["weight"]
        for field in ("section", "bonus", "critical", "off_per_hit"):
            if field in row:
                _put(item, field, row[field])
        items.append(item)
    table["items"] = items
    names = [one["name"] for one in table.get("sections", [])]
    new = dict.fromkeys(item["section"] for item in items if item.get("section"))
    if added := [{"name": one} for one in new if one not in names]:
        table["sections"] = [*table.get("sections", []), *added]
    _follow(table, known.keys() - {one["id"] for one in items})
    _in_order(table)


def _follow(table: dict[str, Any], dropped: AbstractSet[str]) -> None:
    """Change what the sheets do not show but what follows from them: the items that situations name, and what
    the points of a section add up to."""
    for situation in table.get("situations", []):
        for field in ("keeps", "replaces"):
            if not dropped.isdisjoint(situation.get(field, ())):
                situation[field] = [one for one in situation[field] if one not in dropped]
    for section in table.get("sections", []):
        own = [one for one in table["items"] if one.get("section") == section["name"]]
        points = sum(one["weight"] for one in own if not one.get("bonus"))
        if "total" in section and not _same(section["total"], points):
            section["total"] = points


def _put(item: dict[str, Any], field: str, value: str | float | None) -> None:
    """Set a field to what a cell says, or take it away; one that says the same stays as it is written."""
    old = item.get(field)
    if value and not _same(old, value):
        item[field] = value
    elif old and not value:
        del item[field]


def _same(old: Any, value: str | float) -> bool:
    if isinstance(old, str) and isinstance(value, str):
        return old.strip() == value.strip()  # spaces around a cell are not read
    if isinstance(old, int | float) and isinstance(value, int | float):
        # Spreadsheets keep 15 digits, and 9 decimals of them are read.
        return isclose(old, value, rel_tol=1e-14, abs_tol=6e-10)
    return old == value


def _in_order(table: dict[str, Any]) -> None:
    """Items after what they refer to, as people read a file."""
    for key in ("items", "situations"):
        if key in table:
            table[key] = table.pop(key)


def _new_item(row: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    given = row.get("id", "")
    identifier = (
        given if re.fullmatch(r"[a-z][a-z0-9_]*", given) and given not in taken else _slug(row["name"], taken)
    )
    taken.add(identifier)
    conditions = {
        field: {"name": name, "kind": "said", "who": "agent", **words}
        for field, name in (("said", "必说"), ("banned", "禁语"))
        if (words := _words(row.get(field)))
    }
    check: dict[str, Any] = {"kind": "manual"}
    if "said" in conditions:
        when = "必说 and not 禁语" if "banned" in conditions else "必说"
        check = {"kind": "rule", "pass_when": when, "conditions": [*conditions.values()]}
    elif "banned" in conditions:
        check = {"kind": "rule", "fail_when": "禁语", "conditions": [*conditions.values()]}
    return {
        "id": identifier,
        "name_zh": row["name"],
        "name_en": row["name"],
        "source": row.get("source") or row["name"],
        "weight": row["weight"],
        "check": check,
    }


def _words(read: CellWordings | None) -> dict[str, list[str]]:
    if read is None:
        return {}
    return {key: words for key, words in (("phrases", read.phrases), ("patterns", read.patterns)) if words}


def _slug(name: str, taken: set[str]) -> str:
    """An id from the sound of a name.

    >>> _slug("开头语", set()), _slug("开头语", {"kai_tou_yu"})
    ('kai_tou_yu', 'kai_tou_yu_2')
    """
    spelt = [one.lower() for one in syllables(name) if re.fullmatch(r"[A-Za-z0-9]+", one)]
    base = "_".join(spelt)[:40].strip("_")
    if not base or not base[0].isalpha():
        base = f"item_{base}".rstrip("_")
    candidates = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in candidates if one not in taken)
