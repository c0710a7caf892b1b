import pytest
from whisper.tokenizer import get_tokenizer

from qa_audit.transcribe.vocabulary import mandarin_tokens


@pytest.fixture(scope="module")
def tokenizer():
    return get_tokenizer(True, num_languages=99, language="zh", task="transcribe")


@pytest.fixture(scope="module")
def allowed(tokenizer):
    return mandarin_tokens(tokenizer)


@pytest.mark.parametrize(
    "text",
    [
        "您好，云岭宽带客服中心，零二幺七号为您服务，请问有什么可以帮您？",
        "感谢您的来电，再见。",
        "陈喆、张堃、李玥、王珺、犇犇、㛃",
        "一共是1,299.5元，100%退款；订单号A8023-77",
        "請問您貴姓？歡迎致電！",
        "App、Wi-Fi、VIP、QQ、OK、5G",
        "……“好的”（是）",
    ],
)
def test_what_is_said_in_calls_can_be_written(tokenizer, allowed, text):
    text = text.replace("（", "").replace("）", "").replace("“", "").replace("”", "")
    assert set(tokenizer.encode(text)) <= set(allowed)


@pytest.mark.parametrize("text", ["ありがとう", "감사합니다", "спасибо", "شكرا", "é", "♪♪", "(音楽)"])
def test_other_scripts_and_notes_cannot(tokenizer, allowed, text):
    assert not set(tokenizer.encode(text)) <= set(allowed)


def test_any_chinese_character_can_be_spelt(tokenizer, allowed):
    have = set(allowed)
    unwritable = [chr(code) for code in range(0x4E00, 0x9FA6) if not set(tokenizer.encode(chr(code))) <= have]
    assert unwritable == []


def test_ascending_with_the_end_of_text_and_without_other_specials(tokenizer, allowed):
    assert allowed == sorted(set(allowed))
    assert allowed[-1] == tokenizer.eot
