"""Rows of a sheet of items: which column gives what, what each row says, and what is wrong with it."""

from __future__ import annotations

import re
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.scoring.rubric_workbook import YES
from qa_audit.store.toml_file import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa_audit.calls.workbook_sheets import Grid

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
_TRUE = frozenset((YES, "√", "✓", "✔", "☑", "✅", "对", "有", "1", "y", "yes", "true"))
_FALSE = frozenset(("否", "不是", "×", "✗", "✘", "❌", "没有", "0", "n", "no", "false"))
_NOTHING = frozenset(("", "/", "／", "-", "－", "–", "—", "——", "无"))
_AS_PICTURE = "\ufe0f"
"""Follows a sign that is shown in colours."""
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+")
_EACH_TIME = re.compile(r"每(一|出现|发现|违反|发生)?(次|处|项|条|个)|[/／](每)?(次|处|项|条|个)")
"""What stands beside points that are taken off each time, and are not those of the item."""
_TOTAL = frozenset(("合计", "总计", "总分", "小计"))
_GRAND_TOTAL = _TOTAL - {"小计"}
_HEADER_WITHIN = 15


def listed_rows(
    sheets: Mapping[str, Grid], known: frozenset[str] | None
) -> tuple[list[dict[str, Any]], list[Mistake]] | None:
    """Rows of the sheet that has headings of items, and what is wrong with them.

    A second such sheet is a mistake: which is meant is not guessed. A sheet without points is no list when
    another has them. `known` are the ids of the rubric that the workbook was exported from, whose items are
    known again by them; None for a list of one's own.
    """
    found = {sheet: header for sheet, grid in sheets.items() if (header := _header(grid, known)) is not None}
    lists = [sheet for sheet, header in found.items() if "weight" in header.columns] or [*found][:1]
    if not lists:
        return None
    first, *others = lists
    rows, mistakes = _rows(first, sheets[first], found[first], known)
    mistakes += [
        Mistake("scoring.workbook_second_list", found[sheet].place + 1, sheet, {"first": first})
        for sheet in others
    ]
    return rows, mistakes


class _Header(NamedTuple):
    """Where a sheet has its headings, and which column gives what."""

    place: int
    columns: Mapping[str, int]


def _header(grid: Grid, known: frozenset[str] | None) -> _Header | None:
    for place, row in enumerate(grid[:_HEADER_WITHIN]):
        columns = _columns(row)
        listed = "name" in columns and len(columns) >= 2 and "位置" not in map(unspaced, row)
        if listed and (known is None or "id" in columns):
            return _Header(place, columns)
    return None


def _columns(row: Sequence[str | None]) -> dict[str, int]:
    """Which column gives what."""
    found: dict[str, int] = {}
    for column, heading in enumerate(row):
        clean = re.sub(r"[（(].*", "", unspaced(heading))
        for field, names in HEADINGS.items():
            if clean in names:
                found.setdefault(field, column)
    return found


def unspaced(cell: str | None) -> str:
    """The text of a cell without its spaces, by which headings are compared."""
    return re.sub(r"\s", "", cell or "")


def _rows(
    sheet: str, grid: Grid, header: _Header, known: frozenset[str] | None
) -> tuple[list[dict[str, Any]], list[Mistake]]:
    rows: list[dict[str, Any]] = []
    mistakes: list[Mistake] = []
    above = ""
    first: dict[str, int] = {}
    totals: dict[int, float] = {}
    columns = header.columns
    for number, row in enumerate(grid[header.place + 1 :], header.place + 2):
        cells = {field: (row[column] or "").strip() for field, column in columns.items() if column < len(row)}
        if cells.get("id") not in (known or ()) and _is_no_item(cells):
            summed = not _TOTAL.isdisjoint(map(unspaced, row))
            if known is None and not _GRAND_TOTAL.isdisjoint(map(unspaced, row)):
                totals[number] = _one_number(cells.get("weight", "")) or 0
            if known is None and _goes_on(cells) and not summed:
                mistakes.append(Mistake("scoring.workbook_row_goes_on", number, sheet, {}))
            continue
        if known is None:
            # A merged cell stands in its first row alone. An export merges none: there empty is empty.
            above = cells.get("section") or above
        read = _read(cells, above)
        found = list(_row_mistakes(cells, read))
        if known is not None and (identifier := cells.get("id", "")) not in _NOTHING:
            if identifier not in known:
                found.append(("unknown_id", {"id": identifier}))
            elif identifier in first:
                found.append(("double_id", {"id": identifier, "first": first[identifier]}))
            first.setdefault(identifier, number)
        name = cells.get("name") or cells.get("id")
        mistakes += [
            Mistake(f"scoring.workbook_{code}", number, sheet, {"name": name, **values})
            for code, values in found
        ]
        rows.append(read)
    if not mistakes:
        mistakes += _total_mistakes(sheet, rows, {row: got for row, got in totals.items() if got})
    return rows, mistakes


def _total_mistakes(
    sheet: str, rows: Sequence[Mapping[str, Any]], totals: Mapping[int, float]
) -> Iterator[Mistake]:
    """That no row of totals says what the points of the items add up to, bonus items with them or apart."""
    sums = [sum(row["weight"] for row in rows if with_bonus or not row.get("bonus")) for with_bonus in (1, 0)]
    # Each section may have a row of its own.
    told = (*totals.values(), sum(totals.values()))
    if totals and not any(isclose(one, got, abs_tol=0.01) for one in told for got in sums):
        row, total = list(totals.items())[-1]
        yield Mistake("scoring.workbook_total", row, sheet, {"total": f"{total:g}", "got": f"{sums[0]:g}"})


def _is_no_item(cells: Mapping[str, str]) -> bool:
    return not cells.get("name") or bool({unspaced(cells["name"]), unspaced(cells.get("section"))} & _TOTAL)


def _goes_on(cells: Mapping[str, str]) -> bool:
    """Whether a row without a name has more of the item above, whose name is merged: points or wordings."""
    given = {field for field, cell in cells.items() if cell not in _NOTHING}
    if {"name", "section"} & given:
        return False
    return bool({"said", "banned"} & given) or {"weight", "source"} <= given


def _read(cells: Mapping[str, str], above: str) -> dict[str, Any]:
    """What the cells of a row say; nothing of a column that the sheet lacks."""
    read: dict[str, Any] = {**cells, "weight": _one_number(cells.get("weight", ""))}
    if "section" in cells:
        read["section"] = cells["section"] or above
    for field in ("bonus", "critical"):
        if field in cells:
            read[field] = _mark(cells[field])
    if "off_per_hit" in cells:
        read["off_per_hit"] = _one_number(cells["off_per_hit"])
    return read


def _row_mistakes(
    cells: Mapping[str, str], read: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Code and values of each."""
    if not cells.get("name"):
        yield "no_name", {}
    weight = cells.get("weight", "")
    if not read["weight"]:
        yield "no_points", {"got": weight or "–"}
    elif _EACH_TIME.search(unspaced(weight)):
        yield "points_each_time", {"got": weight}
    off = cells.get("off_per_hit", "")
    if off not in _NOTHING and not read["off_per_hit"]:
        yield "no_points_off", {"got": off}
    for field in ("bonus", "critical"):
        if _mark(cells.get(field, "")) is None:
            yield "no_mark", {"column": HEADINGS[field][0], "got": cells[field]}


def _mark(cell: str) -> bool | None:
    """Whether a cell says yes; None where it says neither yes nor no.

    >>> _mark("✔️"), _mark("无"), _mark("加分")
    (True, False, None)
    """
    sign = cell.lower().removesuffix(_AS_PICTURE)
    if sign in _TRUE:
        return True
    return False if sign in _FALSE | _NOTHING else None


def _one_number(cell: str) -> float | int | None:
    """The number in a cell; None where there is none or several (5-10分): which is meant is not guessed.

    >>> _one_number("扣2分/次"), _one_number("0.50"), _one_number("5-10分")
    (2, 0.5, None)
    """
    found = _NUMBER.findall(cell.replace("．", "."))
    if len(found) != 1:
        return None
    value = float(found[0])
    return int(value) if value.is_integer() else value
