import io
from collections.abc import Callable

import openpyxl
import polars as pl
import xlsxwriter

from qa_audit.estimation.groups import GROUP_ESTIMATES
from qa_audit.estimation.month import UNKNOWN
from qa_audit.reports.context import ReportContext
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.look import Look
from qa_audit.reports.summary_sheet import write_summary

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeContext = Callable[..., ReportContext]


def cells(month: Month, context: ReportContext, figures: MonthFigures) -> list[list[object]]:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        look = Look(book, context.language)
        write_summary(book.add_worksheet("s"), look, *month, context, figures=figures)
    return [list(row) for row in openpyxl.load_workbook(written)["s"].iter_rows(values_only=True)]


def below(rows: list[list[object]], heading: str) -> list[list[object]]:
    first = next(place for place, row in enumerate(rows) if row[0] == heading)
    return rows[first + 1 :]


def test_by_the_machine_alone(by_hand: Month, make_context: MakeContext) -> None:
    rows = cells(by_hand, make_context(language="en"), MonthFigures())
    assert rows[0][0] == "客户服务部 · call quality 2026-10"
    assert rows[4][:3] == [4, 2, 37.5]
    teams = below(rows, "Teams")
    assert teams[0][:3] == ["Team", "Agents", "Calls"]
    assert [row[0] for row in teams[1:4]] == ["一班", "二班", "unknown"]


def test_where_people_heard_calls_their_figure_stands_beside_the_machine_s(
    by_hand: Month, make_context: MakeContext
) -> None:
    group = dict.fromkeys(GROUP_ESTIMATES) | {"calls": 2, "heard": 2, "bias": 1.0, "estimate": 38.5}
    group |= {"low": 30.0, "high": 47.0, "half_width": 8.5, "agents": 1}
    figures = MonthFigures(
        teams=pl.DataFrame([group | {"team": "一班"}], GROUP_ESTIMATES),
        department=pl.DataFrame([group], GROUP_ESTIMATES),
    )
    rows = cells(by_hand, make_context(language="en"), figures)
    teams = below(rows, "Teams")
    assert teams[1] == ["一班", 1, 2, 2, 37.5, 38.5, 30, 47]
    assert teams[2][3:] == ["–", "–", "–", "–", "–"]


def test_teams_without_an_interval_are_named_with_the_reason(
    by_hand: Month, make_context: MakeContext
) -> None:
    group = dict.fromkeys(GROUP_ESTIMATES) | {"calls": 2, "heard": 2, "bias": 1.0, "estimate": 38.5}
    group |= {"unheard_share": 0.5, "reason": "no_spread", "agents": 1}
    nobody = dict.fromkeys(GROUP_ESTIMATES) | {"calls": 1, "heard": 0, "reason": "no_audits", "team": "二班"}
    named = [group | {"team": "一班"}, nobody, group | {"team": UNKNOWN}]
    figures = MonthFigures(teams=pl.DataFrame(named, GROUP_ESTIMATES))
    teams = below(cells(by_hand, make_context(), figures), "各班组")
    assert teams[1] == ["一班", 1, 2, 2, 37.5, 38.5, "–", "–"]
    assert [row[0] for row in teams[4:6]] == [
        "一班、未知：样本看不出差异，给不出区间。",
        "二班：本月没有人工质检，不给分。",
    ]


def test_a_month_without_calls_says_so(by_hand: Month, make_context: MakeContext) -> None:
    calls, findings = by_hand
    rows = cells((calls.clear(), findings.clear()), make_context(), MonthFigures())
    assert rows[4] == [0, 0, "–", "–", "–", "–", "–", "–"]
