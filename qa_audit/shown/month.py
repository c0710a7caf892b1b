"""A month's pay figures in words: headings, rows and notes for a terminal or a notebook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qa_audit.closing.printed import decimals, printed
from qa_audit.estimation.bands import band_name, band_note
from qa_audit.estimation.funnel import told_apart
from qa_audit.estimation.groups import beyond_teams
from qa_audit.estimation.rounding import cut_off
from qa_audit.messages import say
from qa_audit.months.state import unjudged_notes
from qa_audit.reports.table import DECIMALS
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from qa_audit.closing.figures import MonthFigures

AUDITED, CLOSING = "audited.column", "closing.column"
_COLUMNS = (
    *((AUDITED, name) for name in ("agent", "calls", "heard", "machine", "correction")),
    *((CLOSING, "figure"), (CLOSING, "half"), (AUDITED, "interval"), (CLOSING, "grade"), (CLOSING, "pay")),
    *((CLOSING, "critical"), (CLOSING, "outside"), (CLOSING, "signal"), (AUDITED, "why")),
)


def shown_figures(
    figures: MonthFigures, names: Mapping[str, str], confirmed: Collection[str] | None = None
) -> Shown:
    """`closing.figures.FIGURES` in its order, as printed; a dash where nothing is known.

    `names` as `estimation.agent_names.agent_names`; `confirmed` are keys of agents, for a column of its own.
    """
    headings = [say(f"{where}.{name}") for where, name in _COLUMNS]
    rows = []
    for row in told_apart(figures.agents).iter_rows(named=True):
        cells = [names.get(row["agent"], row["agent"].partition(":")[2]), *_cells(row)]
        if confirmed is not None:
            cells.append("✓" if row["agent"] in confirmed else "")
        rows.append(cells)
    if confirmed is not None:
        headings.append(say("closing.column.confirmed"))
    return Shown(headings, rows, (*range(1, 8), 9, 10))


def _cells(row: Mapping[str, Any]) -> list[object]:
    correction = decimals(row["correction"])
    pay = row["pay_yuan"]
    return [
        row["calls"],
        row["heard"],
        decimals(row["machine_mean"]) or "–",
        "–" if correction is None else correction if correction.startswith("-") else f"+{correction}",
        decimals(row["estimate"]) or "–",
        decimals(row["half_width"]) or "–",
        _interval(row["low"], row["high"]),
        "–" if row["grade"] is None else band_name(row["grade"]),
        "–" if pay is None else f"{pay:g}",
        _share(row["critical_rate"], row["critical_low"], row["critical_high"]),
        say(f"closing.outside.{row['outside']}") if row["outside"] else "",
        say(f"closing.outside.{row['signal']}") if row["signal"] else "",
        figure_note(row),
    ]


def figure_note(row: Mapping[str, Any]) -> str:
    """Why there is no figure, or with which grades it may be confused, and whether it was cut at 0 or 100;
    empty where the grade is sure."""
    if row["reason"]:
        return say(f"audited.reason.{row['reason']}")
    told = "" if row["grade"] is None else band_note(row["grade_open"])
    return say("report.clause").join(filter(None, [told, say("report.cut") if cut_off(row) else ""]))


def month_notes(
    figures: MonthFigures,
    provenance: Sequence[Mapping[str, Any]],
    unjudged: Mapping[str, int] | None = None,
) -> list[str]:
    """What stands below the table: the department, the months before that entered, items nobody judged."""
    department, critical = figures.department, figures.critical or {}
    lines = [
        say(
            "closing.department",
            estimate=decimals(department["estimate"]) or "–",
            interval=_reason(department) or _interval(department["low"], department["high"]),
            rate=_percent(critical.get("rate")),
            rate_interval=_reason(critical) or _share_interval(critical.get("low"), critical.get("high")),
        )
    ]
    if beyond_teams(figures.teams, department):
        lines.append(say("closing.beyond_teams", share=_percent(department["unheard_share"])))
    if provenance:
        told = [say(f"closing.how.{one['how']}", month=one["month"]) for one in provenance]
        lines.append(say("closing.months_before", months=say("run.list_comma").join(told)))
    return [*lines, *unjudged_notes(unjudged or {}), say("closing.figure_note")]


def figures_json(figures: MonthFigures) -> dict[str, Any]:
    """Everything for scripts, in full precision, and `printed` as what a closed month is compared by."""
    return {
        "month": figures.month,
        "machine": figures.machine,
        "agents": _plain(figures.estimate.agents.to_dicts()),
        "figures": _plain(figures.agents.to_dicts()),
        "department": _plain(figures.department),
        "critical": _plain(figures.critical),
        "printed": printed(figures),
    }


def _plain(value: Any) -> Any:
    """The same without what JSON lacks: infinite degrees of freedom are null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    return say("audited.interval", low=decimals(low), high=decimals(high))


def _reason(row: Mapping[str, Any]) -> str:
    return say(f"estimates.reason.{row['reason']}") if row.get("reason") else ""


def _percent(share: float | None) -> str:
    return "–" if share is None else DECIMALS["share"](share)


def _share_interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    return say("audited.interval", low=_percent(low), high=_percent(high))


def _share(rate: float | None, low: float | None, high: float | None) -> str:
    return "–" if rate is None else f"{_percent(rate)} ({_share_interval(low, high)})"
