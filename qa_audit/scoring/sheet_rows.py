"""Rows of a sheet of items: what each says, and what is wrong with it."""

from __future__ import annotations

import re
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.scoring.cell_wordings import wordings_of_cell
from qa_audit.scoring.deductions import read_deduction
from qa_audit.scoring.rubric_workbook import YES
from qa_audit.scoring.sheet_columns import HEADINGS, NOTHING, find_header, headings_of, unread_in, unspaced
from qa_audit.store.toml_mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa_audit.calls.workbook_sheets import Grid
    from qa_audit.scoring.sheet_columns import Header

_TRUE = frozenset((YES, "√", "✓", "✔", "☑", "✅", "对", "有", "1", "y", "yes", "true"))
_FALSE = frozenset(("否", "不是", "×", "✗", "✘", "❌", "没有", "0", "n", "no", "false"))
_AS_PICTURE = "\ufe0f"
"""Follows a sign that is shown in colours."""
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+")
_EACH_TIME = re.compile(r"每(一|出现|发现|违反|发生)?(次|处|项|条|个)|[/／](每)?(次|处|项|条|个)")
"""What stands beside points that are taken off each time, and are not those of the item."""
_TOTAL = frozenset(("合计", "总计", "总分", "小计"))
_GRAND_TOTAL = _TOTAL - {"小计"}
_BONUS = frozenset(("加分项", "加分", "附加分", "奖励项", "奖励分", "加分项目", "奖励"))
"""Sections whose items are bonus points."""
_VETO = re.compile(r"(?:一票)?否决|红线|致命")
"""Stands for points where an item has none and zeroes the call."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d([ T]00:00:00)?")
"""What a spreadsheet makes of 5-10."""


class Listed(NamedTuple):
    """What a sheet of items says."""

    rows: list[dict[str, Any]]
    mistakes: list[Mistake]
    notes: list[Mistake]
    """What was read otherwise than it is written, or not at all."""


def listed_rows(sheets: Mapping[str, Grid], known: frozenset[str] | None) -> Listed | None:
    """Rows of the sheet that has headings of items, what is wrong with them, and what to tell of them.

    A second such sheet is a mistake: which is meant is not guessed. A sheet without points is no list when
    another has them. `known` are the ids of the rubric that the workbook was exported from, whose items are
    known again by them; None for a list of one's own.
    """
    found = {
        sheet: header
        for sheet, grid in sheets.items()
        if (header := find_header(grid, exported=known is not None)) is not None
    }
    lists = [sheet for sheet, header in found.items() if "weight" in header.columns] or [*found][:1]
    if not lists:
        return None
    first, *others = lists
    listed = _rows(first, sheets[first], found[first], known)
    listed.mistakes.extend(
        Mistake("scoring.workbook_second_list", found[sheet].place + 1, sheet, {"first": first})
        for sheet in others
    )
    return listed


def _rows(sheet: str, grid: Grid, header: Header, known: frozenset[str] | None) -> Listed:
    rows: list[dict[str, Any]] = []
    mistakes: list[Mistake] = []
    notes: list[Mistake] = []
    unread: set[int] = set()
    above = ""
    first: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
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
        read = _read(cells, above, own=known is None)
        found = list(_row_mistakes(cells, read))
        if known is not None and (identifier := cells.get("id", "")) not in NOTHING:
            if identifier not in known:
                found.append(("unknown_id", {"id": identifier}))
            elif identifier in first:
                found.append(("double_id", {"id": identifier, "first": first[identifier]}))
            first.setdefault(identifier, number)
        told = _read_words(read) if cells.get("id") not in (known or ()) else []
        if known is None and (same := names.setdefault((above, cells["name"]), number)) != number:
            told.append(("same_name", {"first": same}))
        name = cells.get("name") or cells.get("id")
        for kind, these in ((mistakes, found), (notes, told)):
            kind += [
                Mistake(f"scoring.workbook_{code}", number, sheet, {"name": name, **values})
                for code, values in these
            ]
        unread |= unread_in(row, columns, known=cells.get("id") in (known or ()))
        rows.append(read)
    if not mistakes:
        mistakes += _share_mistakes(sheet, header.place + 1, rows)
        mistakes += _total_mistakes(sheet, rows, {row: got for row, got in totals.items() if got})
    if lost := headings_of(grid[header.place], unread):
        values = {"columns": "、".join(lost)}
        # Points or items may be lost with them, so that rows are wrong.
        (mistakes or notes).insert(0, Mistake("scoring.workbook_unread", header.place + 1, sheet, values))
    return Listed(rows, mistakes, notes)


def _read_words(read: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Put the wordings of a new item in the place of its cells, and what 扣分标准 says where it belongs.

    Code and values of what to tell.
    """
    told: list[tuple[str, dict[str, Any]]] = []
    for field in ("said", "banned"):
        if field in read:
            read[field] = wordings_of_cell(read[field], banned=field == "banned")
            told += read[field].told
    if "deduction" in read:
        cell = read.pop("deduction")
        deduction = read_deduction(cell)
        read["critical"] = read.get("critical") or deduction.critical
        read["off_per_hit"] = read.get("off_per_hit") or deduction.off_per_hit
        if cell not in (read["source"], *NOTHING):
            read["source"] = "；".join(one for one in (read["source"], deduction.rest) if one)
        if deduction.unclear:
            told.append(("deduction_unclear", {"got": deduction.rest}))
    return told


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


def _share_mistakes(sheet: str, row: int, rows: Sequence[Mapping[str, Any]]) -> Iterator[Mistake]:
    """That all points are parts of one: cells that show 20% hold 0.2, beside 2 points off each time."""
    weights = [one["weight"] for one in rows if not one.get("bonus") and one["weight"]]
    if len(weights) > 1 and max(weights) < 1 and isclose(sum(weights), 1, abs_tol=0.001):
        values = {"got": f"{weights[0]:g}", "instead": f"{100 * weights[0]:g}"}
        yield Mistake("scoring.workbook_shares", row, sheet, values)


def _is_no_item(cells: Mapping[str, str]) -> bool:
    return not cells.get("name") or bool({unspaced(cells["name"]), unspaced(cells.get("section"))} & _TOTAL)


def _goes_on(cells: Mapping[str, str]) -> bool:
    """Whether a row without a name has more of the item above, whose name is merged: points or wordings."""
    given = {field for field, cell in cells.items() if cell not in NOTHING}
    if {"name", "section"} & given:
        return False
    deduction = cells["deduction"] if "deduction" in given else ""
    if deduction != cells.get("source") and re.search(r"\d|扣|分|否决", deduction):
        return True
    return bool({"said", "banned"} & given) or {"weight", "source"} <= given


def _read(cells: Mapping[str, str], above: str, *, own: bool) -> dict[str, Any]:
    """What the cells of a row say; nothing of a column that the sheet lacks.

    Of a list of one's `own` more is read off words: an export has a column for each mark.
    """
    weight = cells.get("weight", "")
    read: dict[str, Any] = {**cells, "weight": _one_number(weight)}
    if "section" in cells:
        read["section"] = cells["section"] or above
    for field in ("bonus", "critical"):
        if field in cells:
            read[field] = _mark(cells[field])
    called = {unspaced(one) for one in (read.get("section"), cells.get("name"))}
    if own and (weight[:1] in ("+", "＋") or called & _BONUS):
        read.setdefault("bonus", True)
    if _VETO.search(weight):
        read["critical"] = True
    none = _VETO.fullmatch(weight) or (own and weight in NOTHING)
    if read["weight"] is None and none and _zeroes(cells, read):
        read["weight"] = 0
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
    if _DAY.fullmatch(weight):
        yield "points_date", {"got": weight[:10]}
    elif read["weight"] is None:
        yield "no_points", {"got": weight or "–"}
    elif read["weight"] == 0 and not _zeroes(cells, read):
        yield "zero_points", {}
    elif _EACH_TIME.search(unspaced(weight)):
        yield "points_each_time", {"got": weight}
    off = cells.get("off_per_hit", "")
    if off not in NOTHING and not read["off_per_hit"]:
        yield "no_points_off", {"got": off}
    deduction = read_deduction(cells.get("deduction", ""))
    told, each = cells.get("deduction"), deduction.off_per_hit
    if read.get("off_per_hit") and each and each != read["off_per_hit"]:
        yield "deduction_differs", {"told": told, "column": HEADINGS["off_per_hit"][0], "got": off}
    if deduction.critical and _is_no(cells.get("critical", "")):
        yield "deduction_differs", {"told": told, "column": HEADINGS["critical"][0], "got": cells["critical"]}
    for field in ("bonus", "critical"):
        if _mark(cells.get(field, "")) is None:
            yield "no_mark", {"column": HEADINGS[field][0], "got": cells[field]}


def _zeroes(cells: Mapping[str, str], read: Mapping[str, Any]) -> bool:
    """Whether an item zeroes the call, and so needs no points."""
    return bool(read.get("critical")) or read_deduction(cells.get("deduction", "")).critical


def _mark(cell: str) -> bool | None:
    """Whether a cell says yes; None where it says neither yes nor no.

    >>> _mark("✔️"), _mark("无"), _mark("加分")
    (True, False, None)
    """
    sign = cell.lower().removesuffix(_AS_PICTURE)
    if sign in _TRUE:
        return True
    return False if sign in _FALSE | NOTHING else None


def _is_no(cell: str) -> bool:
    """Whether a cell says no, and not just nothing."""
    return cell.lower().removesuffix(_AS_PICTURE) in _FALSE


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
