"""Wordings in one cell of a list, taken apart."""

import pytest

from qa_audit.scoring.cell_wordings import wordings_of_cell


@pytest.mark.parametrize(
    ("cell", "phrases"),
    [
        ("（1）您好（2）早上好", ["您好", "早上好"]),
        ("1.您好 2.早上好 3、下午好", ["您好", "早上好", "下午好"]),
        ("1、您好2、早上好", ["您好", "早上好"]),
        ("①您好②再见", ["您好", "再见"]),
        ("您好②再见", ["您好", "再见"]),
        ("“您好”“早上好”", ["您好", "早上好"]),
        ('"您好""早上好"', ["您好", "早上好"]),
        ("「您好」或『早上好』，“下午好”。", ["您好", "早上好", "下午好"]),
        ("A、您好\nB、早上好", ["您好", "早上好"]),
        ("A.您好 B.早上好", ["您好", "早上好"]),
        ("A：您好 B：早上好", ["您好", "早上好"]),
        ("一、您好 二、早上好", ["您好", "早上好"]),
        ("（一）您好（二）早上好", ["您好", "早上好"]),
        ("话术：您好", ["您好"]),
        ("标准话术1：您好", ["您好"]),
        ("话术：1、您好 2、早上好", ["您好", "早上好"]),
        ("例：您好，请讲", ["您好，请讲"]),
        ("• 您好\n- 早上好\n* 晚上好\n★下午好", ["您好", "早上好", "晚上好", "下午好"]),
        ("接通后说：“您好”", ["您好"]),
        ("您好\n您好", ["您好"]),
    ],
)
def test_numbers_letters_quotation_marks_and_labels_part_wordings_and_are_none_of_them(cell, phrases):
    assert wordings_of_cell(cell, banned=False) == (phrases, [], [])


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "3.5元",
            "1.5%",
            "24小时",
            "7×24小时",
            "1、2天",
            "三、四天",
            "资费1.5元2.5折",
            "39元/月",
            "2026/11/1",
        ),
        *("请您说“是”或“不是”", "您好或者早上好", "请按2、再按3", "您好、请讲", "A、B两种套餐都可以"),
    ],
)
def test_numbers_in_a_sentence_and_words_in_quotes_within_it_part_nothing(cell):
    assert wordings_of_cell(cell, banned=False) == ([cell], [], [])


def test_only_the_next_number_begins_the_next_wording():
    assert wordings_of_cell("1、您好，请按2、谢谢\n3、再见", banned=False).phrases == [
        *("您好，请按", "谢谢", "再见"),
    ]
    assert wordings_of_cell("1、资费3.5元起5、再见", banned=False).phrases == ["资费3.5元起5、再见"]


def test_a_slash_in_brackets_cuts_nothing():
    read = wordings_of_cell("您好，（先生/女士），请讲", banned=False)
    assert read[:2] == ([], ["您好.{1,12}请讲"])


def test_a_remark_behind_quotes_is_none_of_the_wording():
    assert wordings_of_cell("话术：“请稍等”（微笑）", banned=False).phrases == ["请稍等"]


def test_what_must_not_be_said_is_also_cut_at_enumeration_commas():
    assert wordings_of_cell("1、滚、滚开 2、“没办法”、“不知道”", banned=True).phrases == [
        *("滚", "滚开", "没办法", "不知道"),
    ]


def test_it_is_told_what_was_made_of_blanks():
    read = wordings_of_cell("我是XX号客服；您好，工号XXXX；XX", banned=False)
    assert (read.phrases, read.patterns) == (["您好，工号"], ["我是.{1,12}号客服"])
    assert read.told == [
        ("wording_gap", {"written": "我是XX号客服", "made": "我是.{1,12}号客服"}),
        ("wording_left_out", {"written": "您好，工号XXXX", "made": "您好，工号"}),
        ("wording_too_short", {"written": "XX"}),
    ]


@pytest.mark.parametrize("cell", ["", "。", "……", "*", "$*$", "“”", "1、", "——\n/"])
def test_signs_alone_are_nothing_to_say_and_nothing_is_told(cell):
    assert wordings_of_cell(cell, banned=False) == ([], [], [])
