"""A document as PDF, set by Typst in the bundled font.

The layout is `document.typ` beside this module; what is set comes in as JSON, so no text of a call is ever
read as markup. Typst needs no browser, no system font and no network, and sets a month in a second.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from qa_audit.reports.document import cell_text, flush_right
from qa_audit.reports.typefaces import bundled_path

if TYPE_CHECKING:
    from qa_audit.reports.document import Document, Section
    from qa_audit.reports.table import Table


def pdf_of(document: Document) -> bytes:
    """The document as PDF; equal documents give equal bytes."""
    return _set(document, "pdf")


def page_images(document: Document, dots_per_inch: float = 96) -> list[bytes]:
    """The same pages as PNG, one each: to look at them where no PDF reader is at hand."""
    made = _set(document, "png", ppi=dots_per_inch)
    return [made] if isinstance(made, bytes) else made


def _set(document: Document, form: str, **how: Any) -> Any:
    # Imported here: the wheel is large, and only who writes a PDF needs it.
    import typst

    return typst.compile(  # pyright: ignore[reportCallIssue]
        _template(),
        format=form,  # pyright: ignore[reportArgumentType]
        font_paths=[str(bundled_path().parent)],  # pyright: ignore[reportArgumentType]
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_plain(document), ensure_ascii=False)},
        **how,
    )


@cache
def _template() -> bytes:
    return resources.files("qa_audit").joinpath("reports/document.typ").read_bytes()


def _plain(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "landscape": document.orientation == "landscape",
        "sections": [_section(one) for one in document.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "words": section.words,
        "figures": [(one.label, one.value, one.note) for one in section.figures],
        "points": section.points,
        "pairs": section.pairs,
        "chart": None if section.chart is None else {"svg": section.chart.svg, "says": section.chart.says},
        "table": None if section.table is None else _table(section.table),
        "notes": section.notes,
    }


def _table(table: Table) -> dict[str, Any]:
    columns = table.columns
    return {
        "headings": [column.heading for column in columns],
        "right": [flush_right(column.kind) for column in columns],
        "widths": [column.width for column in columns],
        "rows": [
            [cell_text(value, column.kind) for column, value in zip(columns, row, strict=True)]
            for row in table.frame.select(column.key for column in columns).iter_rows()
        ],
    }
