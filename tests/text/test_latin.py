"""Latin letters among Chinese characters."""

import pytest

from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.said import Wording
from qa_audit.scoring.wording import find_all
from qa_audit.text.latin import spoken_syllables
from qa_audit.transcribe.turns import Turn


@pytest.mark.parametrize(
    ("text", "syllables"),
    [("您好", 2), ("okok", 2), ("下载app", 3), ("usb接口", 3), ("pleaseholdon", 4), ("hmm", 1), ("", 0)],
)
def test_a_word_has_a_syllable_for_each_group_of_vowels(text, syllables):
    assert spoken_syllables(text) == syllables


@pytest.mark.parametrize(
    ("phrase", "said", "found"),
    [
        ("SB", "请您插上USB接口。", 0),
        ("SB", "你这个SB。", 1),
        ("APP", "您是Apple手机吗？", 0),
        ("APP", "您下载 my APP 再查。", 1),
        ("APP", "您下载APP查，打开APP。", 2),
        ("app", "打开MyApp。", 0),
        ("VIP客户", "您是VIP客户。", 1),
    ],
)
def test_a_phrase_is_not_found_within_a_longer_word(phrase, said, found):
    call = CallText([Turn("agent", 0, 3, said, 0.9)])
    assert len(find_all(Wording(phrases=(phrase,)), call, (0,))) == found
