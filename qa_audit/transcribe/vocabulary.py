"""Which of Whisper's tokens may be written when Mandarin is spoken; fewer tokens, less to compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

# A Latin word can always be spelt from shorter tokens; leaving the longer ones out takes three quarters of
# the vocabulary away, and with it a fifth of what writing a token costs.
MAX_LATIN_LETTERS = 2
# Words that are said in Chinese calls, where Whisper has a token for them.
LATIN_WORDS = frozenset(
    {
        "app", "atm", "crm", "etc", "fax", "gps", "ios", "kpi", "mini", "nfc", "pad", "pdf", "pin",
        "plus", "pos", "pro", "qq", "sim", "sms", "usb", "ups", "vip", "web", "wifi",
    }
)  # fmt: skip
# First bytes (UTF-8) of CJK punctuation and ideographs, and of full-width forms.
_CJK_LEADS = frozenset(range(0xE3, 0xEA)) | {0xEF}
_NOT_CHINESE = range(0x3040, 0x3190)


def mandarin_tokens(tokenizer: Tokenizer) -> list[int]:
    """Ids of the tokens that may be written, ascending, end of text included.

    Kept: Chinese characters and parts of them, Chinese and Western punctuation, digits, short Latin pieces.
    Left out: other scripts, and what Whisper suppresses everywhere (brackets, notes, speaker dashes).
    """
    suppressed = set(tokenizer.non_speech_tokens)
    wanted = [
        token
        for token in range(tokenizer.eot)
        if token not in suppressed and _may_be_mandarin(tokenizer.encoding.decode_single_token_bytes(token))
    ]
    return [*wanted, tokenizer.eot]


def _may_be_mandarin(raw: bytes) -> bool:
    if raw.isascii():
        text = raw.decode("ascii")
        letters = sum(char.isalpha() for char in text)
        short = letters <= MAX_LATIN_LETTERS or text.strip().lower() in LATIN_WORDS
        return text.isprintable() and short
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # Part of a character: its first byte must be that of a Chinese one, or it starts inside one.
        lead = next((byte for byte in raw if byte >= 0xC0), None)
        starts_inside = raw[0] >= 0x80 and lead is None
        return starts_inside or ((raw[0] >= 0x80 or raw[0] == 0x20) and lead in _CJK_LEADS)
    return all(_is_chinese(char) for char in text.strip())


def _is_chinese(char: str) -> bool:
    code = ord(char)
    if code in _NOT_CHINESE:
        return False
    return 0x3000 <= code < 0xA000 or 0xFF00 <= code < 0xFF60 or char in "‘’“”…—·％°" or char.isascii()
