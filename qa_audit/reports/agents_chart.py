"""The chart of agents: a dot for each mean, a bar for the middle half of the calls, in teams.

Not a league table: the order is that of teams and numbers, because a machine's mean does not rank people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa_audit.estimation.month import SMALL_N, UNKNOWN, agent_month, calls_of_month, department_month
from qa_audit.messages import say
from qa_audit.reports.charts import HEAD, MARGIN, Page, font, text_inches, wrapped
from qa_audit.reports.look import ACCENT, LINE, QUIET
from qa_audit.reports.table import DECIMALS

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from qa_audit.reports.context import ReportContext

_ROW = 0.24
_FOOT = 0.75
_ROWS_A_PANEL = 34
_PLOT = 4.2
_COUNT = 1.0
_BAR = "#B9CFDF"


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    agent: dict[str, Any] | None
    """None for the heading of a team."""


def agents_chart(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> Figure:
    """Figure of the agents of `context.month`; `calls` and `findings` as in `qa_audit.estimation.frames`."""
    lang = context.language
    calls = calls_of_month(calls, context.month)
    months = agent_month(calls, findings)
    everyone = department_month(calls, findings)["mean"][0]
    panels = _panels(months.to_dicts(), lang)
    labels = [row.label for panel in panels for row in panel]
    left = min(2.4, max([text_inches(label, 9) for label in labels], default=0.5)) + 0.2
    panel = left + _PLOT + _COUNT
    rows = max([len(rows) for rows in panels], default=3)
    width = 2 * MARGIN + max(len(panels), 1) * panel + (max(len(panels), 1) - 1) * 0.35
    key = say("report.chart.agents_key", lang, small=SMALL_N)
    foot = _FOOT + 0.16 * len(wrapped(key, width - 2 * MARGIN, 8))
    page = Page(width, HEAD + rows * _ROW + foot, context, say("report.chart.agents_title", lang), key)
    if not labels:
        page.text(MARGIN, page.height - HEAD - 0.35, say("report.chart.no_calls", lang), size=11)
        return page.figure
    lowest = min([agent["q1"] for agent in months.to_dicts() if agent["q1"] is not None], default=80)
    lowest = min([lowest, *months["mean"].drop_nulls().to_list()])
    start = max(0, 10 * math.floor((lowest - 3) / 10))
    for number, content in enumerate(panels):
        height = len(content) * _ROW
        axes = page.axes(MARGIN + number * (panel + 0.35) + left, page.height - HEAD - height, _PLOT, height)
        axes.set_xlim(start, 100.8)
        axes.set_ylim(len(content) - 0.5, -0.5)
        _draw(axes, content, everyone, context)
    return page.figure


def _panels(agents: list[dict[str, Any]], lang: Any) -> list[list[_Row]]:
    """Rows side by side in as few columns as keep a page: teams stay whole where they fit."""

    def name(team: str) -> str:
        return say("report.unknown", lang) if team == UNKNOWN else team

    total = len(agents) + len({agent["team"] for agent in agents})
    columns = max(1, math.ceil(total / _ROWS_A_PANEL))
    room = math.ceil(total / columns) + 2
    panels: list[list[_Row]] = []
    team = ""
    for position, agent in enumerate(agents):
        if agent["team"] != team:
            team = agent["team"]
            size = sum(other["team"] == team for other in agents[position:])
            if (
                not panels
                or len(panels[-1]) + min(size, 3) + 1 > room
                or (len(panels[-1]) + size + 1 > room + 3 and size < room and len(panels) < columns)
            ):
                panels.append([])
            panels[-1].append(_Row(name(team), None))
        elif len(panels[-1]) >= room + 3:
            panels.append([_Row(say("report.chart.continued", lang, team=name(team)), None)])
        number = name(agent["agent_no"]) if agent["agent_no"] else ""
        person = agent["agent_name"] if agent["agent_name"] not in (None, UNKNOWN) else ""
        panels[-1].append(_Row(f"{number} {person}".strip(), agent))
    return panels


def _draw(axes: Any, rows: list[_Row], everyone: float | None, context: ReportContext) -> None:
    lang = context.language
    if everyone is not None:
        axes.axvline(everyone, color=QUIET, linewidth=0.8, linestyle=(0, (3, 3)), zorder=1)
    right = axes.get_yaxis_transform()
    for y, row in enumerate(rows):
        if row.agent is None:
            axes.text(
                -0.03,
                y + 0.1,
                row.label,
                transform=right,
                ha="right",
                va="center",
                **font(size=10, color=ACCENT),
            )
            axes.axhline(y + 0.5, color=ACCENT, linewidth=0.8, zorder=1)
            continue
        agent = row.agent
        axes.text(-0.03, y, row.label, transform=right, ha="right", va="center", **font(size=9))
        count = say("report.chart.count", lang, count=agent["scored"])
        axes.text(1.235, y, count, transform=right, ha="right", va="center", **font(size=8, color=QUIET))
        axes.axhline(y + 0.5, color=LINE, linewidth=0.4, zorder=0)
        if agent["mean"] is None:
            words = say("report.chart.nothing", lang)
            axes.text(0.02, y, words, transform=right, va="center", **font(size=8, color=QUIET))
            continue
        if agent["scored"] > 1:
            axes.plot(
                [agent["q1"], agent["q3"]], [y, y], color=_BAR, linewidth=6, solid_capstyle="butt", zorder=2
            )
        mean = DECIMALS["score"](agent["mean"])
        axes.text(1.10, y, mean, transform=right, ha="right", va="center", **font(size=9))
        face = "white" if agent["few"] else ACCENT
        axes.plot(agent["mean"], y, "o", markersize=6, markerfacecolor=face, markeredgecolor=ACCENT, zorder=3)
    axes.set_yticks([])
    low, high = axes.get_xlim()
    step = 10 if high - low > 25 else 5
    ticks = [tick for tick in range(0, 101, step) if tick >= low]
    axes.set_xticks(ticks, [str(tick) for tick in ticks], **font(size=8, color=QUIET))
    axes.set_xlabel(say("report.chart.score_axis", lang), **font(size=8, color=QUIET))
    axes.grid(axis="x", color=LINE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
