"""What was found wrong on the way in: collected, never raised, so that the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.messages import Language


def row_seen_from(sheet: str, row: int, of_sheet: str) -> int | str:
    """A row as a problem of a row in `sheet` names it: with its own sheet where that is another.

    >>> row_seen_from("10月2日", 7, "10月1日"), row_seen_from("", 7, "")
    ('10月1日!7', 7)
    """
    return row if of_sheet == sheet else f"{of_sheet}!{row}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file from outside, with its place, what was got and what is allowed."""

    code: str
    """Key of the message in the catalogue."""
    file: str
    row: int | None = None
    """Row as a spreadsheet counts it, the first is 1; None when the whole file is meant."""
    column: str | None = None
    """The heading as it stands in the file."""
    values: Mapping[str, object] = field(default_factory=dict)
    left_out: bool = False
    """True when the row (or file) was left out; False when it was taken without the value."""
    sheet: str = ""
    """Name of the sheet in a workbook of several."""

    def text(self, lang: Language | None = None) -> str:
        """The message in `lang`, or in the language in force.

        >>> mistake = Problem("calls.bad_start", "list.csv", 7, "开始时间", {"got": "明天"}, left_out=True)
        >>> mistake.text("en")[:38]
        "list.csv, row 7, 开始时间: '明天' is no time"
        """
        return say(self.code, lang, **{**self.values, "where": self.where(lang)})

    def where(self, lang: Language | None = None) -> str:
        """File, sheet, row and column in words."""
        file = say("calls.where_sheet", lang, file=self.file, sheet=self.sheet) if self.sheet else self.file
        if self.row is None:
            return file
        key = "calls.where_row" if self.column is None else "calls.where_cell"
        return say(key, lang, file=file, row=self.row, column=self.column)
