"""Reading a rubric from a workbook: one that was exported and changed, or a supervisor's own list."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.calls.workbook_sheets import sheets_apart, sheets_of
from qa_audit.calls.workbooks import look_inside
from qa_audit.messages import QaError
from qa_audit.scoring.rubric_workbook import FILE_HEADING, WORDINGS, YES
from qa_audit.store.toml_file import read_bytes
from qa_audit.store.toml_text import toml_text
from qa_audit.text.normalise import normalise
from qa_audit.text.pinyin import syllables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa_audit.calls.workbook_sheets import Grid

MOST_MB = 50
"""To which a workbook may unpack."""
HEADINGS = {
    "section": ("部分", "大类", "类别", "模块", "维度", "考核类别", "考核模块", "一级指标"),
    "id": ("编号", "项目编号"),
    "name": ("项目", "考核项目", "质检项目", "评分项", "考核指标", "二级指标", "指标", "名称"),
    "source": ("考核标准", "评分标准", "标准", "考核细则", "细则", "扣分标准", "要求", "说明", "依据"),
    "weight": ("分值", "分数", "满分", "权重", "扣分值", "扣分", "分"),
    "bonus": ("加分项", "加分"),
    "critical": ("一票否决", "致命项", "红线"),
    "off_per_hit": ("每次扣分",),
    "said": ("话术", "标准话术", "必说话术", "规范用语", "必说", "参考话术"),
    "banned": ("禁用语", "禁用话术", "禁语", "服务禁语", "服务忌语", "忌语", "禁说"),
}
"""Headings of a sheet of items, by what they give."""
_TRUE = frozenset((YES, "√", "y", "yes", "1", "true", "✓", "对"))
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SPLIT = re.compile(r"[\n；;/]+")
_TOTAL = frozenset(("合计", "总计", "总分", "小计"))
_HEADER_WITHIN = 15


class ReadRubric(NamedTuple):
    """A rubric's file as read from a workbook."""

    text: str
    items: int
    changed: bool
    """False when the workbook says just what the file in it says, whose text then comes back as it was."""


def read_workbook(path: Path) -> ReadRubric:
    """The TOML text of the rubric in a workbook.

    A workbook that `write_workbook` made gives its rubric with what was changed in the sheets; any other
    gives a new rubric: wordings that must be said or must not become rules, an item without any is judged
    by people. Raises `QaError` for what is no workbook or has no list of items, with every bad row at once.
    """
    content = read_bytes(path)
    try:
        # What others made may unpack to more than fits into memory.
        if zipfile.is_zipfile(io.BytesIO(content)):
            look_inside(path, content, MOST_MB)
            grids = [*sheets_of(content).values()]
        else:
            grids = [*sheets_apart(content).values()]
    except ValueError as fault:
        raise QaError("scoring.workbook_unreadable", path=path, reason=fault) from fault
    text = next((_file_text(grid) for grid in grids if _first(grid) == FILE_HEADING), None)
    table: dict[str, Any] = tomllib.loads(text) if text is not None else _new_rubric(path)
    found = _standard(grids)
    if found is None:
        raise QaError("scoring.workbook_no_items", path=path, allowed="、".join(HEADINGS["name"]))
    rows, mistakes = found
    if mistakes:
        raise QaError("scoring.workbook_mistakes", path=path, mistakes="\n".join(mistakes))
    _apply_rows(table, rows)
    for grid in grids:
        _apply_wordings(table, grid)
    changed = text is None or table != tomllib.loads(text)
    return ReadRubric(toml_text(table) if changed else (text or ""), len(table["items"]), changed)


def _first(grid: Grid) -> str:
    return (grid[0][0] or "") if grid and grid[0] else ""


def _file_text(grid: Grid) -> str:
    return "\n".join(row[0] or "" for row in grid[1:]).rstrip("\n") + "\n"


def _new_rubric(path: Path) -> dict[str, Any]:
    stem = normalise(path.stem).text or "mine"
    return {
        "id": _slug(path.stem, set()) or "mine",
        "version": "0.1.0",
        "name_zh": path.stem or stem,
        "name_en": path.stem or stem,
        "items": [],
    }


def _standard(grids: Sequence[Grid]) -> tuple[list[dict[str, Any]], list[str]] | None:
    """Rows of the first sheet that has headings of items, and what is wrong with them."""
    for grid in grids:
        for number, row in enumerate(grid[:_HEADER_WITHIN]):
            columns = _columns(row)
            if "name" in columns and len(columns) >= 2 and "位置" not in map(_clean, row):
                return _rows(grid, number, columns)
    return None


def _columns(row: Sequence[str | None]) -> dict[str, int]:
    """Which column gives what."""
    found: dict[str, int] = {}
    for column, heading in enumerate(row):
        clean = re.sub(r"[（(].*", "", _clean(heading))
        for field, names in HEADINGS.items():
            if clean in names:
                found.setdefault(field, column)
    return found


def _clean(cell: str | None) -> str:
    return re.sub(r"\s", "", cell or "")


def _rows(grid: Grid, header: int, columns: dict[str, int]) -> tuple[list[dict[str, Any]], list[str]]:
    rows: list[dict[str, Any]] = []
    mistakes: list[str] = []
    above = ""
    for number, row in enumerate(grid[header + 1 :], header + 2):
        cells = {field: (row[column] or "").strip() for field, column in columns.items() if column < len(row)}
        name = cells.get("name", "")
        if not name or _clean(name) in _TOTAL or _clean(cells.get("section")) in _TOTAL:
            continue
        above = cells.get("section") or above  # a merged cell stands in its first row alone
        weight = _NUMBER.search(cells.get("weight", ""))
        if weight is None or not float(weight[0]):
            mistakes.append(_row_mistake(number, name, cells.get("weight", "")))
            continue
        rows.append({**cells, "section": above, "weight": _number(weight[0])})
    return rows, mistakes


def _row_mistake(number: int, name: str, got: str) -> str:
    from qa_audit.messages import say

    return "  " + say("scoring.workbook_no_points", row=number, name=name, got=got or "–")


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() else value


def _apply_rows(table: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    known = {item["id"]: item for item in table["items"]}
    taken = set(known) | {one["id"] for one in table.get("situations", [])}
    items = []
    for row in rows:
        item = known.get(row.get("id", ""))
        if item is None:
            item = _new_item(row, taken)
        item["name_zh"] = row["name"]
        if row.get("source"):
            item["source"] = row["source"]
        if item["weight"] != row["weight"]:
            item["weight"] = row["weight"]
        _set(item, "section", row.get("section") or None, row)
        for field in ("bonus", "critical"):
            if field in row:
                _set(item, field, row[field].lower() in _TRUE or None, row)
        off = _NUMBER.search(row.get("off_per_hit", ""))
        if "off_per_hit" in row and (off is None or item.get("off_per_hit") != float(off[0])):
            _set(item, "off_per_hit", None if off is None else _number(off[0]), row)
        items.append(item)
    table["items"] = items
    names = [one["name"] for one in table.get("sections", [])]
    new = dict.fromkeys(item["section"] for item in items if item.get("section"))
    if added := [{"name": one} for one in new if one not in names]:
        table["sections"] = [*table.get("sections", []), *added]
    _in_order(table)


def _set(item: dict[str, Any], field: str, value: Any, row: dict[str, Any]) -> None:
    if field not in row:
        return
    if value is None:
        item.pop(field, None)
    elif item.get(field) != value:
        item[field] = value


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
    wordings = {
        field: [one.strip() for one in _SPLIT.split(row.get(field, "")) if normalise(one).text]
        for field in ("said", "banned")
    }
    conditions = [
        {"name": name, "kind": "said", "who": "agent", "phrases": wordings[field]}
        for field, name in (("said", "必说"), ("banned", "禁语"))
        if wordings[field]
    ]
    check: dict[str, Any] = {"kind": "manual"}
    if wordings["said"]:
        when = "必说 and not 禁语" if wordings["banned"] else "必说"
        check = {"kind": "rule", "pass_when": when, "conditions": conditions}
    elif wordings["banned"]:
        check = {"kind": "rule", "fail_when": "禁语", "conditions": conditions}
    return {
        "id": identifier,
        "name_zh": row["name"],
        "name_en": row["name"],
        "source": row.get("source") or row["name"],
        "weight": row["weight"],
        "check": check,
    }


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


def _apply_wordings(table: dict[str, Any], grid: Grid) -> None:
    """Put changed wordings back to where they stand in the rubric."""
    header = next((n for n, row in enumerate(grid[:5]) if tuple(map(_clean, row[:5])) == WORDINGS), None)
    if header is None:
        return
    named = {one["id"]: one for kind in ("items", "situations") for one in table.get(kind, [])}
    for row in grid[header + 1 :]:
        identifier, _, key, _, cell = (*row, "", "", "", "", "")[:5]
        holder = named.get(identifier or "")
        if holder is None or not key:
            continue
        *path, last = key.split(".")
        for step in path:
            holder = _below(holder, step)
        if not isinstance(holder, dict) or last not in holder:
            continue
        texts = [one for one in (cell or "").split("\n") if one.strip()]
        old = {one if isinstance(one, str) else one["text"]: one for one in holder[last]}
        if list(old) != texts:
            holder[last] = [old.get(one, one) for one in texts]


def _below(holder: Any, step: str) -> Any:
    if isinstance(holder, list):
        return holder[int(step)] if int(step) < len(holder) else None
    return holder.get(step) if isinstance(holder, dict) else None
