"""What an agent does with a sentence, by the package's detector."""

import numpy as np
import pytest

from qa_audit.messages import QaError
from qa_audit.scoring.learned import acts as module
from qa_audit.scoring.learned.acts import (
    ACTS,
    BARE,
    DONE,
    NOT_DONE,
    UNCLEAR,
    ActDetector,
    BareScale,
    acts_from_bytes,
    acts_of,
    built_in_acts,
)
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


def fixed(scores, bare):
    """A detector whose n-grams give these scores (sentences, acts) in turn."""
    scale = Scale(1.0, 0.0, fault=1.0, uncertain=-1.0)

    class Fixed(LinearDetector):
        def scores(self, sentences):
            return np.array(scores)[: len(sentences)]

    linear = Fixed(ACTS, np.zeros(0, np.int32), np.zeros((0, 8), np.int8), (scale,) * len(ACTS), {})
    return ActDetector(linear, bare, "0" * 64)


def test_scores_are_answers_by_two_thresholds():
    scores = np.full((3, len(ACTS)), -9.0)
    scores[:, :2] = [[2.0, 0.0], [1.0, -1.0], [-2.0, 9.0]]
    detector = fixed(scores, BareScale(1.0, 1.0, 0.0, 1.0, 0.0, floor=0.0))
    assert acts_of(detector, ["一", "二", "三"])[:, :2].tolist() == [
        [DONE, UNCLEAR],
        [DONE, UNCLEAR],
        [NOT_DONE, DONE],
    ]


def test_of_bare_requests_the_reader_is_asked_where_the_n_grams_leave_it_open(monkeypatch):
    asked = []

    def read(sentences):
        asked.extend(sentences)
        return np.array([[{"甲": 3.0, "乙": 1.0, "丙": -9.0}[one]] for one in sentences], np.float32)

    monkeypatch.setattr(module, "_read", read)
    scores = np.full((5, len(ACTS)), 9.0)
    scores[:, BARE] = [-1.0, -1.0, 4.0, -2.1, -1.0]
    detector = fixed(scores, BareScale(0.5, 1.0, 0.5, done=3.0, unclear=1.0, floor=-2.0))
    told = acts_of(detector, ["甲", "乙", "丙", "丁", "甲"])[:, BARE].tolist()
    assert told == [DONE, UNCLEAR, NOT_DONE, NOT_DONE, DONE]
    assert asked == ["甲", "乙", "丙"]
    acts_of(detector, ["甲", "乙"])
    assert asked == ["甲", "乙", "丙"]


def test_a_detector_is_read_as_it_was_written_and_only_with_its_reader():
    stored = built_in_acts()
    again = acts_from_bytes(stored.as_bytes(), "acts.npz")
    assert (again.sha256, again.bare, again.reader_sha256) == (
        stored.sha256,
        stored.bare,
        stored.reader_sha256,
    )
    other = ActDetector(stored.linear, stored.bare, "0" * 64)
    assert other.sha256 != stored.sha256
    for content in (other.as_bytes(), stored.linear.as_bytes(), b"", stored.as_bytes()[:-200]):
        with pytest.raises(QaError) as error:
            acts_from_bytes(content, "acts.npz")
        assert error.value.code == "learned.unreadable"


@pytest.mark.parametrize(
    ("bare", "polite"),
    [
        ("名字跟手机号再核一遍给我。", "名字跟手机号麻烦再核一遍给我。"),
        ("发票抬头先写好再传上来。", "发票抬头写好了，劳驾您再传上来。"),
    ],
)
def test_who_asks_with_courtesy_is_told_from_who_asks_without(bare, polite):
    assert answer(bare, "bare") > answer(polite, "bare") == NOT_DONE


def test_without_sentences_there_are_no_answers():
    assert acts_of(built_in_acts(), []).shape == (0, len(ACTS))
