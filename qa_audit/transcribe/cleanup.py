"""Text as people read it: simplified, without what the model invents. The raw text is kept beside it."""

from __future__ import annotations

import re
import zlib
from difflib import SequenceMatcher
from typing import NamedTuple

from qa_audit.text import to_simplified
from qa_audit.transcribe.presets import PROMPT

# Sentences of video subtitles that Whisper was trained on and writes over silence and music.
_BOILERPLATE = re.compile(
    r"(?:请不吝点赞|點贊訂閱|[点按]赞[、,，]?\s*订阅|订阅[、,，]?\s*(?:转发|点赞)|转发[、,，]?\s*打赏|打赏支持"
    r"|字幕(?:由|提供|制作|志愿者|组)|字幕\s*by|中文字幕|明镜与点点|明镜需要您的支持|Amara\.?org"
    r"|谢谢(?:大家)?(?:的)?(?:观看|收看|收听)|感谢(?:您的)?(?:观看|收看|收听)|下期再见"
    r"|下次再见|我们下期|优优独播剧场|YoYo Television)"
)
_SENTENCE = re.compile(r"[^。！？!?；;]*[。！？!?；;]*")
_BRACKETED = re.compile(r"[(（\[【〔《♪][^)）\]】〕》♪]*[)）\]】〕》♪]")
_CHINESE_SIGNS = str.maketrans(",?!;:", "，？！；：")
_WESTERN_SIGN = re.compile(r"(?<![\x21-\x7e])[,?!;:]|[,?!;:](?![\x21-\x7e])")
_SIGNS = "。，、？！；：… "
_NOT_TEXT = re.compile(r"[\s\W_]+")
# The same two to twenty characters said four times or more, or one character six times; numbers may.
_LOOP = re.compile(r"(.{2,20}?)\1{3,}|(.)\2{5,}")
# Of a text that only echoes the prompt, so large a share are its characters, some of these words among them.
MIN_ECHO_SHARE = 0.8
_PROMPT_WORDS = ("以下", "普通", "句子")
# So many characters of so few kinds are a loop too, however they are mixed; numbers do not count.
MIN_MONOTONE = 10
MAX_MONOTONE_SHARE = 0.25
# Ratio of raw to deflated text, numbers left out (people say them twice). The texts of the sample calls stay
# below 1.4; where no run may come twice the loops of a decoder vary, and still reach 2.0.
MAX_COMPRESSION = 1.9
_NUMBER = re.compile(r"[\d零〇一二三四五六七八九十幺两]+")
# Of digits said one by one (8，8，8，8): the longest number, of a bank card, has 19, and may be said twice.
MAX_SPELT_DIGITS = 40
_PROMPT_LETTERS = _NOT_TEXT.sub("", PROMPT)
# Over noise the model writes variants of its prompt (这次是普通话的, 这位是普通话的句子): so many of its
# characters in a row, and at least this share of the sentence; or with one left out in the middle
# (以下是普通的句子), so alike as a whole (`difflib`).
MIN_PROMPT_RUN = 5
MIN_PROMPT_SHARE = 0.7
MIN_PROMPT_LIKENESS = 0.8


class Cleaned(NamedTuple):
    """A text for readers, and the passages that were taken out of it."""

    text: str
    removed: tuple[str, ...]


def cleaned(text: str) -> str:
    """Text for readers: simplified; bracketed notes, subtitle boilerplate, the prompt and loops removed.

    >>> cleaned("(音樂)您好。請不吝點贊訂閱")
    '您好。'
    >>> cleaned("。請問,是1,000元嗎?")
    '请问，是1,000元吗？'
    >>> cleaned("好的好的好的好的好的好的")
    '好的'
    """
    return clean(text).text


def clean(text: str) -> Cleaned:
    """As `cleaned`, with what was removed: a passage each, loops with all their repeats.

    >>> clean("您好。請不吝點贊訂閱").removed
    ('请不吝点赞订阅',)
    """
    removed: list[str] = []

    def once(found: re.Match[str]) -> str:
        if _of_a_number(found[0]):
            return found[0]
        removed.append(found[0])
        return found[1] or found[2]

    text = to_simplified(text)
    removed += [found[0] for found in _BRACKETED.finditer(text)]
    kept = []
    for sentence in _SENTENCE.findall(_BRACKETED.sub("", text)):
        if _BOILERPLATE.search(sentence) or of_the_prompt(_NOT_TEXT.sub("", sentence)):
            removed.append(sentence)
        else:
            kept.append(sentence)
    text = _full_width(_LOOP.sub(once, "".join(kept))).strip().lstrip(_SIGNS)
    return Cleaned(
        text if _NOT_TEXT.sub("", text) else "",
        tuple(one for one in removed if _NOT_TEXT.sub("", one)),
    )


def of_the_prompt(letters: str) -> bool:
    """Is a sentence (letters only) the prompt, or a variant that the model makes of it over noise?

    >>> of_the_prompt("以下是普通话的句子"), of_the_prompt("这次是普通话的"), of_the_prompt("请说普通话")
    (True, True, False)
    """
    if len(letters) > 2 * len(_PROMPT_LETTERS):
        return False
    compared = SequenceMatcher(None, letters, _PROMPT_LETTERS, autojunk=False)
    same = compared.find_longest_match().size
    return same >= MIN_PROMPT_RUN and (
        same >= MIN_PROMPT_SHARE * len(letters) or compared.ratio() >= MIN_PROMPT_LIKENESS
    )


def nothing_said(text: str) -> bool:
    """Is all that was heard in a chunk invented: nothing is left of it, or it breaks off in the prompt?

    Asked only of a whole chunk: 以下 may well be an answer in a longer text.

    >>> nothing_said("以下。"), nothing_said("六百以下。"), nothing_said("谢谢观看"), nothing_said("")
    (True, False, True, False)
    """
    letters = _NOT_TEXT.sub("", text)
    return bool(letters) and (
        not clean(text).text or (len(letters) > 1 and _PROMPT_LETTERS.startswith(letters))
    )


def echoes_the_prompt(text: str) -> bool:
    """Is nearly all of a chunk made of the prompt's characters, its words among them?

    People may say so (普通话, when asked for their language): it counts only where speech is in doubt.

    >>> echoes_the_prompt("说普通话的话的句子。"), echoes_the_prompt("是的是的")
    (True, False)
    """
    letters = _NOT_TEXT.sub("", text)
    same = sum(letter in _PROMPT_LETTERS for letter in letters)
    return same >= MIN_ECHO_SHARE * len(letters) and holds_a_prompt_word(text)


def holds_a_prompt_word(text: str) -> bool:
    """Does one of the words of the prompt stand in a text?

    >>> holds_a_prompt_word("诸位，他普通话，试试"), holds_a_prompt_word("您好")
    (True, False)
    """
    letters = _NOT_TEXT.sub("", text)
    return any(word in letters for word in _PROMPT_WORDS)


def _full_width(text: str) -> str:
    """Western signs beside Chinese characters as Chinese ones; numbers keep their points and commas."""
    return _WESTERN_SIGN.sub(lambda found: found[0].translate(_CHINESE_SIGNS), text)


def loops(text: str) -> bool:
    """Does the text repeat itself as only a decoder does?

    >>> loops("好的好的"), loops("嗯嗯嗯嗯嗯嗯嗯"), loops("不怕不怕怕怕怕不怕不怕")
    (False, True, True)
    """
    if any(not _of_a_number(found[0]) for found in _LOOP.finditer(text)):
        return True
    letters = _NUMBER.sub("", _NOT_TEXT.sub("", text))
    monotone = len(letters) >= MIN_MONOTONE and len(set(letters)) <= MAX_MONOTONE_SHARE * len(letters)
    return monotone or compression(_NUMBER.sub("", text)) > MAX_COMPRESSION


def _of_a_number(repeats: str) -> bool:
    """Are repeats those of a number, which people do say?"""
    digits = _NOT_TEXT.sub("", repeats)
    return bool(_NUMBER.fullmatch(digits)) and (len(digits) <= MAX_SPELT_DIGITS or digits == repeats)


def compression(text: str) -> float:
    """Bytes of the text over their deflated size; 0 for no text.

    >>> compression("") , compression("好的" * 40) > 2.4
    (0.0, True)
    """
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0
