"""Charts of a month as matplotlib figures, drawn without pyplot so that nothing global changes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from qa_audit.messages import say
from qa_audit.reports.look import INK, QUIET
from qa_audit.reports.row_height import columns_of
from qa_audit.reports.typefaces import families
from qa_audit.store.files import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.reports.context import ReportContext

DPI = 150


class Page:
    """A figure measured in inches: title, subtitle and key at the left edge, charts between them."""

    def __init__(
        self,
        width: float,
        height: float,
        context: ReportContext,
        title: str,
        key: str,
        *,
        scored: str | None = None,
    ) -> None:
        """`scored` says who scored; the machine alone unless given."""
        self.figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.width, self.height = width, height
        lang = context.language
        subtitle = say(
            "report.chart.subtitle",
            lang,
            department=context.department,
            month=context.month_in_words(),
            machine=scored or say("report.machine", lang),
        )
        self.text(MARGIN, height - 0.42, title, size=16, gid=_TITLE)
        self.text(MARGIN, height - 0.70, subtitle, size=10, color=QUIET, gid=_TITLE)
        for line, piece in enumerate(reversed(wrapped(key, width - 2 * MARGIN, 8))):
            self.text(MARGIN, 0.18 + 0.16 * line, piece, size=8, color=QUIET)

    def text(self, x: float, y: float, text: str, **style: Any) -> None:
        """Text with its left baseline `x`, `y` inches from the lower left corner."""
        self.figure.text(x / self.width, y / self.height, text, **font(**style))

    def axes(self, left: float, bottom: float, width: float, height: float) -> Any:
        """Axes without a frame, placed in inches."""
        axes = self.figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height)
        )
        axes.set_frame_on(False)
        axes.tick_params(length=0)
        return axes


MARGIN = 0.35
"""Inches left free at each side."""
HEAD = 0.95
"""Inches that title and subtitle take."""
_TITLE_ENDS = 0.78
"""So many inches from the top nothing but title and subtitle stands."""
_TITLE = "title"


def font(**style: Any) -> dict[str, Any]:
    """Text properties: our families and ink, and what `style` says."""
    return {"fontfamily": list(families()), "color": INK} | style


def text_inches(text: str, size: float) -> float:
    """About how wide `text` is at `size` points: a digit is 0.56 of the size, a Chinese character 1."""
    wide = columns_of(text) - len(text)
    return (wide * 1.0 + (len(text) - wide) * 0.56) * size / 72


def wrapped(text: str, inches: float, size: float) -> list[str]:
    """Lines of `text` that fit into `inches`; Chinese may break anywhere but before a closing mark."""
    lines = [""]
    for character in text:
        if text_inches(lines[-1] + character, size) > inches and character not in "，。；：、）,.;:)":
            head, space, tail = lines[-1].rpartition(" ")
            if character.isascii() and character != " " and space and len(tail) < 20:
                lines[-1] = head
                lines.append(tail)
            else:
                lines.append("")
        lines[-1] += character
    return [line.strip() for line in lines]


def svg_below_a_heading(figure: Figure) -> str:
    """`figure` as SVG without the title and subtitle of `Page`, for a page on which they stand already.

    Its letters are outlines, so that it needs no font; equal figures give equal text.
    """
    width, height = figure.get_size_inches()
    titles = [text for text in figure.texts if text.get_gid() == _TITLE]
    for text in titles:
        text.set_visible(False)
    out = io.StringIO()
    shown = Bbox.from_extents(0, 0, width, height - _TITLE_ENDS if titles else height)
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "qa-audit"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches=shown)
    for text in titles:
        text.set_visible(True)
    return out.getvalue()


def png_of(figure: Figure) -> bytes:
    """`figure` as PNG; equal figures give equal bytes."""
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def save_png(figure: Figure, path: Path) -> None:
    """Write `figure` as PNG, whole or not at all; equal figures give equal bytes.

    Raises `QaError` as `store.files.replacing`.
    """
    with replacing(path) as out:
        # The version of matplotlib in the file would make equal pictures differ.
        figure.savefig(out, format="png", metadata={"Software": None})
