"""What an agent does with a sentence, by the package's detector."""

import numpy as np
import pytest

from qa_audit.scoring.learned.acts import ACTS, DONE, NOT_DONE, UNCLEAR, acts_of, built_in_acts
from qa_audit.scoring.learned.model import LinearDetector, Scale
from qa_audit.text.normalise import normalise


def answer(sentence, act):
    return int(acts_of(built_in_acts(), [normalise(sentence).text])[0, ACTS.index(act)])


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("offer", "您有什么需要我帮忙的，尽管吩咐。"),
        ("hold", "耽误您两分钟，我去问一下库房好吗？"),
        ("back", "刚才让您等了这么久，实在不好意思。"),
        ("confirm", "我记的是这个号码，您听听对不对？"),
        ("welcome", "您太客气了，这都是我们应该做的。"),
        ("further", "您看还有没有别的事要我帮您办的？"),
        ("thanks", "非常感谢您对我们工作的理解和支持，再见。"),
        ("bare", "把身份证号码念一遍，念清楚。"),
    ],
)
def test_each_act_is_found_in_words_that_stand_in_no_list(act, sentence):
    assert answer(sentence, act) == DONE


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("offer", "您好，什么事？"),
        ("hold", "等着，我去看看。"),
        ("back", "查到了，明天上午发货。"),
        ("confirm", "好的，记下了。"),
        ("welcome", "嗯，知道了。"),
        ("further", "以后有问题随时给我们打电话。"),
        ("thanks", "好，那就这样，再见。"),
        ("bare", "麻烦您把身份证号码念一遍，好吗？"),
    ],
)
def test_what_looks_like_an_act_and_is_none_is_not_taken_for_it(act, sentence):
    assert answer(sentence, act) == NOT_DONE


def test_a_sentence_may_do_several_things():
    sentence = "让您久等了，您的电话是一三八零零，对吗？"
    assert (answer(sentence, "back"), answer(sentence, "confirm")) == (DONE, DONE)


def test_scores_are_answers_by_two_thresholds():
    scale = Scale(1.0, 0.0, fault=1.0, uncertain=-1.0)

    class Fixed(LinearDetector):
        def scores(self, sentences):
            return np.array([[2.0, 0.0], [1.0, -1.0], [-2.0, 9.0]])

    fixed = Fixed(("offer", "hold"), np.zeros(0, np.int32), np.zeros((0, 2), np.int8), (scale, scale), {})
    assert acts_of(fixed, ["一", "二", "三"]).tolist() == [
        [DONE, UNCLEAR],
        [DONE, UNCLEAR],
        [NOT_DONE, DONE],
    ]


def test_without_sentences_there_are_no_answers():
    assert acts_of(built_in_acts(), []).shape == (0, len(ACTS))
