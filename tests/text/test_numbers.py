"""Numbers in what is looked for, and the ways in which texts have them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.text import find, normalise
from qa_audit.text.numbers import numbers_in, read_aloud


@pytest.mark.parametrize(
    ("value", "ways"),
    [
        (0, ["零"]),
        (10, ["十", "一十"]),
        (24, ["二十四"]),
        (102, ["一百零二"]),
        (110, ["一百一十", "一百十", "一百一"]),
        (200, ["两百", "二百"]),
        (1500, ["一千五百", "一千五"]),
        (2020, ["两千零二十", "二千零二十"]),
        (2200, ["两千两百", "两千二百", "二千两百", "二千二百", "两千二", "二千二"]),
        (10010, ["一万零一十", "一万零十"]),
        (15000, ["一万五千", "一万五"]),
        (20000, ["两万", "二万"]),
        (120000, ["十二万", "一十二万"]),
    ],
)
def test_how_people_read_an_amount(value, ways):
    assert list(read_aloud(value)) == ways


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        ("24小时", ["二四", "二十四"]),
        ("２４小时", ["二四", "二十四"]),
        ("二十四个小时", ["二十四", "二四"]),
        ("2小时", ["二", "两"]),
        ("两个", ["两", "二"]),
        ("2号", ["二"]),
        ("10分钟", ["一零", "十", "一十"]),
        ("十分钟", ["十", "一零", "一十"]),
        ("100元", ["一零零", "一百"]),
        ("两百元", ["两百", "二零零", "二百"]),
        ("1,000元", ["一零零零", "一千"]),
        ("50000元", ["五零零零零", "五万"]),
        ("5万元", ["五万", "五零零零零"]),
        ("1.5万元", ["一点五万", "一五零零零", "一万五千", "一万五"]),
        ("2.5小时", ["二点五", "两点五"]),
        ("二点五小时", ["二点五", "两点五"]),
        ("95%", ["百分之九五", "百分之九十五"]),
        ("百分之九十五", ["百分之九十五", "百分之九五"]),
        ("百分之95", ["百分之九五", "百分之九十五"]),
        ("2.5%", ["百分之二点五"]),
        ("100%", ["百分之百", "百分之一零零", "百分之一百", "百分百"]),
        ("1-3个工作日", ["一三", "一到三", "一至三"]),
        ("一到三个工作日", ["一到三", "一三", "一至三"]),
        ("3至5天", ["三至五", "三五", "三到五"]),
        ("10086", ["一零零八六"]),
        ("400-800-8820", ["四零零八零零八八二零"]),
        ("0571-8888", ["零五七一八八八八"]),
        ("2026年", ["二零二六"]),
        ("8023号", ["八零二三"]),
        ("007", ["零零七"]),
        ("9:30", ["九点三零", "九点三十", "九点三零分", "九点三十分", "九点半"]),
        ("九点半", ["九点半", "九点三零", "九点三十", "九点三零分", "九点三十分"]),
        ("9点05分", ["九点零五分", "九点零五"]),
        ("14：00", ["一四点零零", "一四点", "十四点", "一四点整", "十四点整"]),
        ("2:00", ["二点零零", "二点", "两点", "二点整", "两点整"]),
        (
            "9:00-10:00",
            [
                "九点零零一零点零零",
                "九点零零到一零点零零",
                "九点零零至一零点零零",
                "九点零零到一零点",
                "九点零零至一零点",
                "九点到一零点零零",
                "九点至一零点零零",
                "九点零零到十点",
                "九点零零至十点",
                "九点到一零点",
                "九点至一零点",
                "九点到十点",
                "九点至十点",
            ],
        ),
        ("25:30", ["二五点三零"]),
        ("2026.11.30", ["二零二六一一三零"]),
        ("1:2:3", ["一二三"]),
    ],
)
def test_the_ways_of_a_number(written, ways):
    (number,) = numbers_in(written)
    assert list(number.ways) == ways
    assert number.start == 0


@pytest.mark.parametrize(
    "words",
    ["十分抱歉", "万一", "一点点", "千万别", "三心二意", "三天两头", "一天到晚", "几十天", "两三天", "一下",
     "一个", "第一", "三一五", "二四小时", "幺零零八六"],
)  # fmt: skip
def test_words_that_are_no_numbers_or_tell_them_digit_by_digit(words):
    assert numbers_in(words) == []


def test_two_numbers_beside_each_other_that_are_no_range():
    assert [one.ways for one in numbers_in("100到50元")] == [("一零零", "一百"), ("五零", "五十")]
    assert [one.ways for one in numbers_in("5%到10%")] == [
        ("百分之五",),
        ("百分之一零", "百分之十", "百分之一十"),
    ]


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("24小时内回复", "二十四小时内会回复"),
        ("请24小时内回复", "麻烦您请二十四小时内回复"),
        ("二十四小时", "24小时"),
        ("两小时", "2小时"),
        ("2小时", "等两小时"),
        ("十分钟", "10分钟"),
        ("三天", "3天"),
        ("200元", "两百元"),
        ("2.5小时", "两点五小时"),
        ("95%的客户", "百分之九十五的客户"),
        ("1.5%的手续费", "百分之一点五的手续费"),
        ("百分之一点五", "收1.5%"),
        ("九点半上班", "9:30上班"),
        ("早上9点30分", "早上九点半"),
        ("9:30", "9点30分开门"),
        ("9:00-18:00", "早九点到十八点"),
        ("下午两点整", "下午2:00"),
        ("3.15", "三一五"),
        ("6.18活动", "618活动"),
        ("拨打10086", "拨打幺零零八六"),
        ("平江路十八号", "平江路十巴号"),
        ("1-3个工作日", "一到三个工作日"),
        ("一到三个工作日", "1-3个工作日"),
        # Digits of a telephone number are none of the amount behind them.
        ("24小时", "您的电话是13812345678，24小时内联系您"),
        ("24小时", "您的电话是幺三八幺二三四五六七八二十四小时内联系您"),
    ],
)  # fmt: skip
def test_a_phrase_meets_its_number_in_either_way(phrase, said):
    assert find(phrase, said)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("24小时内回复", "25小时内回复"),
        ("24小时内回复", "二十五小时内回复"),
        ("24小时内回复", "一百二十四小时内回复"),
        ("二十四小时", "124小时"),
        ("10分钟", "几十分钟"),
        ("10分", "十分抱歉"),
        ("10%", "百分之十五"),
        ("5%", "收1.5%"),
        ("25小时", "等2.5小时"),
        ("2.5小时", "等25小时"),
        ("9:00", "九点半"),
        ("9:00", "九点三十"),
        ("9:30", "9:35"),
        ("9:30", "十九点半"),
        # By sound 二十 is 而是.
        ("20天", "而是天天打"),
        ("要等20天才行", "要等而是天天行"),
    ],
)
def test_a_phrase_does_not_meet_another_number(phrase, said):
    assert find(phrase, said) == []


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        # Beside a number stand words that begin or end like one, and other numbers.
        ("100%", "我百分之百一定给您办好"),
        ("95%", "95%，一般来说"),
        ("拨打12315", "您可以拨打12315一下"),
        ("24小时内回复", "万一24小时内回复不了"),
        ("24小时内回复", "我们统一二十四小时内回复"),
        ("24小时内回复", "下午三点，24小时内回复您"),
        ("24小时内回复", "工号1008，24小时内回复您"),
        ("24小时", "7×24小时服务"),
        ("3个工作日", "1-3个工作日"),
        ("48小时内", "24-48小时内"),
        ("95%", "百分之九十五一般来说"),
        ("10086", "一零零八六一零零八六"),
        ("下午2点之前", "下午两点之前"),
        ("2G流量", "两g流量"),
        ("2室1厅", "两室1厅"),
        ("满2000减200送2个用2年", "满两千减两百送两个用两年"),
        ("注册资本50000万元", "注册资本50000万元"),
        ("0.57万元", "五千七百元"),
    ],
)
def test_what_stands_beside_a_number_does_not_hide_it(phrase, said):
    assert find(phrase, said)


def test_evidence_is_what_was_said():
    said = "我们会在二十四小时内，给您回复。"
    (hit,) = find("24小时内给您回复", said)
    assert (hit.phrase, said[hit.start : hit.end], hit.tier) == (
        "24小时内给您回复", "二十四小时内，给您回复", "exact",
    )  # fmt: skip


DIGITS = "零一二三四五六七八九"


def read(value):
    """How a number is read, by another way than the one tested."""
    if value < 10:
        return DIGITS[value]
    for size, unit in ((10_000, "万"), (1_000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            high, low = divmod(value, size)
            start = "" if (size, high) == (10, 1) else read(high)
            if not low:
                return f"{start}{unit}"
            rest = read(low) if low >= 20 or low < 10 else f"一{read(low)}"
            return f"{start}{unit}{'零' if low < size // 10 else ''}{rest}"
    raise AssertionError(value)


def in_digits(value):
    return "".join(DIGITS[int(one)] for one in str(value))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 99_999), st.sampled_from(["小时", "元", "个工作日"]), st.booleans())
def test_any_number_is_met_in_both_ways_and_no_other_is(value, unit, numeral):
    others = {value + 1, abs(value - 1), value * 10, value * 10 + 1} - {value}
    written = f"{read(value) if numeral and value > 9 else value}{unit}"
    twos = read(value).replace("二千", "两千")
    for words in (str(value), read(value), in_digits(value), twos):
        assert find(written, f"我们{words}{unit}内回复"), (written, words)
    for other in others:
        for words in (str(other), read(other)):
            # As its author has it, a number is met inside a longer one too.
            if normalise(written).text not in normalise(f"{words}{unit}").text:
                assert not find(written, f"我们{words}{unit}内回复"), (written, words)


@settings(max_examples=300, deadline=None)
@given(st.text("12两二十百千万零点%.,-到至 小时个天元约", max_size=12))
def test_whatever_is_written_is_still_met_as_it_is_written(text):
    if normalise(text).text:
        numbers = numbers_in(text)
        assert all(one.ways[0] == normalise(text[one.start : one.end]).text for one in numbers)
        assert [one.start for one in numbers] == sorted(one.start for one in numbers)
        assert find(text, text, "exact")
