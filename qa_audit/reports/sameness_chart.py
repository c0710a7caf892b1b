"""The chart of 四个一样: for each comparison a column, for the department and each team and agent a row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.conditions import CONDITIONS, SamenessSettings
from qa_audit.estimation.month import UNKNOWN
from qa_audit.messages import say
from qa_audit.reports.charts import HEAD, MARGIN, Page, font, text_inches, wrapped
from qa_audit.reports.look import ACCENT, FAULT, LINE, QUIET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from qa_audit.estimation.conditions import Condition
    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext

_ROW = 0.24
_COLUMN = 1.75
_GAP = 0.2
_FOOT = 0.65
_BAND = "#EEF1F4"


def sameness_chart(
    found: pl.DataFrame,
    context: ReportContext,
    names: Mapping[str, str] | None = None,
    settings: SamenessSettings | None = None,
) -> Figure:
    """Figure of `estimation.sameness.SAMENESS`; `names` of agents by their key. Rows in the frame's order."""
    lang, matters = context.language, (settings or SamenessSettings()).matters_points
    subjects = list(dict.fromkeys(found.select("level", "subject").iter_rows()))
    labels = [_label(level, subject, names or {}, lang) for level, subject in subjects]
    left = min(2.4, max([text_inches(label, 9) for label in labels], default=0.5)) + 0.2
    width = 2 * MARGIN + left + len(CONDITIONS) * (_COLUMN + _GAP)
    key = say("sameness.chart_key", lang, points=f"{matters:g}")
    foot = _FOOT + 0.16 * len(wrapped(key, width - 2 * MARGIN, 8))
    height = max(len(subjects), 3) * _ROW
    page = Page(width, HEAD + 0.3 + height + foot, context, say("sameness.chart_title", lang), key)
    if not subjects:
        page.text(MARGIN, page.height - HEAD - 0.35, say("sameness.nothing", lang), size=11)
        return page.figure
    limits = [abs(value) for value in found.select("low", "high").unpivot()["value"].drop_nulls()]
    reach = max(5.0, min(30.0, 5 * math.ceil(max(limits, default=5) / 5)))
    place = {subject: row for row, subject in enumerate(subjects)}
    for number, condition in enumerate(CONDITIONS):
        bottom = page.height - HEAD - 0.3 - height
        axes = page.axes(MARGIN + left + number * (_COLUMN + _GAP), bottom, _COLUMN, height)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(subjects) - 0.5, -0.5)
        axes.axvspan(-matters, matters, color=_BAND, zorder=0)
        axes.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        axes.set_title(say(f"sameness.condition.{condition}", lang), **font(size=9))
        own = found.filter(pl.col("condition") == condition)
        for row in own.iter_rows(named=True):
            _draw(axes, place[row["level"], row["subject"]], row)
        if own["low"].is_null().all() and not own.is_empty():
            _explain(axes, condition, own, lang)
        axes.set_yticks(range(len(subjects)), labels if number == 0 else [""] * len(labels), **font(size=9))
        axes.set_xticks([-reach, 0, reach], [f"{-reach:g}", "0", f"+{reach:g}"], **font(size=8, color=QUIET))
    return page.figure


def _draw(axes: Any, y: int, row: Mapping[str, Any]) -> None:
    axes.axhline(y + 0.5, color=LINE, linewidth=0.4, zorder=0)
    if row["low"] is None:
        return
    color = FAULT if row["said"] == "differs" else ACCENT
    axes.plot([row["low"], row["high"]], [y, y], color=color, linewidth=1.2, zorder=2)
    face = color if row["found"] else "white"
    axes.plot(row["difference"], y, "o", markersize=5, markerfacecolor=face, markeredgecolor=color, zorder=3)


def _explain(axes: Any, condition: Condition, rows: pl.DataFrame, lang: Language) -> None:
    """In a column without a dot: why there is none."""
    lacking = (rows["said"] == "absent").all()
    words = say(f"sameness.lacking.{condition}" if lacking else "sameness.said.too_few", lang)
    axes.text(
        0.5,
        0.5,
        "\n".join(wrapped(words, _COLUMN - 0.2, 8)),
        transform=axes.transAxes,
        ha="center",
        va="center",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
        **font(size=8, color=QUIET),
    )


def _label(level: str, subject: str, names: Mapping[str, str], lang: Language) -> str:
    if level == "department":
        return say("service.everyone", lang)
    return say("report.unknown", lang) if subject == UNKNOWN else names.get(subject, subject)
