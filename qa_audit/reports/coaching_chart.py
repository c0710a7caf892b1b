"""Before and after coaching: fault rates with intervals, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.messages import say
from qa_audit.reports.charts import HEAD, MARGIN, Page, font, text_inches, wrapped
from qa_audit.reports.look import ACCENT, LINE, QUIET
from qa_audit.reports.registers import COACHING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from qa_audit.reports.context import ReportContext

_ROW, _PLOT, _COUNT = 0.46, 4.6, 1.5
_LABEL = 3.2
"""Longer labels go on in a second line."""
_BEFORE, _AFTER = "#9AA8B8", ACCENT
MOST_ROWS = 30


def coaching_chart(coaching: pl.DataFrame, context: ReportContext) -> Figure:
    """Figure of `registers.COACHING`, latest first, at most `MOST_ROWS`; rows without a rate are left out."""
    require_columns(coaching, "coaching", COACHING)
    lang = context.language
    rows = (
        coaching.filter(pl.col("rate_before").is_not_null() & pl.col("rate_after").is_not_null())
        .sort("coached_at", "agent_no", "item", descending=[True, False, False], nulls_last=True)
        .head(MOST_ROWS)
        .rows(named=True)
    )
    labels = [_label(row, context) for row in rows]
    left = min(_LABEL, max([text_inches(label, 9) for label in labels], default=1.0)) + 0.25
    width = max(6.4, 2 * MARGIN + left + _PLOT + _COUNT)
    key = say("report.chart.coaching_key", lang)
    foot = 0.6 + 0.16 * len(wrapped(key, width - 2 * MARGIN, 8))
    title = say("report.chart.coaching_title", lang)
    height = HEAD + max(2, len(rows)) * _ROW + foot
    page = Page(width, height, context, title, key, scored=context.label())
    if not rows:
        page.text(MARGIN, page.height - HEAD - 0.35, say("report.chart.no_coaching", lang), size=11)
        return page.figure
    axes = page.axes(MARGIN + left, foot, _PLOT, len(rows) * _ROW)
    limits = [
        row[name] for row in rows for name in ("high_before", "high_after", "rate_before", "rate_after")
    ]
    most = min(1.0, max(0.1, *(value for value in limits if value is not None)) * 1.05)
    axes.set_xlim(0, most)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    right = axes.get_yaxis_transform()
    for y, (row, label) in enumerate(zip(rows, labels, strict=True)):
        lines = "\n".join(wrapped(label, _LABEL, 9))
        axes.text(-0.03, y, lines, transform=right, ha="right", va="center", **font(size=9))
        _one(axes, row, "before", y - 0.14)
        _one(axes, row, "after", y + 0.14)
        count = f"n = {row['calls_before']} → {row['calls_after']}"
        axes.text(1.03, y, count, transform=right, va="center", **font(size=8, color=QUIET))
        axes.axhline(y + 0.5, color=LINE, linewidth=0.4, zorder=0)
    axes.set_yticks([])
    step = 0.05 if most <= 0.3 else 0.1 if most <= 0.6 else 0.2
    ticks = [step * number for number in range(int(round(most / step, 6)) + 1)]
    axes.set_xticks(ticks, [f"{tick:.0%}" for tick in ticks], **font(size=8, color=QUIET))
    axes.set_xlabel(say("report.chart.rate_axis", lang), **font(size=8, color=QUIET))
    axes.grid(axis="x", color=LINE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    return page.figure


def _one(axes: Any, row: dict[str, Any], when: Literal["before", "after"], y: float) -> None:
    colour, face = (_BEFORE, "white") if when == "before" else (_AFTER, _AFTER)
    low, high = row[f"low_{when}"], row[f"high_{when}"]
    if low is not None and high is not None:
        axes.plot([low, high], [y, y], color=colour, linewidth=2, alpha=0.6, zorder=2)
    rate = row[f"rate_{when}"]
    axes.plot(rate, y, "o", markersize=5, markerfacecolor=face, markeredgecolor=colour, zorder=3)


def _label(row: dict[str, Any], context: ReportContext) -> str:
    who = " ".join(filter(None, (row["agent_no"], row["agent_name"])))
    return f"{who} {context.name(row['item'])}".strip()
