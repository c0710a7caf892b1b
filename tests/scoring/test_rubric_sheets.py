"""A rubric read from a workbook: what is taken for what, and what changed cells change."""

import tomllib

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError, speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.rubric_explain import explain
from qa_audit.scoring.rubric_test import typed_call
from tests.scoring.rubric_books import MINE, exported, own_list


@pytest.fixture
def read(tmp_path):
    """Reads a workbook with these sheets, each of these rows; the rubric's table."""
    return lambda *sheets, **named: tomllib.loads(own_list(tmp_path, *sheets, **named).text)


@pytest.fixture
def changed(tmp_path):
    """What comes back of the rubric when its exported workbook was changed so."""
    return lambda change, **text: exported(tmp_path, change, **text)


def only(table):
    (item,) = table["items"]
    return item


def test_headings_are_known_whatever_spaces_and_units_stand_in_them(read):
    item = only(read([["考核 项目", "分值（分）", "评分\n标准"], ["开头语", 8, "按规定问候"]]))
    assert (item["name_zh"], item["weight"], item["source"]) == ("开头语", 8, "按规定问候")


def test_headings_stand_within_the_first_fifteen_rows(read):
    rows = [*[["质检考核标准", None]] * 14, ["项目", "分值"], ["开头语", 8]]
    assert only(read(rows))["source"] == "开头语"
    with pytest.raises(QaError):
        read([["质检考核标准", None], *rows])


@pytest.mark.parametrize("headings", [["项目", "备注"], ["评分标准", "分值"]])
def test_what_has_no_column_of_items_beside_another_that_is_known_is_no_list(read, headings):
    with pytest.raises(QaError) as caught:
        read([headings, ["开头语", 8]])
    assert caught.value.code == "scoring.workbook_no_items"


def test_the_sheet_with_a_list_counts_wherever_it_stands(read):
    other, words, listed = [["说明", "日期"]], [["项目", "说明"], ["甲", "注"]], [["项目", "分值"], ["一", 1]]
    for sheets in ((other, words, listed), (other, listed, words), (listed, other)):
        assert only(read(*sheets))["name_zh"] == "一"


def test_a_new_rubric_is_named_after_its_file(read):
    table = read([["项目", "分值"], ["开头语", 8]], name="客服考核.xlsx")
    assert [table[key] for key in ("id", "name_zh", "version")] == ["ke_fu_kao_he", "客服考核", "0.1.0"]


def test_an_item_is_known_by_the_sound_of_its_name_unless_the_list_gives_it_an_id(read):
    names = [("", "开头语"), ("", "开头语"), ("closing", "结束语"), ("closing", "告别"), ("Ring 1", "振铃")]
    rows = [[*name, 1] for name in (*names, ("", "3G业务"), ("", "——"))]
    assert [item["id"] for item in read([["编号", "项目", "分值"], *rows])["items"]] == [
        *("kai_tou_yu", "kai_tou_yu_2", "closing", "gao_bie", "zhen_ling", "item_3_g_ye_wu", "item"),
    ]


def test_points_are_the_first_number_in_their_cell(read):
    table = read([["项目", "分值"], *(["开头语", cell] for cell in (8, "8分", "3.50", "扣2分", "0.5"))])
    assert [repr(item["weight"]) for item in table["items"]] == ["8", "8", "3.5", "2", "0.5"]


def test_no_points_are_a_mistake_of_each_row_and_rows_count_from_the_top_of_the_sheet(read):
    rows = [["标准", None], ["项目", "分值"], ["开头语", 0], ["结束语", 5], ["语速", "若干"]]
    with pytest.raises(QaError) as caught:
        read(rows)
    assert "第 3 行 开头语：分值是 0，这一项不起作用。" in str(caught.value)
    assert "第 5 行 语速：分值读不出（若干）" in str(caught.value)


def test_totals_and_rows_without_a_name_are_no_items(read):
    sums = [["服务", "小 计", 8], ["服务", None, 3], ["合计", "各项之和", 8], ["总分", None, 8]]
    assert only(read([["大类", "项目", "分值"], *sums, ["服务", "开头语", 8]]))["name_zh"] == "开头语"


def test_a_section_holds_until_the_next_and_each_is_declared_once(read):
    rows = [["甲类", "一", 1], [None, "二", 1], ["乙类", "三", 1], ["甲类", "四", 1]]
    table = read([["大类", "项目", "分值"], *rows])
    assert [item["section"] for item in table["items"]] == ["甲类", "甲类", "乙类", "甲类"]
    assert table["sections"] == [{"name": "甲类"}, {"name": "乙类"}]
    assert [*table][-2:] == ["sections", "items"]


def test_what_counts_as_yes(read):
    yes = ("是", "√", "✓", "✔", "✔\ufe0f", "有", "对", 1, "Y", "yes", "TRUE", True)
    no = ("否", "×", "✗", "无", "没有", 0, "N", "no", "false", False, "/", None)
    rows = [["开头语", 8, cell, cell] for cell in (*yes, *no)]
    items = read([["项目", "分值", "一票否决", "加分项"], *rows])["items"]
    assert [item.get("critical", False) for item in items] == [True] * 12 + [False] * 12
    assert [item.get("bonus", False) for item in items] == [True] * 12 + [False] * 12


def test_a_mark_that_was_set_in_an_export_is_read(changed):
    def change(book):
        book["考核标准"].cell(4, 6).value, book["考核标准"].cell(4, 7).value = "√", "✔"

    item = tomllib.loads(changed(change).text)["items"][1]
    assert (item["bonus"], item["critical"]) == (True, True)


def test_points_off_each_time_are_a_number_or_nothing(read):
    rows = [["项目", "分值", "每次扣分"], ["一", 8, "2分"], ["二", 8, 0.5], ["三", 8, None]]
    assert [item.get("off_per_hit") for item in read(rows)["items"]] == [2, 0.5, None]


def test_what_must_be_said_is_cut_at_lines_semicolons_and_strokes_and_has_words(read):
    item = only(read([["项目", "分值", "话术"], ["开头语", 8, "您好；早安;您早/欢迎\n 请讲 \n。"]]))
    assert item["check"]["pass_when"] == "必说"
    (condition,) = item["check"]["conditions"]
    assert condition["phrases"] == ["您好", "早安", "您早", "欢迎", "请讲"]


def test_numbers_before_wordings_are_no_words_of_them(read):
    cell = "1、您好\n2.早安；（3）您早\n④欢迎\n5) 请讲 6、请说\n一、您说\n24小时\n1.5折\n三、四天\n1、2天"
    (condition,) = only(read([["项目", "分值", "话术"], ["开头语", 8, cell]]))["check"]["conditions"]
    assert condition["phrases"] == [
        *("您好", "早安", "您早", "欢迎", "请讲", "请说", "您说", "24小时", "1.5折", "三、四天", "1、2天")
    ]


def test_what_must_not_be_said_is_cut_at_enumeration_commas_and_what_must_be_said_only_between_quotes(read):
    rows = [["开头语", 8, "您好、请讲", "滚、滚开"], ["结束语", 8, "“再见”、“感谢来电”", "“挂了”，“拜”"]]
    items = read([["项目", "分值", "话术", "禁语"], *rows])["items"]
    assert [[one["phrases"] for one in item["check"]["conditions"]] for item in items] == [
        [["您好、请讲"], ["滚", "滚开"]],
        [["再见", "感谢来电"], ["挂了", "拜"]],
    ]


def test_what_must_be_said_and_what_must_not_be_said_go_together(read):
    check = only(read([["项目", "分值", "话术", "禁语"], ["开头语", 8, "您好", "喂"]]))["check"]
    assert check["pass_when"] == "必说 and not 禁语"
    assert {one["name"]: one["phrases"] for one in check["conditions"]} == {"必说": ["您好"], "禁语": ["喂"]}


def test_nothing_changed_comes_back_letter_by_letter(changed):
    assert changed(lambda _: None) == (MINE, 2, False, ())


def test_a_cell_that_was_emptied_takes_its_value_away(changed):
    def change(book):
        for column in (1, 6, 8):
            book["考核标准"].cell(3, column).value = None

    item = tomllib.loads(changed(change).text)["items"][0]
    assert not {"section", "bonus", "off_per_hit"} & set(item)


def test_items_come_in_the_order_of_the_rows(changed):
    read = changed(lambda book: book["考核标准"].move_range("A3:I3", rows=2))
    assert [item["id"] for item in tomllib.loads(read.text)["items"]] == ["hand", "rude"]


def test_a_phrase_keeps_its_tolerance_beside_new_ones_and_in_another_place(changed):
    def change(book):
        book["话术"].cell(3, 5).value = "没办法\n\n不归我们管\n问别人去"

    phrases = tomllib.loads(changed(change).text)["items"][0]["check"]["conditions"][0]["phrases"]
    assert phrases == ["没办法", {"text": "不归我们管", "tolerance": "exact"}, "问别人去"]


@pytest.mark.parametrize(
    "text",
    [
        MINE.replace('source = "规范"', 'source = """\n规范\n第二条\n"""'),
        MINE.replace('"人评"', '" 人评 "'),
        MINE.replace("weight = 2\n", "weight = 0.30000000000000004\ncritical = false\nbonus = false\n"),
        MINE.replace("weight = 2\n", "weight = 3.3333333333\n"),
        MINE.replace("off_per_hit = 2.0", "off_per_hit = 66.66666666666667"),
        MINE.replace("\n", "\r\n"),
    ],
)
def test_what_a_cell_can_not_hold_to_the_letter_is_not_taken_for_a_change(changed, text):
    read = changed(lambda _: None, text=text)
    assert (read.text, read.changed) == (text, False)


WITH_TOTAL = MINE.replace('name = "服务"', 'name = "服务", total = 2')
NAMED = """\
[[situations]]
id = "upset"
name_zh = "急"
name_en = "upset"
source = "规范"
keeps = ["rude", "hand"]
detect = { customer_says = { phrases = ["急死了"] } }
"""


def test_a_total_follows_the_points_of_its_items(changed):
    def change(book):
        book["考核标准"].cell(4, 5).value = 5

    [section] = tomllib.loads(changed(change, text=WITH_TOTAL).text)["sections"]
    assert section == {"name": "服务", "total": 5}


def test_a_situation_names_no_item_whose_row_was_deleted(changed):
    read = changed(lambda book: book["考核标准"].delete_rows(3), text=MINE + NAMED)
    table = tomllib.loads(read.text)
    assert [one["id"] for one in table["items"]] == ["hand"]
    assert table["situations"][0]["keeps"] == ["hand"]


LIST = ["项目", "考核标准", "分值", "话术", "禁用语", "扣分标准", "备注"]


def told(folder, *sheets):
    return [str(one) for one in own_list(folder, *sheets).notes]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("A: 您好，我是8023号客服代表，请讲", "A: 喂，请讲"),
        ("A: 您好，我是幺号客服代表", "A: 您好，我是客服代表"),
    ],
)
def test_a_call_is_good_whatever_stands_for_a_blank(tmp_path, good, bad):
    read = own_list(tmp_path, [["项目", "分值", "话术"], ["开头语", 8, "您好，我是XX号客服代表"]])
    (tmp_path / "new.toml").write_text(read.text, encoding="utf-8")
    rubric = load_rubric(tmp_path / "new.toml")
    verdicts = [
        explain("kai_tou_yu", typed_call(one), CallFacts(), rubric).finding.verdict for one in (good, bad)
    ]
    assert verdicts == ["pass", "fail"]


def test_blanks_become_patterns_beside_phrases_and_are_told_with_their_row(tmp_path):
    rows = [LIST[:5], ["开头语", "规定", 8, "1、您好，我是XX号 2、早上好，工号（工号）", "XX；你他妈XX的"]]
    read = own_list(tmp_path, rows)
    said, banned = only(tomllib.loads(read.text))["check"]["conditions"]
    assert (said["phrases"], "patterns" in said, banned["patterns"]) == (
        ["早上好，工号"],
        True,
        ["你他妈.{1,12}的"],
    )
    assert [str(one) for one in read.notes] == [
        "“Sheet”表第 2 行 开头语：“您好，我是XX号”里要填的字不限（最多 12 个字），"
        "写成正则式：您好我是.{1,12}号。",
        "“Sheet”表第 2 行 开头语：“早上好，工号（工号）”只找“早上好，工号”，要填的字和括号里的说明不找。",
        "“Sheet”表第 2 行 开头语：“XX”去掉要填的字和括号里的说明，剩下的太少，没有读。",
        "“Sheet”表第 2 行 开头语：“你他妈XX的”里要填的字不限（最多 12 个字），写成正则式：你他妈.{1,12}的。",
    ]
    with speaking("en"):
        assert str(read.notes[0]) == (
            "Sheet, row 2, 开头语: what is to be filled in in 您好，我是XX号 may be anything of at most "
            "12 characters; it became the pattern 您好我是.{1,12}号."
        )


def test_an_item_of_blanks_alone_is_left_to_people(tmp_path):
    read = own_list(tmp_path, [LIST[:4], ["开头语", "规定", 8, "XX"]])
    assert only(tomllib.loads(read.text))["check"] == {"kind": "manual"}


def test_an_exported_wording_with_a_blank_comes_back_as_it_was(changed):
    text = MINE.replace('"没办法"', '"我是XX号（姓名）"')
    assert changed(lambda _: None, text=text) == (text, 2, False, ())


def test_points_off_and_critical_are_read_beside_the_standard_and_the_rest_joins_its_words(tmp_path):
    rows = [
        LIST,
        ["一", "报开头语", 8, None, None, "-2分/次", None],
        ["二", "辱骂", 8, None, None, "一票否决", None],
        ["三", "称呼", 8, None, None, "每次扣2分，扣完为止", None],
        ["四", None, 8, None, None, "未做到扣5分", None],
        ["五", "语速", 8, None, None, "/", None],
        ["六", "一票否决", 8, None, None, "一票否决", None],
    ]
    read = own_list(tmp_path, rows)
    assert [
        (item["source"], item.get("off_per_hit"), item.get("critical", False))
        for item in tomllib.loads(read.text)["items"]
    ] == [
        ("报开头语", 2, False),
        ("辱骂", None, True),
        ("称呼；扣完为止", 2, False),
        ("未做到扣5分", None, False),
        ("语速", None, False),
        ("一票否决", None, True),
    ]
    assert read.notes == ()


def test_the_column_of_deductions_alone_is_the_standard_too(tmp_path):
    item = only(tomllib.loads(own_list(tmp_path, [["项目", "分值", "扣分标准"], ["一", 8, "-2分/次"]]).text))
    assert (item["source"], item["off_per_hit"]) == ("-2分/次", 2)


def test_what_only_some_faults_cost_is_told(tmp_path):
    rows = [["项目", "考核标准", "分值", "扣分标准"], ["一", "态度", 8, "每次扣2分；辱骂客户一票否决"]]
    read = own_list(tmp_path, rows)
    item = only(tomllib.loads(read.text))
    assert (item["source"], item["off_per_hit"], "critical" in item) == ("态度；辱骂客户一票否决", 2, False)
    assert [str(one) for one in read.notes] == [
        "“Sheet”表第 2 行 一：扣分标准里“辱骂客户一票否决”分几种情况，"
        "只放进了考核标准，没有读成每次扣分或一票否决。"
    ]


def test_columns_that_are_not_read_are_named_if_something_stands_in_them(tmp_path):
    rows = [
        ["质检考核标准", *[None] * 7],
        ["序号", "项目", "评分标准", "分值", "备 注", "要求", "适用", None],
        [1, "一", "甲", 8, "见附件", "乙", None, None],
        [2, "二", "丙", 8, "/", None, None, "丁"],
        ["注", None, None, None, None, None, "以上", None],
    ]
    assert told(tmp_path, rows) == [
        "“Sheet”表第 2 行：没有读这些列：备 注、要求、H。里面有要评的内容，请并进认得的列。"
    ]


def test_a_column_that_was_added_to_an_export_and_is_not_read_is_named(changed):
    def change(book):
        for column, heading in ((10, "话术"), (11, "备注")):
            book["考核标准"].cell(2, column).value = heading
            book["考核标准"].cell(3, column).value = "您好"

    assert [str(one) for one in changed(change).notes] == [
        "“考核标准”表第 2 行：没有读这些列：话术、备注。里面有要评的内容，请并进认得的列。"
    ]


def test_headings_of_common_standards_are_known(read):
    headings = ["序号", "考核大项", "考核小项", "考核内容", "分值（分）", "扣分标准"]
    found = read([headings, [1, "服务", "开头语", "说您好", 5, "每次扣2分"]])
    item = found["items"][0]
    assert [item[key] for key in ("section", "name_zh", "weight", "off_per_hit")] == ["服务", "开头语", 5, 2]
    assert item["source"] == "说您好"


def test_what_is_asked_is_the_item_where_nothing_else_is(read):
    found = read([["大类", "考核内容（必填）", "分值"], ["服务", "接通后说您好", 5]])
    assert [one["name_zh"] for one in found["items"]] == ["接通后说您好"]
