import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.scoring.conditions.rule_similar import likeness, most_alike

WORDS = st.text("您好再见谢啊稍等一下", max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_between_0_and_1(one, other):
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 1 + 1e-9
    if one:
        assert likeness(one, one) == pytest.approx(1)


def test_a_homophone_costs_less_than_another_word():
    assert likeness("套餐多少钱", "淘餐多少钱") > likeness("套餐多少钱", "午餐多少钱")


def test_the_piece_of_a_long_turn_that_is_most_alike():
    line = "好的这个情况我了解了这个问题真的不是我们能解决的您找别人吧"
    piece = most_alike("这个问题不是我们能解决的。", line, 0.6)
    assert piece is not None
    assert "不是我们能解决" in line[piece.start : piece.end]
    assert piece.likeness > 0.8
    assert most_alike("这个问题不是我们能解决的。", "我马上帮您登记维修", 0.5) is None
    assert most_alike("您好", "", 0.5) is None
