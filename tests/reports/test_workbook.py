import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from qa_audit.messages import QaError
from qa_audit.reports.context import ReportContext
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.registers import COACHING
from qa_audit.reports.workbook import write_workbook

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeMonth = Callable[..., Month]
MakeContext = Callable[..., ReportContext]

SHEETS = ["汇总", "班组", "员工", "项目", "明细", "问题清单", "方法", "说明"]


@pytest.fixture
def book(by_hand: Month, make_context: MakeContext, tmp_path: Path) -> openpyxl.Workbook:
    write_workbook(tmp_path / "m.xlsx", *by_hand, make_context())
    return openpyxl.load_workbook(tmp_path / "m.xlsx")


def test_the_sheets_are_these(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_the_summary_says_what_the_month_was(book: openpyxl.Workbook) -> None:
    sheet = book["汇总"]
    assert sheet["A1"].value == "客户服务部 2026年10月 质检月报"
    assert sheet["A2"].value == "机器评分，未经人工校正"
    assert [cell.value for cell in sheet[4]] == [
        "通话数",
        "已评分",
        "机器平均分",
        "中位数",
        "标准差",
        "最低分",
        "一票否决率",
        "待人工判断占比",
    ]
    assert [cell.value for cell in sheet[5]] == [
        4,
        2,
        37.5,
        37.5,
        pytest.approx(53.033008588991066),
        0,
        0.5,
        0.4,
    ]
    assert [cell.number_format for cell in sheet[5]] == ["0", "0", "0.0", "0.0", "0.0", "0.0", "0.0%", "0.0%"]
    assert sheet["A7"].value == (
        "本月共 4 通电话，2 通已评分（无录音 1 通、无可评项目 1 通）。机器平均分 37.5，中位数 37.5；"
        "标准差 53.0 说明各通电话之间相差多少，不是误差范围。一票否决 1 通。"
    )
    assert "未经人工校正" in sheet["A8"].value
    assert [cell.value for cell in sheet[12]][:5] == ["一班", 1, 2, 2, 37.5]
    assert [cell.value for cell in sheet[14]][:5] == ["未知", 0, 1, 0, "–"]
    assert [cell.value for cell in sheet[18]][:6] == ["不使用生硬语言", 1, 1, 1, 1, 10]


@pytest.mark.parametrize(
    ("name", "frozen", "filtered", "columns", "printed"),
    [
        ("班组", "B2", "A1:O4", 15, (1, "$A:$A")),
        ("员工", "D2", "A1:P4", 16, (1, "$A:$C")),
        ("项目", "B2", "A1:J18", 10, (1, "$A:$A")),
        ("明细", "B2", "A1:AF5", 32, (2, "$A:$A")),
        ("问题清单", "D2", "A1:M4", 13, (1, "$A:$C")),
    ],
)
def test_tables_are_frozen_filtered_and_print_across(
    book: openpyxl.Workbook, *, name: str, frozen: str, filtered: str, columns: int, printed: tuple[int, str]
) -> None:
    sheet = book[name]
    assert sheet.freeze_panes == frozen
    assert sheet.auto_filter.ref == filtered
    assert sheet.max_column == columns
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # One page wide is the format's default and not written; 0 high is as many as it takes.
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (printed[0], 0)
    assert sheet.page_setup.paperSize == 9  # A4, which every office has
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", printed[1])
    assert "机器评分，未经人工校正" in sheet.oddHeader.right.text


def test_coaching_has_its_chart_below_its_rows(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    who = ("person:p1", "一班", "0012", "王喆", "closing", datetime(2026, 10, 9))
    coached = pl.DataFrame([(*who, 40, 0.3, 0.2, 0.4, 35, 0.1, 0.05, 0.2)], COACHING, orient="row")
    path = tmp_path / "month.xlsx"
    write_workbook(path, *by_hand, make_context(), figures=MonthFigures(coaching=coached))
    sheet = openpyxl.load_workbook(path)["辅导"]
    assert [cell.value for cell in sheet[2]][:4] == ["一班", "0012", "王喆", "结束语"]
    [picture] = sheet._images
    assert picture.anchor._from.row == 3
    assert picture.ref.getvalue().startswith(b"\x89PNG")


def test_cells_of_a_call_and_their_formats(book: openpyxl.Workbook) -> None:
    row = {heading.value: cell for heading, cell in zip(book["明细"][1], book["明细"][2], strict=True)}
    assert row["通话编号"].value == "20261003-001"
    assert (row["开始时间"].value, row["开始时间"].number_format) == (
        datetime(2026, 10, 3, 9, 5, 30),
        "yyyy-mm-dd hh:mm",
    )
    assert (row["工号"].value, row["工号"].number_format) == ("0012", "@")
    assert (row["机器评分"].value, row["机器评分"].number_format) == (75, "0.0")
    assert row["时长"].number_format == "[mm]:ss"
    assert row["时长"].value == timedelta(seconds=75.4)
    assert (row["开头语"].value, row["称呼"].value, row["结束语"].value) == ("合格", "待人工判断", "不合格")
    assert (row["“请”字当头"].value, row["录音文件"].value) == (None, "recordings/一班/001.wav")


def test_text_that_looks_like_a_formula_is_text(book: openpyxl.Workbook) -> None:
    quote = book["问题清单"]["H3"]
    assert (quote.value, quote.data_type) == ("=1+1", "s")
    name = book["员工"]["C3"]
    assert (name.value, name.data_type) == ("=HYPERLINK(1)", "s")
    for sheet in book:
        assert [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"] == []


def test_verdicts_that_need_a_look_stand_out(book: openpyxl.Workbook) -> None:
    rules = book["明细"].conditional_formatting
    marked = {rule.formula[0] for area in rules for rule in area.rules}
    assert marked == {'"不合格"', '"待人工判断"', '"不适用"'}
    assert {str(area.sqref) for area in rules} >= {"L2:L5", "AE2:AE5"}


def test_the_notes_name_what_the_figures_were_made_from(book: openpyxl.Workbook) -> None:
    values = [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    pairs = {row[0]: row[1] for row in values if row[1] is not None}
    assert pairs["评分标准"] == "zh_service，版本 1.0.0"
    assert pairs["评分标准校验码"] == "3f1c" * 16
    assert pairs["语音识别"] == "openai-whisper，模型 base，预设 balanced"
    assert pairs["程序版本"] == "0.1.0"
    assert pairs["评分方式"] == "机器评分，未经人工校正"
    assert pairs["通话数"] == "4: 已评分 2、无可评项目 1、无录音 1、未转写 0、处理失败 0"
    assert pairs["判定数"] == "7: 合格 1、不合格 3、不适用 1、待人工判断 2"
    assert pairs["待人工判断"] == "录音或识别结果不足以判断，交给人工，不扣分。"
    assert ["closing", "结束语", 8, "REG 1.7 三要, 6.4"] in values


def test_a_rubric_that_keeps_the_points_says_so(
    by_hand: Month, make_context: MakeContext, tmp_path: Path
) -> None:
    from dataclasses import replace

    write_workbook(tmp_path / "m.xlsx", *by_hand, replace(make_context(), zero_on_critical=False))
    words = [cell.value for cell in openpyxl.load_workbook(tmp_path / "m.xlsx")["说明"]["A"]]
    assert "一票否决率单独列出；本部门设定不因此归零，这样的通话按它的得分计入平均。" in words
    assert "有一票否决的问题时，该通电话得 0 分。" not in words


def test_english_headings_stand_on_chinese_sheets(
    by_hand: Month, make_context: MakeContext, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "m.xlsx", *by_hand, make_context(language="en"))
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert book.sheetnames == SHEETS
    assert [cell.value for cell in book["员工"][1]][:4] == ["Team", "Agent no.", "Name", "Calls"]
    assert book["员工"]["P2"].value.startswith("machine-scored, not yet checked by people")
    assert book["明细"]["L2"].value == "pass"


@pytest.mark.parametrize(("agents", "calls_each"), [(0, 0), (1, 1)])
def test_a_month_with_little_or_nothing_gives_a_workbook(
    make_month: MakeMonth, make_context: MakeContext, tmp_path: Path, agents: int, calls_each: int
) -> None:
    write_workbook(tmp_path / "m.xlsx", *make_month(agents, calls_each), make_context())
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert book.sheetnames == SHEETS
    assert book["明细"].max_row == 1 + agents * calls_each
    assert book["汇总"]["A5"].value == agents * calls_each


def test_a_month_in_which_nothing_could_be_judged_gives_no_scores(
    make_month: MakeMonth, make_context: MakeContext, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "m.xlsx", *make_month(6, 5, null_scores=True), make_context())
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert "没有已评分的通话" in book["汇总"]["A7"].value
    assert [cell.value for cell in book["员工"]["H"]] == ["机器平均分"] + [None] * 6
    assert [cell.value for cell in book["员工"]["P"][1:]] == ["没有已评分的通话"] * 6


def test_equal_input_gives_equal_bytes_in_any_order_of_rows(
    make_month: MakeMonth, make_context: MakeContext, tmp_path: Path
) -> None:
    calls, findings = make_month(6, 5)
    write_workbook(tmp_path / "a.xlsx", calls, findings, make_context())
    shuffled = findings.sample(fraction=1, shuffle=True, seed=3)
    write_workbook(tmp_path / "b.xlsx", calls.reverse(), shuffled, make_context())
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_calls_of_other_months_are_left_out(
    by_hand: Month, make_context: MakeContext, tmp_path: Path
) -> None:
    calls, findings = by_hand
    later = calls.with_columns(pl.col("start").dt.offset_by("1mo"), pl.col("call_id") + "x")
    write_workbook(tmp_path / "m.xlsx", pl.concat([calls, later]), findings, make_context())
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert book["明细"].max_row == 5
    assert book["汇总"]["A5"].value == 4


def test_a_folder_that_cannot_be_written_is_one_clear_fault(
    by_hand: Month, make_context: MakeContext, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(QaError) as caught:
        write_workbook(tmp_path / "out" / "m.xlsx", *by_hand, make_context())
    assert caught.value.code == "store.write_failed"


@pytest.mark.slow
def test_sixty_agents_with_a_thousand_calls_take_seconds(
    make_month: MakeMonth, make_context: MakeContext, tmp_path: Path
) -> None:
    calls, findings = make_month(60, 1000)
    start = time.process_time()
    write_workbook(tmp_path / "m.xlsx", calls, findings, make_context())
    # Processor time of all threads: at most 10 s on the clock of a quiet machine with two cores.
    assert time.process_time() - start < 20
    assert pl.read_excel(tmp_path / "m.xlsx", sheet_name="明细").height == 60_000
