"""A page for people, before anyone knows whether it becomes HTML, PDF, a sheet or text for a chat.

A `Document` is a title and sections; a section is words, a list, a chart and a table, each optional. What is
in it is decided once, and looks are the renderers' business: `html_page`, `pdf_page`, `text_page`,
`section_sheet`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa_audit.messages import say
from qa_audit.reports.table import DECIMALS
from qa_audit.reports.tables import clock

if TYPE_CHECKING:
    from qa_audit.messages import Language
    from qa_audit.reports.table import Kind, Table

Orientation = Literal["landscape", "portrait"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as SVG, with what it shows in words for those who cannot see it."""

    svg: str
    says: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure: what it is, its value in words, and a note under it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page; everything but the title may be missing."""

    title: str
    words: tuple[str, ...] = ()
    """Paragraphs."""
    figures: tuple[Figure, ...] = ()
    points: tuple[str, ...] = ()
    """A list."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Labels with what they stand for."""
    chart: Chart | None = None
    table: Table | None = None
    notes: tuple[str, ...] = ()
    """Paragraphs in small type below the rest."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page: title, a line under it, sections."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    language: Language
    orientation: Orientation = "portrait"


def cell_text(value: object, kind: Kind) -> str:
    """A cell as people read it; empty for a null.

    >>> cell_text(84.25, "score"), cell_text(0.0312, "share"), cell_text(None, "score")
    ('84.3', '3.1%', '')
    >>> cell_text(-2.04, "change"), cell_text(75.9, "length")
    ('-2.0', '01:15')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if kind in DECIMALS:
        return DECIMALS[kind](value)  # pyright: ignore[reportArgumentType]  # a figure, by its kind
    if kind == "when":
        return f"{value:%Y-%m-%d %H:%M}"
    return clock(value) if kind == "length" else str(value)  # pyright: ignore[reportArgumentType]


def flush_right(kind: Kind) -> bool:
    """Whether values of this kind stand at the right, so that their digits line up."""
    right = ("count", "score", "figure", "share", "length", "points", "change", "correction", "ratio", "yuan")
    return kind in right


def interval_text(low: float | None, high: float | None, language: Language) -> str:
    """An interval of a figure in words; a dash where there is none.

    >>> interval_text(78.0, 86.25, "zh"), interval_text(None, None, "zh")
    ('78.00 – 86.25', '–')
    """
    if low is None or high is None:
        return "–"
    return say("audited.interval", language, low=DECIMALS["figure"](low), high=DECIMALS["figure"](high))
