"""The funnel: each agent's score over how many calls were heard, and how far chance alone carries it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.funnel import funnel_curve, told_apart, with_funnel
from qa_audit.messages import say
from qa_audit.reports.charts import HEAD, MARGIN, Page, font, wrapped
from qa_audit.reports.look import ACCENT, FAULT, LINE, QUIET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext

_WIDTH, _HEIGHT = 9.0, 4.4
_STEP = 0.012
"""Dots of equal height stand so far apart, as a share of the axis."""
_NEAR_RIGHT = 0.7
"""Share of the width from which a name stands to the left of its dot."""
_INNER, _OUTER = "#D5E0EA", "#EDF2F6"


def funnel_chart(
    agents: pl.DataFrame, centre: float | None, names: Mapping[str, str], context: ReportContext
) -> Figure:
    """Figure of `AGENT_ESTIMATES` about `centre`, the department's estimate; `names` by agent's key.

    Only those outside the outer limits are named. Dots that would cover each other are moved sideways.
    """
    lang = context.language
    key = say("report.chart.funnel_key", lang)
    foot = 0.75 + 0.16 * len(wrapped(key, _WIDTH - 2 * MARGIN, 8))
    title = say("report.chart.funnel_title", lang)
    page = Page(_WIDTH, HEAD + _HEIGHT + foot, context, title, key, scored=context.label())
    known = agents.filter(pl.col("estimate").is_not_null() & pl.col("pooled_variance").is_not_null())
    if known.is_empty() or centre is None:
        page.text(MARGIN, page.height - HEAD - 0.35, say("report.chart.no_funnel", lang), size=11)
        return page.figure
    axes = page.axes(MARGIN + 0.45, foot, _WIDTH - 2 * MARGIN - 0.45, _HEIGHT)
    draw_funnel(axes, known, centre, names, lang)
    return page.figure


def draw_funnel(
    axes: Axes, known: pl.DataFrame, centre: float, names: Mapping[str, str], lang: Language
) -> None:
    """Draw agents with an estimate (`AGENT_ESTIMATES`) before what chance makes of them.

    Without a variance there are no limits.
    """
    shown = told_apart(with_funnel(known, centre))
    most = int(shown["heard"].max()) + 2  # pyright: ignore[reportArgumentType]  # a count
    curve = funnel_curve(known, centre, most)
    heard = curve["heard"].to_list()
    for name, shade in (("outer", _OUTER), ("inner", _INNER)):
        low, high = curve[f"{name}_low"].to_list(), curve[f"{name}_high"].to_list()
        axes.fill_between(heard, low, high, color=shade, linewidth=0, zorder=1)
    axes.axhline(centre, color=QUIET, linewidth=0.8, linestyle=(0, (3, 3)), zorder=2)
    for x, row in _apart(shown, most):
        outside = row["outside"] is not None
        axes.plot(x, row["estimate"], "o", markersize=5, color=FAULT if outside else ACCENT, zorder=3)
        if outside:
            # Beside the dot, on the side where there is room.
            left = x > _NEAR_RIGHT * most
            place = (x - 0.01 * most, "right") if left else (x + 0.01 * most, "left")
            words = names.get(row["agent"], row["agent"])
            style = font(size=8, color=FAULT)
            axes.text(place[0], row["estimate"], words, ha=place[1], va="center", **style)
    _scale(axes, shown, most, lang)


def _apart(shown: pl.DataFrame, most: int) -> list[tuple[float, dict[str, Any]]]:
    """Places of the dots: those with nearly the same score and count side by side."""
    placed: list[tuple[float, dict[str, Any]]] = []
    taken: dict[tuple[int, int], int] = {}
    for row in shown.sort("heard", "estimate", "agent").iter_rows(named=True):
        level = (row["heard"], round(row["estimate"]))
        number = taken.get(level, 0)
        taken[level] = number + 1
        side = (number + 1) // 2 * (1 if number % 2 else -1)
        placed.append((row["heard"] + side * _STEP * most, row))
    return placed


def _scale(axes: Axes, shown: pl.DataFrame, most: int, lang: Language) -> None:
    lowest = min([*shown["estimate"], *shown["outer_low"].drop_nulls()])
    start = max(0, 10 * math.floor(lowest / 10))
    axes.set_xlim(0.5, most + 0.5)
    axes.set_ylim(start, 100.5)
    ticks = list(range(start, 101, 10))
    axes.set_yticks(ticks, [str(tick) for tick in ticks], **font(size=8, color=QUIET))
    step = max(1, most // 12)
    counts = list(range(step, most + 1, step))
    axes.set_xticks(counts, [str(count) for count in counts], **font(size=8, color=QUIET))
    axes.set_xlabel(say("report.chart.funnel_x", lang), **font(size=8, color=QUIET))
    axes.grid(axis="y", color=LINE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
