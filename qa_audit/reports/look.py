"""How the workbook looks: one set of colours and cell formats for all sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.reports.table import NUMBER_FORMATS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from qa_audit.messages import Language
    from qa_audit.reports.table import Kind

INK = "#1F2A37"
QUIET = "#6B7280"
LINE = "#D9DEE5"
SHADE = "#EEF2F6"
ACCENT = "#24577A"
FAULT, FAULT_SHADE = "#9B2C2C", "#FBEDED"
OPEN, OPEN_SHADE = "#8A5A00", "#FFF6E0"

_RIGHT: frozenset[Kind] = frozenset(
    ("count", "score", "figure", "share", "length", "points", "change", "correction", "ratio", "yuan")
)
_MIDDLE: frozenset[Kind] = frozenset(("verdict", "when"))


class Look:
    """Cell formats of one workbook, made once each."""

    def __init__(self, book: Workbook, lang: Language) -> None:
        self.lang: Language = lang
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}
        self._font = "微软雅黑" if lang == "zh" else "Arial"
        self.verdicts: dict[str, Format] = {
            say("verdict.fail", lang): book.add_format({"font_color": FAULT, "bg_color": FAULT_SHADE}),
            say("verdict.uncertain", lang): book.add_format({"font_color": OPEN, "bg_color": OPEN_SHADE}),
            say("verdict.not_applicable", lang): book.add_format({"font_color": QUIET}),
        }
        """Format by verdict in words. A pass looks like plain text, so that what needs a look stands out."""

    def form(self, **wanted: object) -> Format:
        """The format with these xlsxwriter properties, over the plain one."""
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            plain = {"font_name": self._font, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format(plain | wanted)
        return self._made[key]

    def heading(self, kind: Kind = "text") -> Format:
        """A column's heading, over values of `kind`."""
        return self.form(
            bold=True, bg_color=SHADE, bottom=1, bottom_color=ACCENT, text_wrap=True, **_side(kind)
        )

    def cell(self, kind: Kind) -> Format:
        """A value of `kind` with a pale line under it."""
        wrap = {"text_wrap": True} if kind == "long" else {}
        return self.form(num_format=NUMBER_FORMATS[kind], bottom=1, bottom_color=LINE, **_side(kind), **wrap)

    def figure(self, kind: Kind) -> Format:
        """A headline figure of `kind`."""
        return self.form(num_format=NUMBER_FORMATS[kind], font_size=18, bold=True, align="left")


def _side(kind: Kind) -> dict[str, object]:
    if kind in _RIGHT:
        return {"align": "right"}
    # The indent keeps a text from touching the number on its left.
    return {"align": "center"} if kind in _MIDDLE else {"align": "left", "indent": 1}
