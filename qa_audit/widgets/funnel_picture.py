"""The funnel of a month as a picture: agents' own estimates against what chance alone makes of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from qa_audit.closing.printed import decimals
from qa_audit.estimation.funnel import funnel_curve, told_apart
from qa_audit.messages import say
from qa_audit.reports.charts import font
from qa_audit.reports.look import INK, QUIET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.figures import MonthFigures

WIDTH_IN, HEIGHT_IN, DPI = 7.0, 3.2, 110
NEAR_RIGHT = 0.7
"""Share of the width from which a name stands to the left of its dot."""
_OUTSIDE = "#b3261e"


def funnel_png(figures: MonthFigures, names: Mapping[str, str]) -> bytes | None:
    """PNG with calls heard to the right and scores upwards; agents outside the outer lines are named.

    None where the department has no estimate.
    """
    centre = figures.department["estimate"]
    known = told_apart(figures.agents.filter(pl.col("alone").is_not_null()))
    if centre is None or known.is_empty():
        return None
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.09, 0.17, 0.88, 0.78))
    heard = known["heard"].to_list()
    curve = funnel_curve(figures.estimate.agents, centre, max(heard) + 2)
    axes.axhline(centre, color=QUIET, linewidth=0.8)
    for name, style in (("inner", "--"), ("outer", "-")):
        for side in ("low", "high"):
            axes.plot(curve["heard"], curve[f"{name}_{side}"], style, color=QUIET, linewidth=0.8)
    outside = [one is not None for one in known["outside"]]
    colours = [_OUTSIDE if one else INK for one in outside]
    axes.scatter(heard, known["alone"], c=colours, s=16, zorder=3)
    for agent, calls, score, far in zip(known["agent"], heard, known["alone"], outside, strict=True):
        if far:
            label = f"{names.get(agent, agent)} {decimals(score)}"
            # Beside the dot, on the side where there is room.
            right = calls > NEAR_RIGHT * (max(heard) + 2)
            offset, side = ((-4, 3), "right") if right else ((4, 3), "left")
            axes.annotate(label, (calls, score), offset, textcoords="offset points", ha=side, **font(size=8))
    axes.set_xlim(0, max(heard) + 2)
    axes.set_xlabel(say("audited.column.heard"), **font(size=9))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set(**font(size=8))
    axes.spines[["top", "right"]].set_visible(False)
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
