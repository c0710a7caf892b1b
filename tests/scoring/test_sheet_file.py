"""The sheet 规则文件 of an exported workbook: found again, missed, or damaged."""

import pytest

from qa_audit.messages import QaError
from tests.scoring.rubric_books import MINE, exported, own_list

LINES = MINE.splitlines()


def told(tmp_path, change):
    with pytest.raises(QaError) as caught:
        exported(tmp_path, change)
    return caught.value.code.removeprefix("scoring."), str(caught.value)


def line(starting, text):
    """Changes the first line of the file that starts so."""

    def change(book):
        row = next(number for number, one in enumerate(LINES, 2) if one.startswith(starting))
        book["规则文件"].cell(row, 1).value = text

    return change


def test_what_is_no_toml_is_told_with_the_row_of_the_sheet(tmp_path):
    code, text = told(tmp_path, line("id =", "id = mine"))
    assert code == "workbook_file_damaged"
    assert "“规则文件”表改坏了" in text
    assert "第 2 行第 6 个字符" in text


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (line('id = "rude"', None), "第 7 行 items.0.id：缺少"),
        (line('name_zh = "禁语"', None), "第 7 行 items.0.name_zh：缺少"),
        (line("weight = 8", 'weight = "多"'), "第 13 行 items.0.weight："),
        (line("sections", "conditions = [{ kind = 1 }]"), "第 6 行 conditions.0.name：缺少"),
        (line("sections", "sections = [{ total = 3 }]"), "第 6 行 sections.0.name：缺少"),
        (line("sections", 'sections = "服务"'), "第 6 行 sections："),
        (line("sections", "situations = [{ }]"), "第 6 行 situations.0.id：缺少"),
        (
            line("  { text", "3, { tolerance = 1 }, ] }] }"),
            "第 16 行 items.0.check.conditions.0.phrases：不能用 3。",
        ),
    ],
)
def test_what_the_other_sheets_are_laid_upon_is_told_where_it_lacks(tmp_path, change, mistake):
    code, text = told(tmp_path, change)
    assert (code, mistake in text) == ("workbook_file_damaged", True), text


def test_a_sheet_that_was_emptied_below_its_heading_lacks_items(tmp_path):
    code, text = told(tmp_path, lambda book: book["规则文件"].delete_rows(2, 99))
    assert (code, "items：缺少" in text) == ("workbook_file_damaged", True)


def hide(book):
    book["规则文件"].sheet_state = "hidden"


def rename(book):
    book["规则文件"].cell(1, 1).value = "规则文件"


@pytest.mark.parametrize("change", [lambda book: book.remove(book["规则文件"]), hide, rename])
def test_an_export_that_has_lost_its_file_is_not_read_as_a_list_of_ones_own(tmp_path, change):
    code, text = told(tmp_path, change)
    assert code == "workbook_no_file"
    assert "“规则文件”" in text


def test_a_sheet_of_items_alone_is_a_list_of_ones_own(tmp_path):
    assert own_list(tmp_path, [["编号", "项目", "分值"], ["greeting", "开头语", 8]]).changed
