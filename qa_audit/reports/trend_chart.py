"""Month after month: scores with intervals, and the limits within which chance moves them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.messages import say
from qa_audit.reports.charts import HEAD, MARGIN, Page, font, wrapped
from qa_audit.reports.look import ACCENT, FAULT, LINE, QUIET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from qa_audit.reports.context import ReportContext

_COLUMNS = 3
_PLOT_WIDTH, _PLOT_HEIGHT, _GAP, _ROW_GAP = 2.75, 1.5, 0.45, 0.65
_LIMITS = "#E4E8EE"


def trend_chart(months: pl.DataFrame, names: Mapping[str, str], context: ReportContext) -> Figure:
    """Figure of `months`: a small chart for each key that `names` has, in its order.

    `months` are `estimation.trend.MONTHS` with control limits (`with_control_limits`) and, if they are known,
    `low` and `high`; all charts have one scale.
    """
    lang = context.language
    keys = [key for key in names if (months["key"] == key).any()]
    columns = max(1, min(_COLUMNS, len(keys)))
    rows = max(1, math.ceil(len(keys) / columns))
    width = max(6.2, 2 * MARGIN + 0.3 + columns * _PLOT_WIDTH + (columns - 1) * _GAP)
    words = say("report.chart.trend_key", lang)
    foot = 0.55 + 0.16 * len(wrapped(words, width - 2 * MARGIN, 8))
    height = HEAD + rows * (_PLOT_HEIGHT + _ROW_GAP) + foot
    title = say("report.chart.trend_title", lang)
    page = Page(width, height, context, title, words, scored=context.label())
    own = months.filter(pl.col("key").is_in(keys), pl.col("estimate").is_not_null()).sort("month")
    if own.is_empty():
        page.text(MARGIN, page.height - HEAD - 0.35, say("report.chart.no_trend", lang), size=11)
        return page.figure
    every = sorted(set(own["month"]))
    scale = _scale(own)
    for number, key in enumerate(keys):
        row, column = divmod(number, columns)
        left = MARGIN + 0.3 + column * (_PLOT_WIDTH + _GAP)
        top = page.height - HEAD - row * (_PLOT_HEIGHT + _ROW_GAP)
        axes = page.axes(left, top - 0.25 - _PLOT_HEIGHT, _PLOT_WIDTH, _PLOT_HEIGHT)
        page.text(left, top - 0.17, names[key], size=9)
        _draw(axes, own.filter(pl.col("key") == key), every, scale)
    return page.figure


def _scale(months: pl.DataFrame) -> tuple[float, float]:
    names = [name for name in ("estimate", "low", "high") if name in months.columns]
    values = [value for name in names for value in months[name].drop_nulls()]
    return max(0.0, 5 * math.floor(min(values) / 5 - 0.5)), min(100.5, 5 * math.ceil(max(values) / 5 + 0.5))


def _draw(axes: Any, months: pl.DataFrame, every: Sequence[str], scale: tuple[float, float]) -> None:
    place = {month: number for number, month in enumerate(every)}
    limited = months.filter(pl.col("centre").is_not_null())
    if not limited.is_empty():
        at = [place[month] for month in limited["month"]]
        for x, low, high, centre in zip(
            at, limited["control_low"], limited["control_high"], limited["centre"], strict=True
        ):
            axes.fill_between([x - 0.5, x + 0.5], low, high, color=_LIMITS, linewidth=0, zorder=1)
            axes.plot(
                [x - 0.5, x + 0.5],
                [centre, centre],
                color=QUIET,
                linewidth=0.8,
                linestyle=(0, (3, 3)),
                zorder=2,
            )
    xs = [place[month] for month in months["month"]]
    axes.plot(xs, months["estimate"].to_list(), color=ACCENT, linewidth=0.8, zorder=3)
    for x, row in zip(xs, months.iter_rows(named=True), strict=True):
        if row.get("low") is not None and row.get("high") is not None:
            axes.plot([x, x], [row["low"], row["high"]], color=ACCENT, linewidth=1.6, alpha=0.45, zorder=3)
        colour = FAULT if row["signal"] else ACCENT
        axes.plot(x, row["estimate"], "o", markersize=4.5, color=colour, zorder=4)
    axes.set_xlim(-0.5, len(every) - 0.5)
    axes.set_ylim(*scale)
    # A label for every month would run together from seven on.
    step = max(1, math.ceil(len(every) / 6))
    ticks = list(range(len(every) - 1, -1, -step))
    axes.set_xticks(ticks, [every[tick] for tick in ticks], **font(size=7, color=QUIET))
    levels = range(0, 101, 10 if scale[1] - scale[0] > 25 else 5)
    levels = [level for level in levels if scale[0] <= level <= scale[1]]
    axes.set_yticks(levels, [str(level) for level in levels], **font(size=7, color=QUIET))
    axes.grid(axis="y", color=LINE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
