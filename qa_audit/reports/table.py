"""A table for people: a frame, and how each column is headed, formatted and how wide it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal

from qa_audit.estimation.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

Kind = Literal[
    "text",
    "long",
    "verdict",
    "count",
    "score",
    "figure",
    "share",
    "when",
    "length",
    "points",
    "change",
    "correction",
    "ratio",
    "yuan",
]

NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "long": "@",
    "verdict": "@",
    "count": "0",
    "score": "0.0",
    "figure": "0.00",
    "share": "0.0%",
    "when": "yyyy-mm-dd hh:mm",
    "length": "[mm]:ss",
    "points": "0.0",
    "change": "+0.0;-0.0;0.0",
    "correction": "+0.00;-0.00;0.00",
    "ratio": "0.00",
    "yuan": "#,##0.00",
}
"""Excel's number format by kind. "@" keeps a text that looks like a formula or a number a text, even when
somebody edits the cell."""

DECIMALS: dict[Kind, Callable[[float], str]] = {
    "score": lambda value: f"{rounded(value, 1):.1f}",
    "figure": lambda value: f"{rounded(value, 2):.2f}",
    "points": lambda value: f"{rounded(value, 1):.1f}",
    "change": lambda value: f"{rounded(value, 1):+.1f}" if rounded(value, 1) else "0.0",
    "correction": lambda value: f"{rounded(value, 2):+.2f}" if rounded(value, 2) else "0.00",
    "share": lambda value: f"{rounded(100 * value, 1):.1f}%",
    "ratio": lambda value: f"{rounded(value, 2):.2f}",
    "yuan": lambda value: f"{rounded(value, 2):,.2f}",
}
"""A figure as text outside a spreadsheet, by kind; rounded half up, as a spreadsheet does."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` in the frame, the heading people read, what kind of value, how many digits wide."""

    key: str
    heading: str
    kind: Kind
    width: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of `frame` (which has exactly the keys of `columns`, in their order) under their headings.

    Types by kind: text, long (wrapped) and verdict str; count integer; score, share (0 to 1), points,
    change (with its sign), ratio and yuan f64; figure (a score that grades go by, so with the two decimals
    they go by) and correction (with its sign, as exact as the figure) f64;
    `when` datetime; `length` f64 in seconds.
    """

    name: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    frozen_columns: int = 0
    """So many columns on the left stay in view."""


def distinct(headings: Sequence[str]) -> list[str]:
    """The headings, with a number behind those that stood before: a table needs distinct ones.

    >>> distinct(["得分", "称呼", "得分"])
    ['得分', '称呼', '得分 (2)']
    """
    taken: set[str] = set()
    out = []
    for heading in headings:
        numbered = (f"{heading} ({number})" for number in count(2))
        free = heading if heading not in taken else next(one for one in numbered if one not in taken)
        taken.add(free)
        out.append(free)
    return out
