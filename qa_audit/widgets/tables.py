"""Small tables as HTML, in the colours of the notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLE = """
<style>
.qa-table { border-collapse: collapse; font-variant-numeric: tabular-nums; line-height: 1.4; }
.qa-table th, .qa-table td { padding: .15em .7em; border-bottom: 1px solid rgba(128, 128, 128, .4); }
.qa-table th { text-align: left; font-weight: 600; }
.qa-table th, .qa-table td { white-space: nowrap; }
.qa-table td.qa-long { white-space: normal; min-width: 14em; }
.qa-table.qa-narrow th { white-space: normal; vertical-align: bottom; }
.qa-table.qa-narrow th, .qa-table.qa-narrow td { padding: .15em .35em; }
.qa-table.qa-narrow td.qa-long { min-width: 9em; }
.qa-table .qa-right { text-align: right; }
</style>
"""


_LONG = 20
"""From so many characters on a cell may be broken into lines; numbers, names and intervals stay whole."""


def html_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    right: Iterable[int] = (),
    *,
    narrow: bool = False,
) -> str:
    """A table as HTML, text escaped; `right` names the columns set flush right.

    `narrow` breaks headings into lines and leaves less room between columns, for a table of many.

    >>> html_table(["员工"], [["<b>"]]).split("</style>")[1].strip()[-31:]
    '<td>&lt;b&gt;</td></tr></table>'
    """
    to_the_right = frozenset(right)

    def line(tag: str, cells: Sequence[object]) -> str:
        side = [_class(str(cell), right=place in to_the_right) for place, cell in enumerate(cells)]
        shown = [
            f"<{tag}{where}>{escape(str(cell))}</{tag}>" for where, cell in zip(side, cells, strict=True)
        ]
        return f"<tr>{''.join(shown)}</tr>"

    body = "".join([line("th", headings), *(line("td", row) for row in rows)])
    return f'{_STYLE}<table class="qa-table{" qa-narrow" * narrow}">{body}</table>'


def _class(text: str, *, right: bool) -> str:
    names = ["qa-right"] * right + ["qa-long"] * (len(text) >= _LONG)
    return f' class="{" ".join(names)}"' if names else ""
