"""Rows of a sheet of items: sections, points and ids, and every mistake of them at once."""

import datetime
import tomllib

import pytest

from qa_audit.messages import QaError, speaking
from tests.scoring.rubric_books import MINE, exported, own_list


def mistakes(read, *given):
    """Lines that tell what is wrong in a workbook, without the one above them."""
    with pytest.raises(QaError) as caught:
        read(*given)
    assert caught.value.code == "scoring.workbook_mistakes"
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def set_cells(*cells):
    """Changes cells of the sheet of items: row, column, value."""

    def change(book):
        for row, column, value in cells:
            book["考核标准"].cell(row, column).value = value

    return change


def sections(read):
    return [item.get("section") for item in tomllib.loads(read.text)["items"]]


def test_an_exported_item_without_a_section_takes_over_none_from_the_row_above(tmp_path):
    text = MINE.replace('section = "服务"\nweight = 2', "weight = 2")
    assert exported(tmp_path, lambda _: None, text) == (text, 2, False, ())


def test_a_row_that_was_added_to_an_export_has_the_section_that_stands_in_it(tmp_path):
    added = set_cells((5, 3, "语速"), (5, 5, 3), (6, 1, "态度"), (6, 3, "语气"), (6, 5, 3))
    assert sections(exported(tmp_path, added)) == ["服务", "服务", None, "态度"]


def test_in_a_list_of_ones_own_a_merged_section_holds_for_the_rows_below(tmp_path):
    rows = [["大类", "项目", "分值"], ["甲类", "一", 1], [None, "二", 1]]
    assert sections(own_list(tmp_path, rows)) == ["甲类", "甲类"]


def test_without_its_column_nothing_is_taken_away(tmp_path):
    assert exported(tmp_path, lambda book: book["考核标准"].delete_cols(6, 4)) == (MINE, 2, False, ())
    assert exported(tmp_path, lambda book: book["考核标准"].delete_cols(1)) == (MINE, 2, False, ())


def test_without_the_column_of_ids_no_item_of_an_export_is_known_again(tmp_path):
    with pytest.raises(QaError) as caught:
        exported(tmp_path, lambda book: book["考核标准"].delete_cols(2))
    assert caught.value.code == "scoring.workbook_no_ids"


def test_a_copied_row_whose_id_is_used_is_told_for_each_copy(tmp_path):
    copies = set_cells(
        *((row, column, value) for row in (5, 6) for column, value in ((2, "rude"), (3, f"抄{row}"), (5, 1)))
    )
    told = "编号 rude 在第 3 行已经用过。请删去一行；是新项目的，请把编号空着。"
    assert mistakes(exported, tmp_path, copies) == [
        f"“考核标准”表第 5 行 抄5：{told}",
        f"“考核标准”表第 6 行 抄6：{told}",
    ]


def test_an_id_that_the_exported_rubric_lacks_is_told_and_its_rule_is_not_lost(tmp_path):
    told = "请写回导出时的编号；是新项目的，请把编号空着。"
    assert mistakes(exported, tmp_path, set_cells((3, 2, "rued"))) == [
        f"“考核标准”表第 3 行 禁语：规则里没有编号 rued。{told}"
    ]
    added = set_cells(
        *((row, column, value) for row in (5, 6) for column, value in ((2, "a"), (3, "新"), (5, 1)))
    )
    assert mistakes(exported, tmp_path, added) == [
        f"“考核标准”表第 {row} 行 新：规则里没有编号 a。{told}" for row in (5, 6)
    ]


def test_a_sign_of_nothing_is_no_id(tmp_path):
    added = set_cells((5, 2, "/"), (5, 3, "语速"), (5, 5, 3), (6, 2, "/"), (6, 3, "语气"), (6, 5, 3))
    items = tomllib.loads(exported(tmp_path, added).text)["items"]
    assert [item["id"] for item in items] == ["rude", "hand", "yu_su", "yu_qi"]


def test_marks_that_are_neither_yes_nor_no_are_told(tmp_path):
    assert mistakes(exported, tmp_path, set_cells((3, 6, "加分"), (4, 7, "看情况"))) == [
        "“考核标准”表第 3 行 禁语：加分项看不出是或否（加分）。请写“是”，或空着。",
        "“考核标准”表第 4 行 人评：一票否决看不出是或否（看情况）。请写“是”，或空着。",
    ]
    rows = [["项目", "分值", "红线"], ["开头语", 8, "x"]]
    assert mistakes(own_list, tmp_path, rows) == [
        "“Sheet”表第 2 行 开头语：一票否决看不出是或否（x）。请写“是”，或空着。"
    ]


def test_a_second_list_is_told_and_not_dropped(tmp_path):
    told = "表已经是考核表，这里又有一张，只能读一张。请并成一张，或把不要的删去或隐藏。"
    lists = [["项目", "分值"], ["一", 1]], [["标准"], ["项目", "分值"], ["二", 1]]
    assert mistakes(own_list, tmp_path, *lists) == [f"“Sheet1”表第 2 行：“Sheet”{told}"]

    def copied(book):
        book.copy_worksheet(book["考核标准"]).title = "改"

    assert mistakes(exported, tmp_path, copied) == [f"“改”表第 2 行：“考核标准”{told}"]


def test_an_exported_item_whose_name_was_emptied_is_told_and_not_dropped(tmp_path):
    assert mistakes(exported, tmp_path, set_cells((4, 3, None))) == [
        "“考核标准”表第 4 行 hand：没有项目名称。请写上；不要这一项的，请删去整行。"
    ]


def test_an_exported_item_that_is_called_like_a_total_comes_back(tmp_path):
    text = MINE.replace("人评", "总分")
    assert exported(tmp_path, lambda _: None, text) == (text, 2, False, ())
    changed = exported(tmp_path, set_cells((5, 3, "合计"), (5, 5, 10)), text)
    assert changed == (text, 2, False, ())


@pytest.mark.parametrize("cell", ["5-10分", "5~10", "每项1分，共5分", "1,000", "1.5.2", "5/10"])
def test_points_of_several_numbers_are_told_and_not_guessed(tmp_path, cell):
    assert mistakes(own_list, tmp_path, [["项目", "分值"], ["开头语", cell]]) == [
        f"“Sheet”表第 2 行 开头语：分值读不出（{cell}）。请只写一个大于 0 的数。"
    ]


@pytest.mark.parametrize(
    ("cell", "points"), [("8.", 8), (".5分", 0.5), ("１．５分", 1.5), ("1e-05", 0.00001), ("①5分", 5)]
)
def test_points_are_one_number_however_it_is_written(tmp_path, cell, points):
    read = own_list(tmp_path, [["项目", "分值"], ["开头语", cell]])
    assert tomllib.loads(read.text)["items"][0]["weight"] == points


@pytest.mark.parametrize("cell", ["-5分/次", "扣5分 / 次", "每次5分", "发现一处扣5分，每处"])
def test_points_off_each_time_are_not_taken_for_those_of_the_item(tmp_path, cell):
    assert mistakes(own_list, tmp_path, [["项目", "分值"], ["忌语", cell]]) == [
        f"“Sheet”表第 2 行 忌语：分值写的是每次扣分（{cell}）。"
        "请在“分值”写这一项最多扣几分，每次扣几分另写一列“每次扣分”。"
    ]


def test_a_row_with_points_or_wordings_whose_name_is_merged_is_told_and_not_dropped(tmp_path):
    told = (
        "没有项目名称（合并的单元格只有第一行算），这一行的分值或话术不知道归哪一项。"
        "请写上项目名称，或并进上一行。"
    )
    rows = [
        ["大类", "项目", "标准", "分值", "话术"],
        ["服务", "开头语", "报公司名", 5, "华安"],
        [None, None, "报工号", 5, None],
        [None, None, None, None, "工号"],
        [None, None, None, 10, "/"],
        [None, None, "注：由质检部解释", None, None],
        ["服务分", None, "各项之和", 10, None],
        [None, None, "合计", 10, "–"],
    ]
    assert mistakes(own_list, tmp_path, rows) == [
        f"“Sheet”表第 3 行：{told}",
        f"“Sheet”表第 4 行：{told}",
    ]


@pytest.mark.parametrize(
    "totals",
    [
        [["合计", None, 18, None]], [["总分", None, "20分", None]], [["小计", None, 7, None]],
        [["合计", None, None, None]], [["合计", None, 8, None], ["合计", None, 10, None]],
    ],
)  # fmt: skip
def test_a_total_is_that_of_the_items_with_bonus_ones_or_without_or_of_the_sections_together(
    tmp_path, totals
):
    rows = [
        ["大类", "项目", "分值", "加分项"],
        ["甲", "一", 8, None],
        ["乙", "二", 10, None],
        ["丙", "三", 2, "是"],
    ]
    assert own_list(tmp_path, [*rows, *totals]).items == 3


def test_a_total_that_the_points_do_not_add_up_to_is_told(tmp_path):
    rows = [["大类", "项目", "分值"], ["甲", "一", 8], ["乙", "二", 10], [None, "合计", 100]]
    assert mistakes(own_list, tmp_path, rows) == [
        "“Sheet”表第 4 行：合计写的是 100 分，各项分值相加是 18 分。"
        "请改分值或合计（也可删去合计这一行），并看看有没有项目没读到。"
    ]


@pytest.mark.parametrize("cell", ["1-2分", "若干", "0"])
def test_points_off_each_time_that_can_not_be_read_are_told(tmp_path, cell):
    rows = [["项目", "分值", "每次扣分"], ["开头语", 8, cell]]
    assert mistakes(own_list, tmp_path, rows) == [
        f"“Sheet”表第 2 行 开头语：每次扣分读不出（{cell}）。请只写一个大于 0 的数，或空着。"
    ]


def test_a_deduction_that_the_columns_contradict_is_told(tmp_path):
    rows = [
        ["项目", "考核标准", "分值", "扣分标准", "每次扣分", "一票否决"],
        ["一", "甲", 8, "-2分/次", 3, None],
        ["二", "乙", 8, "一票否决", None, "否"],
        ["三", "丙", 8, "-2分/次，一票否决", "2分", "是"],
        ["四", "丁", 8, "一票否决", None, "/"],
    ]
    assert mistakes(own_list, tmp_path, rows) == [
        "“Sheet”表第 2 行 一：扣分标准写的是“-2分/次”，每次扣分一列却是“3”。请改成一样，或删去一处。",
        "“Sheet”表第 3 行 二：扣分标准写的是“一票否决”，一票否决一列却是“否”。请改成一样，或删去一处。",
    ]


def test_a_deduction_whose_item_is_merged_is_told_and_not_dropped(tmp_path):
    rows = [
        ["项目", "考核标准", "分值", "扣分标准"],
        ["一", "甲", 8, "-2分/次"],
        [None, "乙", None, "一票否决"],
        [None, "注：由质检部解释", None, None],
    ]
    assert mistakes(own_list, tmp_path, rows) == [
        "“Sheet”表第 3 行：没有项目名称（合并的单元格只有第一行算），这一行的分值或话术不知道归哪一项。"
        "请写上项目名称，或并进上一行。"
    ]


@pytest.mark.parametrize("cell", ["/", "无", "——"])
def test_signs_of_nothing_are_no_points_off(tmp_path, cell):
    read = own_list(tmp_path, [["项目", "分值", "每次扣分"], ["开头语", 8, cell]])
    assert "off_per_hit" not in tomllib.loads(read.text)["items"][0]


def test_all_mistakes_come_at_once_in_the_language_in_which_they_are_read(tmp_path):
    def change(book):
        set_cells((3, 5, "5-10"), (3, 8, "x"), (4, 5, 0))(book)
        book["话术"].cell(3, 3).value = "name_zh"

    with pytest.raises(QaError) as caught:
        exported(tmp_path, change)
    with speaking("en"):
        told = str(caught.value).splitlines()[1:]
    assert told == [
        "  考核标准, row 3, 禁语: no points (5-10). Write one number above 0.",
        "  考核标准, row 3, 禁语: no points off each time (x). Write one number above 0, or leave it empty.",
        "  考核标准, row 4, 人评: with 0 points the item counts for nothing. Write a number above 0; "
        "for one that only zeroes the call write 是 under 一票否决.",
        "  话术, row 3: rude has no wordings at name_zh. Places: check.conditions.0.phrases.",
    ]


def items(tmp_path, *rows):
    """Weight, bonus and critical of each item of one's own list, and what was told of it."""
    read = own_list(tmp_path, [*rows])
    found = [
        (one["weight"], one.get("bonus"), one.get("critical")) for one in tomllib.loads(read.text)["items"]
    ]
    return found, [str(one) for one in read.notes]


def test_an_item_that_zeroes_the_call_needs_no_points(tmp_path):
    rows = [
        ["项目", "分值", "一票否决", "扣分标准"],
        *(
            ["一", 0, "是", None],
            ["二", None, "√", None],
            ["三", "一票否决", None, None],
            ["四", "红线", None, None],
        ),
        *(["五", "/", None, "一票否决"], ["六", "5（一票否决）", None, None], ["七", 3, None, None]),
    ]
    zero = (0, None, True)
    assert items(tmp_path, *rows)[0] == [zero, zero, zero, zero, zero, (5, None, True), (3, None, None)]
    rows = [["项目", "分值", "一票否决"], ["一", 0, "否"], ["二", None, None], ["三", 5, None]]
    assert mistakes(own_list, tmp_path, rows) == [
        "“Sheet”表第 2 行 一：分值是 0，这一项不起作用。请写大于 0 的数；"
        "没有分值的一票否决项，请在“一票否决”一列写“是”。",
        "“Sheet”表第 3 行 二：分值读不出（–）。请只写一个大于 0 的数。",
    ]


def test_points_of_an_export_are_not_emptied_by_mistake_and_come_back_as_none(tmp_path):
    text = MINE.replace("weight = 2\n", "weight = 2\ncritical = true\n")
    assert mistakes(exported, tmp_path, set_cells((4, 5, None)), text) == [
        "“考核标准”表第 4 行 人评：分值读不出（–）。请只写一个大于 0 的数。"
    ]
    read = exported(tmp_path, set_cells((4, 5, 0)), text)
    assert tomllib.loads(read.text)["items"][1]["weight"] == 0
    again = exported(tmp_path, set_cells(), read.text)
    assert not again.changed


def test_a_bonus_is_known_by_its_section_or_a_plus_unless_the_list_has_a_column_for_it(tmp_path):
    rows = [
        ["大类", "项目", "分值"],
        ["服务", "一", 5],
        ["加分项", "二", 3],
        [None, "三", 2],
        ["其他", "四", "+5"],
    ]
    assert [bonus for _, bonus, _ in items(tmp_path, *rows)[0]] == [None, True, True, True]
    rows = [["大类", "项目", "分值", "加分项"], ["加分", "一", 5, "否"], ["服务", "二", 3, "是"]]
    assert [bonus for _, bonus, _ in items(tmp_path, *rows)[0]] == [None, True]
    text = MINE.replace('"服务"', '"加分项"')
    assert "bonus" not in tomllib.loads(exported(tmp_path, set_cells((4, 7, "否")), text).text)["items"][1]


def test_a_date_for_points_is_told_as_what_the_spreadsheet_made_of_them(tmp_path):
    rows = [["项目", "分值"], ["开头语", datetime.date(2026, 5, 10)], ["结束语", 5]]
    [told] = mistakes(own_list, tmp_path, rows)
    assert told.startswith("“Sheet”表第 2 行 开头语：分值这一格是日期（2026-05-10），多半是表格软件把“5-10”")


def test_percentages_are_told_where_all_points_are_parts_of_one(tmp_path):
    rows = [["项目", "权重"], ["一", 0.2], ["二", 0.5], ["三", 0.3]]
    [told] = mistakes(own_list, tmp_path, rows)
    assert "像是百分比格式的权重（显示 20%，格里是 0.2）。请写成分数，如把 0.2 写成 20。" in told
    assert items(tmp_path, ["项目", "权重"], ["一", "20%"], ["二", 0.5])[0] == [
        (20, None, None),
        (0.5, None, None),
    ]


def test_two_items_of_a_name_are_read_and_told(tmp_path):
    rows = [["大类", "项目", "分值"], ["服务", "态度", 5], ["服务", "态度", 3], ["业务", "态度", 3]]
    found, told = items(tmp_path, *rows)
    assert len(found) == 3
    assert told == ["“Sheet”表第 3 行 态度：与第 2 行同名，作为两个项目读了。写重了的，请删去一行。"]


def test_a_column_that_is_not_read_is_told_with_the_rows_that_are_wrong(tmp_path):
    rows = [["项目", "分值", "考核办法"], ["一", 5, "不扣"], ["合计", 10, None]]
    told = mistakes(own_list, tmp_path, rows)
    assert told[0] == "“Sheet”表第 1 行：没有读这些列：考核办法。里面有要评的内容，请并进认得的列。"
    assert len(told) == 2
