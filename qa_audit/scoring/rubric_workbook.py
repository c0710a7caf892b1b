"""A rubric as a workbook (质检考核标准细则): items, wordings, and the file itself to come back from."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.messages import QaError, say
from qa_audit.scoring.rubric_table import WORDING_KEYS, check_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from qa_audit.scoring.rubric import Rubric

STANDARD = ("部分", "编号", "项目", "考核标准", "分值", "加分项", "一票否决", "每次扣分", "规则概要")
WORDINGS = ("编号", "项目", "位置", "内容", "话术（一行一条）")
FILE_HEADING = "规则文件（TOML，由程序读回，请勿手改）"
WORDINGS_SHEET, FILE_SHEET = "话术", "规则文件"
SHARED = "conditions"
"""Begins the places of shared conditions."""
YES = "是"
_MOST_CHARACTERS = 32_767
"""In a cell; what is more would be cut."""
_WIDTHS = {"standard": (12, 20, 18, 44, 8, 8, 10, 10, 60), "wordings": (20, 18, 34, 18, 70)}


def write_workbook(rubric: Rubric, text: str, path: Path) -> None:
    """Write a rubric, with the text of its file, to the workbook `path`.

    Three sheets: 考核标准 and 话术 for people to read and change, 规则文件 to restore the rest from. Raises
    `QaError` when the file cannot be written, or something is too long for a cell.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    standard = [
        (
            item.section or "",
            item.id,
            item.name_zh,
            item.source,
            item.weight,
            YES if item.bonus else "",
            YES if item.critical else "",
            "" if item.off_per_hit is None else item.off_per_hit,
            check_of(item),
        )
        for item in rubric.items
    ]
    table = tomllib.loads(text)
    wordings = [
        (
            one.id,
            say("scoring.workbook_shared") if one.shared else one.table["name_zh"],
            place,
            part,
            "\n".join(texts),
        )
        for one in holders_in(table)
        for place, (_, part, texts) in one.places().items()
    ]
    lines = text.split("\n")
    _check_lengths(standard, wordings, lines, path)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})

    def fill(
        name: str, above: str, headings: Sequence[str], rows: Sequence[Sequence[object]], key: str
    ) -> None:
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, above, title)
        for column, (heading, width) in enumerate(zip(headings, _WIDTHS[key], strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, heading, head)
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value, cell)
                else:
                    sheet.write_string(number, column, str(value), cell)
        sheet.freeze_panes(2, 0)
        if rows:
            sheet.autofilter(1, 0, len(rows) + 1, len(headings) - 1)

    fill("考核标准", f"{rubric.name_zh}　{rubric.version}", STANDARD, standard, "standard")
    fill(WORDINGS_SHEET, say("scoring.workbook_wordings"), WORDINGS, wordings, "wordings")
    sheet = book.add_worksheet(FILE_SHEET)
    sheet.set_column(0, 0, 120)
    sheet.write_string(0, 0, FILE_HEADING, title)
    for number, line in enumerate(lines, 1):
        sheet.write_string(number, 0, line)
    try:
        book.close()
    except (OSError, FileCreateError) as fault:
        raise QaError("scoring.workbook_unwritable", path=path, reason=fault) from fault


def _check_lengths(
    standard: Sequence[Sequence[object]],
    wordings: Sequence[Sequence[str]],
    lines: Sequence[str],
    path: Path,
) -> None:
    """Refuse what would come back cut; the summary of a rule does not come back."""
    cells = [
        *(
            (f"{row[1]} {heading}", str(cell))
            for row in standard
            for heading, cell in zip(STANDARD[:-1], row[:-1], strict=True)
        ),
        *((f"{row[0]} {row[2]}", row[-1]) for row in wordings),
        *((f"{FILE_SHEET}:{number}", line) for number, line in enumerate(lines, 1)),
    ]
    if long := [place for place, text in cells if len(text) > _MOST_CHARACTERS]:
        places = say("run.list_comma").join(long)
        raise QaError("scoring.workbook_too_long", path=path, places=places, most=_MOST_CHARACTERS)


class Holder(NamedTuple):
    """What has wordings: an item, a situation or a shared condition."""

    id: str
    shared: bool
    table: Any

    def places(self) -> dict[str, tuple[tuple[str, ...], str, list[str]]]:
        """Lists of wordings by their place as the sheet has it: steps to it, what it belongs to, texts."""
        # An item may be called like a shared condition; no place of an item begins so.
        begins = (SHARED,) if self.shared else ()
        return {".".join((*begins, *found[0])): found for found in wordings_in(self.table)}


def holders_in(table: Mapping[str, Any]) -> Iterator[Holder]:
    """What may have wordings in a rubric's table; a shared condition goes by its name."""
    for kind in ("items", "situations"):
        yield from (Holder(one["id"], shared=False, table=one) for one in table.get(kind, ()))
    yield from (Holder(one["name"], shared=True, table=one) for one in table.get("conditions", ()))


def wordings_in(
    part: Any, path: tuple[str, ...] = (), name: str = ""
) -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    """Lists of wordings as the file has them, each with its place and what it belongs to."""
    if isinstance(part, dict):
        name = part.get("name", name)
        for key, value in part.items():
            if key in WORDING_KEYS and isinstance(value, list):
                yield (*path, key), name, [one if isinstance(one, str) else one["text"] for one in value]
            elif key != "examples":
                yield from wordings_in(value, (*path, key), name)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from wordings_in(value, (*path, str(place)), name)
