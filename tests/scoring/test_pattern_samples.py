import re

import pytest

from qa_audit.scoring.pattern_samples import provoking


@pytest.mark.parametrize(
    ("pattern", "said", "twice"),
    [
        ("(哈|哈哈)+完", "哈" * 30, "哈" * 300),
        ("请您(\\d元)*再见", "请您" + "1元" * 30, "请您" + "1元" * 300),
        ("[a-c]*[^好]{5}", "a" * 30, "a" * 300),
    ],
)
def test_what_is_repeated_is_said_over_and_over_and_broken_off(pattern, said, twice):
    assert provoking(pattern)[:4] == [said, said + "\x00", twice, twice + "\x00"]


def test_what_else_a_pattern_asks_for_stands_in_another_line():
    said, each = "这" * 120, "这那个" * 40
    assert provoking("(这|那个)+行")[4:] == [
        f"{said}\n这行", f"这行\n{said}\x00", f"{each}\n这行", f"这行\n{each}\x00",
    ]  # fmt: skip


def test_nothing_provokes_what_repeats_nothing():
    assert provoking("请(稍等)?") == []


def test_texts_lead_up_to_a_repetition_by_the_first_of_alternatives():
    texts = provoking("(好的|行)再?(见)+")[:4]
    assert all(re.match("好的再?见{30}", text) for text in texts)
