import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.cleanup import (
    clean,
    cleaned,
    compression,
    echoes_the_prompt,
    loops,
    nothing_said,
    of_the_prompt,
)
from qa_audit.transcribe.presets import PROMPT


@pytest.mark.parametrize(
    "invented",
    [
        "請不吝點贊訂閱轉發打賞支持明鏡與點點欄目",
        "字幕由Amara.org社区提供",
        "中文字幕志愿者 李宗盛",
        "謝謝觀看",
        "谢谢大家的收看，我们下期再见。",
        "优优独播剧场——YoYo Television Series Exclusive",
        "(音乐)",
        "【字幕制作】",
        "♪♪♪",
        "[掌声]",
        PROMPT,
        "以下是普通话的句子",
        "以下是普通话。",
        "这次是普通话的。",
        "这位置是普通话的句子。",
        "请按赞、订阅、订阅、订阅",
        "。。。",
        "",
        " ，",
    ],
)
def test_what_no_one_said_is_removed(invented):
    assert cleaned(invented) == ""


@pytest.mark.parametrize(
    "said",
    [
        "您好，云岭宽带客服中心，8023号为您服务，请问有什么可以帮您？",
        "感谢您的来电，再见。",
        "谢谢您的支持，祝您生活愉快！",
        "我想订阅你们的短信通知。",
        "这句话是普通话说的。",
        "您说的是普通话的吗？",
        "我听不懂普通话。",
        "有没有会说普通话的客服？",
        "以下是您的订单。",
        "好的，好的，谢谢。",
        "是的是的是的。",
        "一共1,299.5元。",
        "订单号是8888888。",
    ],
)
def test_what_people_say_stays_as_it_is(said):
    assert cleaned(said) == said


def test_invented_sentences_go_and_their_neighbours_stay():
    text = "好的，请您稍等。字幕由志愿者提供。让您久等了。"
    assert cleaned(text) == "好的，请您稍等。让您久等了。"


def test_script_and_signs():
    assert cleaned("請問您貴姓?我姓陳,耳東陳!") == "请问您贵姓？我姓陈，耳东陈！"


def test_a_sign_left_over_from_the_sentence_before_goes():
    assert cleaned("。对，就是这个") == "对，就是这个"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请稍等请稍等请稍等请稍等请稍等", True),
        ("嗯嗯嗯嗯嗯嗯嗯嗯", True),
        ("对,对,对,对 对,对,对。对,对。对。", True),
        ("不怕不怕怕怕怕不怕不怕不怕", True),
        ("对对,对对,是的", False),
        ("啰啰啰啷啷啷啰啷啰啰啵啷啷啵啷啰啵", True),
        ("嗯,好的好的,谢谢谢谢,好,好的", False),
        ("13800138000,13800138000,对", False),
        ("一三八零零一三八零零零，一三八零零一三八零零零", False),
        ("一共一共一共共共共共共一共共共", True),
        ("喂，喂，喂，听得到吗？喂，喂", False),
        ("1800,0800,1818", False),
        ("好的好的好的", False),
        ("零零零八八八", False),
        ("尾号是8，8，8，8，请您核对", False),
        ("幺三八 八八 八八 八八 八八", False),
        ("1，" * 60, True),
        ("，，，，，，，，", True),
        ("您好，您好，请问是张先生吗", False),
    ],
)
def test_loops(text, expected):
    assert loops(text) is expected


def test_a_number_said_digit_by_digit_keeps_its_digits():
    assert cleaned("尾号是8、8、8、8、8。") == "尾号是8、8、8、8、8。"
    assert cleaned("1，" * 60) == "1，"


@given(st.text("您好的请稍等，。0123", max_size=60))
def test_a_text_without_loops_has_none_left(text):
    once = clean(text)
    assert len(once.text) <= len(text)
    if not loops(text):
        assert once.removed == ()


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        ("您好，请讲。", ()),
        ("好的。字幕由志愿者提供。让您久等了。", ("字幕由志愿者提供。",)),
        ("(音樂)您好。謝謝觀看!", ("(音乐)", "谢谢观看!")),
        ("请稍等请稍等请稍等请稍等，谢谢", ("请稍等请稍等请稍等请稍等",)),
        ("订单号是8888888。", ()),
        ("。。。", ()),
        ("()好的", ()),
    ],
)
def test_what_was_removed_is_told(text, removed):
    assert clean(text).removed == removed


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("以下是普通话", True),
        ("这一位是普通话的句子", True),
        ("以下是普通的句子", True),
        ("听起来是普通话的", False),
        ("以下是", False),
        ("你会说普通话吗", False),
        ("", False),
    ],
)
def test_variants_of_the_prompt(letters, expected):
    assert of_the_prompt(letters) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("以下", True),
        ("以下是普通话。", True),
        ("普通话的句子。 以下是普通话。", True),
        ("(音乐)谢谢观看。", True),
        ("谢谢观看。您好。", False),
        ("以", False),
        ("以下哪个", False),
        ("。", False),
    ],
)
def test_a_chunk_in_which_nothing_was_said(text, expected):
    assert nothing_said(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("以下是普普的句子。", True),
        ("说普通话的话的句子", True),
        ("普通话", True),
        ("普通话可以吗？", False),
        ("是的是的。", False),
        ("两千以下。", False),
        ("", False),
    ],
)
def test_echoes_of_the_prompt(text, expected):
    assert echoes_the_prompt(text) is expected


def test_compression_of_speech_and_of_loops():
    assert compression("您好，云岭宽带客服中心，八零二三号为您服务，请问有什么可以帮您？") < 1.6
    assert compression("我不知道" * 20) > 2.4
