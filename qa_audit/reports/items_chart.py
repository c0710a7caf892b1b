"""The chart of items by team: how often each item failed where it could be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.patches import Rectangle

from qa_audit.estimation.month import SMALL_N, UNKNOWN, calls_of_month, item_month, team_month
from qa_audit.messages import say
from qa_audit.reports.charts import HEAD, MARGIN, Page, font, text_inches, wrapped
from qa_audit.reports.look import INK, QUIET
from qa_audit.reports.table import DECIMALS

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from qa_audit.reports.context import ReportContext

_CELL_HEIGHT = 0.42
_GAP = 0.12
_FOOT = 0.35
_EMPTY = "#E5E7EB"
_DARKEST = 0.3
"""The darkest shade stands for this rate at least, so that a good month looks pale."""
# One hue from pale to dark: the order is plain to every eye and survives a black-and-white printer.
_SHADES = LinearSegmentedColormap.from_list("faults", ["#FBF7F0", "#F3D9AE", "#DB9A54", "#A9562B", "#6E2A17"])
_EVERYONE = "\0"


def items_chart(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> Figure:
    """Figure of fault rates in `context.month`; `calls` and `findings` as in `qa_audit.estimation.frames`.

    Rows in the rubric's order, columns in the order of teams, the whole department last. Items that no call
    was asked about are left out.
    """
    lang = context.language
    calls = calls_of_month(calls, context.month)
    cells = _cells(calls, findings)
    rubric = [item.id for item in context.items]
    met = {item for item, _ in cells}
    items = [item for item in rubric if item in met] + sorted(met - set(rubric))
    teams = [*team_month(calls, findings)["team"], _EVERYONE] if items else []
    names = [_team_name(team, lang) for team in teams]
    left = min(3.0, max([text_inches(context.name(item), 10) for item in items], default=1)) + 0.2
    cell = max(0.95, min(2.0, max([text_inches(name, 10) for name in names], default=1) + 0.2))
    grid = len(teams) * cell + (_GAP if teams else 0)
    width = max(6.4, 2 * MARGIN + left + grid)
    key = say("report.chart.items_key", lang, small=SMALL_N)
    foot = _FOOT + 0.16 * len(wrapped(key, width - 2 * MARGIN, 8))
    height = HEAD + 0.3 + max(2, len(items)) * _CELL_HEIGHT + foot
    page = Page(width, height, context, say("report.chart.items_title", lang), key)
    if not items:
        page.text(MARGIN, page.height - HEAD - 0.35, say("report.chart.no_items", lang), size=11)
        return page.figure
    axes = page.axes(MARGIN + left, foot, grid, len(items) * _CELL_HEIGHT)
    axes.set_xlim(0, grid)
    axes.set_ylim(len(items), 0)
    darkest = max([_DARKEST, *(rate for rate, _ in cells.values() if rate is not None)])
    for column, (team, name) in enumerate(zip(teams, names, strict=True)):
        x = column * cell + (_GAP if team == _EVERYONE else 0)
        axes.text(x + cell / 2, -0.18, name, ha="center", va="bottom", **font(size=10))
        for row, item in enumerate(items):
            _cell(axes, (x, row, cell), *cells.get((item, team), (None, 0)), darkest)
    axes.set_xticks([])
    labels = [context.name(item) for item in items]
    axes.set_yticks([row + 0.5 for row in range(len(items))], labels, **font(size=10))
    return page.figure


def _cells(calls: pl.DataFrame, findings: pl.DataFrame) -> dict[tuple[str, str], tuple[float | None, int]]:
    cells = {}
    for row in item_month(calls, findings, by="team").iter_rows(named=True):
        if row["kind"] == "item":
            cells[row["item"], row["team"]] = (row["fault_rate"], row["judged"])
    for row in item_month(calls, findings, by="department").iter_rows(named=True):
        if row["kind"] == "item":
            cells[row["item"], _EVERYONE] = (row["fault_rate"], row["judged"])
    return cells


def _cell(
    axes: Any, place: tuple[float, int, float], rate: float | None, judged: int, darkest: float
) -> None:
    x, row, width = place
    shade = _EMPTY if rate is None else _SHADES(rate / darkest)
    axes.add_patch(Rectangle((x, row), width, 1, facecolor=shade, edgecolor="white", linewidth=1.5))
    if rate is None:
        axes.text(x + width / 2, row + 0.5, "–", ha="center", va="center", **font(size=10, color=QUIET))
        return
    ink = max(("white", INK), key=lambda colour: _contrast(colour, shade))
    share = f"{rate:.0%}" if rate in (0, 1) else DECIMALS["share"](rate)
    shown = f"({share})" if judged < SMALL_N else share
    axes.text(x + width / 2, row + 0.38, shown, ha="center", va="center", **font(size=10, color=ink))
    axes.text(x + width / 2, row + 0.76, f"n={judged}", ha="center", va="center", **font(size=7, color=ink))


def _contrast(ink: Any, ground: Any) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: Any) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(ink), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def _team_name(team: str, lang: Any) -> str:
    if team == _EVERYONE:
        return say("report.chart.everyone", lang)
    return say("report.unknown", lang) if team == UNKNOWN else team
