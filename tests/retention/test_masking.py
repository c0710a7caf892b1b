from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.retention.masking import (
    MASK,
    Span,
    mask_text,
    masked_turns,
    personal_spans,
    spans_of_turns,
    stretches_of_turns,
)
from qa_audit.transcribe.turns import Turn
from tests.own_seconds import own_seconds

SPOKEN = "零幺二三四五六七八九"
DIGITS = st.lists(st.integers(0, 9), min_size=7, max_size=19)
GAPS = st.sampled_from(["", " ", "，", "、", "-", "… "])
WORDS = st.text("您好请问我的是吗呢，。？啊嗯", max_size=12)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("手机是13800138000对吗", "手机是***********对吗"),
        ("幺三八零零幺三八零零零", "***********"),
        ("１３８００１３８０００", "***********"),
        ("一三八，零零一三，八零零零", "*************"),
        ("身份证11010519491231002X，谢谢", "身份证******************，谢谢"),
        ("身份证幺幺零幺零五幺九四九幺二三幺零零二叉", "身份证******************"),
        ("卡号6222 0212 3456 7890 123", "卡号***********************"),
        ("订单SF1234567890到了", "订单************到了"),
        ("尾号是8000", "尾号是****"),
        ("验证码幺二三四", "验证码****"),
        ("我姓欧阳", "我姓**"),
        ("请王小明先生听一下", "请***先生听一下"),
        ("您好李小姐", "您好*小姐"),
        ("您好洪女士", "您好*女士"),
        ("我叫张伟。", "我叫**。"),
        ("住在杭州市西湖区文三路478号3单元501室", "住在" + "*" * 20),
        ("地址是朝阳区建国路八十八号", "地址是**********"),
        ("邮箱abc.d@163.com", "邮箱*************"),
        ("车牌浙A12345", "车牌*******"),
        ("车牌是苏Ｅ·１２Ａ４５", "车牌是********"),
        ("车牌京A幺二三四五", "车牌*******"),
        ("京 A，8 8 6 6 6对吧", "*************对吧"),
        ("我的号是一三八嗯零零一三，呃，八零零零", "我的号是***嗯****，呃，****"),
        ("一三八啊零零一三对八零零零", "***啊****对****"),
        ("一三八这个零零，一三，那个八零，零零", "***这个*****，那个*****"),
        ("手机138_0013_8000", "手机*************"),
        ("手机138\u200b0013\u200b8000", "手机*************"),
        ("手机①③⑧⓪⓪①③⑧⓪⓪⓪", "手机***********"),
        ("客戶陳小明先生", "客戶***先生"),
        ("住朝陽區建國路88號院3號樓2單元501", "住*******************"),
        ("卡的尾数是8866", "卡的尾数是****"),
        ("QQ号是二三四五六七", "QQ号是******"),
        ("微信号是wx_zhangsan", "微信号是***********"),
        ("电话就是五个六六个八", "电话就是******"),
        ("身份证尾号851X", "身份证尾号****"),
        ("宽带账号是hzabcdef", "宽带账号是********"),
        ("加微信zhangsan88吧", "加微信**********吧"),
        ("号码壹叁捌零零壹叁捌零零零", "号码***********"),
        ("身份证上是 1985.3.12", "身份证上是 *********"),
        ("我一九八五年三月十二号生的", "我**********生的"),
        ("1985-03-12", "**********"),
        ("订单号2026-10-15-000123", "订单号*****************"),
        ("2026-10-12，13800138000", "**********************"),
        ("我叫扎西多吉", "我叫****"),
        ("我姓完颜", "我姓**"),
        ("手机尾号95588", "手机尾号*****"),
        ("户号4008208820", "户号**********"),
        ("手机幺三八，双零，幺三八，三个零", "手机**************"),
        ("尾号是俩八俩六", "尾号是****"),
        ("医保卡A幺零零三三四五", "医保卡********"),
        ("护照EJ三四五六七八九", "护照*********"),
    ],
)
def test_personal_data_is_masked_with_its_length(text, wanted):
    assert mask_text(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "您好，客服中心8001号为您服务，请问有什么可以帮您？",
        "这个月一共一百二十三块五毛",
        "二十四小时内会联系您",
        "请您稍等两三分钟",
        "今天是2026年10月3日",
        "感谢您的来电，再见",
        "先生您好，女士您好",
        "我们一起看一下",
        "新iPhone到了，云VIP会员",
        "微信支付1280元，QQ音乐2024年度会员",
        "扫微信小程序wxapplet",
        "先按一二三，好的，再按四五",
        "一百三十八，嗯，两千零一十三块",
        "2026-10-12到2026-11-11的账单",
        "贷款1250000元，合同总价12,500,000元",
        "400-820-8820",
        "客服电话95588，投诉电话12315",
        "您可以先打幺零零八六核实一下",
    ],
)
def test_what_calls_are_full_of_stays(text):
    assert mask_text(text) == text


def test_people_known_by_name_are_masked_wherever_they_are_named():
    assert mask_text("找一下晓东，晓东在吗", ["晓东", "东"]) == "找一下**，**在吗"


@settings(deadline=None)
@given(st.text(), st.lists(st.text(max_size=4), max_size=3))
def test_any_text_keeps_its_length_and_its_other_characters(text, names):
    covered = mask_text(text, names)
    assert len(covered) == len(text)
    spans = personal_spans(text, names)
    assert all(0 <= one.start < one.end <= len(text) for one in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(a in (b, MASK) for a, b in zip(covered, text, strict=True))


@settings(deadline=None)
@given(WORDS, DIGITS, GAPS, st.booleans(), WORDS)
def test_no_digit_of_a_long_number_is_left_however_it_is_written(before, digits, gap, spoken, after):
    said = gap.join(SPOKEN[one] if spoken else str(one) for one in digits)
    assert not set(mask_text(f"{before}{said}{after}")) & set(SPOKEN + "0123456789")


@settings(deadline=None)
@given(st.lists(st.integers(100, 999), min_size=3, max_size=5))
def test_a_number_said_over_several_turns_is_masked_in_all_of_them(pieces):
    turns = []
    for place, piece in enumerate(pieces):
        turns.append(Turn("customer", place * 4.0, place * 4.0 + 2, f"{piece}", 0.9))
        turns.append(Turn("agent", place * 4.0 + 2, place * 4.0 + 3, "嗯，好的", 0.9))
    assert masked_turns(turns)[0::2] == ["***"] * len(pieces)
    assert masked_turns(turns)[1::2] == ["嗯，好的"] * len(pieces)


def test_numbers_that_belong_to_nothing_are_no_pieces():
    turns = [
        Turn("agent", float(place), place + 1.0, text, 0.9)
        for place, text in enumerate(["请按301", "好", "好", "好", "好的，502"])
    ]
    assert spans_of_turns(turns) == [()] * 5


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        (["一三", "嗯", "八零", "对", "零一", "嗯", "三八"], ["**", "嗯", "**", "对", "**", "嗯", "**"]),
        (["我电话一五", "一五", "八零，", "八零", "零零零"], ["我电话**", "**", "**，", "**", "***"]),
        (["打95588", "嗯", "打10086"], ["打95588", "嗯", "打10086"]),
        (["您卡后四位", "嗯，三七九二"], ["您卡后四位", "嗯，****"]),
        (["您的出生日期", "八五年三月"], ["您的出生日期", "*****"]),
        (["您贵姓", "郝。"], ["您贵姓", "*。"]),
        (["您的户号", "嗯", "40012"], ["您的户号", "嗯", "*****"]),
        (["您订单多少钱", "2000块"], ["您订单多少钱", "2000块"]),
    ],
)
def test_a_turn_is_read_with_those_before_it(said, masked):
    turns = [Turn("customer", 2.0 * place, 2.0 * place + 1, text, 0.9) for place, text in enumerate(said)]
    assert masked_turns(turns) == masked


def test_an_end_of_a_number_is_looked_for_longer_than_a_name():
    turns = ["尾号多少", "稍等我看看", "嗯", "好的不着急", "六六八八"]
    assert _masked(turns)[-1] == "****"
    pieces = ["验证码收到了吗", "收到了", "多少呢", "四八", "嗯", "二九"]
    assert _masked(pieces)[3:] == ["**", "嗯", "**"]
    priced = ["验证码收到了吗", "收到了", "从5999降到4999", "九九八"]
    assert _masked(priced) == priced


def _masked(texts):
    return masked_turns(
        [Turn(("customer", "agent")[at % 2], float(at), at + 1.0, text, 0.9) for at, text in enumerate(texts)]
    )


def test_where_it_is_said_goes_by_the_times_of_characters():
    times = tuple(1000 + 200 * place for place in range(10))
    known = Turn("customer", 1.0, 4.0, "我姓王，对对对对对对"[:10], 0.9, channel=1, char_start_ms=times)
    (one,) = stretches_of_turns([known])
    assert (one.channel, one.start_s, one.end_s) == (1, 1.4, 1.6)
    evenly = Turn("customer", 0.0, 3.0, "我姓王", 0.9)
    (other,) = stretches_of_turns([evenly])
    assert (other.start_s, other.end_s) == (2.0, 3.0)


def test_overlapping_findings_become_one():
    assert personal_spans("电话13800138000", ["800"]) == (Span(2, 13, "number"),)


@pytest.mark.parametrize(
    "text",
    [
        "路" * 3000,
        "市区" * 2000 + "号",
        "王" * 3000,
        "1-" * 2000,
        "幺，" * 3000,
        "一三八嗯" * 5000,
        "A-" * 10_000,
        "一个" * 10_000,
        "a." * 10_000,
        "生日" * 10_000,
        "生日一二月" * 4000,
        "我叫阿" * 6000,
        "2026-10-12 " * 1800,
    ],
)
def test_long_texts_take_no_time(text):
    assert own_seconds(lambda: mask_text(text), 2) < 2


def test_a_name_that_was_found_once_is_masked_in_the_whole_call():
    turns = [
        Turn("customer", float(place), place + 1.0, text, 0.9)
        for place, text in enumerate(["我叫张丽华", "不认识丽华么", "跟张莉花讲的"])
    ]
    assert masked_turns(turns) == ["我叫***", "不认识**么", "跟***讲的"]


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("邮箱是zhang点san艾特qq点com", "邮箱是*****************"),
        ("发到一二三四五艾特幺六三点com就行", "发到**************就行"),
        ("就是138然后是0013然后是8000", "就是***然后是****然后是****"),
        ("家住西二旗领秀新硅谷C区12号楼3单元", "家住*****************"),
        ("住在领秀新硅谷12号楼3单元502", "住在***************"),
        ("先按001然后是002", "先按001然后是002"),
        ("等了138秒然后是1390元", "等了138秒然后是1390元"),
        ("住了两天十二号十三号才走", "住了两天十二号十三号才走"),
        ("他在住院部三楼", "他在住院部三楼"),
    ],
)
def test_what_is_read_out_in_another_way_is_masked_and_what_only_begins_so_stays(said, masked):
    assert mask_text(said) == masked
