"""The funnel of a month as a picture: agents' own estimates against what chance alone makes of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from qa_audit.closing.printed import decimals
from qa_audit.estimation.funnel import told_apart
from qa_audit.messages import language, say
from qa_audit.reports.funnel_chart import draw_funnel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.figures import MonthFigures

WIDTH_IN, HEIGHT_IN, DPI = 8.0, 3.4, 110


def funnel_png(figures: MonthFigures, names: Mapping[str, str]) -> bytes | None:
    """PNG with calls heard to the right and scores upwards; agents outside the outer limits are named.

    None where the department has no estimate.
    """
    centre = figures.department["estimate"]
    known = figures.estimate.agents.filter(pl.col("estimate").is_not_null())
    if centre is None or known.is_empty():
        return None
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.06, 0.15, 0.92, 0.82))
    axes.set_frame_on(False)
    axes.tick_params(length=0)
    told = known.select("agent", "estimate").iter_rows()
    labels = {agent: f"{names.get(agent, agent)} {decimals(score)}" for agent, score in told}
    draw_funnel(axes, known, centre, labels, language())
    written = io.BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


def funnel_words(figures: MonthFigures, names: Mapping[str, str]) -> str:
    """The picture in words: how many agents it shows, and who lies outside the outer lines."""
    known = told_apart(figures.agents.filter(pl.col("alone").is_not_null()))
    outside = known.filter(pl.col("outside").is_not_null()).select("agent", "alone").iter_rows()
    told = [f"{names.get(agent, agent)} {decimals(score)}" for agent, score in outside]
    shown = say("run.list_comma").join(told) or say("closing.widget.nobody")
    return say("closing.widget.funnel_told", agents=known.height, outside=shown)
