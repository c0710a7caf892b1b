"""Mean scores month after month, as a table with a line for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.estimation.rounding import rounded
from qa_audit.messages import say
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT, _EDGE = 120, 24, 3
_LEAST_SPAN = 5.0
"""Points of score over the height of a line at least: a change of a tenth must not look like a fall."""


def trend_html(months: Sequence[str], rows: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    """A table of `months` with a row a name; figures 0 to 100, null (a dash) where a month has none.

    All lines have the same scale, so that rows can be compared.
    """
    known = [value for _, values in rows for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 100.0)
    spare = max(0.0, _LEAST_SPAN - (high - low)) / 2
    scale = (low - spare, high + spare)
    headings = [say("widget.whose"), *months, say("widget.line")]
    shown = [
        [
            name,
            *("–" if value is None else f"{rounded(value, 1):.1f}" for value in values),
            _MARK.format(number),
        ]
        for number, (name, values) in enumerate(rows)
    ]
    table = html_table(headings, shown, right=range(1, len(months) + 1))
    for number, (_, values) in enumerate(rows):
        table = table.replace(_MARK.format(number), _line(values, scale))
    return table


_MARK = "\u0000{}\u0000"
"""Stands for a line while the table's text is escaped; no name holds such a character."""


def _line(values: Sequence[float | None], scale: tuple[float, float]) -> str:
    low, high = scale
    step = (_WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    places = [
        (_EDGE + number * step, _HEIGHT - _EDGE - (value - low) / (high - low) * (_HEIGHT - 2 * _EDGE))
        for number, value in enumerate(values)
        if value is not None
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in places)
    told = say("run.list_comma").join(
        "–" if value is None else f"{rounded(value, 1):.1f}" for value in values
    )
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{told}" fill="currentColor">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/>{dots}</svg>'
    )
