import random

import numpy as np

from benchmarks.role_words import learned, material, sentences
from qa_audit.transcribe.role_words import buckets


def test_gaps_are_filled_and_lines_are_cut_at_sentences():
    assert sentences(["好的，{t}请稍等。稍后给您{w}？"], random.Random(0)) == [
        "好的王先生请稍等",
        "稍后给您号码",
    ]


def test_what_only_one_side_says_is_that_sides():
    weights, bias = learned(["请问您贵姓", "请问您要办什么"] * 20, ["我要退货", "我要投诉"] * 5)

    def odds(text):
        found = buckets(text)
        return bias + weights[found].sum() / len(found) ** 0.5

    assert odds("请问您") > 2
    assert odds("我要") < -2
    assert np.sign(odds("请问您")) != np.sign(odds("我要退"))


def test_a_hand_that_is_left_out_is_not_learned_from():
    _, all_customers = material(())
    _, without = material(("fresh",))
    assert 0 < len(without) < len(all_customers)
    assert "我昨天做的核磁报告什么时候能取啊" in all_customers
    assert "我昨天做的核磁报告什么时候能取啊" not in without
