"""Wordings that were changed in an exported workbook: where they go, and what fits nowhere."""

import tomllib

import pytest

from qa_audit.messages import QaError
from tests.scoring.rubric_books import MINE, exported

PLACE = "check.conditions.0.phrases"


def mistakes(tmp_path, change, text=MINE):
    with pytest.raises(QaError) as caught:
        exported(tmp_path, change, text)
    assert caught.value.code == "scoring.workbook_mistakes"
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def appended(*rows):
    def change(book):
        for row in rows:
            book["话术"].append(row)

    return change


def phrases(read):
    return tomllib.loads(read.text)["items"][0]["check"]["conditions"][0]["phrases"]


@pytest.mark.parametrize(
    "place",
    [
        *(
            "name_zh",
            "weight",
            "check",
            "check.conditions",
            "check.conditions.0.name",
            "check.conditions.7.to",
        ),
        *(
            "check.conditions.一.phrases",
            "check.conditions.-1.phrases",
            "check.conditions.0",
            "check.no",
            ".",
        ),
    ],
)
def test_a_place_where_no_wordings_stand_is_told_with_those_where_some_do(tmp_path, place):
    def change(book):
        book["话术"].cell(3, 3).value = place
        book["话术"].cell(3, 5).value = "问别人去"

    assert mistakes(tmp_path, change) == [f"“话术”表第 3 行：rude 没有放话术的位置 {place}。可用：{PLACE}。"]


def test_a_place_that_was_emptied_is_told_and_an_item_without_wordings_has_none(tmp_path):
    def change(book):
        book["话术"].cell(3, 3).value = None
        appended(("hand", None, PLACE, None, "您好"))(book)

    assert mistakes(tmp_path, change) == [
        f"“话术”表第 3 行：rude 没有放话术的位置 –。可用：{PLACE}。",
        f"“话术”表第 4 行：hand 没有放话术的位置 {PLACE}。可用：–。",
    ]


@pytest.mark.parametrize(("identifier", "shown"), [("nobody", "nobody"), (None, "–")])
def test_wordings_of_what_the_rubric_lacks_are_told_and_not_lost(tmp_path, identifier, shown):
    change = appended((identifier, None, None, None, "问别人去"))
    assert mistakes(tmp_path, change) == [
        f"“话术”表第 4 行：规则里没有编号 {shown}，话术放不回去。请写回导出时的编号和位置；一格里可以写多行。"
    ]


def test_a_copied_row_does_not_overwrite_the_first(tmp_path):
    assert mistakes(tmp_path, appended(("rude", "禁语", PLACE, "禁", "问别人去"))) == [
        f"“话术”表第 4 行：rude 的位置 {PLACE} 在第 3 行已经有了。请把话术并到一格，删去另一行。"
    ]


def test_a_sheet_whose_headings_were_changed_is_told(tmp_path):
    assert mistakes(tmp_path, lambda book: book["话术"].insert_cols(2)) == [
        "“话术”表第 2 行：找不到表头，话术读不出。前五列应为：编号、项目、位置、内容、话术（一行一条）。"
    ]


def test_spaces_around_id_and_place_a_remark_and_wordings_of_a_deleted_item_do_no_harm(tmp_path):
    def change(book):
        book["话术"].cell(3, 1).value, book["话术"].cell(3, 3).value = "rude ", f" {PLACE}"
        book["话术"].cell(3, 5).value = "问别人去"
        appended(("以上由班长改过",))(book)

    assert phrases(exported(tmp_path, change)) == ["问别人去"]
    read = exported(tmp_path, lambda book: book["考核标准"].delete_rows(3))
    assert [item["id"] for item in tomllib.loads(read.text)["items"]] == ["hand"]


def test_without_the_sheet_the_wordings_stay(tmp_path):
    assert exported(tmp_path, lambda book: book.remove(book["话术"])) == (MINE, 2, False, ())


def test_a_wording_of_two_lines_that_was_not_changed_stays_one(tmp_path):
    text = MINE.replace('"没办法"', '"没\\n办法"')
    assert exported(tmp_path, lambda _: None, text) == (text, 2, False, ())


def test_lines_of_another_system_end_without_a_sign_of_their_own(tmp_path):
    def change(book):
        book["话术"].cell(3, 5).value = "问别人去_x000D_\n没办法"

    assert phrases(exported(tmp_path, change)) == ["问别人去", "没办法"]


SHARED = (
    MINE.replace("weight = 2", 'weight = 2\napplies_when = "rude"')
    + '[[conditions]]\nname = "rude"\nkind = "said"\nwho = "customer"\n'
    'phrases = ["投诉", { text = "我要告", tolerance = "exact" }]\nunless = ["不投诉"]\n'
)
"""A shared condition that is called like an item."""


def test_wordings_of_shared_conditions_are_listed_by_name_and_come_back(tmp_path):
    rows = []
    same = exported(tmp_path, lambda book: rows.extend(book["话术"].iter_rows(3, values_only=True)), SHARED)
    assert same == (SHARED, 2, False, ())
    assert rows[1:] == [
        ("rude", "（公共条件）", "conditions.phrases", "rude", "投诉\n我要告"),
        ("rude", "（公共条件）", "conditions.unless", "rude", "不投诉"),
    ]


def test_a_changed_wording_of_a_shared_condition_goes_back_to_it_and_not_to_the_item_of_its_name(tmp_path):
    def change(book):
        book["话术"].cell(4, 5).value = "我要告\n找你们领导"

    table = tomllib.loads(exported(tmp_path, change, SHARED).text)
    before = tomllib.loads(SHARED)
    assert table["conditions"][0]["phrases"] == [{"text": "我要告", "tolerance": "exact"}, "找你们领导"]
    assert table["items"] == before["items"]


def test_without_the_rows_of_shared_conditions_as_in_older_workbooks_their_wordings_stay(tmp_path):
    assert exported(tmp_path, lambda book: book["话术"].delete_rows(4, 2), SHARED) == (SHARED, 2, False, ())


def test_a_place_that_a_shared_condition_lacks_is_told(tmp_path):
    def change(book):
        book["话术"].cell(4, 3).value = "conditions.patterns"
        book["话术"].cell(5, 1).value = "没有"

    assert mistakes(tmp_path, change, SHARED) == [
        "“话术”表第 4 行：rude 没有放话术的位置 conditions.patterns。"
        "可用：conditions.phrases、conditions.unless。",
        "“话术”表第 5 行：规则里没有编号 没有，话术放不回去。请写回导出时的编号和位置；一格里可以写多行。",
    ]


def wordings(text):
    """Changes the cell of the first wordings."""

    def change(book):
        book["话术"].cell(3, 5).value = text

    return change


def test_wordings_that_can_not_be_looked_for_are_told_with_their_row(tmp_path):
    assert mistakes(tmp_path, wordings("没办法\n……\n嗯")) == [
        "“话术”表第 3 行：rude 的“……”不能用。要求：话术里至少要有一个字或数字，不能只有标点。",
        "“话术”表第 3 行：rude 的“嗯”不能用。要求："
        "话术里不能只有语气词（呃嗯啊哦噢诶欸唔呐），转写里不留它们。",
    ]
    pattern = MINE.replace(
        'phrases = [\n  { text = "不归我们管", tolerance = "exact" }, "没办法" ]', 'patterns = ["没.法"]'
    )
    [told] = mistakes(tmp_path, wordings("没(办|法"), pattern)
    assert told.startswith("“话术”表第 3 行：rude 的“没(办|法”不能用。要求：有效的正则式")
    assert "左括号 ( 没有闭合" in told


def test_a_condition_that_is_left_without_wordings_is_told(tmp_path):
    assert mistakes(tmp_path, wordings(" \n")) == [
        "“话术”表第 3 行：rude 这里的话术空了，就没有要找的了。请至少写一条；"
        "这一项不要了的，请删去“考核标准”表里的那一行。"
    ]
    both = MINE.replace("phrases = [\n", 'patterns = ["没.法"], phrases = [\n')
    table = tomllib.loads(exported(tmp_path, wordings(None), both).text)
    assert sorted(
        len(table["items"][0]["check"]["conditions"][0][key]) for key in ("patterns", "phrases")
    ) == [0, 2]


def test_spaces_around_a_new_wording_are_not_kept(tmp_path):
    assert phrases(exported(tmp_path, wordings(" 随便你 \n没办法"))) == ["随便你", "没办法"]
