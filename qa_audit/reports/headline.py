"""The month in one or two sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.estimation.groups import beyond_teams
from qa_audit.messages import say
from qa_audit.reports.document import interval_text
from qa_audit.reports.figures import there
from qa_audit.reports.table import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.messages import Language
    from qa_audit.reports.figures import MonthFigures

_UNSCORED = ("no_recording", "not_transcribed", "failed", "null_score")


def month_words(month: Mapping[str, Any], lang: Language) -> str:
    """Calls, scores and critical faults of the one row of `department_month`, in a sentence."""
    parts = [
        say(
            "report.summary.unscored_part",
            lang,
            status=say(f"report.status.{status}", lang),
            count=month[status],
        )
        for status in _UNSCORED
        if month[status]
    ]
    comma = say("report.list_comma", lang)
    unscored = say("report.summary.unscored", lang, parts=comma.join(parts)) if parts else ""
    spread = {name: month[name] for name in ("mean", "median", "sd")}
    key = "note" if month["sd"] is not None else "note_one" if month["mean"] is not None else "note_none"
    return say(
        f"report.summary.{key}",
        lang,
        calls=month["calls"],
        scored=month["scored"],
        unscored=unscored,
        critical=month["critical_calls"],
        **{name: DECIMALS["score"](value) for name, value in spread.items() if value is not None},
    )


def unheard_words(figures: MonthFigures, lang: Language) -> str:
    """How many of the department's calls are taken to be like others, and what its interval knows of that.

    Empty where none are.
    """
    department = there(figures.department)
    row = {} if department is None else department.row(0, named=True)
    if row.get("estimate") is None or not row["unheard_share"]:
        return ""
    key = "unheard_alike" if figures.method == 1 else "unheard"
    if row["low"] is None:
        key = "unheard_open"
    share = DECIMALS["share"](row["unheard_share"])
    words = say(f"report.summary.{key}", lang, share=share)
    teams = there(figures.teams)
    if teams is None or not beyond_teams(teams, row):
        return words
    return say(
        "report.summary.sentences", lang, first=words, then=say("closing.beyond_teams", lang, share=share)
    )


def estimate_words(figures: MonthFigures, lang: Language) -> str:
    """What the department's estimate is and how sure; empty where nobody heard a call."""
    department = there(figures.department)
    if department is None:
        return ""
    row = department.row(0, named=True)
    if row["estimate"] is None:
        return say("report.summary.no_estimate", lang, reason=say(f"estimates.reason.{row['reason']}", lang))
    return say(
        "report.summary.estimate",
        lang,
        heard=row["heard"],
        estimate=DECIMALS["figure"](row["estimate"]),
        interval=interval_words(row, lang),
        correction=DECIMALS["correction"](row["bias"]),
    )


def interval_words(row: Mapping[str, Any], lang: Language) -> str:
    """The interval of an estimate (`GROUP_ESTIMATES`, `figures.ON_SHOW`), or why there is none."""
    if row["low"] is None:
        return say(f"estimates.reason.{row['reason']}", lang)
    interval = interval_text(row["low"], row["high"], lang)
    return say("report.page.interval", lang, interval=interval)
