import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from qa_audit.reports.context import ReportContext
from qa_audit.reports.look import Look
from qa_audit.reports.notes_sheet import write_notes

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeContext = Callable[..., ReportContext]


def rows(month: Month, context: ReportContext) -> list[tuple[object, ...]]:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        write_notes(book.add_worksheet("notes"), Look(book, context.language), *month, context)
    return list(openpyxl.load_workbook(written)["notes"].iter_rows(values_only=True))


def test_where_the_figures_come_from(by_hand: Month, make_context: MakeContext) -> None:
    found = {row[0]: row[1] for row in rows(by_hand, make_context(language="en")) if row[1]}
    assert {
        "Department": "客户服务部",
        "Month": "2026-10",
        "Rubric": "zh_service, version 1.0.0",
        "Transcription": "openai-whisper, model base, preset balanced",
        "Program version": "0.1.0",
        "Calls": "4: scored 2, nothing to judge 1, no recording 1, not transcribed 0, failed 0",
        "Verdicts": "7: pass 1, fail 3, not applicable 1, can't tell 2",
    }.items() <= found.items()


def test_titles_come_in_their_order(by_hand: Month, make_context: MakeContext) -> None:
    titles = [row[0] for row in rows(by_hand, make_context(language="en"))]
    wanted = [
        "How the score is computed",
        "What the verdicts mean",
        "What Found by means",
        "How this report was made",
        "Items of the rubric",
    ]
    assert [title for title in titles if title in wanted] == wanted


def test_the_items_with_points_and_source(by_hand: Month, make_context: MakeContext) -> None:
    found = rows(by_hand, make_context())
    first = next(place for place, row in enumerate(found) if row[0] == "greeting")
    assert found[first] == ("greeting", "开头语", 8, "REG 6.1; REG（电话礼仪）6.1(2)")
    assert [row[0] for row in found[first:]][-1] == "apology"
    assert len(found[first:]) == 20


@pytest.mark.parametrize(("zeroed", "word"), [(True, "makes the call's score 0"), (False, "does not zero")])
def test_what_a_critical_fault_does_is_said(
    by_hand: Month, make_context: MakeContext, *, zeroed: bool, word: str
) -> None:
    context = replace(make_context(language="en"), zero_on_critical=zeroed)
    assert any(word in str(row[0]) for row in rows(by_hand, context))
