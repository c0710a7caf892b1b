"""Columns of a sheet of items: which gives what, and which are not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.rubric_workbook import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from qa_audit.calls.workbook_sheets import Grid

NAME_TOO = ("考核内容", "检查内容", "质检内容", "评分内容", "具体内容", "内容")
"""Headings above the items themselves where no other column has them, else above what is asked of each."""
HEADINGS = {
    "section": (
        *("部分", "大类", "类别", "模块", "维度", "考核类别", "考核模块", "一级指标", "考核大项", "大项"),
        *("一级项目", "考核维度", "考核分类", "项目分类", "分类", "环节", "考核环节"),
    ),
    "id": ("编号", "项目编号"),
    "name": (
        *("项目", "考核项目", "质检项目", "评分项", "考核指标", "二级指标", "指标", "名称", "项目名称"),
        *("考核小项", "小项", "二级项目", "考核点", "质检点", "检查项目", "检查项", "质检项", "考核项"),
        "评分项目",
    ),
    "source": (
        *("考核标准", "评分标准", "标准", "考核细则", "细则", "要求", "说明", "依据", "评分细则", "质检标准"),
        *("考核要求", "考核要点", "评分要点", "具体要求", *NAME_TOO),
    ),
    "deduction": ("扣分标准", "扣分规则", "扣分细则", "扣分说明", "扣分办法", "扣分方式"),
    "weight": ("分值", "分数", "满分", "权重", "扣分值", "扣分", "分", "标准分", "标准分值", "项目分值"),
    "bonus": ("加分项", "加分"),
    "critical": ("一票否决", "致命项", "红线"),
    "off_per_hit": ("每次扣分",),
    "said": ("话术", "标准话术", "必说话术", "规范用语", "必说", "参考话术"),
    "banned": ("禁用语", "禁用话术", "禁语", "服务禁语", "服务忌语", "忌语", "禁说"),
}
"""Headings of a sheet of items, by what they give."""
NOTHING = frozenset(("", "/", "／", "-", "－", "–", "—", "——", "无"))
"""Cells that say nothing."""
_HEADER_WITHIN = 15
_NO_LOSS = frozenset((STANDARD[-1], "序号", "No", "No.", "NO", "NO.", "#"))
"""Headings of columns that say nothing by themselves: the summary of an export, and numbers of rows."""


class Header(NamedTuple):
    """Where a sheet has its headings, and which column gives what."""

    place: int
    columns: Mapping[str, int]


def find_header(grid: Grid, *, exported: bool) -> Header | None:
    """The row with the headings of items; that of an exported sheet has ids, and 扣分标准 is its 考核标准."""
    for place, row in enumerate(grid[:_HEADER_WITHIN]):
        columns = _columns(row)
        if "name" not in columns and "source" in columns and _bare(row[columns["source"]]) in NAME_TOO:
            columns["name"] = columns.pop("source")
        listed = "name" in columns and len(columns) >= 2 and "位置" not in map(unspaced, row)
        if listed and ("id" in columns or not exported):
            if "deduction" in columns:
                columns.setdefault("source", columns["deduction"])
            if exported:
                columns.pop("deduction", None)
            return Header(place, columns)
    return None


def _columns(row: Sequence[str | None]) -> dict[str, int]:
    """Which column gives what."""
    found: dict[str, int] = {}
    for column, heading in enumerate(row):
        clean = _bare(heading)
        for field, names in HEADINGS.items():
            if clean in names:
                found.setdefault(field, column)
    return found


def _bare(heading: str | None) -> str:
    """A heading without spaces and what stands in brackets behind it."""
    return re.sub(r"[（(].*", "", unspaced(heading))


def unspaced(cell: str | None) -> str:
    """The text of a cell without its spaces, by which headings are compared."""
    return re.sub(r"\s", "", cell or "")


def unread_in(row: Sequence[str | None], columns: Mapping[str, int], *, known: bool) -> set[int]:
    """Columns in which a row says something that is not read; of a `known` item its wordings are not."""
    # Of an item that was exported the sheet 话术 has them.
    fields = {*columns} - {"said", "banned", "deduction"} if known else {*columns}
    read = {columns[field] for field in fields}
    return {
        column
        for column, cell in enumerate(row)
        if column not in read and (cell or "").strip() not in NOTHING
    }


def headings_of(row: Sequence[str | None], columns: AbstractSet[int]) -> list[str]:
    """Headings of these columns, if they may say something by themselves."""
    return [one for column in sorted(columns) if unspaced(one := _heading(row, column)) not in _NO_LOSS]


def _heading(row: Sequence[str | None], column: int) -> str:
    """What stands above a column; its letter where nothing does.

    >>> _heading(["项目", " "], 1), _heading([], 27)
    ('B', 'AB')
    """
    if column < len(row) and (heading := (row[column] or "").strip()):
        return re.sub(r"\s+", " ", heading)
    letters = ""
    number = column + 1
    while number:
        number, last = divmod(number - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
