"""What says a detail again: numbers whole or by pieces, amounts in all ways, other words in part."""

import pytest

from qa_audit.scoring.conditions.rule_details import (
    digits_again,
    digits_nearly,
    is_digits,
    place_of,
    ways_to_say,
)
from qa_audit.text.pinyin import sound

NUMBER = "一三八一二三四五六七八"


def again(lines, least=None):
    return list(digits_again(NUMBER, sound(NUMBER), [(line, sound(line)) for line in lines], least))


@pytest.mark.parametrize(
    ("detail", "wanted"),
    [
        ("一三八二", True),
        ("一三八", False),
        ("一一零一零一x", True),
        ("三百五十", False),
        ("平江路一八号", False),
    ],
)
def test_what_is_a_number_told_digit_by_digit(detail, wanted):
    assert is_digits(detail) is wanted


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([f"号码{NUMBER}"], [(0, 2, 13)]),
        ([NUMBER, "好的", NUMBER], [(0, 0, 11), (2, 0, 11)]),
        (["一三八", "一二三四", "五六七八"], [(2, 0, 4)]),
        (["一三八再是一二三四", "五六七八"], [(1, 0, 4)]),
        (["医三八一二三四五六七八"], [(0, 0, 11)]),
        (["一三八一二三零零零四五六七八"], []),
        (["一三八", "九九九", "一二三四五六七八"], [(2, 0, 8)]),
        (["一三八一二三", "三八一二三四五六七八"], []),
        (["一三八", NUMBER], [(1, 0, 11)]),
        (["一三八一二三四五六", "七八"], [(1, 0, 2)]),
        (["一三八一二三四五六七", "八"], []),
        (["五六七八", "一三八一二三四"], []),
    ],
)
def test_a_number_is_said_whole_or_in_pieces_that_follow_one_another(lines, wanted):
    assert again(lines) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("一千三百五十对吗", [(0, 0, 6)]), ("一千三百五", [(0, 0, 5)]), ("一千三百五十二", [])],
)
def test_a_number_may_be_read_as_an_amount(line, wanted):
    assert list(digits_again("一三五零", sound("一三五零"), [(line, sound(line))])) == wanted


def test_of_the_last_digits_so_many_do():
    assert again(["尾号五六七八", "一三八一"], 4) == [(0, 2, 6)]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("一三八一二三四五六七九", True),
        ("一三八一二三四五六七", True),
        ("一三八一二三三四五六七八", True),
        ("一三八一二三四五六九九", False),
        ("一三八", False),
    ],
)
def test_one_digit_off_is_nearly_the_number(line, wanted):
    assert bool(list(digits_nearly(NUMBER, [line]))) is wanted


@pytest.mark.parametrize(
    ("way", "line", "wanted"),
    [
        (0, "付了三五零元", (2, 6)),
        (0, "付了一三五零元", None),
        (2, "三五零对吗", (0, 3)),
        (2, "三五零二元", None),
        (2, "三五零二元是三五零元", (6, 9)),
    ],
)
def test_an_amount_is_no_part_of_a_longer_one(way, line, wanted):
    ways = ways_to_say("三五零元", sound("三五零元"), "350元")
    assert place_of(ways[way], line, sound(line)) == wanted


def test_stretches_of_other_words_break_no_number():
    found = ways_to_say("平江路一八号", sound("平江路一八号"), "平江路18号", 3)
    assert [one.plain for one in found][:5] == ["平江路", "江路一八", "路一八", "一八号", "平江路"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (f"八六{NUMBER}", NUMBER),
        (f"零零八六{NUMBER}", NUMBER),
        (NUMBER * 2, NUMBER),
        ("零五七一八八八八八八八八", "八八八八八八八八"),
        ("一一零一零一一九九零零一零一一二三x", "一一零一零一一九九零零一零一一二三叉"),
    ],
)
def test_a_number_need_not_be_said_as_it_was_told(told, said):
    assert list(digits_again(told, sound(told), [(said, sound(said))])) == [(0, 0, len(said))]
